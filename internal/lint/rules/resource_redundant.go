package rules

import (
	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var resourceRedundant = lint.Rule{
	ID:       "resource-redundant",
	Severity: finding.Suggestion,
	Aliases:  []string{"REDUNDANT_RESOURCE"},
	Summary:  "A resource is covered by another of the same list.",
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			for _, list := range [][]policy.Text{s.Resources, s.NotResources} {
				lint.Redundant(p, list, arn.MatchPattern)
			}
		}
	},
}
