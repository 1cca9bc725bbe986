package reader

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// readFederated finds the identity providers whose users or workloads may assume the role.
func (rd *reading) readFederated() {
	switch {
	case rd.readSAML():
		return
	case rd.readCognito():
		return
	}
	if rd.phrase("pod identity", "pod identities") >= 0 {
		return
	}
	found := false
	for _, v := range lexicon.DefaultParties().Providers {
		if from, to, host := rd.providerAt(v); to > 0 {
			rd.readOIDC(v, from, to, host)
			found = true
			if v.Name == "eks" || !rd.phraseAny("both", "either") {
				break
			}
		}
	}
	if !found {
		rd.readOtherOIDC()
	}
}

// phrase returns the first token of one of the phrases, or -1.
func (rd *reading) phrase(phrases ...string) int {
	stems := rd.flatten()
	for k := range stems {
		if rd.tokens[stems[k].token].taken {
			continue
		}
		for _, p := range phrases {
			if phraseAt(stems, k, lexicon.Stems(p)) {
				return stems[k].token
			}
		}
	}
	return -1
}

func (rd *reading) phraseAny(phrases ...string) bool { return rd.phrase(phrases...) >= 0 }

// chunk returns the run of characters without blanks that token i stands in, and the token
// after it; marks around it are left out.
func (rd *reading) chunk(i int) (string, int) {
	if rd.tokens[i].quote {
		return rd.tokens[i].text, i + 1
	}
	to := i + 1
	for to < len(rd.tokens) && rd.tokens[to].start == rd.tokens[to-1].end && rd.tokens[to].text != "\n" {
		to++
	}
	for to > i+1 && rd.tokens[to-1].kind == punctToken {
		to--
	}
	text := rd.text[rd.tokens[i].start:rd.tokens[to-1].end]
	return strings.TrimRight(text, ".,;:)"), to
}

// chunkStart says that a chunk begins at token i.
func (rd *reading) chunkStart(i int) bool {
	return rd.tokens[i].kind != punctToken && (i == 0 || rd.tokens[i-1].kind == punctToken && !rd.punct(i-1, "+:") || rd.tokens[i-1].end < rd.tokens[i].start)
}

// providerAt finds a provider by its host or one of its names. The host is returned as written.
func (rd *reading) providerAt(v *lexicon.Provider) (int, int, string) {
	fixed, _, _ := strings.Cut(v.Host, "{")
	for i := range rd.tokens {
		if !rd.chunkStart(i) || fixed == "" {
			continue
		}
		text, to := rd.chunk(i)
		if n := strings.Index(strings.ToLower(text), fixed); n >= 0 && !strings.Contains(text[:n], "@") {
			host := strings.TrimSuffix(text[n:], "/")
			host, _, _ = strings.Cut(host, ":")
			return i, to, host
		}
	}
	stems := rd.flatten()
	best, from, to := 0, 0, 0
	for k := range stems {
		if rd.tokens[stems[k].token].taken || rd.tokens[stems[k].token].kind == nameToken && len(v.Names) == 0 {
			continue
		}
		for _, name := range v.Names {
			if len(name) > best && phraseAt(stems, k, name) {
				best, from, to = len(name), stems[k].token, stems[k+len(name)-1].token+1
			}
		}
	}
	return from, to, ""
}

// readOIDC makes the party of a provider: its ARN, the audience and the subjects.
func (rd *reading) readOIDC(v *lexicon.Provider, from, to int, host string) {
	s := slots{rd: rd, provider: v, values: map[string][]string{}}
	s.host(host)
	rd.take("identity provider", from, to)
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
		rd.ask(rd.span(from, to), "What is the host of the identity provider ("+v.Host+")?")
		return
	}
	if !said && v.Audience != "" && !strings.Contains(s.fill(v.Audience), "{") {
		audiences = []string{s.fill(v.Audience)}
		rd.assume(false, rd.span(from, to), "the audience is "+audiences[0]+", as usual for "+v.Name)
	}
	p := party{Principal: intent.Principal{Type: "Federated"}, from: from, to: to, actions: []string{"sts:AssumeRoleWithWebIdentity"}}
	p.ID = host
	if !v.Builtin {
		p.ID = rd.providerARN(host, from, to)
	}
	p.where = append(p.where, s.claims(host)...)
	known := rd.claim(&p, host+":"+v.AudienceKey, audiences, "Which audience ("+v.AudienceKey+") do its tokens have?")
	if len(subjects) > 0 || !v.Builtin {
		known = rd.claim(&p, host+":sub", subjects, "Whose tokens of "+v.Name+" may assume the role (subject)?")
	}
	if known { // without it every customer of the provider could assume the role
		rd.addParty(p)
	}
}

