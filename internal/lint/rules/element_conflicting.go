package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var elementConflicting = lint.Rule{
	ID:       "element-conflicting",
	Severity: finding.Error,
	Aliases:  []string{"UNSUPPORTED_ELEMENT_COMBINATION"},
	Summary:  "A statement has an element together with its negation, such as Action and NotAction.",
	Check:    func(p *lint.Pass) { p.ReportSyntax(policy.CodeElementCombination) },
}
