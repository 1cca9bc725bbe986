package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// readBoundary reads a permissions boundary: the most that its holder can be granted. It allows
// what the words name, service by service or action by action, and denies what they forbid.
func (rd *reading) readBoundary() {
	g := rd.startGuards()
	g.readExemptions()
	open := g.openEnded()
	for n := range g.clause {
		g.clause[n].effect = policy.Allow
		if g.modes[n] == guardForbid && g.onlyCloses(n) {
			g.modes[n] = guardContext
			g.clause[n].closer = true
		}
		if g.modes[n] != guardForbid {
			g.clause[n].negative = false
		}
		g.clause[n].closer = g.clause[n].closer || g.modes[n] == guardExempt
	}
	g.buildUnits()
	g.units = keepUnits(g.units, func(u unit) bool { return g.modes[u.clause] == guardForbid })
	var denies []guard
	for _, u := range g.units {
		if u.subject {
			continue
		}
		for _, grant := range g.resolve(u) {
			denies = append(denies, guard{grant, u})
		}
	}
	guards := g.units
	allows := g.ceiling(open)
	g.units = guards
	rd.out.Grants = append(rd.out.Grants, allows...)
	var list []intent.Grant
	for _, d := range denies {
		list = append(list, g.qualify(d)...)
	}
	list = append(list, g.exceptDenies(open)...)
	rd.out.Grants = append(rd.out.Grants, mergeGuards(list)...)
	g.closeBoundary()
}

func keepUnits(list []unit, keep func(unit) bool) []unit {
	var out []unit
	for _, u := range list {
		if keep(u) {
			out = append(out, u)
		}
	}
	return out
}

// closeBoundary asks where nothing is allowed: such a boundary would forbid everything.
func (g *guarding) closeBoundary() {
	for _, x := range g.out.Grants {
		if x.Effect != policy.Deny {
			return
		}
	}
	if len(g.out.Grants) == 0 {
		g.ask(g.span(0, len(g.tokens)), "What may the holder of the boundary have at most? Name the services or actions.")
		return
	}
	span := g.span(0, len(g.tokens))
	g.assume(true, span, "The boundary allows everything that it does not deny.")
	all := intent.Grant{Effect: policy.Allow, Span: span, Actions: []intent.Action{{Name: "*", Because: "a boundary that only denies would leave nothing", Span: span, Wide: true}}}
	g.out.Grants = append([]intent.Grant{all}, g.out.Grants...)
}

// openEnded returns the clause that allows everything ("anything goes", "everything but iam"),
// or -1.
func (g *guarding) openEnded() int {
	for n, c := range g.clause {
		if g.modes[n] == guardExempt || g.modes[n] == guardForbid {
			continue
		}
		if g.saysEverything(c.from, c.to) && len(g.servicesIn(c.from, c.to)) == 0 || g.inClause(n, "admin", "administrator", "poweruser", "unrestricted") || g.inClause(n, "full") && g.inClause(n, "access") && len(g.servicesIn(c.from, c.to)) == 0 {
			return n
		}
	}
	return -1
}

// onlyCloses says that a clause merely closes the list: "nothing else", "nothing in other regions".
func (g *guarding) onlyCloses(n int) bool {
	return g.inClause(n, "nothing", "no", "nowhere", "none", "not") && g.inClause(n, "else", "other", "others", "beyond", "more", "elsewhere", "nowhere", "outside") && !g.guardsByVerb(n)
}

func (g *guarding) guardsByVerb(n int) bool {
	c := g.clause[n]
	for i := c.from; i < c.to; i++ {
		if _, ok := g.guardVerb(i, c); ok && !g.listed("usage", i) {
			return true
		}
	}
	return false
}

// exceptDenies denies the services that are taken out of everything.
func (g *guarding) exceptDenies(open int) []intent.Grant {
	var out []intent.Grant
	for n, c := range g.clause {
		if g.modes[n] != guardExempt {
			continue
		}
		names := g.servicesIn(c.from, c.to)
		if open < 0 || len(names) == 0 {
			continue
		}
		g.use(c.from, c.to)
		grant := intent.Grant{Effect: policy.Deny, Span: g.span(c.from, c.to)}
		for _, p := range names {
			grant.Actions = append(grant.Actions, intent.Action{Name: p + ":*", Because: "taken out of everything", Span: grant.Span, Wide: true})
		}
		out = append(out, grant)
	}
	return out
}

