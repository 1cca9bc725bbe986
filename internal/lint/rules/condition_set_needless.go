package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionSetNeedless = lint.Rule{
	ID:       "condition-set-needless",
	Severity: finding.Security,
	Aliases: []string{
		"FORALLVALUES_WITH_SINGLE_VALUED_KEY",
		"FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
		"CONFIRM_AUDIENCE_CLAIM_TYPE",
	},
	Summary: "A set operator stands beside a key that has one value, and holds where the key is missing.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(s *policy.Statement, c *policy.Condition) {
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Set == condition.NoSet || s.Effect != policy.Allow || operator.Base == condition.Null {
				return
			}
			key, known := p.Catalog.Key(c.Key)
			audience := strings.HasSuffix(strings.ToLower(c.Key), ":aud") && p.Kind == policy.Trust
			switch {
			case known && !key.Type.Multi && operator.Set == condition.ForAllValues:
				f := p.As("FORALLVALUES_WITH_SINGLE_VALUED_KEY", c.Position, "%s holds for every request without %s, which has one value", c.Operator, c.Key)
				f.Fix = lint.RenameOperator(s, c, strings.TrimPrefix(operator.String(), "ForAllValues:"))
			case audience && operator.Set == condition.ForAnyValue:
				p.As("FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", c.Position, "the audience of a token is one value: leave ForAnyValue out")
			case audience:
				f := p.As("CONFIRM_AUDIENCE_CLAIM_TYPE", c.Position, "ForAllValues holds for tokens without an audience: make sure that the provider gives several")
				f.Severity = finding.Suggestion
			}
		})
	},
}
