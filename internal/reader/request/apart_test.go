package request

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/intent"
)

// targetOf returns the service's first grant and its first target.
func targetOf(in intent.Intent, action string) (intent.Grant, intent.Target) {
	for _, g := range in.Grants {
		for _, a := range g.Actions {
			if a.Name != action {
				continue
			}
			if len(g.Targets) == 0 {
				return g, intent.Target{}
			}
			return g, g.Targets[0]
		}
	}
	return intent.Grant{}, intent.Target{}
}

// Sentences that stand for themselves are read apart; one that leans on another is read with it.
func TestReadApart(t *testing.T) {
	for _, tc := range []struct {
		words string
		apart bool
	}{
		{"get items from the table orders in eu-west-1. send messages to the queue jobs.", true},
		{"- start and stop instances tagged Team=core\n- change record sets of the hosted zone Z0123456789ABC", true},
		{"read-only access to s3; delete objects in the bucket holding-pen", true},
		{"read objects in the bucket maps-7. delete objects.", false},
		{"put objects into the bucket maps-7. list it.", false},
		{"create the dynamodb table orders. put items into the table.", false},
		{"get items from the table orders. send messages to the queue jobs. All of this only in eu-west-1.", false},
		{"get items from the table orders. send messages to the queue jobs. Nothing else.", false},
		{"create dax clusters. describe the parameter groups.", false},
		{"get items from the table orders. the same for the table carts.", false},
		{"The worker gets items from the table orders. It sends messages to the queue jobs.", false},
		{"get items from the table orders", false},
	} {
		rd := begin(tc.words)
		rd.Read()
		if rd.finished != tc.apart {
			t.Errorf("%s\nis read sentence by sentence = %v, want %v", tc.words, rd.finished, tc.apart)
		}
	}
}

func TestApartKeepsPlaces(t *testing.T) {
	const words = "get items from the table orders in eu-west-1. send messages to the queue jobs, account 111122223333."
	rd := begin(words)
	rd.Read()
	in := rd.Finish()
	g, table := targetOf(in, "dynamodb:GetItem")
	_, queue := targetOf(in, "sqs:SendMessage")
	if table.Region != "eu-west-1" || queue.Region != "" || in.Region != "" || in.Account != "111122223333" {
		t.Errorf("%s\ntable in %q, queue in %q, all in %q of account %q; want eu-west-1 for the table only, one account", words, table.Region, queue.Region, in.Region, in.Account)
	}
	if got := words[g.Span.Start:g.Span.End]; got != "get items from the table orders in eu-west-1" {
		t.Errorf("the grant on the table comes from %q", got)
	}
	if got := words[queue.Span.Start:queue.Span.End]; got != "jobs" {
		t.Errorf("the queue comes from %q", got)
	}
}
