package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnRegionUnexpected = lint.Rule{
	ID:       "arn-region-unexpected",
	Severity: finding.Error,
	Aliases:  []string{"ARN_REGION_NOT_ALLOWED"},
	Summary:  "An ARN has a Region although the ARNs of its service have none.",
	Check: func(p *lint.Pass) {
		p.ARNs(func(t policy.Text, a arn.ARN) {
			if a.Region == "" || strings.Trim(a.Region, "*") == "" || strings.Contains(a.Region, "${") {
				return
			}
			if lint.EachForm(p, a, func(f lint.Form) bool { return f.Region == "" }) {
				f := p.Report(t.Position, "the ARNs of these resources of %s have no Region; one with it matches none", a.Service)
				a.Region = ""
				f.Note("write %s", a)
			}
		})
	},
}
