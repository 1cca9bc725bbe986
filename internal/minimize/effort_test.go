package minimize

import (
	"fmt"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

// A document of any size ends minimizing soon behind its effort, and is no worse for it.
func TestEffort(t *testing.T) {
	many := &policy.Document{Version: policy.Version2012}
	for i := range 2000 {
		many.Statements = append(many.Statements, policy.Statement{
			Effect: policy.Allow, Actions: []policy.Text{{Text: "s3:GetObject"}}, Resources: []policy.Text{{Text: fmt.Sprintf("arn:aws:s3:::b%d/*", i)}},
		})
	}
	long := many.Clone()
	long.Statements = long.Statements[:1]
	for i := range 20_000 {
		long.Statements[0].Actions = append(long.Statements[0].Actions, policy.Text{Text: fmt.Sprintf("s3:Get%d", i)})
	}
	values := many.Clone()
	values.Statements = values.Statements[:1]
	for i := range 20_000 {
		values.Statements[0].Conditions = append(values.Statements[0].Conditions, policy.Condition{
			Operator: "StringEquals", Key: fmt.Sprintf("aws:PrincipalTag/k%d", i), Values: []policy.Text{{Text: "v"}},
		})
	}
	for name, d := range map[string]*policy.Document{"statements": many, "actions": long, "conditions": values} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			m := &minimizer{best: d, size: d.Size(), effort: 5_000_000, within: func(_, _ []*policy.Document) bool { asked++; return false }}
			m.run()
			if !m.over() || asked == 0 || asked > 5_000_000/m.size+1 || !policy.Equal(m.best, d) {
				t.Errorf("over: %v, %d questions, %d characters of %d", m.over(), asked, m.size, d.Size())
			}
		})
	}
}
