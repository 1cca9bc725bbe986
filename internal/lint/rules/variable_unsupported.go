package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var variableUnsupported = lint.Rule{
	ID:       "variable-unsupported",
	Severity: finding.Error,
	Aliases:  []string{"VARIABLE_UNSUPPORTED_IN_VERSION"},
	Summary:  "A policy variable stands in a policy of the version of 2008, which has none.",
	Check: func(p *lint.Pass) {
		if p.Document.Version == policy.Version2012 {
			return
		}
		check := func(t policy.Text) {
			for _, v := range policy.Variables(t.Text) {
				if v.Defect == "" && (v.Literal != 0 || strings.Contains(v.Key, ":")) {
					f := p.Report(t.Position, "%s is no variable without Version %s, but a text that stands for itself", t.Text[v.Start:v.End], policy.Version2012)
					f.Note("with the newer version the statement applies to more than now: that is for its author to decide")
					return
				}
			}
		}
		p.Resources(func(_ *policy.Statement, t policy.Text) { check(t) })
		p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
			for _, v := range c.Values {
				check(v)
			}
		})
	},
}
