package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var actionServiceAll = lint.Rule{
	ID:       "action-service-all",
	Severity: finding.Warning,
	Summary:  "A statement allows every action of a service on every resource.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if s.Effect != policy.Allow || !lint.AnyResource(s) || len(s.Conditions) > 0 {
				continue
			}
			for _, t := range s.Actions {
				prefix, name, found := strings.Cut(t.Text, ":")
				if found && !wildcard.Contains(prefix) && strings.Trim(name, "*") == "" && name != "" {
					p.Report(t.Position, "every action of %s is allowed on every resource: reading, deleting and giving access to others", p.Catalog.ServiceName(strings.ToLower(prefix)))
				}
			}
		}
	},
}
