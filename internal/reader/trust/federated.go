package trust

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/party"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// readFederated finds the identity providers whose users or workloads may assume the role.
func (rd *Reading) readFederated() {
	switch {
	case rd.readSAML():
		return
	case rd.readCognito():
		return
	}
	if rd.Phrase("pod identity", "pod identities") >= 0 {
		return
	}
	found := false
	for _, v := range lexicon.DefaultParties().Providers {
		if from, to, host := rd.providerAt(v); to > 0 {
			rd.readOIDC(v, from, to, host)
			found = true
			if v.Name == "eks" || !rd.PhraseAny("both", "either") {
				break
			}
		}
	}
	if !found {
		rd.readOtherOIDC()
	}
}

// Chunk returns the run of characters without blanks that token i stands in, and the token
// after it; marks around it are left out.
func (rd *Reading) Chunk(i int) (string, int) {
	if rd.Tokens[i].Quote {
		return rd.Tokens[i].Text, i + 1
	}
	to := i + 1
	for to < len(rd.Tokens) && rd.Tokens[to].Start == rd.Tokens[to-1].End && rd.Tokens[to].Text != "\n" {
		to++
	}
	for to > i+1 && rd.Tokens[to-1].Kind == token.Punct {
		to--
	}
	text := rd.Text[rd.Tokens[i].Start:rd.Tokens[to-1].End]
	return strings.TrimRight(text, ".,;:)"), to
}

// providerAt finds a provider by its host or one of its names. The host is returned as written.
func (rd *Reading) providerAt(v *lexicon.Provider) (int, int, string) {
	fixed, _, _ := strings.Cut(v.Host, "{")
	for i := range rd.Tokens {
		if !rd.ChunkStart(i) || fixed == "" {
			continue
		}
		text, to := rd.Chunk(i)
		if n := strings.Index(strings.ToLower(text), fixed); n >= 0 && !strings.Contains(text[:n], "@") {
			host := strings.TrimSuffix(text[n:], "/")
			host, _, _ = strings.Cut(host, ":")
			return i, to, host
		}
	}
	stems := rd.Flatten()
	best, from, to := 0, 0, 0
	for k := range stems {
		if rd.Tokens[stems[k].Token].Taken || rd.Tokens[stems[k].Token].Kind == token.Name && len(v.Names) == 0 {
			continue
		}
		for _, name := range v.Names {
			if len(name) > best && sentence.PhraseAt(stems, k, name) {
				best, from, to = len(name), stems[k].Token, stems[k+len(name)-1].Token+1
			}
		}
	}
	return from, to, ""
}

// readOIDC makes the party of a provider: its ARN, the audience and the subjects.
func (rd *Reading) readOIDC(v *lexicon.Provider, from, to int, host string) {
	s := slots{rd: rd, provider: v, values: map[string][]string{}}
	s.host(host)
	rd.Take("identity provider", from, to)
	s.takeNames()
	subjects, explicit := rd.explicitClaim("sub", "subject")
	audiences, said := rd.explicitClaim("aud", "audience", "client-id", "app-id", "clientid", "client_id", "app_id")
	if !explicit {
		s.read()
		subjects = s.subjects()
	} else {
		s.readQuietly()
	}
	if host == "" {
		host = s.fill(v.Host)
	}
	if strings.Contains(host, "{") || strings.Contains(host, "*") {
		rd.Ask(rd.Span(from, to), "What is the host of the identity provider ("+v.Host+")?")
		return
	}
	if !said && v.Audience != "" && !strings.Contains(s.fill(v.Audience), "{") {
		audiences = []string{s.fill(v.Audience)}
		rd.Assume(false, rd.Span(from, to), "the audience is "+audiences[0]+", as usual for "+v.Name)
	}
	p := party.Party{Principal: intent.Principal{Type: "Federated"}, From: from, To: to, Actions: []string{"sts:AssumeRoleWithWebIdentity"}}
	p.ID = host
	if !v.Builtin {
		p.ID = rd.providerARN(host, from, to)
	}
	p.Where = append(p.Where, s.claims(host)...)
	known := rd.claim(&p, host+":"+v.AudienceKey, audiences, "Which audience ("+v.AudienceKey+") do its tokens have?")
	if len(subjects) > 0 || !v.Builtin {
		known = rd.claim(&p, host+":sub", subjects, "Whose tokens of "+v.Name+" may assume the role (subject)?")
	}
	if known { // without it every customer of the provider could assume the role
		rd.AddParty(p)
	}
}

// claim adds a claim of the token to the party, or asks for it and says false.
func (rd *Reading) claim(p *party.Party, key string, values []string, question string) bool {
	if len(values) == 0 || strings.Contains(values[0], "{") {
		rd.Ask(rd.Span(p.From, p.To), question)
		return false
	}
	p.Where = append(p.Where, intent.Constraint{Key: key, Values: values, Span: rd.Span(p.From, p.To)})
	return true
}

