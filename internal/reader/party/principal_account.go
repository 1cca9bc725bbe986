package party

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// ReadAccounts decides for every account number whether it asks, holds the resources, or is
// the one a service must act for.
func (rd *Reading) ReadAccounts() {
	previous := ""
	for i := range rd.Tokens {
		a, ok := rd.Literal(i, token.AccountLiteral)
		if !ok || rd.Tokens[i].Taken {
			continue
		}
		role := rd.accountRole(i)
		if previous != "" && rd.continuesList(i) {
			role = previous
		}
		previous = role
		switch role {
		case "principal":
			rd.TakeAccount("principal", i)
			rd.AddParty(Party{Principal: intent.Principal{Type: "AWS"}, From: i, To: i + 1, Form: "root", Account: a})
		case "source":
			from := rd.TakeAccount("account that the service acts for", i)
			rd.Out.Account = cmp.Or(rd.Out.Account, a)
			rd.sourceAccounts(from, i, a)
		default:
			if rd.Out.Account == "" || rd.Out.Account == rd.Options.Account {
				rd.Out.Account = a
			}
			rd.Take("account of the resources", i, i+1)
		}
	}
}

// sourceAccounts notes an account that services must act for; several make one list.
func (rd *Reading) sourceAccounts(from, i int, account string) {
	for n := range rd.Where {
		if w := &rd.Where[n]; w.Key == "aws:SourceAccount" {
			w.Values = append(w.Values, account)
			return
		}
	}
	rd.Require(from, i+1, "account that the service acts for", intent.Constraint{Key: "aws:SourceAccount", Values: []string{account}})
}

// TakeAccount takes an account number with the words that only introduce it.
func (rd *Reading) TakeAccount(role string, i int) int {
	from := i
	for rd.Word(from-1, "account", "accounts", "acct", "aws", "id", "number", "root", "user", "of", "the") && !rd.Tokens[from-1].Taken {
		from--
	}
	rd.Take(role, from, i+1)
	return from
}

// continuesList says that an account stands behind another one: "accounts A, B and C".
func (rd *Reading) continuesList(i int) bool {
	j := i - 1
	for j >= 0 && (rd.Punct(j, ",+") || rd.Word(j, "and", "or", "plus", "account", "also")) {
		j--
	}
	if j < 0 || j == i-1 {
		return false
	}
	_, ok := rd.Literal(j, token.AccountLiteral)
	return ok
}

// accountRole says what an account number stands for.
func (rd *Reading) accountRole(i int) string {
	j := i - 1
	for j >= 0 && (rd.Word(j, "account", "accounts", "acct", "acc", "aws", "id", "number", "the", "our", "own", "my", "their", "member", "=", "is", "numbered", "owner", "other") || rd.Punct(j, ":\"")) {
		j--
	}
	if rd.Out.Kind == policy.Trust {
		return rd.trustAccount(i, j)
	}
	return rd.resourceAccount(i, j)
}

// People are nouns for those who may ask.
var People = []string{"user", "users", "role", "roles", "principal", "principals", "root", "anyone", "anybody", "everyone", "everybody", "identities", "identity", "callers", "caller", "people", "humans", "engineers", "admins", "developers", "consumers", "clients", "workloads", "someone", "who", "access", "team", "lambdas", "vendor", "partner", "customer", "supplier", "auditor", "auditors", "contractor", "monitoring", "saas", "provider's", "company", "subsidiary"}

func (rd *Reading) trustAccount(i, j int) string {
	for k := i - 1; k >= 0 && k > i-8; k-- {
		if rd.Word(k, "deputy") || rd.Word(k, "source") && rd.Word(k+1, "account") {
			return "source"
		}
		if a, ok := rd.Literal(k, token.ActionLiteral); ok && a == "aws:SourceAccount" {
			return "source"
		}
	}
	services := false
	for _, p := range rd.Parties {
		services = services || p.Service != "" && rd.SameSentence(p.From, i)
	}
	if services && rd.locates(i, j) {
		return "source"
	}
	if services && (rd.Word(j, "in", "from", "of", "for", "within", "inside", "to", "behalf", "only") || rd.Punct(j, "(")) && !rd.Word(j-1, People...) {
		return "source"
	}
	return "principal"
}

// locates says that an account stands beside a region, or closes "only state machine X, account
// Y": it says where the resource lies that a service acts for.
func (rd *Reading) locates(i, j int) bool {
	if rd.Is("modal", i+1) || rd.Word(j, "and", "or", "plus", "by") {
		return false
	}
	if _, ok := rd.Literal(j, token.RegionLiteral); ok {
		return true
	}
	_, before := rd.Literal(j-1, token.RegionLiteral)
	_, after := rd.Literal(rd.Pass(i+1, "in"), token.RegionLiteral)
	return before || after || rd.Punct(j, ",") && rd.InSentence(i, "only")
}

