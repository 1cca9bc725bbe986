package lint

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
)

// RenameOperator returns the fix that gives a condition another operator; nil where the operator
// has further keys, or the statement has the other operator already.
func RenameOperator(s *policy.Statement, c *policy.Condition, operator string) *finding.Fix {
	for i := range s.Conditions {
		o := &s.Conditions[i]
		if o.OperatorPosition == c.OperatorPosition && o.Position != c.Position || strings.EqualFold(o.Operator, operator) {
			return nil
		}
	}
	return &finding.Fix{
		Title: "write " + operator + " instead of " + c.Operator,
		Edits: []finding.Edit{{Position: c.OperatorPosition, Op: finding.Replace, Text: operator}},
	}
}

// AskForKey returns the fix that makes a statement ask for a condition key; nil where it has a
// Null condition already.
func AskForKey(s *policy.Statement, key string) *finding.Fix {
	for _, c := range s.Conditions {
		if strings.EqualFold(c.Operator, "Null") {
			return nil
		}
	}
	return &finding.Fix{
		Title: "ask for " + key + " by Null",
		Edits: []finding.Edit{{Position: s.ConditionPosition, Op: finding.Insert, Text: `"Null": {"` + key + `": "false"}`}},
	}
}
