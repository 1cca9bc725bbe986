package lint

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Query is a set of requests: those for the action, on a resource that the pattern matches, by
// the principal, whose context has the fixed keys with these values.
type Query struct {
	Action        string
	Resource      string // an ARN pattern; empty: any resource
	PrincipalType string
	Principal     string // empty: whom the policy is attached to
	// Fixed are keys with all their values; no values: the request does not have the key. Keys
	// are written in lower case. Other keys are free.
	Fixed map[string][]string
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
// cannot be evaluated.
func (p *Pass) Find(q Query) (finding.Request, bool) {
	if o := p.oracle(); o != nil {
		return o.Find(q)
	}
	return finding.Request{}, false
}

func (p *Pass) oracle() Oracle {
	s := p.state
	if !s.opened {
		s.opened = true
		if s.linter.Open != nil && len(p.Syntax) == 0 {
			s.oracle = s.linter.Open(p.Document, p.Kind)
		}
	}
	return s.oracle
}

// Covers reports whether it is proved that one document allows everything that another does.
func (p *Pass) Covers(wide, narrow *policy.Document) bool {
	return p.state.linter.Covers != nil && len(p.Syntax) == 0 && p.state.linter.Covers(wide, narrow, p.Kind)
}

// Provable reports whether Covers can prove anything here at all.
func (p *Pass) Provable() bool { return p.state.linter.Covers != nil && len(p.Syntax) == 0 }

// Asks reports whether questions about requests get answers for this document.
func (p *Pass) Asks() bool { return p.oracle() != nil }

// Withdraw takes a finding back that Report has returned.
func (p *Pass) Withdraw(f *finding.Finding) {
	p.findings = slices.DeleteFunc(p.findings, func(x *finding.Finding) bool { return x == f })
}
