// Package generate makes the answer to one turn of a request: it reads, compiles, verifies and
// says what was done. It knows no reader and no compiler of its own: they are handed in.
package generate

import (
	"context"
	"fmt"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/compile"
	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/explain"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/verify"
)

// A Generator makes answers. All fields are needed; the functions must be deterministic, and
// safe for concurrent use if the Generator is used so.
type Generator struct {
	Read    func(context.Context, Request) (intent.Intent, error)
	Compile func(intent.Intent) compile.Result
	Tests   func(intent.Intent) []verify.Test
	Run     func([]verify.Test, *policy.Document, policy.Kind) []verify.Failure
	Prove   func(intent.Intent, *policy.Document) verify.Proof
	Explain func(*policy.Document, policy.Kind) explain.Explanation
	Lint    func(text string, kind policy.Kind) []finding.Finding
	Given   func(rule string) bool // the findings of the rule are about the access that is given, not how it is written
	Score   func(*policy.Document, policy.Kind) *score.Report
	Comply  func(text string, kind policy.Kind) *comply.Report // nil: it cannot be held to frameworks

	Comparer *compare.Comparer
}

// A Turn is what an answer is made of beside the intent.
type Turn struct {
	Words  []string  // of all turns so far
	Within []Ceiling // what the document must not go beyond
	Before *Answer   // to the turn before; nil in a first turn
	Brief  bool      // without compliance
}

// nothing is asked where no access was read, and no question says so already.
const nothing = "No access was read from the words. Which actions on which resources should the policy be about?"

// Generate answers a single request. The error wraps one of this package, or the context's.
func (g Generator) Generate(ctx context.Context, r Request) (Answer, error) {
	if err := Check(r.Words); err != nil {
		return Answer{}, err
	}
	in, err := g.Read(ctx, r)
	if err != nil {
		return Answer{}, fmt.Errorf("read request: %w", err)
	}
	return g.Answer(in, Turn{Words: []string{r.Words}, Within: r.Within, Brief: r.Brief}), nil
}

// Answer makes the answer to an intent.
func (g Generator) Answer(in intent.Intent, t Turn) Answer {
	result := g.Compile(in)
	document := result.Document
	if document.Statements == nil {
		document.Statements = []policy.Statement{}
	}
	a := Answer{
		Kind:        result.Kind,
		Policy:      document,
		Documents:   map[policy.Kind]*policy.Document{result.Kind: document},
		Tests:       g.Tests(in),
		Explanation: g.Explain(document, result.Kind),
		Assumed:     append(append([]intent.Assumption{}, in.Assumed...), result.Notes...),
		Questions:   append([]intent.Question{}, in.Questions...),
		Unread:      unread(in.Words),
		Findings:    []Finding{},
		Words:       append([]intent.Word{}, in.Words...),
		Provenance:  provenance(result.Provenance, t.Words),
	}
	if len(document.Statements) == 0 && len(a.Questions) == 0 {
		a.Questions = append(a.Questions, intent.Question{Text: nothing})
	}
	if len(document.Statements) > 0 {
		a.Failures = g.Run(a.Tests, document, result.Kind)
		g.fit(&a)
		a.Bounds = boundsOf(g.Prove(in, document))
		a.Within = g.fits(document, result.Kind, t.Within)
		g.review(&a, t)
	}
	if t.Before != nil {
		a.Changes = g.Compare(t.Before, &a)
	}
	a.Status = a.status()
	return a
}

// status weighs what is in the answer.
func (a *Answer) status() Status {
	if len(a.Questions) > 0 || len(a.Policy.Statements) == 0 {
		return Asking
	}
	// A document without a test is not proved either.
	if len(a.Unread) > 0 || len(a.Failures) > 0 || len(a.Tests) == 0 || a.material() > 0 || !a.Bounds.proved() || a.beyond() > 0 || a.own() > 0 {
		return Assumed
	}
	return Proved
}

// unread returns the words of the ledger that had no effect, each once.
func unread(words []intent.Word) []string {
	out := []string{}
	seen := map[string]bool{}
	for _, w := range words {
		if w.Use == intent.Unread && !seen[w.Text] {
			seen[w.Text] = true
			out = append(out, w.Text)
		}
	}
	return out
}
