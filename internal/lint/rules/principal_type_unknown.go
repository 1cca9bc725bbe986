package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalTypeUnknown = lint.Rule{
	ID:       "principal-type-unknown",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_PRINCIPAL_KEY"},
	Summary:  "A Principal element has a type other than AWS, Service, Federated and CanonicalUser.",
	Check:    func(p *lint.Pass) { p.ReportSyntax(policy.CodePrincipalType) },
}