func (rd *Reading) resourceAccount(i, j int) string {
	if _, ok := rd.Literal(i-1, token.RegionLiteral); ok {
		return "location"
	}
	if _, ok := rd.Literal(i-2, token.RegionLiteral); ok && (rd.Punct(i-1, ",+/-") || rd.Word(i-1, "in", "account", "acct", "/")) {
		return "location"
	}
	if _, ok := rd.Literal(j, token.RegionLiteral); ok {
		return "location"
	}
	if _, ok := rd.Literal(j-1, token.RegionLiteral); ok && (rd.Punct(j, ",+") || rd.Word(j, "and")) {
		return "location"
	}
	if _, ok := rd.Literal(rd.Pass(i+1, ",", "in", "region", "/"), token.RegionLiteral); ok && !rd.verbal(i+1) {
		return "location"
	}
	if _, ok := rd.Literal(i+2, token.RegionLiteral); ok && rd.Punct(i+1, ",+") {
		return "location"
	}
	switch {
	case rd.Punct(j, ",.\n") && (i+1 == len(rd.Tokens) || rd.Tokens[i+1].Kind == token.Punct && !rd.Punct(i+1, ",+:")) && !rd.continuesList(i):
		return "location"
	case rd.Punct(j, "("):
		if rd.Word(j-1, People...) {
			return "principal"
		}
		return "location"
	case rd.Word(j, "in", "of", "within", "inside", "by"):
		if rd.Word(j, "in", "of") && rd.Word(j-1, "service", "services") {
			return "source"
		}
		if rd.Word(j-1, People...) || rd.Word(j, "by") && !rd.Word(j-1, "owned", "managed") {
			return "principal"
		}
		return "location"
	}
	return "principal"
}

func (rd *Reading) verbal(i int) bool { return rd.Is("modal", i) }

// SameSentence says that two tokens stand in one sentence.
func (rd *Reading) SameSentence(a, b int) bool {
	m, n := rd.ClauseOf(a), rd.ClauseOf(b)
	return m >= 0 && n >= 0 && rd.Clauses[m].Sentence == rd.Clauses[n].Sentence
}

// SettleParties gives every role, user and account its ARN, once the accounts are known.
func (rd *Reading) SettleParties() {
	partition := cmp.Or(rd.Out.Partition, arn.PartitionOf(rd.Out.Region))
	rd.rolesOfAccounts()
	kept := rd.Parties[:0]
	for _, p := range rd.Parties {
		if p.Type != "AWS" || p.ID != "" {
			kept = append(kept, p)
			continue
		}
		account := p.Account
		if account == "" || account == "same" {
			account = cmp.Or(rd.Out.Account, rd.onlyAccount())
		}
		if p.Account == "" || p.Account == "same" {
			p.Account = account
		}
		switch {
		case p.Form == "root" && account != "":
			p.ID = "arn:" + partition + ":iam::" + account + ":root"
		case account != "" && strings.Contains(p.name, "*"): // a principal holds no patterns
			p.ID = "arn:" + partition + ":iam::" + account + ":root"
			p.Where = append(p.Where, intent.Constraint{Key: "aws:PrincipalArn", Values: []string{"arn:" + partition + ":iam::" + account + ":" + p.Form + "/" + trimSlash(p.name)}, Span: p.Span})
		case account != "":
			p.ID = "arn:" + partition + ":iam::" + account + ":" + p.Form + "/" + trimSlash(p.name)
		case rd.HasConstraint("aws:PrincipalOrgID") || rd.HasConstraint("aws:PrincipalOrgPaths"):
			p.ID = "*"
			p.Where = append(p.Where, intent.Constraint{Key: "aws:PrincipalArn", Values: []string{"arn:" + partition + ":iam::*:" + p.Form + "/" + trimSlash(p.name)}, Span: p.Span})
		default:
			rd.Ask(p.Span, "In which account is the "+p.Form+" "+p.name+"?")
			continue
		}
		kept = append(kept, p)
	}
	rd.Parties = kept
}

// rolesOfAccounts spreads "accounts A and B, but only their role X" over the accounts; what
// stands behind "only" takes the place of the accounts themselves.
func (rd *Reading) rolesOfAccounts() {
	for n, p := range rd.Parties {
		if p.name == "" || p.Account != "" || !rd.Within(p.From-3, p.From, "their", "its") {
			continue
		}
		only := rd.Within(p.From-4, p.From, "only", "just", "limited", "restricted", "solely", "exclusively", "specifically", "namely")
		var out []Party
		for m, q := range rd.Parties {
			switch {
			case m == n || q.Form != "root" || !rd.SameSentence(p.From, q.From):
				if m != n {
					out = append(out, q)
				}
			default:
				if !only {
					out = append(out, q)
				}
				r := p
				r.Account = q.Account
				out = append(out, r)
			}
		}
		if len(out) >= len(rd.Parties)-1 && len(out) > 0 {
			rd.Parties = out
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
func (rd *Reading) onlyAccount() string {
	only := ""
	for _, p := range rd.Parties {
		if p.Account == "" || p.Account == "same" {
			continue
		}
		if only != "" && only != p.Account {
			return ""
		}
		only = p.Account
	}
	return only
}

// HasConstraint says whether a condition on the key was read.
func (rd *Reading) HasConstraint(key string) bool {
	for _, w := range rd.Where {
		if w.Key == key {
			return true
		}
	}
	return false
}
