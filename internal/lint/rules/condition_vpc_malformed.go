package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionVpcMalformed = lint.Rule{
	ID:       "condition-vpc-malformed",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_VPC_FORMAT", "INVALID_VPCE_FORMAT"},
	Summary:  "The ID of a VPC or of a VPC endpoint does not have the form that such IDs have.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Base.Family() != condition.StringFamily {
				return
			}
			var alias, prefix string
			switch strings.ToLower(c.Key) {
			case "aws:sourcevpc":
				alias, prefix = "INVALID_VPC_FORMAT", "vpc-"
			case "aws:sourcevpce":
				alias, prefix = "INVALID_VPCE_FORMAT", "vpce-"
			default:
				return
			}
			for _, v := range c.Values {
				if lint.Fixed(v.Text) && !isNetworkID(v.Text, prefix) {
					p.As(alias, v.Position, "%q is not %s with 8 or 17 hexadecimal digits", v.Text, prefix)
				}
			}
		})
	},
}

func isNetworkID(text, prefix string) bool {
	id, ok := strings.CutPrefix(text, prefix)
	return ok && (len(id) == 8 || len(id) == 17) && strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyz") == ""
}
