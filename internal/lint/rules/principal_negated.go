package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalNegated = lint.Rule{
	ID:       "principal-negated",
	Severity: finding.Security,
	Aliases:  []string{"ALLOW_WITH_NOT_PRINCIPAL", "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL"},
	Summary:  "A statement is about everybody but the principals that it names.",
	Kinds:    []policy.Kind{policy.Trust, policy.ResourceBased},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			switch {
			case s.NotPrincipal == nil:
			case p.Kind == policy.Trust:
				f := p.As("ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", s.NotPrincipal.Position, "a trust policy cannot have NotPrincipal")
				f.Severity = finding.Error
			case s.Effect == policy.Allow:
				p.As("ALLOW_WITH_NOT_PRINCIPAL", s.NotPrincipal.Position,
					"an Allow with NotPrincipal is for everybody else, anonymous callers included")
			}
		}
	},
}
