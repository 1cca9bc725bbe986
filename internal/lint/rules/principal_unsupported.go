package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalUnsupported = lint.Rule{
	ID:       "principal-unsupported",
	Severity: finding.Error,
	Aliases:  []string{"UNSUPPORTED_PRINCIPAL", "SCP_SYNTAX_ERROR_PRINCIPAL"},
	Summary:  "A policy that is about whom it is attached to names principals.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.PermissionsBoundary, policy.SessionPolicy, policy.ServiceControl},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			for _, principal := range []*policy.Principal{s.Principal, s.NotPrincipal} {
				if principal == nil {
					continue
				}
				f := p.As("UNSUPPORTED_PRINCIPAL", principal.Position, "a policy of this kind names no principals: it is about whom it is attached to")
				if p.Kind == policy.ServiceControl {
					f.Alias = "SCP_SYNTAX_ERROR_PRINCIPAL"
					f.Note("to limit it to some principals, use a condition on aws:PrincipalArn")
				}
			}
		}
	},
}
