package reader

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// readTrust reads who may assume a role.
func (rd *reading) readTrust() {
	rd.splitUnits()
	rd.anyone()
	rd.settleParties()
	rd.callersTags()
	rd.callersMFA()
	rd.trustSources()
	var allowed, refused []party
	for _, p := range rd.parties {
		if rd.refused(p) {
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
			g.Where = append(g.Where, p.where...)
			rd.addTrust(g)
		}
	}
	if len(allowed)+len(refused) == 0 && len(rd.out.Questions) == 0 {
		rd.ask(rd.span(0, len(rd.tokens)), "Who may assume the role: an AWS service, an account, a role or user, or an identity provider?")
	}
	rd.markTrustWords()
}

// trustGrant writes what one party may do, or may not.
func (rd *reading) trustGrant(p party, effect policy.Effect) intent.Grant {
	names := p.actions
	if len(names) == 0 {
		names = []string{"sts:AssumeRole"}
	}
	g := intent.Grant{Effect: effect, Principals: []intent.Principal{p.Principal}, Span: p.Span, Where: slices.Clone(p.where)}
	if p.Type != "Service" || p.service == "rolesanywhere" || p.service == "pods.eks" {
		for _, a := range rd.extraActions {
			if !slices.Contains(names, a) {
				names = append(slices.Clone(names), a)
			}
		}
	}
	for _, a := range names {
		g.Actions = append(g.Actions, intent.Action{Name: a, Because: "the principal may assume the role", Span: p.Span})
	}
	for _, c := range rd.where {
		if rd.reachesParty(c, p) && (fitsParty(c.Key, p) || !rd.fitsAny(c)) {
			if c.unless && effect == policy.Deny {
				g.Unless = append(g.Unless, c.Constraint)
				continue
			}
			g.Where = append(g.Where, rd.limitActions(c.Constraint, g.Actions))
		}
	}
	return g
}

