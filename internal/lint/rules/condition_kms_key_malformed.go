package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionKmsKeyMalformed = lint.Rule{
	ID:       "condition-kms-key-malformed",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_KMS_KEY_VALUE"},
	Summary:  "A condition that compares KMS keys has a value that is no ARN of a key.",
	Check: func(p *lint.Pass) {
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			key := strings.ToLower(c.Key)
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Base == condition.Null || !facts.HoldsKMSKey(key) {
				return
			}
			for _, v := range c.Values {
				open := lint.Open(v.Text)
				if strings.Trim(open, "*") == "" || facts.Meet(open, "arn:*:kms:*:*:key/*") {
					continue
				}
				p.Report(v.Position, "%q is no ARN of a KMS key: %s always has arn:aws:kms:region:account:key/id", v.Text, c.Key)
			}
		})
	},
}