// ceiling returns what the boundary allows.
func (g *guarding) ceiling(open int) []intent.Grant {
	g.splitBoundaryUnits()
	var out []intent.Grant
	if open >= 0 {
		c := g.clause[open]
		u := unit{clause: open, from: c.from, to: c.to}
		grant := intent.Grant{Effect: policy.Allow, Span: g.span(c.from, c.to), Actions: []intent.Action{{Name: "*", Because: "everything, within the boundary", Span: g.span(c.from, c.to), Wide: true}}}
		g.constrain(&grant, u)
		g.use(c.from, c.to)
		out = append(out, grant)
	}
	detailed := map[string]bool{}
	var single []intent.Grant
	for _, u := range g.units {
		if u.clause == open || u.negative || g.onlyNames(u) || len(u.verbs) == 0 && len(g.groups(u.from, u.to)) == 0 {
			continue
		}
		if reads := g.readOnly(u); len(reads) > 0 {
			single = append(single, reads...)
			continue
		}
		for _, grant := range g.unitGrants(u) {
			grant.Effect = policy.Allow
			g.constrain(&grant, u)
			single = append(single, grant)
			for _, a := range grant.Actions {
				prefix, local, _ := strings.Cut(a.Name, ":")
				detailed[prefix] = detailed[prefix] || local != "*"
			}
		}
	}
	for _, u := range g.units {
		if u.clause != open && !u.negative && g.onlyNames(u) {
			out = append(out, g.namedServices(u, detailed)...)
		}
	}
	return append(out, single...)
}

// splitBoundaryUnits reads the verbs of the clauses that allow, as for permissions; brackets
// stand apart again.
func (g *guarding) splitBoundaryUnits() {
	clauses, modes := g.clause, g.modes
	g.clause, g.modes = nil, nil
	for n, c := range clauses {
		from := c.from
		add := func(to int) {
			if to > from {
				part := c
				part.from, part.to = from, to
				g.clause = append(g.clause, part)
				g.modes = append(g.modes, modes[n])
			}
			from = to + 1
		}
		for i := c.from; i < c.to; i++ {
			if g.punct(i, "()") {
				add(i)
			}
		}
		add(c.to)
	}
	g.relocate()
	negatives := make([]bool, len(g.clause))
	for n := range g.clause {
		if g.modes[n] == guardForbid {
			negatives[n], g.clause[n].closer = true, true
		}
	}
	g.splitUnits()
	for n := range g.clause {
		if negatives[n] {
			g.clause[n].closer = false
		}
	}
	g.clause, g.modes = clauses, modes
	for k := range g.units {
		if at := g.firstToken(g.units[k]); at >= 0 {
			g.units[k].clause = g.clauseOf(at)
		}
	}
	g.relocate()
}

func (g *guarding) firstToken(u unit) int {
	if len(u.verbs) > 0 && !u.aside {
		return u.verbs[0].at
	}
	if u.from < len(g.tokens) {
		return u.from
	}
	return -1
}

// onlyNames says that a unit names services and asks for nothing in particular.
func (g *guarding) onlyNames(u unit) bool {
	for _, v := range u.verbs {
		if !g.listed("usage", v.at) && !v.in("manage") && !v.level {
			return false
		}
	}
	u.groups = g.groups(u.from, u.to)
	named := false
	for _, x := range u.groups {
		for _, i := range append(append([]int{}, x.head...), x.mods...) {
			switch {
			case g.partOfService(i):
				named = true
			case g.listed("generic", i), g.listed("usage", i), g.word(i, "full", "most", "max", "maximum", "ceiling", "limit", "cap", "upper", "least"):
			default:
				return false
			}
		}
	}
	return named && !g.saysRead(u)
}

func (g *guarding) saysRead(u unit) bool {
	return g.inClause(u.clause, "read-only", "readonly", "read", "ro", "view", "list", "write")
}

// readOnly bounds services to the actions that only read.
func (g *guarding) readOnly(u unit) []intent.Grant {
	names := g.servicesIn(u.from, u.to)
	if len(names) == 0 || !g.inClause(u.clause, "read-only", "readonly", "ro", "view") {
		return nil
	}
	grant := intent.Grant{Effect: policy.Allow, Span: g.span(u.from, u.to)}
	for _, p := range names {
		for _, pattern := range []string{"BatchGet*", "Describe*", "Get*", "List*"} {
			if len(g.Catalog.Expand(p+":"+pattern)) > 0 {
				grant.Actions = append(grant.Actions, intent.Action{Name: p + ":" + pattern, Because: "reading, within the boundary", Span: grant.Span, Wide: true})
			}
		}
	}
	g.use(g.clause[u.clause].from, g.clause[u.clause].to)
	g.constrain(&grant, u)
	return []intent.Grant{grant}
}

// namedServices allows every action of the services that a unit names, except those that other words
// spell out.
func (g *guarding) namedServices(u unit, detailed map[string]bool) []intent.Grant {
	span := g.span(u.from, u.to)
	grant := intent.Grant{Effect: policy.Allow, Span: span}
	for _, p := range g.servicesIn(u.from, u.to) {
		if !detailed[p] {
			grant.Actions = append(grant.Actions, intent.Action{Name: p + ":*", Because: "the service as a whole, within the boundary", Span: span, Wide: true})
		}
	}
	if len(grant.Actions) == 0 {
		return nil
	}
	g.use(g.clause[u.clause].from, g.clause[u.clause].to)
	g.constrain(&grant, u)
	return []intent.Grant{grant}
}
