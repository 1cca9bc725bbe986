package verify

import (
	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/verify/sample"
)

// subjects are principals that make the requests a grant is about: one for each that it
// names. Kinds that are attached to a principal have only that one.
func (w *writer) subjects(g *intent.Grant) []evaluate.Principal {
	if !w.in.Kind.HasPrincipal() {
		return []evaluate.Principal{{}}
	}
	var out []evaluate.Principal
	for _, p := range g.Principals {
		out = append(out, subject(p))
	}
	if len(out) == 0 {
		out = append(out, role(sample.Account, sample.Name))
	}
	return out
}

func role(account, name string) evaluate.Principal {
	return evaluate.Principal{Type: evaluate.AWS, ID: "arn:aws:iam::" + account + ":role/" + name}
}

// subject is a principal that an element of a grant names.
func subject(p intent.Principal) evaluate.Principal {
	switch {
	case p.Type == "*" || p.Type == evaluate.AWS && p.ID == "*":
		return role(sample.Account, sample.Name)
	case p.Type == evaluate.AWS && accountOf(p.ID) != "":
		return role(accountOf(p.ID), sample.Name)
	}
	return evaluate.Principal{Type: p.Type, ID: sample.Fill(p.ID)}
}

// accountOf returns the account that an identifier names as a whole: by its number or root.
func accountOf(id string) string {
	if arn.IsAccountID(id) {
		return id
	}
	if f, n := arn.Fields(id); n == len(f) && f[2] == "iam" && f[5] == "root" {
		return f[4]
	}
	return ""
}

// names says whether an element of a grant may mean a principal.
func names(p intent.Principal, who evaluate.Principal) bool {
	switch {
	case p.Type == "*" || p.Type == evaluate.AWS && p.ID == "*":
		return true // AWS reads both as anyone, services included
	case p.Type != who.Type:
		return false
	case p.ID == "*" || p.ID == who.ID || who == subject(p):
		return true
	}
	account := accountOf(p.ID)
	f, n := arn.Fields(who.ID)
	return account != "" && n == len(f) && f[4] == account
}

// speak writes the keys that follow from who makes a request.
func speak(ctx evaluate.Context, who evaluate.Principal) {
	ctx["aws:PrincipalIsAWSService"] = []string{"false"}
	switch who.Type {
	case "":
		who = role(sample.Account, sample.Name)
	case evaluate.Service:
		ctx["aws:PrincipalIsAWSService"] = []string{"true"}
		ctx["aws:PrincipalServiceName"] = []string{who.ID}
		sample.Drop(ctx, "aws:SourceIp")
		return
	case evaluate.Federated, evaluate.CanonicalUser:
		return
	}
	ctx["aws:PrincipalArn"] = []string{who.ID}
	if f, n := arn.Fields(who.ID); n == len(f) {
		ctx["aws:PrincipalAccount"] = []string{f[4]}
	}
}

// others are principals that a grant for one does not mean: nearest first.
func others(who evaluate.Principal) []evaluate.Principal {
	switch who.Type {
	case evaluate.Service:
		return []evaluate.Principal{{Type: evaluate.Service, ID: "other.amazonaws.com"}, role(sample.Account, "other")}
	case evaluate.Federated:
		provider := "arn:aws:iam::" + sample.Account + ":oidc-provider/other.example.com"
		return []evaluate.Principal{{Type: evaluate.Federated, ID: provider}, role(sample.Account, "other")}
	case evaluate.AWS:
		account := sample.Account
		if f, n := arn.Fields(who.ID); n == len(f) {
			account = f[4]
		}
		list := []evaluate.Principal{role(sample.OtherAccount, "other")}
		if account != "" && account != sample.OtherAccount {
			list = append([]evaluate.Principal{role(account, "other")}, list...)
		}
		return append(list, evaluate.Principal{Type: evaluate.Service, ID: "other.amazonaws.com"})
	}
	return []evaluate.Principal{role(sample.OtherAccount, "other")}
}

// strangers writes requests of other principals, otherwise the same.
func (w *writer) strangers(g *intent.Grant, at point) {
	if !w.in.Kind.HasPrincipal() {
		return
	}
	for _, who := range others(at.who) {
		if w.speaksOf(g, who) {
			continue
		}
		to := at
		to.who, to.ctx = who, sample.Clone(at.ctx)
		w.emit(g, to, false, near, "another principal asks")
	}
}
