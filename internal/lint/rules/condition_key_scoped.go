package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var conditionKeyScoped = lint.Rule{
	ID:       "condition-key-scoped",
	Severity: finding.Warning,
	Aliases:  []string{"USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES"},
	Summary:  "A key that only some services know is asked for in a statement about all services.",
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			all := s.NotActions != nil || slices.ContainsFunc(s.Actions, func(t policy.Text) bool {
				prefix, _, _ := strings.Cut(t.Text, ":")
				return wildcard.Contains(prefix)
			})
			for _, c := range s.Conditions {
				switch strings.ToLower(c.Key) {
				case "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths":
					if all {
						p.Report(c.Position, "only some services know %s: name the services that the statement is about", c.Key)
					}
				}
			}
		}
	},
}
