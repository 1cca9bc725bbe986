package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionValuesMixed = lint.Rule{
	ID:       "condition-values-mixed",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_CONDITION_DATA_TYPE"},
	Summary:  "The values of one condition key are of different JSON types.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			for i := range c.Values {
				if i > 0 && jsonType(p.Byte(c.Values[i].Position)) != jsonType(p.Byte(c.Values[0].Position)) {
					p.Report(c.Values[i].Position, "the values of %s are of different types: write all of them as strings", c.Key)
					return
				}
			}
		})
	},
}

func jsonType(first byte) string {
	switch first {
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	}
	return "number"
}
