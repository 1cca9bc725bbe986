package reader

import (
	"cmp"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// readAccounts decides for every account number whether it asks, holds the resources, or is
// the one a service must act for.
func (rd *reading) readAccounts() {
	previous := ""
	for i := range rd.tokens {
		a, ok := rd.literal(i, accountLiteral)
		if !ok || rd.tokens[i].taken {
			continue
		}
		role := rd.accountRole(i)
		if previous != "" && rd.continuesList(i) {
			role = previous
		}
		previous = role
		switch role {
		case "principal":
			rd.takeAccount("principal", i)
			rd.addParty(party{Principal: intent.Principal{Type: "AWS"}, from: i, to: i + 1, typ: "root", account: a})
		case "source":
			from := rd.takeAccount("account that the service acts for", i)
			rd.out.Account = cmp.Or(rd.out.Account, a)
			rd.sourceAccounts(from, i, a)
		default:
			if rd.out.Account == "" || rd.out.Account == rd.opt.Account {
				rd.out.Account = a
			}
			rd.take("account of the resources", i, i+1)
		}
	}
}

// sourceAccounts notes an account that services must act for; several make one list.
func (rd *reading) sourceAccounts(from, i int, account string) {
	for n := range rd.where {
		if w := &rd.where[n]; w.Key == "aws:SourceAccount" {
			w.Values = append(w.Values, account)
			return
		}
	}
	rd.require(from, i+1, "account that the service acts for", intent.Constraint{Key: "aws:SourceAccount", Values: []string{account}})
}

// takeAccount takes an account number with the words that only introduce it.
func (rd *reading) takeAccount(role string, i int) int {
	from := i
	for rd.word(from-1, "account", "accounts", "acct", "aws", "id", "number", "root", "user", "of", "the") && !rd.tokens[from-1].taken {
		from--
	}
	rd.take(role, from, i+1)
	return from
}

// continuesList says that an account stands behind another one: "accounts A, B and C".
func (rd *reading) continuesList(i int) bool {
	j := i - 1
	for j >= 0 && (rd.punct(j, ",+") || rd.word(j, "and", "or", "plus", "account", "also")) {
		j--
	}
	if j < 0 || j == i-1 {
		return false
	}
	_, ok := rd.literal(j, accountLiteral)
	return ok
}

// accountRole says what an account number stands for.
func (rd *reading) accountRole(i int) string {
	j := i - 1
	for j >= 0 && (rd.word(j, "account", "accounts", "acct", "acc", "aws", "id", "number", "the", "our", "own", "my", "their", "member", "=", "is", "numbered", "owner", "other") || rd.punct(j, ":\"")) {
		j--
	}
	if rd.out.Kind == policy.Trust {
		return rd.trustAccount(i, j)
	}
	return rd.resourceAccount(i, j)
}

// people are nouns for those who may ask.
var people = []string{"user", "users", "role", "roles", "principal", "principals", "root", "anyone", "anybody", "everyone", "everybody", "identities", "identity", "callers", "caller", "people", "humans", "engineers", "admins", "developers", "consumers", "clients", "workloads", "someone", "who", "access", "team", "lambdas", "vendor", "partner", "customer", "supplier", "auditor", "auditors", "contractor", "monitoring", "saas", "provider's", "company", "subsidiary"}

func (rd *reading) trustAccount(i, j int) string {
	for k := i - 1; k >= 0 && k > i-8; k-- {
		if rd.word(k, "deputy") || rd.word(k, "source") && rd.word(k+1, "account") {
			return "source"
		}
		if a, ok := rd.literal(k, actionLiteral); ok && a == "aws:SourceAccount" {
			return "source"
		}
	}
	services := false
	for _, p := range rd.parties {
		services = services || p.service != "" && rd.sameSentence(p.from, i)
	}
	if services && rd.locates(i, j) {
		return "source"
	}
	if services && (rd.word(j, "in", "from", "of", "for", "within", "inside", "to", "behalf", "only") || rd.punct(j, "(")) && !rd.word(j-1, people...) {
		return "source"
	}
	return "principal"
}

// locates says that an account stands beside a region, or closes "only state machine X, account
// Y": it says where the resource lies that a service acts for.
func (rd *reading) locates(i, j int) bool {
	if rd.is("modal", i+1) || rd.word(j, "and", "or", "plus", "by") {
		return false
	}
	if _, ok := rd.literal(j, regionLiteral); ok {
		return true
	}
	_, before := rd.literal(j-1, regionLiteral)
	_, after := rd.literal(rd.pass(i+1, "in"), regionLiteral)
	return before || after || rd.punct(j, ",") && rd.inSentence(i, "only")
}

func (rd *reading) resourceAccount(i, j int) string {
	if _, ok := rd.literal(i-1, regionLiteral); ok {
		return "location"
	}
	if _, ok := rd.literal(i-2, regionLiteral); ok && (rd.punct(i-1, ",+/-") || rd.word(i-1, "in", "account", "acct", "/")) {
		return "location"
	}
	if _, ok := rd.literal(j, regionLiteral); ok {
		return "location"
	}
	if _, ok := rd.literal(j-1, regionLiteral); ok && (rd.punct(j, ",+") || rd.word(j, "and")) {
		return "location"
	}
	if _, ok := rd.literal(rd.pass(i+1, ",", "in", "region", "/"), regionLiteral); ok && !rd.verbal(i+1) {
		return "location"
	}
	if _, ok := rd.literal(i+2, regionLiteral); ok && rd.punct(i+1, ",+") {
		return "location"
	}
	switch {
	case rd.punct(j, ",.\n") && (i+1 == len(rd.tokens) || rd.tokens[i+1].kind == punctToken && !rd.punct(i+1, ",+:")) && !rd.continuesList(i):
		return "location"
	case rd.punct(j, "("):
		if rd.word(j-1, people...) {
			return "principal"
		}
		return "location"
	case rd.word(j, "in", "of", "within", "inside", "by"):
		if rd.word(j-1, people...) || rd.word(j, "by") && !rd.word(j-1, "owned", "managed") {
			return "principal"
		}
		return "location"
	}
	return "principal"
}

func (rd *reading) verbal(i int) bool { return rd.is("modal", i) }

func (rd *reading) sameSentence(a, b int) bool {
	m, n := rd.clauseOf(a), rd.clauseOf(b)
	return m >= 0 && n >= 0 && rd.clause[m].sentence == rd.clause[n].sentence
}

// settleParties gives every role, user and account its ARN, once the accounts are known.
func (rd *reading) settleParties() {
	partition := cmp.Or(rd.out.Partition, arn.PartitionOf(rd.out.Region))
	rd.rolesOfAccounts()
	kept := rd.parties[:0]
	for _, p := range rd.parties {
		if p.Type != "AWS" || p.ID != "" {
			kept = append(kept, p)
			continue
		}
		account := p.account
		if account == "" || account == "same" {
			account = cmp.Or(rd.out.Account, rd.onlyAccount())
		}
		if p.account == "" || p.account == "same" {
			p.account = account
		}
		switch {
		case p.typ == "root" && account != "":
			p.ID = "arn:" + partition + ":iam::" + account + ":root"
		case account != "":
			p.ID = "arn:" + partition + ":iam::" + account + ":" + p.typ + "/" + trimSlash(p.name)
		case rd.hasConstraint("aws:PrincipalOrgID") || rd.hasConstraint("aws:PrincipalOrgPaths"):
			p.ID = "*"
			p.where = append(p.where, intent.Constraint{Key: "aws:PrincipalArn", Values: []string{"arn:" + partition + ":iam::*:" + p.typ + "/" + trimSlash(p.name)}, Span: p.Span})
		default:
			rd.ask(p.Span, "In which account is the "+p.typ+" "+p.name+"?")
			continue
		}
		kept = append(kept, p)
	}
	rd.parties = kept
}

// rolesOfAccounts spreads "accounts A and B, but only their role X" over the accounts; what
// stands behind "only" takes the place of the accounts themselves.
func (rd *reading) rolesOfAccounts() {
	for n, p := range rd.parties {
		if p.name == "" || p.account != "" || !rd.within(p.from-3, p.from, "their", "its") {
			continue
		}
		only := rd.within(p.from-4, p.from, "only", "just")
		var out []party
		for m, q := range rd.parties {
			switch {
			case m == n || q.typ != "root" || !rd.sameSentence(p.from, q.from):
				if m != n {
					out = append(out, q)
				}
			default:
				if !only {
					out = append(out, q)
				}
				r := p
				r.account = q.account
				out = append(out, r)
			}
		}
		if len(out) >= len(rd.parties)-1 && len(out) > 0 {
			rd.parties = out
		}
		return
	}
}

func trimSlash(s string) string {
	if len(s) > 1 && s[0] == '/' {
		return s[1:]
	}
	return s
}

// onlyAccount returns the account of the other parties if they all name the same.
func (rd *reading) onlyAccount() string {
	only := ""
	for _, p := range rd.parties {
		if p.account == "" || p.account == "same" {
			continue
		}
		if only != "" && only != p.account {
			return ""
		}
		only = p.account
	}
	return only
}

func (rd *reading) hasConstraint(key string) bool {
	for _, w := range rd.where {
		if w.Key == key {
			return true
		}
	}
	return false
}
