// Package trust reads who may assume a role, identity providers and their claims among them.
package trust

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/party"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// ReadParties finds whom the words speak about, before conditions and verbs are read: an
// account that asks is no account of resources, a role that asks is no target.
func (rd *Reading) ReadParties() {
	if rd.Out.Kind == policy.Trust || rd.Out.Kind == policy.ResourceBased {
		rd.SplitDenials()
	}
	switch rd.Out.Kind {
	case policy.Trust:
		rd.SplitPossessives()
		rd.OnlyRegion()
		rd.readSessionRules()
		rd.readFederated()
		rd.ReadServices()
		rd.ReadRoles()
		rd.ReadAccounts()
	case policy.ResourceBased:
		rd.SplitPossessives()
		rd.ReadRoles()
		rd.ReadAccounts()
	}
}

// ReadTrust reads who may assume a role.
func (rd *Reading) ReadTrust() {
	rd.SplitUnits()
	rd.anyone()
	rd.SettleParties()
	rd.callersTags()
	rd.callersMFA()
	rd.trustSources()
	var allowed, refused []party.Party
	for _, p := range rd.Parties {
		if rd.Refused(p) {
			refused = append(refused, p)
		} else {
			allowed = append(allowed, p)
		}
	}
	for _, p := range allowed {
		rd.addTrust(rd.trustGrant(p, policy.Allow))
	}
	for _, p := range refused {
		if p.Type == "AWS" && rd.covered(p, allowed) || p.Type == "AWS" && len(allowed) == 0 {
			g := rd.trustGrant(p, policy.Deny)
			g.Where = nil
			g.Where = append(g.Where, p.Where...)
			rd.addTrust(g)
		}
	}
	if len(allowed)+len(refused) == 0 && len(rd.Out.Questions) == 0 {
		rd.Ask(rd.Span(0, len(rd.Tokens)), "Who may assume the role: an AWS service, an account, a role or user, or an identity provider?")
	}
	rd.markTrustWords()
}

// trustGrant writes what one party may do, or may not.
func (rd *Reading) trustGrant(p party.Party, effect policy.Effect) intent.Grant {
	names := p.Actions
	if len(names) == 0 {
		names = []string{"sts:AssumeRole"}
	}
	g := intent.Grant{Effect: effect, Principals: []intent.Principal{p.Principal}, Span: p.Span, Where: slices.Clone(p.Where)}
	if p.Type != "Service" || p.Service == "rolesanywhere" || p.Service == "pods.eks" {
		for _, a := range rd.ExtraActions {
			if !slices.Contains(names, a) {
				names = append(slices.Clone(names), a)
			}
		}
	}
	for _, a := range names {
		g.Actions = append(g.Actions, intent.Action{Name: a, Because: "the principal may assume the role", Span: p.Span})
	}
	for _, c := range rd.Where {
		if rd.ReachesParty(c, p) && (fitsParty(c.Key, p) || !rd.fitsAny(c)) {
			if c.Unless && effect == policy.Deny {
				g.Unless = append(g.Unless, c.Constraint)
				continue
			}
			if c.Unless && c.Key == "aws:ViaAWSService" {
				continue // it spares from a Deny; nobody assumes a role that way
			}
			g.Where = append(g.Where, rd.limitActions(c.Constraint, g.Actions))
		}
	}
	return g
}

// limitActions keeps conditions that only one of several actions can meet to that action.
func (rd *Reading) limitActions(c intent.Constraint, actions []intent.Action) intent.Constraint {
	if len(actions) < 2 {
		return c
	}
	if c.Key == "sts:ExternalId" || c.Key == "sts:DurationSeconds" {
		for _, a := range actions {
			if a.Name == "sts:AssumeRole" {
				c.Actions = []string{a.Name}
			}
		}
	}
	return c
}

// addTrust adds a grant, or its principals to a grant that says the same of others.
func (rd *Reading) addTrust(g intent.Grant) {
	for n := range rd.Out.Grants {
		other := &rd.Out.Grants[n]
		if other.Effect == g.Effect && SameActions(other.Actions, g.Actions) && SameConstraints(other.Where, g.Where) && len(other.Unless)+len(g.Unless) == 0 && !slices.ContainsFunc(other.Principals, func(p intent.Principal) bool { return p.ID == "*" }) {
			for _, p := range g.Principals {
				if !slices.ContainsFunc(other.Principals, func(q intent.Principal) bool { return q.Type == p.Type && q.ID == p.ID }) {
					other.Principals = append(other.Principals, p)
				}
			}
			return
		}
	}
	rd.Out.Grants = append(rd.Out.Grants, g)
}

