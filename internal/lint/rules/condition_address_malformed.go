package rules

import (
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
)

var conditionAddressMalformed = lint.Rule{
	ID:       "condition-address-malformed",
	Severity: finding.Error,
	Aliases:  []string{"TYPE_MISMATCH_IP_RANGE"},
	Summary:  "The value of an address operator is no address and no range.",
	Check:    valueCheck(condition.AddressFamily, "TYPE_MISMATCH_IP_RANGE", "an address or a range such as 203.0.113.0/24"),
}
