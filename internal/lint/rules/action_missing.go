package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var actionMissing = lint.Rule{
	ID:       "action-missing",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_ACTION"},
	Summary:  "A statement has neither an Action nor a NotAction element.",
	Check:    func(p *lint.Pass) { p.ReportSyntax(policy.CodeMissingAction) },
}
