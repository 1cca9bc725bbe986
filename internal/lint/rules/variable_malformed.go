package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var variableMalformed = lint.Rule{
	ID:       "variable-malformed",
	Severity: finding.Error,
	Aliases: []string{
		"MISSING_BRACE_IN_VARIABLE",
		"MISSING_QUOTE_IN_VARIABLE",
		"UNSUPPORTED_SPACE_IN_VARIABLE",
		"EMPTY_VARIABLE",
	},
	Summary: "A policy variable does not have the form ${key} or ${key, 'default'}.",
	Check: func(p *lint.Pass) {
		if p.Document.Version != policy.Version2012 {
			return
		}
		check := func(t policy.Text) {
			for _, v := range policy.Variables(t.Text) {
				switch v.Defect {
				case policy.VariableMissingBrace:
					p.As("MISSING_BRACE_IN_VARIABLE", t.Position, "the variable in %q has no closing brace", t.Text)
				case policy.VariableMissingQuote:
					p.As("MISSING_QUOTE_IN_VARIABLE", t.Position, "the default of the variable %s is not in single quotes", t.Text[v.Start:v.End])
				case policy.VariableSpace:
					p.As("UNSUPPORTED_SPACE_IN_VARIABLE", t.Position, "the variable %s has a space in its name", t.Text[v.Start:v.End])
				case policy.VariableEmpty:
					p.As("EMPTY_VARIABLE", t.Position, "the variable %s has no name", t.Text[v.Start:v.End])
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
