package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalMalformed = lint.Rule{
	ID:       "principal-malformed",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_PRINCIPAL_FORMAT"},
	Summary:  "A Principal element is neither the string \"*\" nor an object.",
	Check:    func(p *lint.Pass) { p.ReportSyntax(policy.CodePrincipalFormat) },
}
