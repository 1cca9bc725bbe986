package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var conditionTagUnsupported = lint.Rule{
	ID:       "condition-tag-unsupported",
	Severity: finding.Suggestion,
	Aliases: []string{
		"DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
		"DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
		"ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
		"ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
	},
	Summary: "A statement asks for the tags of resources that some of its services do not tell.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(s *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.IfExists || operator.Base.Negated() || operator.Base == condition.Null || !strings.HasPrefix(strings.ToLower(c.Key), "aws:resourcetag/") {
				return
			}
			deny := s.Effect == policy.Deny
			if s.NotActions != nil {
				f := p.As("ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", c.Position,
					"only actions whose requests tell the tags of resources are allowed, which NotAction does not say")
				if deny {
					f.Alias, f.Severity = "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", finding.Security
					f.Message = "actions whose requests do not tell the tags of resources are not denied: list those that are to be"
				}
				return
			}
			without := untagged(p, s, c.Key)
			switch {
			case len(without) == 0:
			case deny:
				f := p.As("DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", c.Position, "requests to %s never have %s, so that they are not denied", some(without), c.Key)
				f.Severity = finding.Security
			default:
				p.As("ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", c.Position, "requests to %s never have %s, so that they are not allowed", some(without), c.Key)
			}
		})
	},
}

// untagged returns the services of a statement none of whose actions there has a key.
func untagged(p *lint.Pass, s *policy.Statement, key string) []string {
	honours := map[string]bool{}
	for _, t := range s.Actions {
		if prefix, _, found := strings.Cut(t.Text, ":"); !found || wildcard.Contains(prefix) {
			return nil
		}
		for _, a := range p.Expand(t.Text) {
			honours[a.Service] = honours[a.Service] || a.Honours(key)
		}
	}
	var out []string
	for service, some := range honours {
		if !some {
			out = append(out, service)
		}
	}
	slices.Sort(out)
	return out
}