// providerARN writes the ARN of an OIDC provider in the account that the words name.
func (rd *Reading) providerARN(host string, from, to int) string {
	account := cmp.Or(rd.providerAccount(), rd.Out.Account)
	if account == "" {
		account = "*"
		rd.Ask(rd.Span(from, to), "In which account is the identity provider "+host+" set up?")
	}
	return "arn:" + cmp.Or(rd.Out.Partition, "aws") + ":iam::" + account + ":oidc-provider/" + host
}

// providerAccount takes the account of the identity provider: an ARN's, or the first account
// number that does not ask by itself.
func (rd *Reading) providerAccount() string {
	for i := range rd.Tokens {
		if a, ok := rd.Literal(i, token.ARNLiteral); ok && strings.Contains(a, "-provider/") {
			rd.Take("identity provider", i, i+1)
			parts, _ := arn.Fields(a)
			return parts[4]
		}
	}
	for i := range rd.Tokens {
		a, ok := rd.Literal(i, token.AccountLiteral)
		if !ok || rd.Tokens[i].Taken || rd.Is("modal", i+1) && rd.Word(i-1, "account") || rd.Word(i-2, "by") {
			continue
		}
		rd.TakeAccount("account of the identity provider", i)
		return a
	}
	return ""
}

// explicitClaim reads the values of a claim that is named: "aud = x", "sub like repo:…".
func (rd *Reading) explicitClaim(names ...string) ([]string, bool) {
	for i := range rd.Tokens {
		t := rd.Tokens[i]
		if t.Taken {
			continue
		}
		for _, n := range names {
			_, claim, _ := strings.Cut(strings.ToLower(t.Lit.Key), ":")
			if t.Lit.Kind == token.TagLiteral && (strings.EqualFold(t.Lit.Key, n) || claim == n) {
				rd.Take("claim of the token", i, i+1)
				return []string{t.Lit.Value}, true
			}
		}
		named := rd.Word(i, names...) || rd.Word(i, "id") && rd.Word(i-1, "client", "app", "application") && slices.Contains(names, "client-id")
		for _, n := range names {
			named = named || strings.HasSuffix(t.Lower, ":"+n)
		}
		if !named {
			continue
		}
		j := rd.Pass(i+1, "claim", "is", "be", "must", "should", "has", "to", "like", "looks", "matches", "match", "of", "as", "default", "the", "value", "equal", "equals", "starting", "with", "=", "==", "usual", "set")
		if rd.Punct(j, ":=") {
			j++
		}
		var values []string
		for j < len(rd.Tokens) && rd.claimValue(j) {
			text, to := rd.Chunk(j)
			values = append(values, text)
			rd.Take("claim of the token", i, to)
			j = to
			for rd.Punct(j, ",") || rd.Word(j, "and", "or") {
				j++
			}
			if j == to {
				break
			}
		}
		if len(values) > 0 {
			return values, true
		}
	}
	return nil, false
}

func (rd *Reading) claimValue(i int) bool {
	t := rd.Tokens[i]
	if t.Taken || t.Kind == token.Punct {
		return false
	}
	text, _ := rd.Chunk(i)
	if t.Kind == token.Word && !strings.ContainsAny(text, ":./*-") {
		return (i+1 >= len(rd.Tokens) || rd.Tokens[i+1].Kind == token.Punct || rd.Word(i+1, "and", "for")) && !rd.Lexicon.Is("stop", t.Lower)
	}
	return true
}

// readOtherOIDC reads a provider that is only known by its host.
func (rd *Reading) readOtherOIDC() {
	if !rd.PhraseAny("oidc", "web identity", "openid", "identity provider", "idp", "issuer", "oidc-provider") && !strings.Contains(rd.Text, ":oidc-provider/") {
		return
	}
	for i := range rd.Tokens {
		if !rd.ChunkStart(i) || rd.Tokens[i].Taken {
			continue
		}
		text, to := rd.Chunk(i)
		if _, after, ok := strings.Cut(text, ":oidc-provider/"); ok {
			text = after
		} else if _, ok := rd.Literal(i, token.MailLiteral); ok || strings.HasPrefix(text, "arn:") || rd.Tokens[i].Kind == token.Word && !strings.Contains(text, ".") {
			continue
		}
		host := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "http://"), "/")
		name, _, _ := strings.Cut(host, "/")
		if strings.Count(name, ".") < 1 || strings.ContainsAny(name, ":=@*") || token.IsAddress(name) || rd.Word(i-1, "aud", "audience") {
			continue
		}
		v := &lexicon.Provider{Name: host, Host: host, AudienceKey: "aud"}
		rd.readOIDC(v, i, to, host)
		return
	}
	rd.Ask(rd.Span(0, len(rd.Tokens)), "What is the host of the OIDC provider?")
}
