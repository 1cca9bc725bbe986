package generate

import (
	"errors"
	"fmt"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify"
)

// Bounds say whether the document allows what was read in the words, and nothing else, over all
// requests.
type Bounds struct {
	Verdict string  `json:"verdict"`           // proved, counterexample or unknown
	Reason  string  `json:"reason,omitempty"`  // of unknown
	Request *Access `json:"request,omitempty"` // of a counterexample
	Says    string  `json:"says,omitempty"`    // what is wrong with it
}

func boundsOf(p verify.Proof) *Bounds {
	b := &Bounds{Verdict: said(p.Verdict), Reason: p.Reason}
	if p.Verdict != compare.Counterexample {
		return b
	}
	access := accessOf(p.Request)
	b.Request = &access
	switch {
	case p.Excess && p.Beside:
		b.Says = "it was to be denied, and is not"
	case p.Excess:
		b.Says = "it is allowed, and nothing that was read asks for it"
	case p.Beside:
		b.Says = "it is denied, and nothing that was read asks for that"
	default:
		b.Says = "it was asked for, and is not allowed"
	}
	return b
}

// proved says that a proof was given.
func (b *Bounds) proved() bool { return b != nil && b.Verdict == said(compare.Proved) }

// A Ceiling is a policy beyond which an answer must not go.
type Ceiling struct {
	Name     string // of its file, for messages
	Document *policy.Document
}

// ErrCeiling: a ceiling has no Allow statement, so that it allows nothing.
var ErrCeiling = errors.New("it has no Allow statement, so that nothing is within it")

// Check returns an error that wraps ErrCeiling, or says which statement has no meaning.
func (c Ceiling) Check() error {
	if !hasEffect(c.Document, policy.Allow) {
		return fmt.Errorf("%s: %w; if it only takes away, add a statement that allows everything", c.Name, ErrCeiling)
	}
	return nil
}

// A Fit says whether the document of an answer allows nothing that a ceiling does not.
type Fit struct {
	Ceiling string   `json:"ceiling"`
	Verdict string   `json:"verdict"`          // proved, counterexample or unknown
	Reason  string   `json:"reason,omitempty"` // why it is not sure that no more is beyond it
	Beyond  []Access `json:"beyond"`           // what is beyond the ceiling
	More    bool     `json:"more,omitempty"`   // there may be more than is listed
}

// fits compares a document with ceilings.
func (g Generator) fits(d *policy.Document, kind policy.Kind, ceilings []Ceiling) []Fit {
	var out []Fit
	limits := compare.Limits{Options: compare.Options{Budget: changesBudget}, Differences: maxAccesses}
	for _, c := range ceilings {
		report, err := g.Comparer.Differences(compare.One(policy.KindOf(c.Document), c.Document), compare.One(kind, d), limits)
		if err != nil {
			report.Reason = err.Error()
		}
		out = append(out, Fit{
			Ceiling: c.Name, Verdict: said(report.Verdict), Reason: report.Reason,
			Beyond: accesses(report.Differences, d, c.Document), More: report.Stopped,
		})
	}
	return out
}

// beyond counts the ceilings that the document is not proved to be within.
func (a Answer) beyond() int {
	n := 0
	for _, f := range a.Within {
		if f.Verdict != said(compare.Proved) {
			n++
		}
	}
	return n
}

// same says whether two documents are proved to allow the same, also beside other policies.
func (g Generator) same(a, b *policy.Document, kind policy.Kind) bool {
	o := compare.Options{Open: true}
	for _, sides := range [][2]*policy.Document{{a, b}, {b, a}, {beside(a, kind), beside(b, kind)}, {beside(b, kind), beside(a, kind)}} {
		answer, err := g.Comparer.Subsumes(compare.One(kind, sides[0]), compare.One(kind, sides[1]), o)
		if err != nil || answer.Verdict != compare.Proved {
			return false
		}
	}
	return true
}
