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
			first := map[[2]string]string{} // keys by their operator and their lower case
			for _, c := range s.Conditions {
				same := [2]string{c.Operator, strings.ToLower(c.Key)}
				before, known := first[same]
				switch {
				case !known:
					first[same] = c.Key
				case c.Key != before:
					p.Report(c.Position, "%s is the key %s: the case of keys does not count", c.Key, before)
				}
			}
		}
	},
}
