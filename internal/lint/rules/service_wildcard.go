package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var serviceWildcard = lint.Rule{
	ID:       "service-wildcard",
	Severity: finding.Suggestion,
	Aliases:  []string{"WILDCARD_IN_SERVICE_NAME"},
	Summary:  "A wildcard stands in the name of a service.",
	Check: func(p *lint.Pass) {
		p.Actions(func(_ *policy.Statement, t policy.Text) {
			prefix, _, found := strings.Cut(t.Text, ":")
			if found && wildcard.Contains(prefix) && t.Text != "*:*" {
				p.Report(t.Position, "%q reaches services of like names, those to come included", t.Text)
			}
		})
		p.ARNs(func(t policy.Text, a arn.ARN) {
			if wildcard.Contains(a.Service) && strings.Trim(t.Text, "arn:*") != "" {
				p.Report(t.Position, "%q reaches services of like names, those to come included", t.Text)
			}
		})
	},
}
