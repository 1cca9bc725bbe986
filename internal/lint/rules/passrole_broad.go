package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var passroleBroad = lint.Rule{
	ID:       "passrole-broad",
	Severity: finding.Security,
	Aliases: []string{
		"PASS_ROLE_WITH_NOT_RESOURCE",
		"PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
		"PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
		"PASS_ROLE_WITH_STAR_IN_RESOURCE",
		"PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
		"PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
	},
	Summary: "Any role may be passed to any service.",
	Kinds:   []policy.Kind{policy.IdentityBased, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			shape := lint.ShapeOf(s, "iam:PassRole", func(r string) bool {
				return facts.Meet(r, "arn:aws:iam::123456789012:role/zq7-a") && facts.Meet(r, "arn:aws:iam::123456789012:role/k4w-b")
			})
			if shape.Alias == "" || lint.Limits(s, "iam:PassedToService", "iam:AssociatedResourceArn", "iam:ResourceTag", "aws:ResourceTag") {
				continue
			}
			f := p.As("PASS_ROLE_"+shape.Alias, shape.Position, "every role of the account may be passed to a service, the most powerful one included")
			if r, ok := p.Find(lint.Query{Action: "iam:PassRole", Resource: "arn:*:iam::*:role/*"}); ok {
				f.Witness = &r
			} else if p.Asks() {
				p.Withdraw(f) // a Deny elsewhere stands in the way
				continue
			}
			f.Note("name the roles, or limit the services by iam:PassedToService")
		}
	},
}
