package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnFieldMissing = lint.Rule{
	ID:       "arn-field-missing",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_ARN_FIELD"},
	Summary:  "An ARN has fewer than its six fields.",
	Check: func(p *lint.Pass) {
		p.Resources(func(_ *policy.Statement, t policy.Text) {
			if _, n := arn.Fields(t.Text); strings.HasPrefix(t.Text, "arn:") && n < 6 {
				p.Report(t.Position, "%q has %d of the six fields arn:partition:service:region:account:resource", t.Text, n)
			}
		})
	},
}
