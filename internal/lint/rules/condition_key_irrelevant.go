package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionKeyIrrelevant = lint.Rule{
	ID:       "condition-key-irrelevant",
	Severity: finding.Suggestion,
	Aliases:  []string{"IRRELEVANT_CONDITION_KEY_IN_POLICY"},
	Summary:  "A policy of a resource asks whose resource it is.",
	Kinds:    []policy.Kind{policy.ResourceBased},
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			switch strings.ToLower(c.Key) {
			case "aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount":
				p.Report(c.Position, "%s is the same for every request to the resource that the policy is attached to", c.Key)
			}
		})
	},
}
