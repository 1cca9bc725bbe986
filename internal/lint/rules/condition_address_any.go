package rules

import (
	"net/netip"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionAddressAny = lint.Rule{
	ID:       "condition-address-any",
	Severity: finding.Warning,
	Summary:  "A condition on an address names a range that every address is in.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.ResourceBased, policy.Trust, policy.SessionPolicy, policy.PermissionsBoundary},
	Check: func(p *lint.Pass) {
		p.Conditions(func(s *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Base.Family() != condition.AddressFamily {
				return
			}
			for _, v := range c.Values {
				prefix, err := netip.ParsePrefix(v.Text)
				if err != nil || prefix.Bits() > 0 {
					continue
				}
				f := p.Report(v.Position, "every address is in %s: the condition leaves nobody out", v.Text)
				switch {
				case prefix.Addr().Is6():
					f.Message = "every IPv6 address is in " + v.Text + ": the condition leaves none of them out"
				case operator.Base == condition.NotIPAddress:
					f.Message = "every address is in " + v.Text + ": the condition never holds"
				}
				if s.Effect == policy.Deny && operator.Base == condition.NotIPAddress {
					f.Severity = finding.Security
					f.Message = "every address is in " + v.Text + ": the statement denies nothing"
				}
			}
		})
	},
}
