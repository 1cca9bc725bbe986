package rules

import (
	"net/netip"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionAddressImprecise = lint.Rule{
	ID:       "condition-address-imprecise",
	Severity: finding.Suggestion,
	Aliases:  []string{"IMPROVE_IP_RANGE"},
	Summary:  "A range of addresses is written by an address inside it.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Base.Family() != condition.AddressFamily {
				return
			}
			for _, v := range c.Values {
				prefix, err := netip.ParsePrefix(v.Text)
				if err != nil || prefix == prefix.Masked() {
					continue
				}
				f := p.Report(v.Position, "the range %s begins at %s", v.Text, prefix.Masked())
				f.Fix = &finding.Fix{Title: "write " + prefix.Masked().String(), Edits: []finding.Edit{{
					Position: v.Position, Op: finding.Replace, Text: prefix.Masked().String(),
				}}}
			}
		})
	},
}
