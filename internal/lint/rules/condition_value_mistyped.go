package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionValueMistyped = lint.Rule{
	ID:       "condition-value-mistyped",
	Severity: finding.Warning,
	Aliases: []string{
		"TYPE_MISMATCH_BOOLEAN",
		"TYPE_MISMATCH_DATE",
		"TYPE_MISMATCH_NUMBER",
		"TYPE_MISMATCH_STRING",
		"INVALID_DATE_VALUE",
	},
	Summary: "A value cannot be compared by the operator it stands beside, so that it matches nothing.",
	Check: func(p *lint.Pass) {
		valueCheck(condition.BoolFamily, "TYPE_MISMATCH_BOOLEAN", "true or false")(p)
		valueCheck(condition.NumericFamily, "TYPE_MISMATCH_NUMBER", "a number")(p)
		valueCheck(condition.DateFamily, "TYPE_MISMATCH_DATE", "a date such as 2026-01-31T12:00:00Z")(p)
		valueCheck(condition.BinaryFamily, "TYPE_MISMATCH_STRING", "a text in Base64")(p)
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Base.Family() != condition.DateFamily {
				return
			}
			for _, v := range c.Values {
				if operator.Base.CheckValue(v.Text) == nil && strings.Trim(v.Text, "0123456789") == "" {
					p.As("INVALID_DATE_VALUE", v.Position, "the date %q may be read otherwise than it is meant: write it as 2026-01-31", v.Text)
				}
			}
		})
	},
}

// valueCheck reports values that the operators of a family cannot compare.
func valueCheck(family condition.Family, alias, want string) func(*lint.Pass) {
	return func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Base.Family() != family {
				return
			}
			for _, v := range c.Values {
				if operator.Base.CheckValue(v.Text) != nil && !strings.Contains(v.Text, "${") {
					p.As(alias, v.Position, "%q is not %s, as %s wants it", v.Text, want, c.Operator)
				}
			}
		})
	}
}
