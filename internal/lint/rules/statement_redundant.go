package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
)

var statementRedundant = lint.Rule{
	ID:       "statement-redundant",
	Severity: finding.Suggestion,
	Aliases:  []string{"REDUNDANT_STATEMENT"},
	Summary:  "Other statements say all that a statement says.",
	Check: func(p *lint.Pass) {
		if !p.Provable() {
			return
		}
		current, index := p.Document, make([]int, len(p.Document.Statements))
		for i := range index {
			index[i] = i
		}
		for i := len(index) - 1; i >= 0 && len(current.Statements) > 1; i-- {
			s := &p.Document.Statements[index[i]]
			without := lint.Without(current, i)
			if !p.Shadowed(without, s) {
				continue
			}
			f := p.Report(s.Position, "without the statement the policy says the same")
			f.Fix = &finding.Fix{Title: "remove the statement", Edits: []finding.Edit{{Position: s.Position, Op: finding.Remove}}}
			current = without
		}
	},
}
