package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A party is somebody a trust or resource-based document speaks about.
type party struct {
	intent.Principal
	from, to int    // tokens of the name
	name     string // of a role or user
	typ      string // role, user, root
	account  string // of a role, a user or a root; "same": that of the resource
	service  string // a service principal without .amazonaws.com
	actions  []string
	where    []intent.Constraint // what holds for this party only
}

// readParties finds whom the words speak about, before conditions and verbs are read: an
// account that asks is no account of resources, a role that asks is no target.
func (rd *reading) readParties() {
	if rd.out.Kind == policy.Trust || rd.out.Kind == policy.ResourceBased {
		rd.splitDenials()
	}
	switch rd.out.Kind {
	case policy.Trust:
		rd.splitPossessives()
		rd.onlyRegion()
		rd.readSessionRules()
		rd.readFederated()
		rd.readServices()
		rd.readRoles()
		rd.readAccounts()
	case policy.ResourceBased:
		rd.splitPossessives()
		rd.readRoles()
		rd.readAccounts()
	}
}

// splitDenials makes a sentence of its own of what is denied beside what is allowed: "allow X to
// list, deny plain http".
func (rd *reading) splitDenials() {
	sentences := 0
	for _, c := range rd.clause {
		sentences = max(sentences, c.sentence)
	}
	var out []clause
	for _, c := range rd.clause {
		for i := c.from + 1; i < c.to; i++ {
			if !rd.word(i, "deny", "block", "refuse", "reject", "forbid", "denies", "blocks") && !(c.effect == policy.Deny && rd.word(i, "allow", "permit", "let", "grant")) || !rd.punct(i-1, ",") && !rd.word(i-1, "and", "but", "also", "plus") {
				continue
			}
			first := clause{from: c.from, to: i, sentence: c.sentence}
			rd.judge(&first)
			out = append(out, first)
			sentences++
			c = clause{from: i, to: c.to, sentence: sentences}
			rd.judge(&c)
		}
		out = append(out, c)
	}
	rd.clause = out
}

// onlyRegion takes the one region that a trust request names: where the resources lie that a
// service acts for.
func (rd *reading) onlyRegion() {
	at := -1
	for i := range rd.tokens {
		if _, ok := rd.literal(i, regionLiteral); ok {
			if at >= 0 {
				return
			}
			at = i
		}
	}
	if at >= 0 && !rd.word(at-1, "outside", "except") {
		rd.out.Region, _ = rd.literal(at, regionLiteral)
		rd.take("region of the resources", at, at+1)
	}
}

// splitPossessives makes literals of "111122223333's" and "111122223333:root".
func (rd *reading) splitPossessives() {
	for i := range rd.tokens {
		t := &rd.tokens[i]
		if t.kind == entityToken || len(t.text) < 13 {
			continue
		}
		account, rest := t.text[:12], strings.ToLower(t.text[12:])
		if isAccount(account) && (rest == "'s" || rest == "’s" || rest == ":root" || rest == "/root") {
			t.kind, t.lit = entityToken, literal{kind: accountLiteral, value: account}
		}
	}
}

// readRoles finds IAM roles and users: by ARN, or by name beside the noun.
func (rd *reading) readRoles() {
	for i := 0; i < len(rd.tokens); i++ {
		if rd.tokens[i].taken {
			continue
		}
		if a, ok := rd.literal(i, arnLiteral); ok {
			rd.principalARN(i, a)
			continue
		}
		switch {
		case rd.word(i, "role", "roles"):
			i = max(i, rd.namesBeside(i, "role"))
		case rd.word(i, "user", "users") && !rd.word(i+1, "pool", "pools", "name", "names", "data", "agent"):
			i = max(i, rd.namesBeside(i, "user"))
		}
	}
}

// principalARN notes an ARN that names a principal.
func (rd *reading) principalARN(i int, a string) {
	parts, n := arn.Fields(a)
	if n < len(parts) || parts[2] != "iam" && parts[2] != "sts" {
		return
	}
	typ, _, _ := strings.Cut(parts[5], "/")
	switch typ {
	case "role", "user", "root", "assumed-role", "federated-user":
		if rd.isSelf(i, i+1) {
			rd.take("the role itself", i, i+1)
			return
		}
		rd.take("principal", i, i+1)
		rd.addParty(party{Principal: intent.Principal{Type: "AWS", ID: a}, from: i, to: i + 1, account: parts[4], typ: typ})
	}
}

func (rd *reading) addParty(p party) {
	p.Span = rd.span(p.from, p.to)
	rd.parties = append(rd.parties, p)
}

// namesBeside reads the names that stand behind or before a noun such as "role", with the
// account they lie in. It returns the last token it read.
func (rd *reading) namesBeside(i int, typ string) int {
	names, end := rd.nameList(rd.pass(i+1, "named", "called", "with", "name", "is", "arn"))
	from := i
	if rd.punct(i+1, ":") && len(names) == 0 {
		names, end = rd.nameList(i + 2)
	}
	if len(names) == 0 {
		if names, from = rd.nameListBefore(i); len(names) == 0 {
			return i
		}
		end = i + 1
	}
	if rd.isSelf(from, end) {
		if rd.out.Kind == policy.Trust {
			rd.take("the role itself", from, end)
			return end - 1
		}
	}
	account, last := rd.accountBeside(from, end)
	for _, n := range names {
		name := rd.tokens[n].text
		if rd.tokens[n].kind == entityToken {
			name = rd.tokens[n].lit.value
		}
		rd.addParty(party{Principal: intent.Principal{Type: "AWS"}, from: from, to: last, name: name, typ: typ, account: account})
	}
	rd.take("principal", from, last)
	return last - 1
}

