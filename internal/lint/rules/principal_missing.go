package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalMissing = lint.Rule{
	ID:       "principal-missing",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_PRINCIPAL"},
	Summary:  "A statement of a policy with principals does not say whom it is about.",
	Kinds:    []policy.Kind{policy.Trust, policy.ResourceBased, policy.ResourceControl},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Principal == nil && s.NotPrincipal == nil {
				p.Report(s.Position, "the statement does not say whom it is about: it needs a Principal")
			}
		}
	},
}
