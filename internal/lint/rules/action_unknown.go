package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var actionUnknown = lint.Rule{
	ID:       "action-unknown",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_ACTION"},
	Summary:  "An Action element names no action of any AWS service.",
	Check: func(p *lint.Pass) {
		p.Actions(func(_ *policy.Statement, t policy.Text) {
			if len(p.Expand(t.Text)) > 0 {
				return
			}
			prefix, name, found := strings.Cut(t.Text, ":")
			service, known := p.Catalog.Service(prefix)
			switch {
			case !found:
				p.Report(t.Position, "%q is no action: it needs a service in front, as in s3:GetObject", t.Text)
			case wildcard.Contains(prefix):
				p.Report(t.Position, "no AWS service has an action %q", t.Text)
			case known:
				f := p.Report(t.Position, "no AWS service has an action %q", t.Text)
				names := make([]string, len(service.Actions))
				for i, a := range service.Actions {
					names[i] = a.Name
				}
				if near := facts.Nearest(name, names); near != "" {
					f.Note("did you mean %s:%s?", service.Prefix, near)
				}
				if wildcard.Contains(name) {
					f.Severity = finding.Warning // it may be meant for actions that are still to come
				}
			}
		})
	},
}
