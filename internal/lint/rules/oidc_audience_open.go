package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var oidcAudienceOpen = lint.Rule{
	ID:       "oidc-audience-open",
	Severity: finding.Warning,
	Summary:  "Tokens that were made for another audience can assume the role.",
	Kinds:    []policy.Kind{policy.Trust},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if s.Effect != policy.Allow || s.Principal == nil {
				continue
			}
			if _, ok := lint.Names(s, "sts:AssumeRoleWithWebIdentity"); !ok {
				continue
			}
			for _, id := range s.Principal.Federated {
				provider, ok := facts.ProviderOf(id.Text)
				if !ok || provider.Stranger == "" {
					continue
				}
				r, ok := p.Find(lint.Query{
					Action: "sts:AssumeRoleWithWebIdentity", PrincipalType: "Federated", Principal: id.Text,
					Where: []policy.Condition{lint.Where("StringEquals", provider.Host+":aud", "zq7stranger.example")},
				})
				if ok {
					f := p.Report(id.Position, "a token of %s that was made for another audience can assume the role", provider.Host)
					f.Witness = &r
					f.Note("ask for %s:aud, such as sts.amazonaws.com", provider.Host)
				}
			}
		}
	},
}
