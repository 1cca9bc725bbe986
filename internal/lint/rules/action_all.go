package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var actionAll = lint.Rule{
	ID:       "action-all",
	Severity: finding.Security,
	Summary:  "A statement allows every action.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.ResourceBased, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if s.Effect != policy.Allow {
				continue
			}
			for _, t := range s.Actions {
				if strings.Trim(t.Text, "*:") != "" || t.Text == "" {
					continue
				}
				f := p.Report(t.Position, "every action of every service is allowed, those to come included")
				if p.Kind == policy.ResourceBased {
					f.Message = "every action on the resource is allowed, changing its policy and deleting it included"
				} else if lint.AllowsEverything(s) {
					f.Message = "everything is allowed: this is administration of the account"
				}
				if p.Kind == policy.IdentityBased {
					f.Note("an AWS managed policy for the task, or a list of the services in use, is a start: see 'aegis catalog services'")
				}
			}
		}
	},
}
