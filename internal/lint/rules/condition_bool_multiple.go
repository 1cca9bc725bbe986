package rules

import (
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionBoolMultiple = lint.Rule{
	ID:       "condition-bool-multiple",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_CONDITION_MULTIPLE_BOOLEAN"},
	Summary:  "A Bool operator has several values.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err == nil && operator.Base.Family() == condition.BoolFamily && len(c.Values) > 1 {
				p.Report(c.Position, "%s has %d values: true and false together say nothing, and one is enough else", c.Key, len(c.Values))
			}
		})
	},
}
