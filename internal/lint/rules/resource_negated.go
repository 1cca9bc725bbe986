package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var resourceNegated = lint.Rule{
	ID:       "resource-negated",
	Severity: finding.Warning,
	Summary:  "A statement allows its actions on all resources but those that it names.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.ResourceBased, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Effect == policy.Allow && s.NotResources != nil && s.NotActions == nil {
				p.Report(s.ResourcePosition, "all other resources are included, in all accounts that let the holder in").
					Note("name what is needed in Resource, and deny the exceptions in a statement of its own")
			}
		}
	},
}
