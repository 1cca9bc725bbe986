package rules

import (
	"net/netip"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionAddressPrivate = lint.Rule{
	ID:       "condition-address-private",
	Severity: finding.Error,
	Aliases: []string{
		"PRIVATE_IP_ADDRESS",
		"PRIVATE_NOT_IP_ADDRESS",
		"PRIVATE_IP_ADDRESS_SUBSET",
		"PRIVATE_NOT_IP_ADDRESS_SUBSET",
	},
	Summary: "aws:SourceIp is compared with private addresses, which it never has.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || !strings.EqualFold(c.Key, "aws:SourceIp") || operator.Base.Family() != condition.AddressFamily {
				return
			}
			var private []policy.Text
			for _, v := range c.Values {
				if isPrivate(v.Text) {
					private = append(private, v)
				}
			}
			if len(private) == 0 {
				return
			}
			alias, effect := "PRIVATE_IP_ADDRESS", "never holds"
			if operator.Base == condition.NotIPAddress {
				alias, effect = "PRIVATE_NOT_IP_ADDRESS", "always holds"
			}
			if len(private) == len(c.Values) {
				f := p.As(alias, c.Position, "aws:SourceIp is a public address, so that the condition %s", effect)
				f.Note("requests through a VPC endpoint have aws:VpcSourceIp instead, to be used together with aws:SourceVpc")
				return
			}
			for _, v := range private {
				f := p.As(alias+"_SUBSET", v.Position, "aws:SourceIp is a public address: the private range %s has no effect", v.Text)
				f.Severity = finding.Suggestion
			}
		})
	},
}

// isPrivate reports whether all addresses of a range are private.
func isPrivate(text string) bool {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		addr, err := netip.ParseAddr(text)
		return err == nil && addr.IsPrivate()
	}
	for _, private := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"} {
		if p := netip.MustParsePrefix(private); p.Bits() <= prefix.Bits() && p.Contains(prefix.Addr()) {
			return true
		}
	}
	return false
}
