package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var actionServiceUnknown = lint.Rule{
	ID:       "action-service-unknown",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_SERVICE_IN_ACTION"},
	Summary:  "An Action element names a service that AWS does not have.",
	Check: func(p *lint.Pass) {
		p.Actions(func(_ *policy.Statement, t policy.Text) {
			prefix, _, found := strings.Cut(t.Text, ":")
			if _, known := p.Catalog.Service(prefix); !found || known || wildcard.Contains(prefix) {
				return
			}
			f := p.Report(t.Position, "AWS has no service %q", prefix)
			if near := facts.Nearest(prefix, p.Catalog.Prefixes()); near != "" {
				f.Note("did you mean %s?", near)
			}
		})
	},
}
