package rules

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionKeyUnsupported = lint.Rule{
	ID:       "condition-key-unsupported",
	Severity: finding.Error,
	Aliases:  []string{"UNSUPPORTED_ACTION_FOR_CONDITION_KEY"},
	Summary:  "An action of a statement never has the condition key that the statement asks for.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(s *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.IfExists || operator.Base.Negated() || operator.Base == condition.Null || operator.Set == condition.ForAllValues {
				return // then a missing key is provided for
			}
			key, known := p.Catalog.Key(c.Key)
			if !known || key.Global || facts.IsTagKey(key.Name) || facts.SessionKey(c.Key) {
				return
			}
			var without []string
			for _, t := range s.Actions {
				a, ok := p.Catalog.Action(t.Text)
				if ok && !a.Honours(c.Key) {
					without = append(without, a.String())
				}
			}
			if len(without) == 0 {
				return
			}
			effect := "the statement never allows them"
			if s.Effect == policy.Deny {
				effect = "the statement never denies them"
			}
			p.Report(c.Position, "requests for %s never have %s: %s", some(without), c.Key, effect)
		})
	},
}

// some names a few of a list and how many more there are.
func some(list []string) string {
	const few = 4
	if len(list) <= few {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:few], ", "), len(list)-few)
}