// nameList reads "a, b and c" from token i on.
func (rd *reading) nameList(i int) ([]int, int) {
	var out []int
	end := i
	for j := i; j < len(rd.tokens); {
		if !rd.roleName(j) {
			break
		}
		out = append(out, j)
		end = j + 1
		j = end
		for rd.punct(j, ",+") || rd.word(j, "and", "or", "plus", "&") {
			j++
		}
		if j == end {
			break
		}
	}
	return out, end
}

// roleName says whether token i is the name of a role or user: it looks like a name, or it is
// a plain word that ends the phrase.
func (rd *reading) roleName(i int) bool {
	if i < 0 || i >= len(rd.tokens) || rd.tokens[i].taken {
		return false
	}
	t := rd.tokens[i]
	switch t.kind {
	case nameToken:
		return !strings.Contains(t.text, ":")
	case entityToken:
		return t.lit.kind == pathLiteral || t.lit.kind == mailLiteral
	case wordToken:
		if rd.Lexicon.Is("stop", t.lower) || rd.Lexicon.Is("chat", t.lower) || rd.Lexicon.Is("auxiliary", t.lower) || rd.word(i, "trust", "session", "chaining", "assumable", "usable", "which", "only", "names", "name", "tag", "tags", "tagged", "outside", "inside", "whose", "having", "carrying") {
			return false
		}
		if rd.properCase(i) {
			return true
		}
		next := i + 1
		return next >= len(rd.tokens) || rd.punct(next, ".\n,()+") || rd.word(next, "in", "of", "from", "within", "may", "can", "must", "should", "only", "is", "and", "or", "to", "with")
	}
	return false
}

// nameListBefore reads "the PlatformAdmin role", "deployer and auditor roles".
func (rd *reading) nameListBefore(i int) ([]int, int) {
	var out []int
	from := i
	for j := i - 1; j >= 0; j-- {
		t := rd.tokens[j]
		plain := t.kind == wordToken && rd.word(j-1, "the", "by", "our", "their", "as") && rd.accountAhead(i+1) && !rd.Lexicon.Is("stop", t.lower) && !rd.Lexicon.Is("adjective", t.lower) && !rd.Lexicon.Is("chat", t.lower) && rd.linkAt[j] < 0
		if t.taken || t.kind != nameToken && !plain || strings.ContainsAny(t.text, ":") {
			break
		}
		out, from = append([]int{j}, out...), j
		k := j - 1
		for k >= 0 && (rd.punct(k, ",+") || rd.word(k, "and", "or")) {
			k--
		}
		if k == j-1 {
			break
		}
		j = k + 1
	}
	return out, from
}

func (rd *reading) accountAhead(i int) bool {
	_, ok := rd.literal(rd.pass(i, accountFillers...), accountLiteral)
	return ok
}

// accountFillers stand between a name and the account it lies in.
var accountFillers = []string{"in", "of", "from", "within", "inside", "under", "the", "aws", "account", "acct", "acc", "accounts", "our", "my", "other", "their", "member", "number", "id", "that", "lives", "living", "is", "lying", "sits"}

// accountBeside finds the account of names in [from, to): "… in account X", "X's role …",
// "… of the same account". It returns the token after all that was read.
func (rd *reading) accountBeside(from, to int) (string, int) {
	j := to
	paren := rd.punct(j, "(")
	if paren {
		j++
	}
	j = rd.pass(j, accountFillers...)
	if a, ok := rd.literal(j, accountLiteral); ok && (j > to || paren) {
		if rd.punct(j+1, ")") && paren {
			return a, j + 2
		}
		return a, j + 1
	}
	if rd.word(j, "same", "this") && rd.word(j+1, "account", "acct") || rd.word(j-1, "account", "acct") && rd.word(j-2, "our", "my") && j > to+1 {
		return "same", rd.pass(j, "same", "this", "account", "acct")
	}
	for k := from - 1; k >= 0 && k >= from-4; k-- {
		if a, ok := rd.literal(k, accountLiteral); ok {
			if k == from-1 || rd.tokens[k].text != a || rd.punct(k+1, ":,(") {
				rd.take("principal", k, k+1)
				return a, to
			}
			return "", to
		}
		if !rd.punct(k, ":,'(") && !rd.word(k, "role", "roles", "user", "users", "iam", "the", "s", "account", "its") {
			break
		}
	}
	return "", to
}

// isSelf says that a role in [from, to) is the one that the trust policy belongs to: what is
// assumed, not who assumes.
func (rd *reading) isSelf(from, to int) bool {
	if rd.out.Kind != policy.Trust {
		return false
	}
	for j := to; j < len(rd.tokens) && j < to+5 && rd.tokens[j].kind != punctToken; j++ {
		if rd.word(j, "be") && rd.word(j+1, "able", "allowed", "permitted", "granted") {
			return false
		}
		if rd.word(j, "be", "trusts", "trust", "assumable", "usable", "assumed", "trusting", "accepts", "usable") {
			return true
		}
	}
	for j := from - 1; j >= 0 && j >= from-6; j-- {
		switch {
		case rd.punct(j, ".\n;"), rd.word(j, "by", "only", "from", "and", "except", "but", "plus", "let", "lets", "allow", "to") && !rd.word(j, "to", "only"):
			return false
		case rd.word(j, "assume", "assumes", "use", "uses", "using", "assuming", "into", "onto", "become", "becomes", "switch", "take", "policy", "relationship", "for", "access"):
			return true
		case rd.word(j, "to"):
			return rd.word(j-1, "access", "switch", "chain", "hop") || rd.word(j-2, "switch", "hop")
		}
	}
	return false
}
