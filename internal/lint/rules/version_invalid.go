package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var versionInvalid = lint.Rule{
	ID:       "version-invalid",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_VERSION"},
	Summary:  "The Version element names no version of the policy language.",
	Check:    func(p *lint.Pass) { p.ReportSyntax(policy.CodeInvalidVersion) },
}
