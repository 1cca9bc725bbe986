package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionOperatorMismatched = lint.Rule{
	ID:       "condition-operator-mismatched",
	Severity: finding.Warning,
	Aliases:  []string{"TYPE_MISMATCH"},
	Summary:  "An operator does not fit the type of its condition key.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			key, known := p.Catalog.Key(c.Key)
			if err != nil || !known {
				return
			}
			if want := mismatch(operator.Base.Family(), key); want != "" {
				p.Report(c.Position, "%s has values of the type %s: compare them with %s", c.Key, key.Type.Base, want)
			}
		})
	},
}

// mismatch returns the operators that a key wants if those of a family do not fit it.
func mismatch(family condition.Family, key *catalog.Key) string {
	if family == condition.NullFamily {
		return ""
	}
	switch key.Type.Base {
	case catalog.Numeric:
		return unless(family == condition.NumericFamily, "a Numeric operator")
	case catalog.Bool:
		return unless(family == condition.BoolFamily, "Bool")
	case catalog.Date:
		epoch := strings.EqualFold(key.Name, "aws:EpochTime") && family == condition.NumericFamily
		return unless(family == condition.DateFamily || epoch, "a Date operator")
	case catalog.IPAddress:
		return unless(family == condition.AddressFamily, "IpAddress or NotIpAddress")
	case catalog.Binary:
		return unless(family == condition.BinaryFamily || family == condition.StringFamily, "BinaryEquals")
	case catalog.ARN:
		return unless(family == condition.ARNFamily || family == condition.StringFamily, "an Arn operator")
	}
	return unless(family == condition.StringFamily || family == condition.ARNFamily || family == condition.BoolFamily || family == condition.NumericFamily, "a String operator")
}

func unless(fits bool, want string) string {
	if fits {
		return ""
	}
	return want
}
