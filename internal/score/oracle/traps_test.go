package oracle_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/score/oracle"
)

func newScorer(accounts ...string) *score.Scorer {
	c := catalog.Default()
	return &score.Scorer{Catalog: c, Open: oracle.Open(c, compare.New(c)), Accounts: accounts}
}

// parse reads a document, or statements.
func parse(tb testing.TB, text string) *policy.Document {
	tb.Helper()
	if !strings.HasPrefix(text, `{"Version"`) {
		text = `{"Version":"2012-10-17","Statement":[` + text + `]}`
	}
	d, err := policy.Parse([]byte(text))
	if err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return d
}

func scoreOf(tb testing.TB, s *score.Scorer, documents ...*policy.Document) score.Report {
	tb.Helper()
	r, err := s.Score(documents, policy.KindOf(documents[0]))
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// failed names the controls that a report says have failed.
func failed(r score.Report) string {
	var ids []string
	for _, c := range r.Failed() {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, ", ")
}

// The table of traps in docs/score.md says what the scores are, and every lost point is shown.
func TestTraps(t *testing.T) {
	page, err := os.ReadFile("../../../docs/score.md")
	if err != nil {
		t.Fatal(err)
	}
	s := newScorer()
	rows := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 || !strings.HasPrefix(cells[1], " `{") {
			continue
		}
		rows++
		text := strings.Trim(cells[1], " `")
		d := parse(t, text)
		r := scoreOf(t, s, d)
		if got, want := fmt.Sprint(r.Score, " ", r.Grade), strings.TrimSpace(cells[2]); got != want {
			t.Errorf("%s\nscores %s, want %s", text, got, want)
		}
		if got, want := failed(r), strings.TrimSpace(cells[3]); got != want {
			t.Errorf("%s\nfails %q, want %q", text, got, want)
		}
		checkShown(t, d, r)
	}
	if rows < 30 {
		t.Errorf("%d rows read, want more", rows)
	}
}

// checkShown holds each lost point to its witness, which evaluation allows, its statements and its
// fix, and the score to the impacts.
func checkShown(t *testing.T, d *policy.Document, r score.Report) {
	t.Helper()
	p, err := evaluate.Compile(d, r.Kind)
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	for _, c := range r.Controls {
		if c.Undecided != "" {
			t.Errorf("%s: %s is not decided: %s", d.Compact(), c.ID, c.Undecided)
		}
		if !c.Failed {
			if c.Witness != nil || c.Fix != "" {
				t.Errorf("%s has not failed and has a witness or a fix", c.ID)
			}
			continue
		}
		lost += c.Impact
		w := c.Witness
		request := evaluate.Request{
			Principal: evaluate.Principal{Type: w.PrincipalType, ID: w.Principal},
			Action:    w.Action, Resource: w.Resource, Context: evaluate.Context(w.Context),
		}
		if got := evaluate.Evaluate(request, p); got != evaluate.Allowed {
			t.Errorf("%s: the witness of %s is %v: %s", d.Compact(), c.ID, got, w)
		}
		if len(c.Statements) == 0 || c.Statements[0].Position == (policy.Position{}) || c.Fix == "" {
			t.Errorf("%s: %s has statements %v and fix %q", d.Compact(), c.ID, c.Statements, c.Fix)
		}
	}
	if want := max(0, score.Full-lost); r.Score != want {
		t.Errorf("%s scores %d, but its controls lose %d", d.Compact(), r.Score, lost)
	}
}
