package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var credentialsExposed = lint.Rule{
	ID:       "credentials-exposed",
	Severity: finding.Security,
	Summary:  "The policy lets its holder have credentials of others.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		reportPowers(p, facts.CredentialActions(), "credentials of others can be had by %s")
	},
}

// reportPowers reports where the document allows some of a list of actions on resources that it
// does not name, once a place.
func reportPowers(p *lint.Pass, actions []string, message string) {
	if p.Administers() || !p.Asks() {
		return
	}
	found := map[policy.Position][]string{}
	witness := map[policy.Position]*finding.Request{}
	var order []policy.Position
	for _, action := range actions {
		t, ok := p.NamesIt(action)
		if !ok {
			continue
		}
		r, ok := p.Unlimited(action)
		if !ok {
			continue
		}
		if found[t.Position] == nil {
			order = append(order, t.Position)
			witness[t.Position] = &r
		}
		found[t.Position] = append(found[t.Position], action)
	}
	for _, at := range order {
		p.Report(at, message, some(found[at])).Witness = witness[at]
	}
}
