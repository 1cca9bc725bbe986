package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnRegionInvalid = lint.Rule{
	ID:       "arn-region-invalid",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_ARN_REGION"},
	Summary:  "An ARN names a Region that AWS does not have.",
	Check: func(p *lint.Pass) {
		p.ARNs(func(t policy.Text, a arn.ARN) {
			if a.Region == "" || strings.Contains(a.Region, "${") || facts.IsRegion(a.Region) {
				return
			}
			forms, _ := p.Forms(a)
			for _, f := range forms {
				if f.Region == a.Region {
					return // some ARNs have a name of their own there
				}
			}
			f := p.Report(t.Position, "AWS has no Region %q", a.Region)
			if near := facts.NearestRegion(a.Region); near != "" {
				f.Note("did you mean %s?", near)
			}
		})
	},
}
