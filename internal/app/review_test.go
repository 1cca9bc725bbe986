package app

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/probe"
)

// misread are words of which the reader makes a policy that lint finds fault with. None of these
// answers is called proved.
var misread = []string{
	"netops juniors: open + close ingress rules on security groups, as long as the SG lives in vpc-0d1c2b3a4f5e6d7c8 (ec2:Vpc condition). listing SGs is fine anywhere. us-east-1, account 123456789012",
	"contractors tunnel in via the EC2 Instance Connect Endpoint eice-0c1d2e3f4a5b6c7d8 (eu-west-1, 123456789012) but the tunnel may only go to remote port 22, no RDP. they also list the endpoints. they have their own ssh keys already, so no pushing of keys",
	"engineers may do anything in dynamodb apart from deleting tables and backups; deleting a table (only that) ok if MFA is present",
	"volumes may be created only if encrypted (ec2:Encrypted true), max size 200 GiB",
}

// talks returns the words of the open probes, turn by turn, and the requests of testdata.
func talks(t *testing.T) []probe.Case {
	t.Helper()
	files, err := filepath.Glob("../../probes/open/*.probes")
	if err != nil || len(files) == 0 {
		t.Fatalf("open probes: %v, %d files", err, len(files))
	}
	var out []probe.Case
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		cases, err := probe.Load(f, name)
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, cases...)
	}
	for _, words := range requests() {
		out = append(out, probe.Case{Kind: policy.Kind(""), Turns: []probe.Turn{{Words: words}}})
	}
	return out
}

// Lint finds nothing above a suggestion in what the program makes of words, but what the words ask for,
// and a comparison is never too large to be decided.
func TestAnswersAreClean(t *testing.T) {
	program := New(catalog.Default())
	n := 0
	for _, c := range talks(t) {
		var talk Talk
		for _, turn := range c.Turns {
			var err error
			if talk, err = program.Chat(t.Context(), talk, generate.Request{Words: turn.Words, Kind: c.Kind, Brief: true}); err != nil {
				t.Fatal(err)
			}
			n++
			a := talk.Answer
			for i := range a.Findings {
				if f := &a.Findings[i]; f.Own() && (a.Status == generate.Proved || !slices.Contains(misread, turn.Words)) {
					t.Errorf("%q (%s): %s %s: %s\n%s", turn.Words, a.Status, f.Severity, f.Rule, f.Message, a.Policy.JSON())
				}
			}
			if b := a.Bounds; b != nil && b.Verdict == generate.Unknown {
				t.Errorf("%q: the bounds are unknown: %s", turn.Words, b.Reason)
			}
			if b := a.Bounds; b != nil && b.Request != nil && a.Status == generate.Proved {
				t.Errorf("%q is proved although a request refutes it: %+v", turn.Words, b.Request)
			}
			if c := a.Changes; c != nil && c.Verdict == generate.Unknown {
				t.Errorf("%q: the changes are unknown: %s", turn.Words, c.Reason)
			}
		}
	}
	if n < 800 {
		t.Errorf("%d answers, want all open probes", n)
	}
}

func TestReviewNames(t *testing.T) {
	for _, id := range accessRules {
		if _, err := rules.Named([]string{id}); err != nil {
			t.Errorf("accessRules has %s: %v", id, err)
		}
	}
	if list, err := comply.Select(answerFrameworks); err != nil || len(list) != len(answerFrameworks) {
		t.Errorf("Select(%q) = %d frameworks, %v", answerFrameworks, len(list), err)
	}
}
