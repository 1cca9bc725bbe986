package reader

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// readSAML reads a SAML provider.
func (rd *reading) readSAML() bool {
	at := rd.phrase("saml", "saml-provider", "adfs", "saml2", "saml 2.0")
	arnAt := -1
	for i := range rd.tokens {
		if a, ok := rd.literal(i, arnLiteral); ok && strings.Contains(a, ":saml-provider/") {
			arnAt = i
		}
	}
	if at < 0 && arnAt < 0 {
		return false
	}
	p := party{Principal: intent.Principal{Type: "Federated"}, from: max(at, arnAt), to: max(at, arnAt) + 1, actions: []string{"sts:AssumeRoleWithSAML"}}
	audiences, said := rd.explicitClaim("aud", "audience")
	if !said {
		audiences = []string{rd.signIn()}
		rd.assume(false, rd.span(p.from, p.to), "the audience is AWS's sign-in page "+audiences[0])
	}
	p.where = append(p.where, intent.Constraint{Key: "SAML:aud", Values: audiences, Span: rd.span(p.from, p.to)})
	rd.samlAttributes(&p)
	if arnAt >= 0 {
		p.ID, _ = rd.literal(arnAt, arnLiteral)
	} else if name := rd.samlName(at); name != "" {
		p.ID = strings.Replace(rd.providerARN(name, at, at+1), ":oidc-provider/", ":saml-provider/", 1)
	} else {
		rd.ask(rd.span(at, at+1), "What is the name of the SAML provider, and in which account is it?")
		return true
	}
	for i := range rd.tokens {
		if rd.word(i, "saml", "adfs", "sso", "okta", "azure", "entra", "console", "federation", "federated", "provider", "idp") || i == arnAt {
			rd.take("identity provider", i, i+1)
		}
	}
	rd.addParty(p)
	return true
}

// signIn returns the page that SAML assertions for the console are addressed to.
func (rd *reading) signIn() string {
	switch cmp.Or(rd.out.Partition, arn.PartitionOf(rd.out.Region)) {
	case "aws-cn":
		return "https://signin.amazonaws.cn/saml"
	case "aws-us-gov":
		return "https://signin.amazonaws-us-gov.com/saml"
	}
	return "https://signin.aws.amazon.com/saml"
}

// samlName finds the name of the provider: behind "provider" or "idp", or a name near it.
func (rd *reading) samlName(at int) string {
	for i := range rd.tokens {
		if !rd.word(i, "provider", "idp", "saml", "adfs", "saml-provider") {
			continue
		}
		j := rd.pass(i+1, "provider", "idp", "identity", "named", "called", "is", "name", "the", "our")
		if rd.punct(j, ":\"(") {
			j++
		}
		if j < len(rd.tokens) && !rd.tokens[j].taken && (rd.tokens[j].kind == nameToken || rd.tokens[j].kind == wordToken && (rd.properCase(j) || rd.word(j-1, "named", "called", "provider")) && !rd.Lexicon.Is("stop", rd.tokens[j].lower)) {
			rd.take("identity provider", j, j+1)
			return rd.tokens[j].text
		}
	}
	for i := max(at-3, 0); i < len(rd.tokens) && i < at+6; i++ {
		if rd.tokens[i].kind == nameToken && !rd.tokens[i].taken && !strings.ContainsAny(rd.tokens[i].text, ":/=") {
			rd.take("identity provider", i, i+1)
			return rd.tokens[i].text
		}
	}
	for i := at - 1; i >= 0 && i >= at-2; i-- {
		if rd.tokens[i].kind == wordToken && rd.properCase(i) {
			rd.take("identity provider", i, i+1)
			return rd.tokens[i].text
		}
	}
	return ""
}

// samlAttributes reads conditions on attributes of the assertion: saml:edupersonaffiliation=staff.
func (rd *reading) samlAttributes(p *party) {
	for i, t := range rd.tokens {
		if t.lit.kind != tagLiteral || t.taken {
			continue
		}
		key, ok := strings.CutPrefix(strings.ToLower(t.lit.key), "saml:")
		if !ok {
			key = strings.ToLower(t.lit.key)
		}
		if k, found := rd.Catalog.Key("saml:" + key); found || ok {
			name := "saml:" + key
			if found {
				name = k.Name
			}
			p.where = append(p.where, intent.Constraint{Key: name, Values: []string{t.lit.value}, Span: rd.span(i, i+1)})
			rd.take("attribute of the assertion", i, i+1)
		}
	}
}

// readCognito reads identity pools of Cognito and whether their users have signed in.
func (rd *reading) readCognito() bool {
	at, pool := rd.phrase("identity pool", "identity pools", "cognito identity", "cognito-identity", "cognito federated identities"), ""
	for i, t := range rd.tokens {
		if region, id, ok := strings.Cut(t.text, ":"); ok && t.kind == nameToken {
			if _, known := rd.Lexicon.Region(strings.ToLower(region)); known && strings.Count(id, "-") == 4 {
				pool = t.text
				rd.take("identity pool", i, i+1)
			}
		}
	}
	if at < 0 && (pool == "" || !rd.phraseAny("cognito")) {
		return false
	}
	p := party{Principal: intent.Principal{Type: "Federated", ID: "cognito-identity.amazonaws.com"}, from: max(at, 0), to: max(at, 0) + 1, actions: []string{"sts:AssumeRoleWithWebIdentity"}}
	rd.claim(&p, p.ID+":aud", nonEmpty(pool), "Which identity pool (REGION:ID)?")
	users := rd.signedIn()
	if users == "" {
		users = "authenticated"
		rd.assume(true, rd.span(p.from, p.to), "only identities that have signed in (authenticated) may assume the role")
	}
	p.where = append(p.where, intent.Constraint{Key: p.ID + ":amr", Values: []string{users}, Set: intent.Any, Span: rd.span(p.from, p.to)})
	for i := range rd.tokens {
		if rd.word(i, "cognito", "identity", "pool", "federated", "identities", "cognito-identity") {
			rd.take("identity provider", i, i+1)
		}
	}
	if n := rd.clauseOf(p.from); n >= 0 && rd.clause[n].negative {
		p.from = rd.clause[0].from // what is refused is the other kind of user
	}
	rd.addParty(p)
	return true
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// signedIn tells guests from users who have signed in, by the words that are not negated.
func (rd *reading) signedIn() string {
	yes, no := false, false
	for i := range rd.tokens {
		n := rd.clauseOf(i)
		negative := n >= 0 && (rd.clause[n].negative || rd.clause[n].effect == policy.Deny)
		guest := rd.word(i, "unauthenticated", "guest", "guests", "unauth", "anonymous", "un-authenticated", "not-authenticated")
		user := rd.word(i, "authenticated", "auth") || rd.word(i, "logged", "signed", "logged-in", "signed-in") && rd.word(i+1, "in", "users", "user", "people", "identities", "only", "")
		if !guest && !user {
			continue
		}
		rd.take("whether users have signed in", i, i+1)
		switch {
		case guest != negative:
			no = true
		default:
			yes = true
		}
	}
	switch {
	case yes && !no:
		return "authenticated"
	case no && !yes:
		return "unauthenticated"
	}
	return ""
}
