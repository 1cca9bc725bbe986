package trust

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/party"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// readSAML reads a SAML provider.
func (rd *Reading) readSAML() bool {
	at := rd.Phrase("saml", "saml-provider", "adfs", "saml2", "saml 2.0")
	arnAt := -1
	for i := range rd.Tokens {
		if a, ok := rd.Literal(i, token.ARNLiteral); ok && strings.Contains(a, ":saml-provider/") {
			arnAt = i
		}
	}
	if at < 0 && arnAt < 0 {
		return false
	}
	p := party.Party{Principal: intent.Principal{Type: "Federated"}, From: max(at, arnAt), To: max(at, arnAt) + 1, Actions: []string{"sts:AssumeRoleWithSAML"}}
	audiences, said := rd.explicitClaim("aud", "audience")
	if !said {
		audiences = []string{rd.signIn()}
		rd.Assume(false, rd.Span(p.From, p.To), "the audience is AWS's sign-in page "+audiences[0])
	}
	p.Where = append(p.Where, intent.Constraint{Key: "SAML:aud", Values: audiences, Span: rd.Span(p.From, p.To)})
	rd.samlAttributes(&p)
	if arnAt >= 0 {
		p.ID, _ = rd.Literal(arnAt, token.ARNLiteral)
	} else if name := rd.samlName(at); name != "" {
		p.ID = strings.Replace(rd.providerARN(name, at, at+1), ":oidc-provider/", ":saml-provider/", 1)
	} else {
		rd.Ask(rd.Span(at, at+1), "What is the name of the SAML provider, and in which account is it?")
		return true
	}
	for i := range rd.Tokens {
		if rd.Word(i, "saml", "adfs", "sso", "okta", "azure", "entra", "console", "federation", "federated", "provider", "idp") || i == arnAt {
			rd.Take("identity provider", i, i+1)
		}
	}
	rd.AddParty(p)
	return true
}

// signIn returns the page that SAML assertions for the console are addressed to.
func (rd *Reading) signIn() string {
	switch cmp.Or(rd.Out.Partition, arn.PartitionOf(rd.Out.Region)) {
	case "aws-cn":
		return "https://signin.amazonaws.cn/saml"
	case "aws-us-gov":
		return "https://signin.amazonaws-us-gov.com/saml"
	}
	return "https://signin.aws.amazon.com/saml"
}

// samlName finds the name of the provider: behind "provider" or "idp", or a name near it.
func (rd *Reading) samlName(at int) string {
	for i := range rd.Tokens {
		if !rd.Word(i, "provider", "idp", "saml", "adfs", "saml-provider") {
			continue
		}
		j := rd.Pass(i+1, "provider", "idp", "identity", "named", "called", "is", "name", "the", "our")
		if rd.Punct(j, ":\"(") {
			j++
		}
		if j < len(rd.Tokens) && !rd.Tokens[j].Taken && (rd.Tokens[j].Kind == token.Name || rd.Tokens[j].Kind == token.Word && (rd.ProperCase(j) || rd.Word(j-1, "named", "called", "provider")) && !rd.Lexicon.Is("stop", rd.Tokens[j].Lower)) {
			rd.Take("identity provider", j, j+1)
			return rd.Tokens[j].Text
		}
	}
	for i := max(at-3, 0); i < len(rd.Tokens) && i < at+6; i++ {
		if rd.Tokens[i].Kind == token.Name && !rd.Tokens[i].Taken && !strings.ContainsAny(rd.Tokens[i].Text, ":/=") {
			rd.Take("identity provider", i, i+1)
			return rd.Tokens[i].Text
		}
	}
	for i := at - 1; i >= 0 && i >= at-2; i-- {
		if rd.Tokens[i].Kind == token.Word && rd.ProperCase(i) {
			rd.Take("identity provider", i, i+1)
			return rd.Tokens[i].Text
		}
	}
	return ""
}

// samlAttributes reads conditions on attributes of the assertion: saml:edupersonaffiliation=staff.
func (rd *Reading) samlAttributes(p *party.Party) {
	for i, t := range rd.Tokens {
		if t.Lit.Kind != token.TagLiteral || t.Taken {
			continue
		}
		key, ok := strings.CutPrefix(strings.ToLower(t.Lit.Key), "saml:")
		if !ok {
			key = strings.ToLower(t.Lit.Key)
		}
		if k, found := rd.Catalog.Key("saml:" + key); found || ok {
			name := "saml:" + key
			if found {
				name = k.Name
			}
			p.Where = append(p.Where, intent.Constraint{Key: name, Values: []string{t.Lit.Value}, Span: rd.Span(i, i+1)})
			rd.Take("attribute of the assertion", i, i+1)
		}
	}
}

// readCognito reads identity pools of Cognito and whether their users have signed in.
func (rd *Reading) readCognito() bool {
	at, pool := rd.Phrase("identity pool", "identity pools", "cognito identity", "cognito-identity", "cognito federated identities"), ""
	for i, t := range rd.Tokens {
		if region, id, ok := strings.Cut(t.Text, ":"); ok && t.Kind == token.Name {
			if _, known := rd.Lexicon.Region(strings.ToLower(region)); known && strings.Count(id, "-") == 4 {
				pool = t.Text
				rd.Take("identity pool", i, i+1)
			}
		}
	}
	if at < 0 && (pool == "" || !rd.PhraseAny("cognito")) {
		return false
	}
	p := party.Party{Principal: intent.Principal{Type: "Federated", ID: "cognito-identity.amazonaws.com"}, From: max(at, 0), To: max(at, 0) + 1, Actions: []string{"sts:AssumeRoleWithWebIdentity"}}
	rd.claim(&p, p.ID+":aud", nonEmpty(pool), "Which identity pool (REGION:ID)?")
	users := rd.signedIn()
	if users == "" {
		users = "authenticated"
		rd.Assume(true, rd.Span(p.From, p.To), "only identities that have signed in (authenticated) may assume the role")
	}
	p.Where = append(p.Where, intent.Constraint{Key: p.ID + ":amr", Values: []string{users}, Set: intent.Any, Span: rd.Span(p.From, p.To)})
	for i := range rd.Tokens {
		if rd.Word(i, "cognito", "identity", "pool", "federated", "identities", "cognito-identity") {
			rd.Take("identity provider", i, i+1)
		}
	}
	if n := rd.ClauseOf(p.From); n >= 0 && rd.Clauses[n].Negative {
		p.From = rd.Clauses[0].From // what is refused is the other kind of user
	}
	rd.AddParty(p)
	return true
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// signedIn tells guests from users who have signed in, by the words that are not negated.
func (rd *Reading) signedIn() string {
	yes, no := false, false
	for i := range rd.Tokens {
		n := rd.ClauseOf(i)
		negative := n >= 0 && (rd.Clauses[n].Negative || rd.Clauses[n].Effect == policy.Deny)
		guest := rd.Word(i, "unauthenticated", "guest", "guests", "unauth", "anonymous", "un-authenticated", "not-authenticated")
		user := rd.Word(i, "authenticated", "auth") || rd.Word(i, "logged", "signed", "logged-in", "signed-in") && rd.Word(i+1, "in", "users", "user", "people", "identities", "only", "")
		if !guest && !user {
			continue
		}
		rd.Take("whether users have signed in", i, i+1)
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
