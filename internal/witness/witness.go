// Package witness answers the questions that lint rules ask about the requests a document allows.
// It stands between package lint, which asks, and package compare, which searches, because
// neither may know the other.
package witness

import (
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// budget is what one question may cost: rules ask many, and do without the answer to a hard one.
const budget = 100_000

// An Oracle answers for one document. It may be used by several goroutines.
type Oracle struct {
	document *policy.Document
	policy   *evaluate.Policy
	kind     policy.Kind
	comparer *compare.Comparer
}

var _ lint.Oracle = (*Oracle)(nil)

// Open returns a function that prepares documents for questions, for lint.Linter. A document that
// has no meaning gets no oracle.
func Open(c *compare.Comparer) func(*policy.Document, policy.Kind) lint.Oracle {
	return func(d *policy.Document, kind policy.Kind) lint.Oracle {
		p, err := evaluate.Compile(d, kind)
		if err != nil {
			return nil
		}
		return &Oracle{d, p, kind, c}
	}
}

// Covers returns a function that proves that one document allows all that another does, for
// lint.Linter.
func Covers(c *compare.Comparer) func(wide, narrow *policy.Document, kind policy.Kind) bool {
	return func(wide, narrow *policy.Document, kind policy.Kind) bool {
		answer, err := c.Subsumes(compare.One(kind, wide), compare.One(kind, narrow), compare.Options{Open: true, Budget: budget})
		return err == nil && answer.Verdict == compare.Proved
	}
}

// Decide implements lint.Oracle.
func (o *Oracle) Decide(r finding.Request) bool {
	return evaluate.Evaluate(evaluate.Request{
		Principal: evaluate.Principal{Type: r.PrincipalType, ID: r.Principal},
		Action:    r.Action, Resource: r.Resource, Context: evaluate.Context(r.Context),
	}, o.policy) == evaluate.Allowed
}

// Find implements lint.Oracle.
func (o *Oracle) Find(q lint.Query) (finding.Request, bool) {
	var near *policy.Statement
	for i := range o.document.Statements {
		s := &o.document.Statements[i]
		if s.Effect == policy.Allow && allowsSome(s, q.Action) && mayReach(s, q.Resource) {
			near = s
			break
		}
	}
	if near == nil {
		return finding.Request{}, false // most questions end here
	}
	// And most others are answered by the plainest request.
	if r := plain(q, near); !wildcard.Contains(q.Action) && o.Decide(r) {
		return r, true
	}
	answer, err := o.comparer.Find(compare.One(o.kind, o.document), box(q), compare.Options{Budget: budget})
	if err != nil || answer.Verdict != compare.Counterexample {
		return finding.Request{}, false
	}
	r := answer.Request
	return finding.Request{
		PrincipalType: r.Principal.Type, Principal: r.Principal.ID,
		Action: r.Action, Resource: r.Resource, Context: r.Context,
	}, true
}

// allowsSome reports whether a statement may be about an action.
func allowsSome(s *policy.Statement, action string) bool {
	if wildcard.Contains(action) {
		return true
	}
	_, ok := lint.Names(s, action)
	return ok
}

// box writes a query as the statement that applies to its requests.
func box(q lint.Query) policy.Statement {
	s := policy.Statement{Effect: policy.Allow, Actions: []policy.Text{{Text: q.Action}}}
	if q.Resource != "" {
		s.Resources = []policy.Text{{Text: q.Resource}}
	}
	if q.Principal != "" {
		s.Principal = &policy.Principal{}
		id := []policy.Text{{Text: q.Principal}}
		switch q.PrincipalType {
		case evaluate.Service:
			s.Principal.Service = id
		case evaluate.Federated:
			s.Principal.Federated = id
		default:
			s.Principal.AWS = id
		}
	}
	s.Conditions = q.Where
	return s
}
