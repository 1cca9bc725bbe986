package rules

import (
	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnRegionMissing = lint.Rule{
	ID:       "arn-region-missing",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_ARN_REGION"},
	Summary:  "An ARN leaves out the Region that the ARNs of its service have.",
	Check: func(p *lint.Pass) {
		p.ARNs(func(t policy.Text, a arn.ARN) {
			if a.Region == "" && lint.EachForm(p, a, func(f lint.Form) bool { return f.Region != "" }) {
				p.Report(t.Position, "the ARNs of these resources of %s have a Region; one without matches none", a.Service)
			}
		})
	},
}
