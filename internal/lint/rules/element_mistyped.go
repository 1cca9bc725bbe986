package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var elementMistyped = lint.Rule{
	ID:       "element-mistyped",
	Severity: finding.Error,
	Aliases:  []string{"DATA_TYPE_MISMATCH"},
	Summary:  "An element has a value of the wrong JSON type.",
	Check:    func(p *lint.Pass) { p.ReportSyntax(policy.CodeDataType) },
}
