package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var dataExfiltration = lint.Rule{
	ID:       "data-exfiltration",
	Severity: finding.Warning,
	Summary:  "The policy lets its holder read or copy data of any name.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		reportPowers(p, facts.DataActions(), "data of any name can be read or copied by %s")
	},
}
