package party

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A Party is somebody a trust or resource-based document speaks about.
type Party struct {
	intent.Principal
	From, To int    // tokens of the name
	name     string // of a role or user
	Form     string // role, user, root
	Account  string // of a role, a user or a root; "same": that of the resource
	Service  string // a service principal without .amazonaws.com
	Actions  []string
	Where    []intent.Constraint // what holds for this party only
}

// SplitDenials makes a sentence of its own of what is denied beside what is allowed: "allow X to
// list, deny plain http".
func (rd *Reading) SplitDenials() {
	sentences := 0
	for _, c := range rd.Clauses {
		sentences = max(sentences, c.Sentence)
	}
	var out []sentence.Clause
	for _, c := range rd.Clauses {
		for i := c.From + 1; i < c.To; i++ {
			if !rd.Word(i, "deny", "block", "refuse", "reject", "forbid", "denies", "blocks") && !(c.Effect == policy.Deny && rd.Word(i, "allow", "permit", "let", "grant")) || !rd.Punct(i-1, ",") && !rd.Word(i-1, "and", "but", "also", "plus") {
				continue
			}
			first := sentence.Clause{From: c.From, To: i, Sentence: c.Sentence}
			rd.Judge(&first)
			out = append(out, first)
			sentences++
			c = sentence.Clause{From: i, To: c.To, Sentence: sentences}
			rd.Judge(&c)
		}
		out = append(out, c)
	}
	rd.Clauses = out
}

// OnlyRegion takes the one region that a trust request names: where the resources lie that a
// service acts for.
func (rd *Reading) OnlyRegion() {
	at := -1
	for i := range rd.Tokens {
		if _, ok := rd.Literal(i, token.RegionLiteral); ok {
			if at >= 0 {
				return
			}
			at = i
		}
	}
	if at >= 0 && !rd.Word(at-1, "outside", "except") {
		rd.Out.Region, _ = rd.Literal(at, token.RegionLiteral)
		rd.Take("region of the resources", at, at+1)
	}
}

// SplitPossessives makes literals of "111122223333's" and "111122223333:root".
func (rd *Reading) SplitPossessives() {
	for i := range rd.Tokens {
		t := &rd.Tokens[i]
		if t.Kind == token.Entity || len(t.Text) < 13 {
			continue
		}
		account, rest := t.Text[:12], strings.ToLower(t.Text[12:])
		if token.IsAccount(account) && (rest == "'s" || rest == "’s" || rest == ":root" || rest == "/root") {
			t.Kind, t.Lit = token.Entity, token.Literal{Kind: token.AccountLiteral, Value: account}
		}
	}
}

// ReadRoles finds IAM roles and users: by ARN, or by name beside the noun.
func (rd *Reading) ReadRoles() {
	for i := 0; i < len(rd.Tokens); i++ {
		if rd.Tokens[i].Taken {
			continue
		}
		if a, ok := rd.Literal(i, token.ARNLiteral); ok {
			rd.principalARN(i, a)
			continue
		}
		switch {
		case rd.Word(i, "role", "roles", "user", "users") && rd.namedLike(i):
		case rd.Word(i, "role", "roles"):
			i = max(i, rd.namesBeside(i, "role"))
		case rd.Word(i, "user", "users") && !rd.Word(i+1, "pool", "pools", "name", "names", "data", "agent"):
			i = max(i, rd.namesBeside(i, "user"))
		}
	}
}

// principalARN notes an ARN that names a principal.
func (rd *Reading) principalARN(i int, a string) {
	parts, n := arn.Fields(a)
	if n < len(parts) || parts[2] != "iam" && parts[2] != "sts" {
		return
	}
	typ, _, _ := strings.Cut(parts[5], "/")
	switch typ {
	case "role", "user", "root", "assumed-role", "federated-user":
		if rd.isSelf(i, i+1) {
			rd.Take("the role itself", i, i+1)
			return
		}
		rd.Take("principal", i, i+1)
		rd.AddParty(Party{Principal: intent.Principal{Type: "AWS", ID: a}, From: i, To: i + 1, Account: parts[4], Form: typ})
	}
}

// AddParty notes a party that was read from its tokens.
func (rd *Reading) AddParty(p Party) {
	p.Span = rd.Span(p.From, p.To)
	rd.Parties = append(rd.Parties, p)
}

