package rules

import (
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var resourceExposure = lint.Rule{
	ID:       "resource-exposure",
	Severity: finding.Warning,
	Summary:  "The policy lets its holder give others access to resources of any name.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		if p.Administers() || !p.Asks() {
			return
		}
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if s.Effect != policy.Allow || !lint.AnyResource(s) && s.NotResources == nil {
				continue
			}
			var exposing []string
			p.StatementSet(i).Each(p.Catalog, func(a *catalog.Action) bool {
				if facts.Exposes(a.String()) {
					exposing = append(exposing, a.String())
				}
				return true
			})
			for _, action := range exposing {
				if r, ok := p.Unlimited(action); ok {
					f := p.Report(s.ActionPosition, "others can be given access to resources of any name by %s", some(exposing))
					f.Witness = &r
					break
				}
			}
		}
	},
}
