package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
)

var actionEmpty = lint.Rule{
	ID:       "action-empty",
	Severity: finding.Suggestion,
	Aliases:  []string{"EMPTY_ARRAY_ACTION"},
	Summary:  "The list of actions of a statement is empty.",
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Actions != nil && len(s.Actions) == 0 || s.NotActions != nil && len(s.NotActions) == 0 {
				p.Report(s.ActionPosition, "the list of actions is empty")
			}
		}
	},
}
