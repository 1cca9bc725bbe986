package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var elementUnknown = lint.Rule{
	ID:       "element-unknown",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_POLICY_ELEMENT"},
	Summary:  "The policy or a statement has an element that the policy language does not know.",
	Check:    func(p *lint.Pass) { p.ReportSyntax(policy.CodeUnknownElement) },
}
