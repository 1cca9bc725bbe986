// Package guard reads what a request forbids: service control policies, policies of denials, and
// permissions boundaries.
package guard

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/token"
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
	*Reading
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
	unit object.Unit
}

// ReadDenials reads a document that only takes away: a service control policy, which says what
// nobody in the accounts may do, or an identity-based policy of denials alone.
func (rd *Reading) ReadDenials() {
	g := rd.startGuards()
	rd.Out.Grants = append(rd.Out.Grants, g.read()...)
	g.finish()
}

// startGuards takes the words about the document itself and splits the rest into clauses.
func (rd *Reading) startGuards() *guarding {
	g := &guarding{Reading: rd, lex: lexicon.DefaultGuards()}
	g.takeKind()
	g.takeHolder()
	g.takeAttachment()
	g.freeRegions()
	g.freeServices()
	g.freeObjects()
	g.split()
	g.spareOutsideBounds()
	g.confine()
	g.exceptConditions()
	g.requestTags()
	for _, c := range g.Where {
		if prefix, _, ok := strings.Cut(c.Key, ":"); ok && prefix != "aws" {
			g.Named[prefix] += 10 // a condition of a service says which service is meant
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
	for _, u := range g.Units {
		if u.Subject || !g.forbids(u.Clause) {
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
	for n := range g.Clauses {
		g.Clauses[n].Negative = false
		g.Clauses[n].Closer = !g.forbids(n)
		if g.Clauses[n].Closer {
			g.Use(g.Clauses[n].From, g.Clauses[n].To)
		}
	}
	if len(g.Out.Questions) > 0 {
		g.Out.Grants = slices.DeleteFunc(g.Out.Grants, func(x intent.Grant) bool {
			return x.Effect == policy.Deny && len(x.Actions) == 1 && x.Actions[0].Name == "*" && len(x.Where)+len(x.Unless)+len(x.Targets) == 0
		})
	}
	if len(g.Out.Grants) == 0 && len(g.Out.Questions) == 0 {
		g.Ask(g.Span(0, len(g.Tokens)), "What shall be forbidden? Name the actions or the services.")
	}
}

// bare reads clauses that name a condition and no action: "only from our network", "MFA
// required". They speak about every action of the services in scope.
func (g *guarding) bare(found []guard) []guard {
	var out []guard
	for n, c := range g.Clauses {
		if !g.forbids(n) || hasGuard(found, func(u object.Unit) bool { return g.Clauses[u.Clause].Sentence == c.Sentence }) {
			continue
		}
		if !g.conditioned(n) && !g.saysEverything(c.From, c.To) {
			continue
		}
		u := object.Unit{Clause: n, From: c.From, To: c.To}
		for _, grant := range g.everything(u) {
			out = append(out, guard{grant, u})
		}
	}
	return out
}

func hasGuard(list []guard, test func(object.Unit) bool) bool {
	for _, x := range list {
		if test(x.unit) {
			return true
		}
	}
	return false
}

// conditioned says that a condition stands in the clause, or in its sentence.
func (g *guarding) conditioned(n int) bool {
	for _, c := range g.Where {
		if c.Clause >= 0 && g.Clauses[c.Clause].Sentence == g.Clauses[n].Sentence {
			return true
		}
	}
	return false
}

// everything denies all actions of the services in scope, or all there are.
func (g *guarding) everything(u object.Unit) []intent.Grant {
	grant := intent.Grant{Effect: policy.Deny, Span: g.Span(u.From, u.To)}
	names := g.scope
	because := "the request is about every action of these services"
	switch {
	case len(names) > 0:
	case g.Out.Kind == policy.ResourceControl:
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
	return i >= 0 && i < len(g.Tokens) && g.Tokens[i].Kind == token.Word && g.lex.Is(list, g.Tokens[i].Lower)
}
