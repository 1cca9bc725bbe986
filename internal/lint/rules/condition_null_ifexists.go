package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionNullIfexists = lint.Rule{
	ID:       "condition-null-ifexists",
	Severity: finding.Error,
	Aliases:  []string{"NULL_WITH_IF_EXISTS"},
	Summary:  "The operator Null, which asks whether a key exists, bears IfExists.",
	Check: func(p *lint.Pass) {
		seen := map[policy.Position]bool{}
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			if strings.HasSuffix(strings.ToLower(c.Operator), "nullifexists") && !seen[c.OperatorPosition] {
				seen[c.OperatorPosition] = true
				p.Report(c.OperatorPosition, "Null takes no IfExists: it asks whether the key exists")
			}
		})
	},
}
