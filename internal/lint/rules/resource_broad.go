package rules

import (
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var resourceBroad = lint.Rule{
	ID:       "resource-broad",
	Severity: finding.Suggestion,
	Summary:  "A statement is about all resources although its actions could be limited to some.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if s.Effect != policy.Allow || s.NotActions != nil || !lint.AnyResource(s) || len(s.Conditions) > 0 || lint.AllowsEverything(s) {
				continue
			}
			var narrow []string
			writes := false
			for _, t := range s.Actions {
				for _, a := range p.Expand(t.Text) {
					if lint.CanBeNarrower(a) {
						narrow = append(narrow, a.String())
						writes = writes || a.Level != catalog.Read
					}
				}
			}
			if len(narrow) == 0 {
				continue
			}
			f := p.Report(s.ResourcePosition, "%s could be limited to some resources", some(narrow))
			if writes {
				f.Severity = finding.Warning
			}
		}
	},
}
