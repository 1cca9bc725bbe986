package rules

import (
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionSetMissing = lint.Rule{
	ID:       "condition-set-missing",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_QUALIFIER"},
	Summary:  "A condition key that may have several values stands without ForAllValues or ForAnyValue.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Set != condition.NoSet || operator.Base == condition.Null {
				return
			}
			if key, known := p.Catalog.Key(c.Key); known && key.Type.Multi {
				p.Report(c.Position, "%s may have several values: say with ForAnyValue or ForAllValues how many have to match", c.Key)
			}
		})
	},
}
