package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var statementIdle = lint.Rule{
	ID:       "statement-idle",
	Severity: finding.Warning,
	Summary:  "A statement applies to no request, or a Deny takes away all that it allows.",
	Check: func(p *lint.Pass) {
		if !p.Provable() {
			return
		}
		none := &policy.Document{Version: p.Document.Version, Statements: []policy.Statement{}}
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			alone := *none
			allow := *s
			allow.Effect = policy.Allow
			alone.Statements = []policy.Statement{allow}
			if sharesKey(s) && p.Covers(none, &alone) {
				p.Report(s.ConditionPosition, "the conditions contradict each other: the statement applies to no request")
				continue
			}
			if s.Effect != policy.Allow || !p.Denied(i) {
				continue
			}
			for _, d := range p.Document.Statements {
				if d.Effect == policy.Deny {
					alone.Statements = append(alone.Statements, d)
				}
			}
			if p.Covers(none, &alone) {
				p.Report(s.Position, "all that the statement allows is denied by other statements")
			}
		}
	},
}

// sharesKey reports whether a statement has two conditions on one key.
func sharesKey(s *policy.Statement) bool {
	for i, c := range s.Conditions {
		for _, before := range s.Conditions[:i] {
			if strings.EqualFold(c.Key, before.Key) {
				return true
			}
		}
	}
	return false
}
