package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
)

var resourceEmpty = lint.Rule{
	ID:       "resource-empty",
	Severity: finding.Suggestion,
	Aliases:  []string{"EMPTY_ARRAY_RESOURCE"},
	Summary:  "The list of resources of a statement is empty.",
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Resources != nil && len(s.Resources) == 0 || s.NotResources != nil && len(s.NotResources) == 0 {
				p.Report(s.ResourcePosition, "the list of resources is empty")
			}
		}
	},
}
