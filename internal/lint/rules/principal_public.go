package rules

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalPublic = lint.Rule{
	ID:       "principal-public",
	Severity: finding.Security,
	Summary:  "Anybody has access, callers of other accounts and callers without one.",
	Kinds:    []policy.Kind{policy.ResourceBased},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if s.Effect != policy.Allow || !everybody(s) || len(s.Actions) == 0 {
				continue
			}
			for _, t := range s.Actions {
				r, ok := p.Find(lint.Query{Action: t.Text, PrincipalType: "AWS", Principal: lint.StrangerAccount, Where: p.Stranger()})
				if !ok {
					continue
				}
				f := p.Report(at(s), "anybody may use %s", t.Text)
				f.Witness = &r
				if s.Principal != nil && len(s.Conditions) > 0 {
					f.Note("the conditions keep nobody out: none of them says who the caller is or where the request comes from")
				}
				if lint.AnyResource(s) {
					f.Note("the policy of a VPC endpoint may look like this: there it opens nothing, and limits nothing")
				}
				break
			}
		}
	},
}

// everybody reports whether a statement is about all principals, or all but some.
func everybody(s *policy.Statement) bool {
	if s.NotPrincipal != nil {
		return true
	}
	return s.Principal != nil && (s.Principal.Any || slices.ContainsFunc(s.Principal.AWS, func(t policy.Text) bool { return t.Text == "*" }))
}

// at is where a statement says whom it is about.
func at(s *policy.Statement) policy.Position {
	if s.NotPrincipal != nil {
		return s.NotPrincipal.Position
	}
	for _, t := range s.Principal.AWS {
		if t.Text == "*" {
			return t.Position
		}
	}
	return s.Principal.Position
}
