package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalEmpty = lint.Rule{
	ID:       "principal-empty",
	Severity: finding.Suggestion,
	Aliases:  []string{"EMPTY_ARRAY_PRINCIPAL", "EMPTY_OBJECT_PRINCIPAL"},
	Summary:  "A Principal element names nobody.",
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			for _, principal := range []*policy.Principal{s.Principal, s.NotPrincipal} {
				if principal == nil || principal.Any || p.Byte(principal.Position) != '{' {
					continue
				}
				if len(principal.AWS)+len(principal.Service)+len(principal.Federated)+len(principal.CanonicalUser) > 0 {
					continue
				}
				alias := "EMPTY_OBJECT_PRINCIPAL"
				if principal.AWS != nil || principal.Service != nil || principal.Federated != nil || principal.CanonicalUser != nil {
					alias = "EMPTY_ARRAY_PRINCIPAL"
				}
				p.As(alias, principal.Position, "the statement is about nobody")
			}
		}
	},
}
