package rules

import (
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
)

var conditionEmpty = lint.Rule{
	ID:       "condition-empty",
	Severity: finding.Suggestion,
	Aliases: []string{
		"EMPTY_ARRAY_CONDITION",
		"EMPTY_ARRAY_CONDITION_FORALLVALUES",
		"EMPTY_ARRAY_CONDITION_FORANYVALUE",
		"EMPTY_ARRAY_CONDITION_IFEXISTS",
		"EMPTY_OBJECT_CONDITION",
	},
	Summary: "A condition has no values, or the Condition element has no conditions.",
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Conditions != nil && len(s.Conditions) == 0 {
				f := p.As("EMPTY_OBJECT_CONDITION", s.ConditionPosition, "the element has no conditions")
				f.Fix = &finding.Fix{Title: "remove the element", Edits: []finding.Edit{{Position: s.ConditionPosition, Op: finding.Remove}}}
			}
			for _, c := range s.Conditions {
				operator, err := condition.ParseOperator(c.Operator)
				if len(c.Values) > 0 || err != nil {
					continue
				}
				switch {
				case operator.Set == condition.ForAllValues:
					p.As("EMPTY_ARRAY_CONDITION_FORALLVALUES", c.Position, "without values the condition holds where %s is missing: write Null true", c.Key)
				case operator.Set == condition.ForAnyValue:
					p.As("EMPTY_ARRAY_CONDITION_FORANYVALUE", c.Position, "without values the condition never holds")
				case operator.IfExists:
					p.As("EMPTY_ARRAY_CONDITION_IFEXISTS", c.Position, "without values the condition holds where %s is missing: write Null true", c.Key)
				default:
					p.As("EMPTY_ARRAY_CONDITION", c.Position, "%s has no values to compare with", c.Key)
				}
			}
		}
	},
}
