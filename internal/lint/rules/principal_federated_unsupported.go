package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalFederatedUnsupported = lint.Rule{
	ID:       "principal-federated-unsupported",
	Severity: finding.Error,
	Aliases:  []string{"FEDERATED_PRINCIPAL_NOT_SUPPORTED"},
	Summary:  "A policy other than a trust policy names an identity provider.",
	Kinds:    []policy.Kind{policy.ResourceBased},
	Check: func(p *lint.Pass) {
		p.Principals(func(_ *policy.Statement, principalType string, id policy.Text) {
			if principalType == "Federated" {
				p.Report(id.Position, "only trust policies of roles name identity providers")
			}
		})
	},
}
