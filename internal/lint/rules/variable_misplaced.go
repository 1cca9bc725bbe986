package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var variableMisplaced = lint.Rule{
	ID:       "variable-misplaced",
	Severity: finding.Error,
	Aliases:  []string{"VARIABLE_UNSUPPORTED_IN_ELEMENT"},
	Summary:  "A policy variable stands where IAM does not replace variables.",
	Check: func(p *lint.Pass) {
		check := func(element string, t policy.Text) {
			for _, v := range policy.Variables(t.Text) {
				if v.Defect == "" {
					p.Report(t.Position, "%s takes no variables: %s stands for itself", element, t.Text[v.Start:v.End])
				}
			}
		}
		p.Actions(func(_ *policy.Statement, t policy.Text) { check("Action", t) })
		p.Principals(func(_ *policy.Statement, _ string, t policy.Text) { check("Principal", t) })
	},
}
