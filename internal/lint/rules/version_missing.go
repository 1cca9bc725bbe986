package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var versionMissing = lint.Rule{
	ID:       "version-missing",
	Severity: finding.Warning,
	Aliases:  []string{"MISSING_VERSION"},
	Summary:  "The policy has no Version element, so that IAM reads it as one of 2008, without policy variables.",
	Check: func(p *lint.Pass) {
		d := p.Document
		if d.VersionPosition != (policy.Position{}) || len(d.Statements) == 0 {
			return
		}
		p.Report(d.Position, "the policy has no Version and is read as one of version %s", policy.Version2008)
		if !hasVariables(d) {
			p.Mend(d.Position, "say that it is one of version "+policy.Version2012, finding.Edit{
				Position: d.Position, Op: finding.Insert, Text: `"Version": "` + policy.Version2012 + `"`,
			})
		}
	},
}

// hasVariables reports whether a newer version would give a ${ of the document a meaning.
func hasVariables(d *policy.Document) bool {
	for _, s := range d.Statements {
		for _, list := range [][]policy.Text{s.Resources, s.NotResources} {
			for _, t := range list {
				if len(policy.Variables(t.Text)) > 0 {
					return true
				}
			}
		}
		for _, c := range s.Conditions {
			for _, v := range c.Values {
				if len(policy.Variables(v.Text)) > 0 {
					return true
				}
			}
		}
	}
	return false
}
