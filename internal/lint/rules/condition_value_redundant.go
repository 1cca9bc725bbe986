package rules

import (
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionValueRedundant = lint.Rule{
	ID:       "condition-value-redundant",
	Severity: finding.Suggestion,
	Aliases:  []string{"REDUNDANT_CONDITION_VALUE_NUM"},
	Summary:  "Of several limits only the widest counts.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || len(c.Values) < 2 {
				return
			}
			keep := "greatest"
			switch operator.Base {
			case condition.NumericGreaterThan, condition.NumericGreaterThanEquals:
				keep = "least"
			case condition.NumericLessThan, condition.NumericLessThanEquals:
			default:
				return
			}
			p.Report(c.Position, "the values are alternatives: only the %s counts", keep)
		})
	},
}
