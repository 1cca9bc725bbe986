package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var principalFederatedMalformed = lint.Rule{
	ID:       "principal-federated-malformed",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY"},
	Summary:  "An identity provider is named neither by its ARN nor by its domain.",
	Kinds:    []policy.Kind{policy.Trust},
	Check: func(p *lint.Pass) {
		p.Principals(func(_ *policy.Statement, principalType string, id policy.Text) {
			if principalType != "Federated" || wildcard.Contains(id.Text) {
				return
			}
			if a, err := arn.Parse(id.Text); err == nil {
				if a.Service != "iam" || !strings.HasPrefix(a.Resource, "oidc-provider/") && !strings.HasPrefix(a.Resource, "saml-provider/") {
					p.Report(id.Position, "%q is no ARN of an identity provider, which is one of IAM", id.Text)
				}
				return
			}
			if !strings.Contains(id.Text, ".") || strings.ContainsAny(id.Text, ": ") {
				p.Report(id.Position, "%q is neither the ARN nor the domain of an identity provider", id.Text)
			}
		})
	},
}
