package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var arnPrefixInvalid = lint.Rule{
	ID:       "arn-prefix-invalid",
	Severity: finding.Error,
	Aliases:  []string{"INVALID_ARN_PREFIX"},
	Summary:  "A resource is neither * nor an ARN, which begins with arn:.",
	Check: func(p *lint.Pass) {
		p.Resources(func(_ *policy.Statement, t policy.Text) {
			if t.Text == "*" || strings.HasPrefix(t.Text, "arn:") || strings.Contains(t.Text, "${") || t.Text == "" && p.Kind == policy.Trust {
				return
			}
			f := p.Report(t.Position, "%q is no ARN: it has to begin with arn:", t.Text)
			if strings.Trim(t.Text, "*") == "" && t.Text != "" {
				f.Fix = &finding.Fix{Title: "write *", Edits: []finding.Edit{{Position: t.Position, Op: finding.Replace, Text: "*"}}}
			}
		})
	},
}
