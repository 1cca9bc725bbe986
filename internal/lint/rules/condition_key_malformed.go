package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionKeyMalformed = lint.Rule{
	ID:       "condition-key-malformed",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_CONDITION_KEY_FORMAT"},
	Summary:  "A condition key does not have the form service:name.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			if prefix, name, found := strings.Cut(c.Key, ":"); !found || prefix == "" || name == "" || strings.ContainsAny(c.Key, " \t") && !strings.Contains(c.Key, "/") {
				p.Report(c.Position, "%q is no condition key: it has to be service:name", c.Key)
			}
		})
	},
}
