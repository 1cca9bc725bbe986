package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
)

var jsonInvalid = lint.Rule{
	ID:       "json-invalid",
	Severity: finding.Error,
	Aliases:  []string{"JSON_SYNTAX_ERROR"},
	Summary:  "The text is not JSON, so that nothing of it can be read.",
	Syntax:   true,
	Check: func(p *lint.Pass) {
		for _, e := range p.Syntax {
			if lint.Unreadable(e.Code) {
				p.Report(e.Position, "%s", e.Reason)
			}
		}
	},
}
