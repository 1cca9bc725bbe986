package rules

import (
	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnAccountMissing = lint.Rule{
	ID:       "arn-account-missing",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_ARN_ACCOUNT"},
	Summary:  "An ARN leaves out the account that the ARNs of its service have.",
	Check: func(p *lint.Pass) {
		p.ARNs(func(t policy.Text, a arn.ARN) {
			if a.AccountID == "" && !facts.AWSOwns(a.Service) && lint.EachForm(p, a, func(f lint.Form) bool { return f.AccountID != "" }) {
				p.Report(t.Position, "the ARNs of these resources of %s have an account; one without matches none", a.Service)
			}
		})
	},
}
