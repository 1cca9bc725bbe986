package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var principalWildcardUnsupported = lint.Rule{
	ID:       "principal-wildcard-unsupported",
	Severity: finding.Error,
	Aliases:  []string{"UNSUPPORTED_WILDCARD_IN_PRINCIPAL", "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL"},
	Summary:  "A principal is a pattern, which IAM does not match there.",
	Kinds:    []policy.Kind{policy.Trust, policy.ResourceBased, policy.ResourceControl},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if p.Kind == policy.Trust && s.Principal != nil && s.Principal.Any {
				f := p.As("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", s.Principal.Position, "a trust policy cannot be for everybody")
				f.Note("name an account, a role, a service or an identity provider")
			}
		}
		p.Principals(func(_ *policy.Statement, principalType string, id policy.Text) {
			if !wildcard.Contains(id.Text) || id.Text == "*" && principalType == "AWS" {
				return
			}
			f := p.As("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", id.Position, "%q is matched as it stands: the only pattern among principals is \"*\" of type AWS", id.Text)
			if principalType == "AWS" {
				f.Note("name the account and limit who in it by a condition on aws:PrincipalArn")
			}
		})
	},
}
