package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var elementDuplicated = lint.Rule{
	ID:       "element-duplicated",
	Severity: finding.Error,

	Summary: "An element, a condition operator or a condition key is given twice.",
	Check:   func(p *lint.Pass) { p.ReportSyntax(policy.CodeDuplicate) },
}
