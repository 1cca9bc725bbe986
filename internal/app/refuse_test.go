package app

import (
	"bytes"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/generate"
)

// A turn that asks for less and would give more is refused, with what it would give.
func TestRestrictionNeverWidens(t *testing.T) {
	tests := []struct {
		name    string
		turns   []string
		refused string // the action that would be gained; empty: the last turn is taken
	}{
		{"the account of a Deny", []string{"all of CloudWatch Logs, but never delete log groups or log streams", "tighten it to account 111122223333"}, "logs:DeleteLogGroup"},
		{"a table for a part of it", []string{"query the dynamodb table Customers in account 123456789012 in eu-west-1 and its indexes", "restrict to 2026/"}, "dynamodb:Query"},
		{"a prefix", []string{"all of s3 in the bucket scratch", "restrict to 2026/"}, ""},
		{"an address", []string{"read objects in the bucket maps-7", "only from 203.0.113.0/24"}, ""},
		{"a restriction and an addition", []string{"read objects in the bucket maps-7", "only below 2026/, and also list the bucket"}, ""},
		{"where a Deny holds", []string{"scp: deny deleting buckets and stopping instances", "only in eu-west-1"}, ""},
	}
	program := New(catalog.Default())
	for _, tt := range tests {
		var talk, before Talk
		for _, words := range tt.turns {
			before = talk
			var err error
			if talk, err = program.Chat(t.Context(), talk, generate.Request{Words: words}); err != nil {
				t.Fatal(err)
			}
		}
		a := talk.Answer
		same := bytes.Equal(a.Policy.Compact(), before.Answer.Policy.Compact())
		if tt.refused == "" {
			if len(a.Refused) > 0 || same {
				t.Errorf("%s: %q is refused: %+v", tt.name, tt.turns, a.Refused)
			}
			continue
		}
		if len(a.Refused) == 0 || a.Refused[0].Action != tt.refused || !same || a.Status != generate.Asking || a.Changes.Verdict != generate.Equivalent {
			t.Errorf("%s: %q gives %s, %s, refused %+v; want the policy of before and %s refused", tt.name, tt.turns, a.Status, a.Policy.Compact(), a.Refused, tt.refused)
			continue
		}
		if text := said(a); !strings.Contains(text, tt.refused+" on arn:") {
			t.Errorf("%s: %q asks %q, want what would be gained", tt.name, tt.turns, text)
		}
		next, err := program.Chat(t.Context(), talk, generate.Request{Words: "thanks"})
		if err != nil || !bytes.Equal(next.Answer.Policy.Compact(), before.Answer.Policy.Compact()) {
			t.Errorf("%s: the turn behind the refusal gives %v, %s", tt.name, err, next.Answer.Policy.Compact())
		}
	}
}
