package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var rcpGuardMissing = lint.Rule{
	ID:       "rcp-guard-missing",
	Severity: finding.Warning,
	Aliases: []string{
		"RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
		"RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
		"RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",
	},
	Summary: "A resource control policy hits AWS services, or people, that it was not meant for.",
	Kinds:   []policy.Kind{policy.ResourceControl},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Effect != policy.Deny {
				continue
			}
			for _, c := range s.Conditions {
				operator, err := condition.ParseOperator(c.Operator)
				if err != nil || !operator.Absent() {
					continue // where the key is missing, the Deny does not apply
				}
				switch key := strings.ToLower(c.Key); key {
				case "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn":
					if !guarded(&s, "aws:principalisawsservice", "false") {
						p.As("RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY", c.Position, "AWS services that act for you have no %s and are denied too", c.Key).
							Note(`add "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}`)
					}
				case "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount", "aws:sourcearn":
					if !guarded(&s, "aws:principalisawsservice", "true") {
						p.As("RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY", c.Position, "only AWS services have %s: users and roles are denied too", c.Key).
							Note(`add "Bool": {"aws:PrincipalIsAWSService": "true"}`)
					}
					if key != "aws:sourcearn" && key != "aws:sourceaccount" && !guarded(&s, "aws:sourceaccount", "false") && !guarded(&s, "aws:sourcearn", "false") {
						p.As("RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK", c.Position, "calls of services that are for no account have no %s and are denied too", c.Key).
							Note(`add "Null": {"aws:SourceAccount": "false"}`)
					}
				}
			}
		}
	},
}

// guarded reports whether a statement has a Bool or Null condition on a key with a value.
func guarded(s *policy.Statement, key, value string) bool {
	return slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool {
		operator, err := condition.ParseOperator(c.Operator)
		return err == nil && (operator.Base == condition.Bool || operator.Base == condition.Null) &&
			strings.EqualFold(c.Key, key) && len(c.Values) == 1 && c.Values[0].Text == value
	})
}
