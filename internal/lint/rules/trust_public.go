package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var trustPublic = lint.Rule{
	ID:       "trust-public",
	Severity: finding.Security,
	Summary:  "Anybody of any account may assume the role.",
	Kinds:    []policy.Kind{policy.Trust},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if s.Effect != policy.Allow || s.NotPrincipal != nil || s.Principal == nil || !everybody(s) {
				continue
			}
			r, ok := p.Find(lint.Query{Action: "sts:AssumeRole", PrincipalType: "AWS", Principal: lint.StrangerAccount, Where: p.Stranger()})
			if !ok {
				continue
			}
			f := p.Report(at(s), "anybody of any account may assume the role")
			if lint.Limits(s, "sts:ExternalId") {
				f.Message = "anybody who knows the external ID may assume the role"
			}
			f.Witness = &r
		}
	},
}
