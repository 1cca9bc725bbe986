package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var effectMissing = lint.Rule{
	ID:       "effect-missing",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_EFFECT"},
	Summary:  "A statement does not say whether it allows or denies.",
	Check:    func(p *lint.Pass) { p.ReportSyntax(policy.CodeMissingEffect) },
}
