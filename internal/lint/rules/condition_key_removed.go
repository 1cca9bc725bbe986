package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionKeyRemoved = lint.Rule{
	ID:       "condition-key-removed",
	Severity: finding.Warning,
	Aliases:  []string{"UNSUPPORTED_GLOBAL_CONDITION_KEY", "DEPRECATED_GLOBAL_CONDITION_KEY"},
	Summary:  "A condition key is an old one that was replaced.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(s *policy.Statement, c *policy.Condition) {
			newer := facts.RemovedKey(c.Key)
			// Amazon SNS itself writes aws:SourceOwner into the policies of new topics.
			topic := slices.ContainsFunc(s.Actions, func(t policy.Text) bool { return strings.HasPrefix(strings.ToLower(t.Text), "sns:") })
			if newer == "" || topic && strings.EqualFold(c.Key, "aws:SourceOwner") {
				return
			}
			f := p.As("DEPRECATED_GLOBAL_CONDITION_KEY", c.Position, "%s was replaced by %s", c.Key, newer)
			if strings.EqualFold(c.Key, "aws:ARN") {
				f.Alias, f.Severity = "UNSUPPORTED_GLOBAL_CONDITION_KEY", finding.Error
			}
		})
	},
}
