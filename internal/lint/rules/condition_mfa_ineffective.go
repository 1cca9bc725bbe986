package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionMfaIneffective = lint.Rule{
	ID:       "condition-mfa-ineffective",
	Severity: finding.Security,
	Summary:  "A condition on multi-factor authentication lets callers without it pass.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(s *policy.Statement, c *policy.Condition) {
			key := strings.ToLower(c.Key)
			if key != "aws:multifactorauthpresent" && key != "aws:multifactorauthage" {
				return
			}
			clause, err := condition.Compile(*c, false)
			if err != nil {
				return
			}
			yes, no := []string{"true"}, []string{"false"}
			if key == "aws:multifactorauthage" {
				yes, no = []string{"10"}, nil
			}
			with, without, missing := clause.Holds(oneKey{key, yes}), clause.Holds(oneKey{key, no}), clause.Holds(oneKey{key, nil})
			plain := strings.TrimSuffix(c.Operator, "IfExists")
			switch {
			case s.Effect == policy.Allow && with && missing:
				f := p.Report(c.Position, "requests by access keys have no %s and pass", c.Key)
				f.Note("write %s, which asks for the key", plain)
				f.Fix = lint.RenameOperator(s, c, plain)
			case s.Effect == policy.Allow && with && without && no != nil:
				p.Report(c.Position, "the condition holds for sessions without multi-factor authentication too")
			case s.Effect == policy.Deny && without && no != nil && !with && !missing && !deniesOther(p.Document, c, nil):
				f := p.Report(c.Position, "requests by access keys have no %s and are not denied", c.Key)
				f.Note("write BoolIfExists")
				f.Fix = lint.RenameOperator(s, c, "BoolIfExists")
			case s.Effect == policy.Deny && missing && !with && !without && no != nil && !deniesOther(p.Document, c, no):
				p.Report(c.Position, "sessions without multi-factor authentication have %s false and are not denied", c.Key).Note("write BoolIfExists with the value false")
			}
		})
	},
}

// oneKey is a request with one key.
type oneKey struct {
	key    string
	values []string
}

// Values implements condition.Keys.
func (k oneKey) Values(key string) []string {
	if strings.EqualFold(key, k.key) {
		return k.values
	}
	return nil
}

// deniesOther reports whether another Deny has a condition on the key that holds for a value.
func deniesOther(d *policy.Document, not *policy.Condition, value []string) bool {
	for i := range d.Statements {
		s := &d.Statements[i]
		for k := range s.Conditions {
			c := &s.Conditions[k]
			if s.Effect != policy.Deny || c == not || !strings.EqualFold(c.Key, not.Key) {
				continue
			}
			if clause, err := condition.Compile(*c, false); err == nil && clause.Holds(oneKey{c.Key, value}) {
				return true
			}
		}
	}
	return false
}
