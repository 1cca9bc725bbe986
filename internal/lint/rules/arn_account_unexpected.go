package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnAccountUnexpected = lint.Rule{
	ID:       "arn-account-unexpected",
	Severity: finding.Error,
	Aliases:  []string{"ARN_ACCOUNT_NOT_ALLOWED"},
	Summary:  "An ARN has an account although the ARNs of its service have none.",
	Check: func(p *lint.Pass) {
		p.ARNs(func(t policy.Text, a arn.ARN) {
			if a.AccountID == "" || strings.Trim(a.AccountID, "*") == "" || strings.Contains(a.AccountID, "${") {
				return
			}
			if lint.EachForm(p, a, func(f lint.Form) bool { return f.AccountID == "" }) {
				f := p.Report(t.Position, "the ARNs of these resources of %s have no account; one with it matches none", a.Service)
				a.AccountID = ""
				f.Note("write %s", a)
			}
		})
	},
}
