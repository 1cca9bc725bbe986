package lint

import (
	"fmt"
	"slices"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Query is a set of requests: those for the action, on a resource that the pattern matches, by
// the principal, for which the conditions hold.
type Query struct {
	Action        string // or a pattern
	Resource      string // an ARN pattern; empty: any resource
	PrincipalType string
	Principal     string // empty: anybody
	Where         []policy.Condition
}

// Where writes a condition of a query.
func Where(operator, key string, values ...string) policy.Condition {
	c := policy.Condition{Operator: operator, Key: key}
	for _, v := range values {
		c.Values = append(c.Values, policy.Text{Text: v})
	}
	return c
}

// An Oracle answers questions about the requests that one document decides.
type Oracle interface {
	// Find returns a request of the set that the document allows, Denies and conditions
	// included. Not found is no proof that there is none.
	Find(Query) (finding.Request, bool)
	// Decide says whether the document allows a request by itself.
	Decide(finding.Request) bool
}

// Find asks the oracle for a request that the document allows. It finds none in a document that
// cannot be evaluated. Answers are remembered for the document.
func (p *Pass) Find(q Query) (finding.Request, bool) {
	o := p.oracle()
	if o == nil {
		return finding.Request{}, false
	}
	key := fmt.Sprint(q)
	known, ok := p.state.answers[key]
	if !ok {
		known.request, known.found = o.Find(q)
		if p.state.answers == nil {
			p.state.answers = map[string]answer{}
		}
		p.state.answers[key] = known
	}
	return known.request, known.found
}

// An answer is what an oracle said.
type answer struct {
	request finding.Request
	found   bool
}

func (p *Pass) oracle() Oracle {
	s := p.state
	if !s.opened {
		s.opened = true
		if s.linter.Open != nil && len(p.Syntax) == 0 && !p.outsized() {
			s.oracle = s.linter.Open(p.Document, p.Kind)
		}
	}
	return s.oracle
}

// Covers reports whether it is proved that one document allows everything that another does.
func (p *Pass) Covers(wide, narrow *policy.Document) bool {
	return p.state.linter.Covers != nil && len(p.Syntax) == 0 && p.state.linter.Covers(wide, narrow, p.Kind)
}

// Provable reports whether Covers can prove anything here at all: the document is a policy, and not
// of more statements than any policy may have.
func (p *Pass) Provable() bool {
	return p.state.linter.Covers != nil && len(p.Syntax) == 0 && len(p.Document.Statements) <= manyStatements && !p.outsized()
}

// outsized reports whether the document is far larger than any policy may be: whoever is so far over
// the quota is told so, and nothing is searched.
func (p *Pass) outsized() bool {
	return len(p.state.text) > policy.MaxSearched && p.Document.CheckSearched() != nil
}

// manyStatements is more than any policy may have: 20,480 characters, the largest quota, hold some
// 300. Whoever is over it is told so by the rule on size; no statement is compared with all others.
const manyStatements = 1000

// Asks reports whether questions about requests get answers for this document.
func (p *Pass) Asks() bool { return p.oracle() != nil }

// Withdraw takes a finding back that Report has returned.
func (p *Pass) Withdraw(f *finding.Finding) {
	p.findings = slices.DeleteFunc(p.findings, func(x *finding.Finding) bool { return x == f })
}
