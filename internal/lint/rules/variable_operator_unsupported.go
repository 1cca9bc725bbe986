package rules

import (
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var variableOperatorUnsupported = lint.Rule{
	ID:       "variable-operator-unsupported",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_VARIABLE_FOR_OPERATOR"},
	Summary:  "A policy variable stands beside an operator that takes none.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Base.Variables() {
				return
			}
			for _, t := range c.Values {
				for _, v := range policy.Variables(t.Text) {
					if v.Defect == "" {
						p.Report(t.Position, "%s takes no variables; string and ARN operators do", c.Operator)
					}
				}
			}
		})
	},
}
