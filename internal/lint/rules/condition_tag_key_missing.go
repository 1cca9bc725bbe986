package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionTagKeyMissing = lint.Rule{
	ID:       "condition-tag-key-missing",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_TAG_KEY_IN_CONDITION"},
	Summary:  "A tag condition key does not say which tag.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			if lint.LacksTag(p.Catalog, c.Key) {
				p.Report(c.Position, "%s does not say which tag: write %s/ and the key of the tag", c.Key, strings.TrimSuffix(c.Key, "/"))
			}
		})
	},
}
