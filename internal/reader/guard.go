package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// A guardMode says what a clause does in a request for a policy that forbids.
type guardMode int

const (
	guardContext guardMode = iota // who, where and why
	guardForbid                   // "nobody may …", "deny …"
	guardOblige                   // "only …", "must …": forbidden unless something holds
	guardPermit                   // "roles are fine": says what is not meant
	guardExempt                   // "except …", "role X is exempt"
)

// A guarding is the reading of what a request forbids.
type guarding struct {
	*reading
	lex     *lexicon.Guards
	modes   []guardMode // by clause
	exempts []exemption
	spared  []string // service patterns that a Deny of everything leaves out
	scope   []string // services that a heading names: "RCP for s3 and sqs: …"
	bounds  []int    // clauses that name all that is allowed
}

// An exemption is who or what a Deny does not reach.
type exemption struct {
	clause int
	intent.Constraint
}

// A guard is one Deny on its way, with the unit it was read from.
type guard struct {
	intent.Grant
	unit unit
}

// readDenials reads a document that only takes away: a service control policy, which says what
// nobody in the accounts may do, or an identity-based policy of denials alone.
func (rd *reading) readDenials() {
	g := rd.startGuards()
	rd.out.Grants = append(rd.out.Grants, g.read()...)
	g.finish()
}

// startGuards takes the words about the document itself and splits the rest into clauses.
func (rd *reading) startGuards() *guarding {
	g := &guarding{reading: rd, lex: lexicon.DefaultGuards()}
	g.takeKind()
	g.takeAttachment()
	g.freeRegions()
	g.freeServices()
	g.freeObjects()
	g.split()
	g.requestTags()
	for _, c := range g.where {
		if prefix, _, ok := strings.Cut(c.Key, ":"); ok && prefix != "aws" {
			g.named[prefix] += 10 // a condition of a service says which service is meant
		}
	}
	return g
}

// read returns everything that is forbidden.
func (g *guarding) read() []intent.Grant {
	g.readExemptions()
	g.readSpared()
	g.readScope()
	g.buildUnits()
	var found []guard
	for _, u := range g.units {
		if u.subject || !g.forbids(u.clause) {
			continue
		}
		for _, grant := range g.resolve(u) {
			found = append(found, guard{grant, u})
		}
	}
	found = append(found, g.bare(found)...)
	var out []intent.Grant
	for _, f := range found {
		out = append(out, g.qualify(f)...)
	}
	return mergeGuards(out)
}

func (g *guarding) forbids(clause int) bool {
	return g.modes[clause] == guardForbid || g.modes[clause] == guardOblige
}

// finish asks where nothing was found and hands the clauses over to the ledger.
func (g *guarding) finish() {
	for n := range g.clause {
		g.clause[n].negative = false
		g.clause[n].closer = !g.forbids(n)
		if g.clause[n].closer {
			g.use(g.clause[n].from, g.clause[n].to)
		}
	}
	if len(g.out.Questions) > 0 {
		g.out.Grants = slices.DeleteFunc(g.out.Grants, func(x intent.Grant) bool {
			return x.Effect == policy.Deny && len(x.Actions) == 1 && x.Actions[0].Name == "*" && len(x.Where)+len(x.Unless)+len(x.Targets) == 0
		})
	}
	if len(g.out.Grants) == 0 && len(g.out.Questions) == 0 {
		g.ask(g.span(0, len(g.tokens)), "What shall be forbidden? Name the actions or the services.")
	}
}

// bare reads clauses that name a condition and no action: "only from our network", "MFA
// required". They speak about every action of the services in scope.
func (g *guarding) bare(found []guard) []guard {
	var out []guard
	for n, c := range g.clause {
		if !g.forbids(n) || hasGuard(found, func(u unit) bool { return g.clause[u.clause].sentence == c.sentence }) {
			continue
		}
		if !g.conditioned(n) && !g.saysEverything(c.from, c.to) {
			continue
		}
		u := unit{clause: n, from: c.from, to: c.to}
		for _, grant := range g.everything(u) {
			out = append(out, guard{grant, u})
		}
	}
	return out
}

func hasGuard(list []guard, test func(unit) bool) bool {
	for _, x := range list {
		if test(x.unit) {
			return true
		}
	}
	return false
}

// conditioned says that a condition stands in the clause, or in its sentence.
func (g *guarding) conditioned(n int) bool {
	for _, c := range g.where {
		if c.clause >= 0 && g.clause[c.clause].sentence == g.clause[n].sentence {
			return true
		}
	}
	return false
}

// everything denies all actions of the services in scope, or all there are.
func (g *guarding) everything(u unit) []intent.Grant {
	grant := intent.Grant{Effect: policy.Deny, Span: g.span(u.from, u.to)}
	names := g.scope
	because := "the request is about every action of these services"
	switch {
	case len(names) > 0:
	case g.out.Kind == policy.ResourceControl:
		names = g.allServices()
	case len(g.spared) > 0:
		grant.NotActions = append(grant.NotActions, g.spared...)
		return []intent.Grant{grant}
	default:
		names, because = []string{"*"}, "the request is about every action"
	}
	for _, name := range names {
		grant.Actions = append(grant.Actions, intent.Action{Name: wholeService(name), On: []string{"*"}, Because: because, Span: grant.Span, Wide: true})
	}
	return []intent.Grant{grant}
}

func wholeService(prefix string) string {
	if prefix == "*" {
		return "*"
	}
	return prefix + ":*"
}

// allServices are the services that a resource control policy reaches, without the spared ones.
func (g *guarding) allServices() []string {
	var out []string
	for _, p := range g.lex.List("rcp") {
		if !containsFold(g.spared, p+":*") {
			out = append(out, p)
		}
	}
	return out
}

// word classes of guards, by token.
func (g *guarding) listed(list string, i int) bool {
	return i >= 0 && i < len(g.tokens) && g.tokens[i].kind == wordToken && g.lex.Is(list, g.tokens[i].lower)
}