// namesBeside reads the names that stand behind or before a noun such as "role", with the
// account they lie in. It returns the last token it read.
func (rd *Reading) namesBeside(i int, typ string) int {
	names, end := rd.nameList(rd.Pass(i+1, "named", "called", "with", "name", "is", "arn"))
	from := i
	if rd.Punct(i+1, ":") && len(names) == 0 {
		names, end = rd.nameList(i + 2)
	}
	if len(names) == 0 {
		if names, from = rd.nameListBefore(i); len(names) == 0 {
			return i
		}
		end = i + 1
	}
	if typ == "role" && rd.isSelf(from, end) {
		if rd.Out.Kind == policy.Trust {
			rd.Take("the role itself", from, end)
			return end - 1
		}
	}
	account, last := rd.accountBeside(from, end)
	for _, n := range names {
		name := rd.Tokens[n].Text
		if rd.Tokens[n].Kind == token.Entity {
			name = rd.Tokens[n].Lit.Value
		}
		rd.AddParty(Party{Principal: intent.Principal{Type: "AWS"}, From: from, To: last, name: name, Form: typ, Account: account})
	}
	rd.Take("principal", from, last)
	return last - 1
}

// nameList reads "a, b and c" from token i on.
func (rd *Reading) nameList(i int) ([]int, int) {
	var out []int
	end := i
	for j := i; j < len(rd.Tokens); {
		if !rd.RoleName(j) {
			break
		}
		out = append(out, j)
		end = j + 1
		j = end
		for rd.Punct(j, ",+") || rd.Word(j, "and", "or", "plus", "&") {
			j++
		}
		if j == end {
			break
		}
	}
	return out, end
}

// RoleName says whether token i is the name of a role or user: it looks like a name, or it is
// a plain word that ends the phrase.
func (rd *Reading) RoleName(i int) bool {
	if i < 0 || i >= len(rd.Tokens) || rd.Tokens[i].Taken {
		return false
	}
	t := rd.Tokens[i]
	switch t.Kind {
	case token.Name:
		return !strings.Contains(t.Text, ":")
	case token.Entity:
		return t.Lit.Kind == token.PathLiteral || t.Lit.Kind == token.MailLiteral
	case token.Word:
		if rd.Lexicon.Is("stop", t.Lower) || rd.Lexicon.Is("chat", t.Lower) || rd.Lexicon.Is("auxiliary", t.Lower) || rd.Word(i, "trust", "session", "chaining", "assumable", "usable", "which", "only", "names", "name", "tag", "tags", "tagged", "outside", "inside", "whose", "having", "carrying") {
			return false
		}
		if rd.ProperCase(i) {
			return true
		}
		next := i + 1
		return next >= len(rd.Tokens) || rd.Punct(next, ".\n,()+") || rd.Word(next, "in", "of", "from", "within", "may", "can", "must", "should", "only", "is", "and", "or", "to", "with")
	}
	return false
}

// nameListBefore reads "the PlatformAdmin role", "deployer and auditor roles".
func (rd *Reading) nameListBefore(i int) ([]int, int) {
	var out []int
	from := i
	for j := i - 1; j >= 0; j-- {
		t := rd.Tokens[j]
		plain := t.Kind == token.Word && rd.Word(j-1, "the", "by", "our", "their", "as") && rd.accountAhead(i+1) && !rd.Lexicon.Is("stop", t.Lower) && !rd.Lexicon.Is("adjective", t.Lower) && !rd.Lexicon.Is("chat", t.Lower) && rd.LinkAt[j] < 0
		if t.Taken || t.Kind != token.Name && !plain || strings.ContainsAny(t.Text, ":") {
			break
		}
		out, from = append([]int{j}, out...), j
		k := j - 1
		for k >= 0 && (rd.Punct(k, ",+") || rd.Word(k, "and", "or")) {
			k--
		}
		if k == j-1 {
			break
		}
		j = k + 1
	}
	return out, from
}

func (rd *Reading) accountAhead(i int) bool {
	_, ok := rd.Literal(rd.Pass(i, accountFillers...), token.AccountLiteral)
	return ok
}

