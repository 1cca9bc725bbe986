package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var actionNegated = lint.Rule{
	ID:       "action-negated",
	Severity: finding.Security,
	Summary:  "A statement allows all actions but those that it names.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.ResourceBased, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Effect == policy.Allow && s.NotActions != nil {
				p.Report(s.ActionPosition, "all other actions are allowed, of all services and of those to come").
					Note("list what is needed in Action, and deny what must never be in a statement of its own")
			}
		}
	},
}
