package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionKeySpoofable = lint.Rule{
	ID:       "condition-key-spoofable",
	Severity: finding.Security,
	Aliases:  []string{"UNTRUSTWORTHY_CONDITION_KEY"},
	Summary:  "Access depends on something that the caller may write at will.",
	Kinds:    []policy.Kind{policy.ResourceBased, policy.IdentityBased, policy.Trust},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			for _, c := range s.Conditions {
				key := strings.ToLower(c.Key)
				if key != "aws:referer" && key != "aws:useragent" || s.Effect != policy.Allow || slices.ContainsFunc(s.Conditions, func(o policy.Condition) bool {
					return facts.TellsWho(o.Key)
				}) {
					continue
				}
				p.Report(c.Position, "any caller can send the %s that is asked for", strings.TrimPrefix(c.Key, "aws:"))
			}
		}
	},
}
