package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionOperatorUnknown = lint.Rule{
	ID:       "condition-operator-unknown",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_CONDITION_OPERATOR"},
	Summary:  "A condition has an operator that IAM does not know.",
	Check: func(p *lint.Pass) {
		seen := map[policy.Position]bool{}
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			_, err := condition.ParseOperator(c.Operator)
			if err == nil || seen[c.OperatorPosition] || strings.HasSuffix(strings.ToLower(c.Operator), "nullifexists") {
				return
			}
			seen[c.OperatorPosition] = true
			f := p.Report(c.OperatorPosition, "IAM has no condition operator %q", c.Operator)
			var names []string
			for _, b := range condition.Bases() {
				names = append(names, b.String())
			}
			if near := facts.Nearest(c.Operator, names); near != "" {
				f.Note("did you mean %s?", near)
			}
		})
	},
}