// accountFillers stand between a name and the account it lies in.
var accountFillers = []string{"in", "of", "from", "within", "inside", "under", "the", "aws", "account", "acct", "acc", "accounts", "our", "my", "other", "their", "member", "number", "id", "that", "lives", "living", "is", "lying", "sits"}

// accountBeside finds the account of names in [from, to): "… in account X", "X's role …",
// "… of the same account". It returns the token after all that was read.
func (rd *Reading) accountBeside(from, to int) (string, int) {
	j := to
	paren := rd.Punct(j, "(")
	if paren {
		j++
	}
	j = rd.Pass(j, accountFillers...)
	if a, ok := rd.Literal(j, token.AccountLiteral); ok && (j > to || paren) {
		if rd.Punct(j+1, ")") && paren {
			return a, j + 2
		}
		return a, j + 1
	}
	if rd.Word(j, "same", "this") && rd.Word(j+1, "account", "acct") || rd.Word(j-1, "account", "acct") && rd.Word(j-2, "our", "my") && j > to+1 {
		return "same", rd.Pass(j, "same", "this", "account", "acct")
	}
	for k := from - 1; k >= 0 && k >= from-4; k-- {
		if a, ok := rd.Literal(k, token.AccountLiteral); ok {
			if k == from-1 || rd.Tokens[k].Text != a || rd.Punct(k+1, ":,(") {
				rd.Take("principal", k, k+1)
				return a, to
			}
			return "", to
		}
		if !rd.Punct(k, ":,'(") && !rd.Word(k, "role", "roles", "user", "users", "iam", "the", "s", "account", "its") {
			break
		}
	}
	return "", to
}

// isSelf says that a role in [from, to) is the one that the trust policy belongs to: what is
// assumed, not who assumes.
func (rd *Reading) isSelf(from, to int) bool {
	if rd.Out.Kind != policy.Trust || rd.assumesIt(to) {
		return false
	}
	for j := to; j < len(rd.Tokens) && j < to+5 && rd.Tokens[j].Kind != token.Punct; j++ {
		if rd.Word(j, "be") && rd.Word(j+1, "able", "allowed", "permitted", "granted") {
			return false
		}
		if rd.Word(j, "be", "trusts", "trust", "assumable", "usable", "assumed", "trusting", "accepts", "usable") {
			return true
		}
	}
	for j := from - 1; j >= 0 && j >= from-6; j-- {
		switch {
		case rd.Punct(j, ".\n;:,"), rd.Word(j, "by", "only", "from", "and", "except", "but", "plus", "let", "lets", "allow", "to") && !rd.Word(j, "to", "only"):
			return false
		case rd.Word(j, "assume", "assumes", "use", "uses", "using", "assuming", "into", "onto", "become", "becomes", "switch", "take", "policy", "relationship", "for", "access"):
			return true
		case rd.Word(j, "to"):
			return rd.Word(j-1, "access", "switch", "chain", "hop") || rd.Word(j-2, "switch", "hop")
		}
	}
	return false
}

// assumesIt says that whoever ends before token i is the one who assumes: "… of account X may assume".
func (rd *Reading) assumesIt(i int) bool {
	i = rd.Pass(i, accountFillers...)
	if _, ok := rd.Literal(i, token.AccountLiteral); ok {
		i++
	}
	return rd.Is("modal", i) && !rd.Word(i+1, "be")
}

// Phrase returns the first token of one of the phrases, or -1.
func (rd *Reading) Phrase(phrases ...string) int {
	stems := rd.Flatten()
	for k := range stems {
		if rd.Tokens[stems[k].Token].Taken {
			continue
		}
		for _, p := range phrases {
			if sentence.PhraseAt(stems, k, lexicon.Stems(p)) {
				return stems[k].Token
			}
		}
	}
	return -1
}

// PhraseAny says whether one of the phrases stands in the request.
func (rd *Reading) PhraseAny(phrases ...string) bool { return rd.Phrase(phrases...) >= 0 }

// ChunkStart says that a chunk begins at token i.
func (rd *Reading) ChunkStart(i int) bool {
	return rd.Tokens[i].Kind != token.Punct && (i == 0 || rd.Tokens[i-1].Kind == token.Punct && !rd.Punct(i-1, "+:") || rd.Tokens[i-1].End < rd.Tokens[i].Start)
}
