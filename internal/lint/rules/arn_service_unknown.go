package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnServiceUnknown = lint.Rule{
	ID:       "arn-service-unknown",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_SERVICE", "INVALID_ARN_SERVICE_CASE"},
	Summary:  "An ARN names a service that AWS does not have.",
	Check: func(p *lint.Pass) {
		p.ARNs(func(t policy.Text, a arn.ARN) {
			if !lint.Fixed(a.Service) {
				return
			}
			if lower := strings.ToLower(a.Service); lower != a.Service {
				f := p.As("INVALID_ARN_SERVICE_CASE", t.Position, "the service of an ARN is written in small letters: %s", lower)
				a.Service = lower
				f.Fix = &finding.Fix{Title: "write " + a.String(), Edits: []finding.Edit{{Position: t.Position, Op: finding.Replace, Text: a.String()}}}
				return
			}
			if _, known := p.Catalog.Service(a.Service); known {
				return
			}
			if _, known := p.Forms(a); known {
				return
			}
			f := p.As("INVALID_SERVICE", t.Position, "AWS has no service %q", a.Service)
			if near := facts.Nearest(a.Service, p.Catalog.Prefixes()); near != "" {
				f.Note("did you mean %s?", near)
			}
		})
	},
}
