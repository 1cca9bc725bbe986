package rules

import (
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionAbsentOpen = lint.Rule{
	ID:       "condition-absent-open",
	Severity: finding.Security,
	Summary:  "A condition that says who or from where also holds for requests without the key.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.ResourceBased, policy.Trust, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		p.Conditions(func(s *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || s.Effect != policy.Allow || !operator.Absent() || operator.Set == condition.ForAllValues || operator.Base == condition.Null {
				return
			}
			if !facts.IsBoundary(c.Key) || guarded(s, c.Key, "false") {
				return
			}
			if operator.Base.Negated() {
				p.Report(c.Position, "requests that have no %s pass: %s holds for them", c.Key, c.Operator).
					Note("name who is meant by an operator that is not negated, or keep the others out by a Deny")
				return
			}
			f := p.Report(c.Position, "requests that have no %s pass: IfExists asks nothing of them", c.Key)
			plain := operator
			plain.IfExists = false
			f.Fix = lint.RenameOperator(s, c, plain.String())
		})
	},
}
