package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionRegionUnknown = lint.Rule{
	ID:       "condition-region-unknown",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_REGION"},
	Summary:  "A condition names a Region that AWS does not have.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			if !strings.EqualFold(c.Key, "aws:RequestedRegion") && !strings.EqualFold(c.Key, "ec2:Region") {
				return
			}
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Base == condition.Null {
				return
			}
			for _, v := range c.Values {
				if strings.Contains(v.Text, "${") || facts.IsRegion(v.Text) {
					continue
				}
				f := p.Report(v.Position, "AWS has no Region %q", v.Text)
				if near := facts.NearestRegion(v.Text); near != "" {
					f.Note("did you mean %s?", near)
				}
			}
		})
	},
}
