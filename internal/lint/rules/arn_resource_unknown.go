package rules

import (
	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnResourceUnknown = lint.Rule{
	ID:       "arn-resource-unknown",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_ARN_RESOURCE"},
	Summary:  "The last field of an ARN fits no resource of its service.",
	Check: func(p *lint.Pass) {
		p.ARNs(func(t policy.Text, a arn.ARN) {
			if !lint.Fixed(a.Service) || a.Service == "" {
				return
			}
			forms, known := p.Forms(a)
			if !known || len(forms) > 0 {
				return
			}
			f := p.Report(t.Position, "%q fits no resource of %s", a.Resource, a.Service)
			if near := lint.OtherCase(p, a); near != "" {
				f.Note("case counts: its ARNs end in %s", near)
			} else if examples := lint.Examples(p, a.Service); examples != "" {
				f.Note("its ARNs end in %s", examples)
			}
		})
	},
}
