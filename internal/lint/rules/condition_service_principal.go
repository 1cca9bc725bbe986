package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var conditionServicePrincipal = lint.Rule{
	ID:       "condition-service-principal",
	Severity: finding.Error,
	Aliases:  []string{"UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL"},
	Summary:  "A service is asked for something that only users and roles have.",
	Kinds:    []policy.Kind{policy.ResourceBased, policy.Trust},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Effect != policy.Allow || s.Principal == nil || s.Principal.Any || len(s.Principal.Service) == 0 || len(s.Principal.AWS)+len(s.Principal.Federated)+len(s.Principal.CanonicalUser) > 0 {
				continue
			}
			for _, c := range s.Conditions {
				operator, err := condition.ParseOperator(c.Operator)
				if err != nil || operator.Absent() || operator.Base == condition.Null {
					continue
				}
				switch key := strings.ToLower(c.Key); {
				case key == "aws:principalorgid", key == "aws:principalorgpaths", key == "aws:username", key == "aws:principaltype", strings.HasPrefix(key, "aws:principaltag/"):
					p.Report(c.Position, "requests by services have no %s: the statement never applies", c.Key).
						Note("aws:SourceOrgID and aws:SourceAccount say for whom the service acts")
				}
			}
		}
	},
}
