package rules

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalCrossAccount = lint.Rule{
	ID:       "principal-cross-account",
	Severity: finding.Suggestion,
	Summary:  "Another account has access without a condition that says which of its principals.",
	Kinds:    []policy.Kind{policy.ResourceBased, policy.Trust},
	Check: func(p *lint.Pass) {
		own := append(p.OwnAccounts(), p.Accounts()...)
		if len(own) == 0 {
			return
		}
		p.Principals(func(s *policy.Statement, principalType string, id policy.Text) {
			account := id.Text
			a, err := arn.Parse(id.Text)
			if err == nil {
				account = a.AccountID
			}
			if principalType != "AWS" || s.Effect != policy.Allow || s.Principal == nil || !arn.IsAccountID(account) || slices.Contains(own, account) {
				return
			}
			if err == nil && a.Resource != "root" || lint.Limits(s, "aws:PrincipalOrgID", "aws:PrincipalArn", "aws:PrincipalOrgPaths", "sts:ExternalId", "aws:PrincipalTag") {
				return // then it is said who is meant
			}
			f := p.Report(id.Position, "every principal that account %s lets is let in: the account is another one", account)
			if p.Kind == policy.Trust {
				f.Note("if it is a third party's, ask for sts:ExternalId; name the role that is to come else")
			}
		})
	},
}
