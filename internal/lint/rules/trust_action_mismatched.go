package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var trustActionMismatched = lint.Rule{
	ID:       "trust-action-mismatched",
	Severity: finding.Error,
	Aliases:  []string{"MISMATCHED_ACTION_FOR_PRINCIPAL"},
	Summary:  "A trust policy allows an action by which its principal cannot assume a role.",
	Kinds:    []policy.Kind{policy.Trust},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Effect != policy.Allow || s.Principal == nil || len(s.Actions) == 0 {
				continue
			}
			saml, oidc := providers(s.Principal)
			others := s.Principal.Any || len(s.Principal.AWS)+len(s.Principal.Service) > 0
			for _, t := range s.Actions {
				switch strings.ToLower(t.Text) {
				case "sts:assumerolewithsaml":
					if !saml {
						p.Report(t.Position, "only SAML providers assume roles by %s", t.Text)
					}
				case "sts:assumerolewithwebidentity":
					if !oidc {
						p.Report(t.Position, "only OpenID Connect providers assume roles by %s", t.Text)
					}
				case "sts:assumerole":
					if !others {
						p.Report(t.Position, "identity providers do not assume roles by %s", t.Text)
					}
				}
			}
		}
	},
}

// providers says which sorts of identity providers are among the principals.
func providers(principal *policy.Principal) (saml, oidc bool) {
	for _, id := range principal.Federated {
		if strings.Contains(id.Text, ":saml-provider/") {
			saml = true
		} else {
			oidc = true
		}
	}
	return saml, oidc
}