// claim adds a claim of the token to the party, or asks for it and says false.
func (rd *reading) claim(p *party, key string, values []string, question string) bool {
	if len(values) == 0 || strings.Contains(values[0], "{") {
		rd.ask(rd.span(p.from, p.to), question)
		return false
	}
	p.where = append(p.where, intent.Constraint{Key: key, Values: values, Span: rd.span(p.from, p.to)})
	return true
}

// providerARN writes the ARN of an OIDC provider in the account that the words name.
func (rd *reading) providerARN(host string, from, to int) string {
	account := cmp.Or(rd.providerAccount(), rd.out.Account)
	if account == "" {
		account = "*"
		rd.ask(rd.span(from, to), "In which account is the identity provider "+host+" set up?")
	}
	return "arn:" + cmp.Or(rd.out.Partition, "aws") + ":iam::" + account + ":oidc-provider/" + host
}

// providerAccount takes the account of the identity provider: an ARN's, or the first account
// number that does not ask by itself.
func (rd *reading) providerAccount() string {
	for i := range rd.tokens {
		if a, ok := rd.literal(i, arnLiteral); ok && strings.Contains(a, "-provider/") {
			rd.take("identity provider", i, i+1)
			parts, _ := arn.Fields(a)
			return parts[4]
		}
	}
	for i := range rd.tokens {
		a, ok := rd.literal(i, accountLiteral)
		if !ok || rd.tokens[i].taken || rd.is("modal", i+1) && rd.word(i-1, "account") || rd.word(i-2, "by") {
			continue
		}
		rd.takeAccount("account of the identity provider", i)
		return a
	}
	return ""
}

// explicitClaim reads the values of a claim that is named: "aud = x", "sub like repo:…".
func (rd *reading) explicitClaim(names ...string) ([]string, bool) {
	for i := range rd.tokens {
		t := rd.tokens[i]
		if t.taken {
			continue
		}
		for _, n := range names {
			_, claim, _ := strings.Cut(strings.ToLower(t.lit.key), ":")
			if t.lit.kind == tagLiteral && (strings.EqualFold(t.lit.key, n) || claim == n) {
				rd.take("claim of the token", i, i+1)
				return []string{t.lit.value}, true
			}
		}
		named := rd.word(i, names...) || rd.word(i, "id") && rd.word(i-1, "client", "app", "application") && slices.Contains(names, "client-id")
		for _, n := range names {
			named = named || strings.HasSuffix(t.lower, ":"+n)
		}
		if !named {
			continue
		}
		j := rd.pass(i+1, "claim", "is", "be", "must", "should", "has", "to", "like", "looks", "matches", "match", "of", "as", "default", "the", "value", "equal", "equals", "starting", "with", "=", "==", "usual", "set")
		if rd.punct(j, ":=") {
			j++
		}
		var values []string
		for j < len(rd.tokens) && rd.claimValue(j) {
			text, to := rd.chunk(j)
			values = append(values, text)
			rd.take("claim of the token", i, to)
			j = to
			for rd.punct(j, ",") || rd.word(j, "and", "or") {
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

func (rd *reading) claimValue(i int) bool {
	t := rd.tokens[i]
	if t.taken || t.kind == punctToken {
		return false
	}
	text, _ := rd.chunk(i)
	if t.kind == wordToken && !strings.ContainsAny(text, ":./*-") {
		return (i+1 >= len(rd.tokens) || rd.tokens[i+1].kind == punctToken || rd.word(i+1, "and", "for")) && !rd.Lexicon.Is("stop", t.lower)
	}
	return true
}

// readOtherOIDC reads a provider that is only known by its host.
func (rd *reading) readOtherOIDC() {
	if !rd.phraseAny("oidc", "web identity", "openid", "identity provider", "idp", "issuer", "oidc-provider") && !strings.Contains(rd.text, ":oidc-provider/") {
		return
	}
	for i := range rd.tokens {
		if !rd.chunkStart(i) || rd.tokens[i].taken {
			continue
		}
		text, to := rd.chunk(i)
		if _, after, ok := strings.Cut(text, ":oidc-provider/"); ok {
			text = after
		} else if _, ok := rd.literal(i, mailLiteral); ok || strings.HasPrefix(text, "arn:") || rd.tokens[i].kind == wordToken && !strings.Contains(text, ".") {
			continue
		}
		host := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "http://"), "/")
		name, _, _ := strings.Cut(host, "/")
		if strings.Count(name, ".") < 1 || strings.ContainsAny(name, ":=@*") || isAddress(name) || rd.word(i-1, "aud", "audience") {
			continue
		}
		v := &lexicon.Provider{Name: host, Host: host, AudienceKey: "aud"}
		rd.readOIDC(v, i, to, host)
		return
	}
	rd.ask(rd.span(0, len(rd.tokens)), "What is the host of the OIDC provider?")
}