// SameActions says that two lists name the same actions in the same order.
func SameActions(a, b []intent.Action) bool {
	return slices.EqualFunc(a, b, func(x, y intent.Action) bool { return x.Name == y.Name })
}

// SameConstraints says that two lists hold the same conditions in the same order.
func SameConstraints(a, b []intent.Constraint) bool {
	return slices.EqualFunc(a, b, func(x, y intent.Constraint) bool {
		return x.Key == y.Key && x.Test == y.Test && x.Set == y.Set && slices.Equal(x.Values, y.Values)
	})
}

// ReachesParty says whether a condition holds for a party: it does for those of its clause; in a
// clause without any, for those of the sentence; in a sentence without any, for all.
func (rd *Reading) ReachesParty(c object.Condition, p party.Party) bool {
	own := rd.ClauseOf(p.From)
	if c.Whole || c.Clause < 0 || own < 0 || c.Clause == own {
		return true
	}
	number := rd.Clauses[c.Clause].Sentence
	inClause, inSentence := false, false
	for _, q := range rd.Parties {
		if !fitsParty(c.Key, q) {
			continue
		}
		n := rd.ClauseOf(q.From)
		inClause = inClause || n == c.Clause
		inSentence = inSentence || n >= 0 && rd.Clauses[n].Sentence == number
	}
	switch {
	case inClause:
		return false
	case inSentence:
		return rd.Clauses[own].Sentence == number
	}
	return true
}

// fitsAny says whether some party's requests carry the key of a condition; one that fits nobody
// must not be lost: it is written for all.
func (rd *Reading) fitsAny(c object.Condition) bool {
	for _, p := range rd.Parties {
		if fitsParty(c.Key, p) && rd.ReachesParty(c, p) {
			return true
		}
	}
	return false
}

// fitsParty says whether requests of such a principal carry the key at all: a service has no
// MFA, a role no source account.
func fitsParty(key string, p party.Party) bool {
	source := strings.HasPrefix(key, "aws:SourceArn") || strings.HasPrefix(key, "aws:SourceAccount") || strings.HasPrefix(key, "aws:SourceOrg")
	switch {
	case p.Type == "Service":
		return source || strings.HasPrefix(key, "aws:RequestTag/") || strings.HasPrefix(key, "aws:PrincipalTag/") && p.Service == "rolesanywhere" || key == "aws:TagKeys" || key == "sts:SourceIdentity" && p.Service == "rolesanywhere"
	case source:
		return false
	case p.Type == "Federated":
		return key != "sts:ExternalId" && !strings.HasPrefix(key, "aws:PrincipalOrg") && !strings.HasPrefix(key, "aws:MultiFactor") && key != "aws:PrincipalAccount"
	}
	return true
}

// Refused says that the words shut a party out: "except role X", "not ec2", "nobody from …".
func (rd *Reading) Refused(p party.Party) bool {
	n := rd.ClauseOf(p.From)
	if n < 0 {
		return false
	}
	c := rd.Clauses[n]
	if c.Except && n > 0 && rd.Clauses[n-1].Sentence == c.Sentence && rd.OnlyBefore(n-1) {
		return false
	}
	if rd.Word(p.From-1, "but", "except") && rd.OnlyBefore(n) {
		return false
	}
	if c.Except {
		return true
	}
	from, to := rd.PartOf(p.From, c)
	return rd.refuses(from, to) || rd.refuses(c.From, min(c.From+2, p.From))
}

// PartOf returns the tokens between the commas around token i, inside its clause.
func (rd *Reading) PartOf(i int, c sentence.Clause) (int, int) {
	from, to := i, i
	for from > c.From && !rd.Punct(from-1, ",") {
		from--
	}
	for to < c.To && !rd.Punct(to, ",") {
		to++
	}
	return from, to
}

// refuses says that words in [from, to) forbid or deny.
func (rd *Reading) refuses(from, to int) bool {
	for i := from; i < to; i++ {
		if rd.Is("negator", i) && !rd.HarmlessNegator(i) || rd.Word(i, "deny", "denies", "denied", "block", "blocks", "blocked", "prevent", "refuse", "forbid", "ban", "reject") {
			return true
		}
	}
	return false
}

// OnlyBefore says that clause n shuts everybody out: "nobody except …", "no one but …".
func (rd *Reading) OnlyBefore(n int) bool {
	c := rd.Clauses[n]
	return rd.Within(c.From, c.To, "nobody", "noone", "none", "no-one", "nothing") || rd.Within(c.From, c.To, "no") && rd.Within(c.From, c.To, "one", "other", "others", "principal")
}

// covered says that an Allow for another party would let this one in.
func (rd *Reading) covered(p party.Party, allowed []party.Party) bool {
	for _, q := range allowed {
		if q.Type == "AWS" && (q.ID == "*" || q.Form == "root" && q.Account == p.Account || q.ID == p.ID) {
			return true
		}
	}
	return false
}

