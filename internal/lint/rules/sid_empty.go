package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var sidEmpty = lint.Rule{
	ID:       "sid-empty",
	Severity: finding.Suggestion,
	Aliases:  []string{"EMPTY_SID_VALUE"},
	Summary:  "A Sid is an empty text.",
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Sid == "" && s.SidPosition != (policy.Position{}) {
				f := p.Report(s.SidPosition, "the Sid is empty: leave it out, or say what the statement is for")
				f.Fix = &finding.Fix{Title: "remove the empty Sid", Edits: []finding.Edit{{Position: s.SidPosition, Op: finding.Remove}}}
			}
		}
	},
}
