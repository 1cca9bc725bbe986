package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
)

var conditionKeyDuplicated = lint.Rule{
	ID:       "condition-key-duplicated",
	Severity: finding.Error,
	Aliases:  []string{"DUPLICATE_KEYS_WITH_DIFFERENT_CASE"},
	Summary:  "One condition key stands twice under one operator, in different letters.",
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			for i, c := range s.Conditions {
				for _, before := range s.Conditions[:i] {
					if c.Operator == before.Operator && strings.EqualFold(c.Key, before.Key) && c.Key != before.Key {
						p.Report(c.Position, "%s is the key %s: the case of keys does not count", c.Key, before.Key)
					}
				}
			}
		}
	},
}
