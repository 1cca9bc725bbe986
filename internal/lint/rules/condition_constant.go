package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionConstant = lint.Rule{
	ID:       "condition-constant",
	Severity: finding.Suggestion,
	Aliases: []string{
		"EQUIVALENT_TO_NULL_FALSE",
		"EQUIVALENT_TO_NULL_TRUE",
		"NULL_WITH_QUALIFIER",
		"REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
		"REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
	},
	Summary: "A condition asks only whether its key is there, or nothing at all.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || len(c.Values) == 0 {
				return
			}
			if operator.Base == condition.Null {
				if operator.Set != condition.NoSet {
					p.As("NULL_WITH_QUALIFIER", c.Position, "Null asks whether the key is there, which is one question however many values it has: leave the qualifier out")
				}
				return
			}
			star := operator.Base.Wildcards() && slices.ContainsFunc(c.Values, func(v policy.Text) bool { return strings.Trim(v.Text, "*") == "" && v.Text != "" })
			if !star {
				return
			}
			switch negated := operator.Base.Negated(); {
			case operator.Set == condition.ForAnyValue && negated:
				p.As("REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", c.Position, "no value of %s differs from *: the condition never holds, and the statement never applies", c.Key)
			case negated:
				p.As("EQUIVALENT_TO_NULL_TRUE", c.Position, "the condition holds where %s is missing and nowhere else: write Null true", c.Key)
			case operator.Set == condition.ForAllValues:
				p.As("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", c.Position, "every value of %s matches *, so that the condition says nothing about it", c.Key)
			case operator.IfExists:
				p.As("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", c.Position, "the condition always holds: leave it out")
			default:
				p.As("EQUIVALENT_TO_NULL_FALSE", c.Position, "the condition holds wherever %s is there: write Null false", c.Key)
			}
		})
	},
}
