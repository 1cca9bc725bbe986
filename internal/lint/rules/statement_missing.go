package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var statementMissing = lint.Rule{
	ID:       "statement-missing",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_STATEMENT"},
	Summary:  "The policy has no Statement element.",
	Check:    func(p *lint.Pass) { p.ReportSyntax(policy.CodeMissingStatement) },
}
