package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var actionRedundant = lint.Rule{
	ID:       "action-redundant",
	Severity: finding.Suggestion,
	Aliases:  []string{"REDUNDANT_ACTION"},
	Summary:  "An action is covered by another of the same list.",
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			for _, list := range [][]policy.Text{s.Actions, s.NotActions} {
				lint.Redundant(p, list, func(wide, narrow string) bool { return wildcard.MatchFold(wide, narrow) })
			}
		}
	},
}