// limitActions keeps conditions that only one of several actions can meet to that action.
func (rd *reading) limitActions(c intent.Constraint, actions []intent.Action) intent.Constraint {
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
func (rd *reading) addTrust(g intent.Grant) {
	for n := range rd.out.Grants {
		other := &rd.out.Grants[n]
		if other.Effect == g.Effect && sameActions(other.Actions, g.Actions) && sameConstraints(other.Where, g.Where) && len(other.Unless)+len(g.Unless) == 0 && !slices.ContainsFunc(other.Principals, func(p intent.Principal) bool { return p.ID == "*" }) {
			for _, p := range g.Principals {
				if !slices.ContainsFunc(other.Principals, func(q intent.Principal) bool { return q.Type == p.Type && q.ID == p.ID }) {
					other.Principals = append(other.Principals, p)
				}
			}
			return
		}
	}
	rd.out.Grants = append(rd.out.Grants, g)
}

func sameActions(a, b []intent.Action) bool {
	return slices.EqualFunc(a, b, func(x, y intent.Action) bool { return x.Name == y.Name })
}

func sameConstraints(a, b []intent.Constraint) bool {
	return slices.EqualFunc(a, b, func(x, y intent.Constraint) bool {
		return x.Key == y.Key && x.Test == y.Test && x.Set == y.Set && slices.Equal(x.Values, y.Values)
	})
}

// reachesParty: a condition holds for the parties of its clause; in a clause without any, for
// those of the sentence; in a sentence without any, for all.
func (rd *reading) reachesParty(c scoped, p party) bool {
	own := rd.clauseOf(p.from)
	if c.whole || c.clause < 0 || own < 0 || c.clause == own {
		return true
	}
	sentence := rd.clause[c.clause].sentence
	inClause, inSentence := false, false
	for _, q := range rd.parties {
		if !fitsParty(c.Key, q) {
			continue
		}
		n := rd.clauseOf(q.from)
		inClause = inClause || n == c.clause
		inSentence = inSentence || n >= 0 && rd.clause[n].sentence == sentence
	}
	switch {
	case inClause:
		return false
	case inSentence:
		return rd.clause[own].sentence == sentence
	}
	return true
}

// fitsAny says whether some party's requests carry the key of a condition; one that fits nobody
// must not be lost: it is written for all.
func (rd *reading) fitsAny(c scoped) bool {
	for _, p := range rd.parties {
		if fitsParty(c.Key, p) && rd.reachesParty(c, p) {
			return true
		}
	}
	return false
}

// fitsParty says whether requests of such a principal carry the key at all: a service has no
// MFA, a role no source account.
func fitsParty(key string, p party) bool {
	source := strings.HasPrefix(key, "aws:SourceArn") || strings.HasPrefix(key, "aws:SourceAccount") || strings.HasPrefix(key, "aws:SourceOrg")
	switch {
	case p.Type == "Service":
		return source || strings.HasPrefix(key, "aws:RequestTag/") || strings.HasPrefix(key, "aws:PrincipalTag/") && p.service == "rolesanywhere" || key == "aws:TagKeys" || key == "sts:SourceIdentity" && p.service == "rolesanywhere"
	case source:
		return false
	case p.Type == "Federated":
		return key != "sts:ExternalId" && !strings.HasPrefix(key, "aws:PrincipalOrg") && !strings.HasPrefix(key, "aws:MultiFactor") && key != "aws:PrincipalAccount"
	}
	return true
}

// refused says that the words shut a party out: "except role X", "not ec2", "nobody from …".
func (rd *reading) refused(p party) bool {
	n := rd.clauseOf(p.from)
	if n < 0 {
		return false
	}
	c := rd.clause[n]
	if c.except && n > 0 && rd.clause[n-1].sentence == c.sentence && rd.onlyBefore(n-1) {
		return false
	}
	if rd.word(p.from-1, "but", "except") && rd.onlyBefore(n) {
		return false
	}
	if c.except {
		return true
	}
	from, to := rd.partOf(p.from, c)
	return rd.refuses(from, to) || rd.refuses(c.from, min(c.from+2, p.from))
}

// partOf returns the tokens between the commas around token i, inside its clause.
func (rd *reading) partOf(i int, c clause) (int, int) {
	from, to := i, i
	for from > c.from && !rd.punct(from-1, ",") {
		from--
	}
	for to < c.to && !rd.punct(to, ",") {
		to++
	}
	return from, to
}

// refuses says that words in [from, to) forbid or deny.
func (rd *reading) refuses(from, to int) bool {
	for i := from; i < to; i++ {
		if rd.is("negator", i) && !rd.harmlessNegator(i) || rd.word(i, "deny", "denies", "denied", "block", "blocks", "blocked", "prevent", "refuse", "forbid", "ban", "reject") {
			return true
		}
	}
	return false
}

// onlyBefore says that clause n shuts everybody out: "nobody except …", "no one but …".
func (rd *reading) onlyBefore(n int) bool {
	c := rd.clause[n]
	return rd.within(c.from, c.to, "nobody", "noone", "none", "no-one", "nothing") || rd.within(c.from, c.to, "no") && rd.within(c.from, c.to, "one", "other", "others", "principal")
}

// covered says that an Allow for another party would let this one in.
func (rd *reading) covered(p party, allowed []party) bool {
	for _, q := range allowed {
		if q.Type == "AWS" && (q.ID == "*" || q.typ == "root" && q.account == p.account || q.ID == p.ID) {
			return true
		}
	}
	return false
}

// anyone adds the party of everybody where only conditions say who it is: "any principal of
// organization o-…".
func (rd *reading) anyone() {
	for _, p := range rd.parties {
		if p.Type == "AWS" && !rd.refused(p) || p.Type == "Federated" {
			return
		}
	}
	for _, w := range rd.where {
		switch w.Key {
		case "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:PrincipalArn":
			if rd.onlyServices() && w.Key == "aws:PrincipalOrgID" {
				rd.renameConstraint("aws:PrincipalOrgID", "aws:SourceOrgID")
				return
			}
			p := party{Principal: intent.Principal{Type: "AWS", ID: "*", Span: w.Span}}
			p.from = rd.tokenAt(w.Span.Start)
			p.to = p.from + 1
			rd.addParty(p)
			return
		}
	}
}

func (rd *reading) onlyServices() bool {
	for _, p := range rd.parties {
		if p.Type == "Service" && !rd.refused(p) {
			return !rd.phraseAny("principal", "everyone", "anyone", "role", "user", "anybody", "account")
		}
	}
	return false
}

func (rd *reading) renameConstraint(from, to string) {
	for n := range rd.where {
		if rd.where[n].Key == from {
			rd.where[n].Key = to
		}
	}
}

func (rd *reading) tokenAt(offset int) int {
	for i, t := range rd.tokens {
		if t.end > offset {
			return i
		}
	}
	return 0
}

// callersTags: who assumes a role is a principal, so tags that the words give to users and
// roles are tags of the principal; those of a certificate are mapped by Roles Anywhere.
func (rd *reading) callersTags() {
	for n := range rd.where {
		w := &rd.where[n]
		if tag, ok := strings.CutPrefix(w.Key, "aws:ResourceTag/"); ok {
			w.Key = "aws:PrincipalTag/" + tag
			for _, p := range rd.parties {
				if p.service == "rolesanywhere" && slices.Contains([]string{"CN", "OU", "O", "C", "L", "ST", "DC"}, tag) {
					w.Key = "aws:PrincipalTag/x509Subject/" + tag
				}
				if p.service == "pods.eks" {
					w.Key = "aws:RequestTag/" + tag
				}
			}
		}
	}
}

// callersMFA reads MFA that stands beside the callers without a word that leads to it: "…, MFA
// within the last hour".
func (rd *reading) callersMFA() {
	if rd.hasConstraint("aws:MultiFactorAuthPresent") {
		return
	}
	for i := range rd.tokens {
		if rd.tokens[i].taken || !rd.word(i, "mfa", "2fa", "multi-factor") {
			continue
		}
		n := rd.clauseOf(i)
		if n < 0 || rd.refuses(i, rd.clause[n].to) || rd.refuses(max(rd.clause[n].from, i-2), i) || rd.within(i, min(i+4, len(rd.tokens)), "optional", "unnecessary") {
			continue
		}
		age, test, to := rd.age(i + 1)
		if age > 0 {
			rd.require(i, to, "age of MFA", intent.Constraint{Key: "aws:MultiFactorAuthAge", Test: test, Values: []string{strconv.Itoa(age)}})
		}
		rd.require(i, max(to, i+1), "MFA", intent.Constraint{Key: "aws:MultiFactorAuthPresent", Values: []string{"true"}})
		return
	}
}

// markTrustWords marks the words that say what a trust policy says by itself.
func (rd *reading) markTrustWords() {
	for i := range rd.tokens {
		if rd.word(i, "assume", "assumes", "assumed", "assuming", "trust", "trusts", "trusted", "relationship", "assumable", "usable", "use", "used", "uses", "role", "roles", "deputy", "confused", "protection", "jump", "take", "principal", "principals", "execution", "service", "session", "sessions", "sts", "federated", "federation", "federate", "web", "identity", "repo", "repos", "repository", "repositories", "project", "pipelines", "reusable", "tasks", "machines", "jobs", "job", "pods", "schedule", "schedules", "anchor", "cert", "certificate", "functions", "instances", "containers", "cross", "source", "arn", "oidc", "id", "client", "provider", "deny", "allow", "switch", "sign", "running") || rd.word(i, people...) {
			rd.tokens[i].used = true
		}
		if a, ok := rd.literal(i, actionLiteral); ok && (strings.HasPrefix(a, "sts:") || strings.HasPrefix(a, "aws:Source")) {
			rd.tokens[i].used = true
		}
	}
}
