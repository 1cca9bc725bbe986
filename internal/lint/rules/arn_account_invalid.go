package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnAccountInvalid = lint.Rule{
	ID:       "arn-account-invalid",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_ARN_ACCOUNT"},
	Summary:  "The account of an ARN is not the number of an account.",
	Check: func(p *lint.Pass) {
		p.ARNs(func(t policy.Text, a arn.ARN) {
			if a.AccountID == "" || !lint.Fixed(a.AccountID) || arn.IsAccountID(a.AccountID) || a.AccountID == "aws" {
				return
			}
			forms, _ := p.Forms(a)
			for _, f := range forms {
				if f.AccountID == a.AccountID {
					return
				}
			}
			p.Report(t.Position, "the account %q is not a number of 12 digits", a.AccountID)
		})
		p.Principals(func(_ *policy.Statement, principalType string, id policy.Text) {
			if principalType != "AWS" || id.Text == "*" || !lint.Fixed(id.Text) {
				return
			}
			a, err := arn.Parse(id.Text)
			account := id.Text
			if err == nil {
				account = a.AccountID
			}
			special := a.AccountID == "cloudfront" || a.AccountID == "aws"
			if !arn.IsAccountID(account) && !special && (err == nil || strings.Trim(account, "0123456789") == "") {
				p.Report(id.Position, "the account %q is not a number of 12 digits", account)
			}
		})
	},
}
