package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var rcpStatementUnsupported = lint.Rule{
	ID:       "rcp-statement-unsupported",
	Severity: finding.Error,
	Aliases: []string{
		"RCP_SYNTAX_ERROR_PRINCIPAL",
		"RCP_SYNTAX_ERROR_ALLOW",
		"RCP_SYNTAX_ERROR_NOTACTION",
		"RCP_SYNTAX_ERROR_ACTION",
	},
	Summary: "A resource control policy has an element or an action that such policies do not take.",
	Kinds:   []policy.Kind{policy.ResourceControl},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.NotPrincipal != nil {
				p.As("RCP_SYNTAX_ERROR_PRINCIPAL", s.NotPrincipal.Position, "a resource control policy takes no NotPrincipal: use a condition on aws:PrincipalArn")
			}
			if pr := s.Principal; pr != nil && !pr.Any && !(len(pr.AWS) == 1 && pr.AWS[0].Text == "*" && len(pr.Service)+len(pr.Federated)+len(pr.CanonicalUser) == 0) {
				p.As("RCP_SYNTAX_ERROR_PRINCIPAL", pr.Position, "the principal of a resource control policy is always \"*\": use conditions to limit whom it is about")
			}
			if s.Effect == policy.Allow && !allowsAll(&s) {
				p.As("RCP_SYNTAX_ERROR_ALLOW", s.Position, "a resource control policy only denies: its one Allow, for everything, is made by AWS")
			}
			if s.NotActions != nil {
				p.As("RCP_SYNTAX_ERROR_NOTACTION", s.ActionPosition, "a resource control policy takes no NotAction")
			}
			for _, t := range s.Actions {
				prefix, _, found := strings.Cut(t.Text, ":")
				service, known := p.Catalog.Service(prefix)
				switch {
				case !found && s.Effect == policy.Deny:
					p.As("RCP_SYNTAX_ERROR_ACTION", t.Position, "a resource control policy cannot deny %q: name the services", t.Text)
				case known && !service.RCP:
					p.As("RCP_SYNTAX_ERROR_ACTION", t.Position, "resource control policies do not apply to %s", service.Name)
				}
			}
		}
	},
}

// allowsAll reports whether a statement is the one Allow that a resource control policy may have.
func allowsAll(s *policy.Statement) bool {
	return len(s.Actions) == 1 && s.Actions[0].Text == "*" && len(s.Resources) == 1 && s.Resources[0].Text == "*" && len(s.Conditions) == 0
}
