package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var principalServiceMalformed = lint.Rule{
	ID:       "principal-service-malformed",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_SERVICE_PRINCIPAL_FORMAT"},
	Summary:  "A service principal does not have the form service.amazonaws.com.",
	Check: func(p *lint.Pass) {
		p.Principals(func(_ *policy.Statement, principalType string, id policy.Text) {
			if principalType == "Service" && !wildcard.Contains(id.Text) && !facts.IsServicePrincipal(id.Text) {
				p.Report(id.Position, "%q is no service principal, which ends in .amazonaws.com", id.Text)
			}
		})
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			switch strings.ToLower(c.Key) {
			case "kms:viaservice", "iam:passedtoservice", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:principalservicename", "iam:awsservicename":
			default:
				return
			}
			operator, err := condition.ParseOperator(c.Operator)
			if err != nil || operator.Base.Family() != condition.StringFamily {
				return
			}
			for _, v := range c.Values {
				if lint.Fixed(v.Text) && !facts.IsServicePrincipal(v.Text) {
					p.Report(v.Position, "%q is no service principal, which ends in .amazonaws.com: %s never has this value", v.Text, c.Key)
				}
			}
		})
	},
}
