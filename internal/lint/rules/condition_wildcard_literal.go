package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionWildcardLiteral = lint.Rule{
	ID:       "condition-wildcard-literal",
	Severity: finding.Warning,
	Aliases:  []string{"WILDCARD_WITHOUT_LIKE_OPERATOR"},
	Summary:  "A value has a wildcard beside an operator that takes wildcards as they stand.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Base.Family() != condition.StringFamily || operator.Base.Wildcards() {
				return
			}
			for _, v := range c.Values {
				if strings.Contains(withoutVariables(v.Text), "*") {
					like := strings.NewReplacer("EqualsIgnoreCase", "Like", "Equals", "Like").Replace(operator.String())
					p.Report(v.Position, "%s compares the * in %q as it stands; %s takes patterns", c.Operator, v.Text, like)
				}
			}
		})
	},
}

func withoutVariables(text string) string {
	var b strings.Builder
	at := 0
	for _, v := range policy.Variables(text) {
		b.WriteString(text[at:v.Start])
		at = v.End
	}
	return b.String() + text[at:]
}
