package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var conditionValueBroad = lint.Rule{
	ID:       "condition-value-broad",
	Severity: finding.Error,
	Aliases:  []string{"VARIABLE_USAGE_TOO_PERMISSIVE", "WILDCARD_USAGE_TOO_PERMISSIVE"},
	Summary:  "A key that tells who or from where, such as an account, is compared with a pattern.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || !operator.Base.Wildcards() {
				return
			}
			for _, v := range c.Values {
				pattern := wildcard.Contains(withoutVariables(v.Text))
				switch variable := len(policy.Variables(v.Text)) > 0; {
				case v.Text == "*":
					// It asks whether the key is there; another rule says how that is written.
				case facts.IsSensitive(c.Key) && pattern:
					p.As("WILDCARD_USAGE_TOO_PERMISSIVE", v.Position, "%s has no use for patterns: name its values", c.Key)
				case facts.IsSensitive(c.Key) && variable && !strings.Contains(v.Text, "${aws:"):
					p.As("VARIABLE_USAGE_TOO_PERMISSIVE", v.Position, "%s has no use for variables that the caller may set: name its values", c.Key)
				case strings.EqualFold(c.Key, "aws:userid") && pattern && !strings.Contains(v.Text, ":"):
					p.As("WILDCARD_USAGE_TOO_PERMISSIVE", v.Position, "a star in aws:userid belongs behind the colon, as in AROAEXAMPLE:*")
				}
			}
		})
	},
}