// anyone adds the party of everybody where only conditions say who it is: "any principal of
// organization o-…".
func (rd *Reading) anyone() {
	for _, p := range rd.Parties {
		if p.Type == "AWS" && !rd.Refused(p) || p.Type == "Federated" {
			return
		}
	}
	for _, w := range rd.Where {
		switch w.Key {
		case "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:PrincipalArn":
			if rd.onlyServices() && w.Key == "aws:PrincipalOrgID" {
				rd.renameConstraint("aws:PrincipalOrgID", "aws:SourceOrgID")
				return
			}
			p := party.Party{Principal: intent.Principal{Type: "AWS", ID: "*", Span: w.Span}}
			p.From = rd.TokenAt(w.Span.Start)
			p.To = p.From + 1
			rd.AddParty(p)
			return
		}
	}
}

func (rd *Reading) onlyServices() bool {
	for _, p := range rd.Parties {
		if p.Type == "Service" && !rd.Refused(p) {
			return !rd.PhraseAny("principal", "everyone", "anyone", "role", "user", "anybody", "account")
		}
	}
	return false
}

func (rd *Reading) renameConstraint(from, to string) {
	for n := range rd.Where {
		if rd.Where[n].Key == from {
			rd.Where[n].Key = to
		}
	}
}

// TokenAt returns the token at or behind an offset of the text.
func (rd *Reading) TokenAt(offset int) int {
	for i, t := range rd.Tokens {
		if t.End > offset {
			return i
		}
	}
	return 0
}

// callersTags: who assumes a role is a principal, so tags that the words give to users and
// roles are tags of the principal; those of a certificate are mapped by Roles Anywhere.
func (rd *Reading) callersTags() {
	for n := range rd.Where {
		w := &rd.Where[n]
		if tag, ok := strings.CutPrefix(w.Key, "aws:ResourceTag/"); ok {
			w.Key = "aws:PrincipalTag/" + tag
			for _, p := range rd.Parties {
				if p.Service == "rolesanywhere" && slices.Contains([]string{"CN", "OU", "O", "C", "L", "ST", "DC"}, tag) {
					w.Key = "aws:PrincipalTag/x509Subject/" + tag
				}
				if p.Service == "pods.eks" {
					w.Key = "aws:RequestTag/" + tag
				}
			}
		}
	}
}

// callersMFA reads MFA that stands beside the callers without a word that leads to it: "…, MFA
// within the last hour".
func (rd *Reading) callersMFA() {
	if rd.HasConstraint("aws:MultiFactorAuthPresent") {
		return
	}
	for i := range rd.Tokens {
		if rd.Tokens[i].Taken || !rd.Word(i, "mfa", "2fa", "multi-factor") {
			continue
		}
		n := rd.ClauseOf(i)
		if n < 0 || rd.refuses(i, rd.Clauses[n].To) || rd.refuses(max(rd.Clauses[n].From, i-2), i) || rd.Within(i, min(i+4, len(rd.Tokens)), "optional", "unnecessary") {
			continue
		}
		age, test, to := rd.Age(i + 1)
		if age > 0 {
			rd.Require(i, to, "age of MFA", intent.Constraint{Key: "aws:MultiFactorAuthAge", Test: test, Values: []string{strconv.Itoa(age)}})
		}
		rd.Require(i, max(to, i+1), "MFA", intent.Constraint{Key: "aws:MultiFactorAuthPresent", Values: []string{"true"}})
		return
	}
}

// markTrustWords marks the words that say what a trust policy says by itself.
func (rd *Reading) markTrustWords() {
	for i := range rd.Tokens {
		if rd.Word(i, "assume", "assumes", "assumed", "assuming", "trust", "trusts", "trusted", "relationship", "assumable", "usable", "use", "used", "uses", "role", "roles", "deputy", "confused", "protection", "jump", "take", "principal", "principals", "execution", "service", "session", "sessions", "sts", "federated", "federation", "federate", "web", "identity", "repo", "repos", "repository", "repositories", "project", "pipelines", "reusable", "tasks", "machines", "jobs", "job", "pods", "schedule", "schedules", "anchor", "cert", "certificate", "functions", "instances", "containers", "cross", "source", "arn", "oidc", "id", "client", "provider", "deny", "allow", "switch", "sign", "running") || rd.Word(i, party.People...) {
			rd.Tokens[i].Used = true
		}
		if a, ok := rd.Literal(i, token.ActionLiteral); ok && (strings.HasPrefix(a, "sts:") || strings.HasPrefix(a, "aws:Source")) {
			rd.Tokens[i].Used = true
		}
	}
}
