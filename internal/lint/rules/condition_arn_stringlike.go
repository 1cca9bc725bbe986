package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionArnStringlike = lint.Rule{
	ID:       "condition-arn-stringlike",
	Severity: finding.Security,
	Aliases:  []string{"STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS"},
	Summary:  "A pattern for an ARN is compared by StringLike, whose star reaches across the fields.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(s *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			key, known := p.Catalog.Key(c.Key)
			if err != nil || !known || key.Type.Base != catalog.ARN || operator.Base != condition.StringLike && operator.Base != condition.StringNotLike {
				return
			}
			if (s.Effect == policy.Allow) != (operator.Base == condition.StringLike) || !slices.ContainsFunc(c.Values, crossesFields) {
				return
			}
			arnOperator := strings.Replace(operator.String(), "String", "Arn", 1)
			p.Report(c.Position, "a star of StringLike takes colons too, so that it reaches other accounts and types: use %s", arnOperator).
				Fix = lint.RenameOperator(s, c, arnOperator)
		})
	},
}

// crossesFields reports whether a star stands before the last field of an ARN, or in the place of it all.
func crossesFields(t policy.Text) bool {
	fields, n := arn.Fields(t.Text)
	for i := range fields[:n] {
		if i < 5 && strings.Contains(fields[i], "*") {
			return true
		}
	}
	return false
}
