package guard

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// ReadBoundary reads a permissions boundary: the most that its holder can be granted. It allows
// what the words name, service by service or action by action, and denies what they forbid.
func (rd *Reading) ReadBoundary() {
	g := rd.startGuards()
	g.readExemptions()
	open := g.openEnded()
	for n := range g.Clauses {
		g.Clauses[n].Effect = policy.Allow
		if g.modes[n] == guardForbid && g.onlyCloses(n) {
			g.modes[n] = guardContext
			g.Clauses[n].Closer = true
		}
		if g.modes[n] != guardForbid {
			g.Clauses[n].Negative = false
		}
		g.Clauses[n].Closer = g.Clauses[n].Closer || g.modes[n] == guardExempt
	}
	g.buildUnits()
	g.Units = keepUnits(g.Units, func(u object.Unit) bool { return g.modes[u.Clause] == guardForbid })
	var denies []guard
	for _, u := range g.Units {
		if u.Subject {
			continue
		}
		for _, grant := range g.resolve(u) {
			denies = append(denies, guard{grant, u})
		}
	}
	guards := g.Units
	allows := g.ceiling(open)
	g.Units = guards
	rd.Out.Grants = append(rd.Out.Grants, allows...)
	var list []intent.Grant
	for _, d := range denies {
		list = append(list, g.qualify(d)...)
	}
	list = append(list, g.exceptDenies(open)...)
	rd.Out.Grants = append(rd.Out.Grants, mergeGuards(list)...)
	g.closeBoundary()
}

func keepUnits(list []object.Unit, keep func(object.Unit) bool) []object.Unit {
	var out []object.Unit
	for _, u := range list {
		if keep(u) {
			out = append(out, u)
		}
	}
	return out
}

// closeBoundary asks where nothing is allowed: such a boundary would forbid everything.
func (g *guarding) closeBoundary() {
	for _, x := range g.Out.Grants {
		if x.Effect != policy.Deny {
			return
		}
	}
	if len(g.Out.Grants) == 0 {
		g.Ask(g.Span(0, len(g.Tokens)), "What may the holder of the boundary have at most? Name the services or actions.")
		return
	}
	span := g.Span(0, len(g.Tokens))
	g.Assume(true, span, "The boundary allows everything that it does not deny.")
	all := intent.Grant{Effect: policy.Allow, Span: span, Actions: []intent.Action{{Name: "*", Because: "a boundary that only denies would leave nothing", Span: span, Wide: true}}}
	g.Out.Grants = append([]intent.Grant{all}, g.Out.Grants...)
}

// openEnded returns the clause that allows everything ("anything goes", "everything but iam"),
// or -1.
func (g *guarding) openEnded() int {
	for n, c := range g.Clauses {
		if g.modes[n] == guardExempt || g.modes[n] == guardForbid || g.onlyCloses(n) || g.pointsBack(n) {
			continue
		}
		if g.saysEverything(c.From, c.To) && len(g.servicesIn(c.From, c.To)) == 0 || g.inClause(n, "admin", "administrator", "poweruser", "unrestricted") || g.inClause(n, "full") && g.inClause(n, "access") && len(g.servicesIn(c.From, c.To)) == 0 {
			return n
		}
	}
	return -1
}

// pointsBack says that a clause only speaks of what others name: "(everything in them)", "all
// actions of these three".
func (g *guarding) pointsBack(n int) bool {
	return g.inClause(n, "them", "these", "those", "it", "said", "listed", "named", "mentioned", "above")
}

// onlyCloses says that a clause merely closes the list: "nothing else", "nothing in other regions".
func (g *guarding) onlyCloses(n int) bool {
	if g.conditionIn(n) || g.guardsByVerb(n) {
		return false
	}
	rest := g.inClause(n, "else", "other", "others", "beyond", "more", "elsewhere", "nowhere", "outside")
	if g.inClause(n, "everything", "anything", "all", "any", "the") && (rest || g.inClause(n, "rest", "remaining", "remainder")) {
		return len(g.servicesIn(g.Clauses[n].From, g.Clauses[n].To)) == 0 && !g.inClause(n, "allowed", "fine", "ok", "okay", "permitted", "can", "may")
	}
	return rest && g.inClause(n, "nothing", "no", "nowhere", "none", "not", "never")
}

func (g *guarding) guardsByVerb(n int) bool {
	c := g.Clauses[n]
	for i := c.From; i < c.To; i++ {
		if _, ok := g.guardVerb(i, c); ok && !g.listed("usage", i) {
			return true
		}
	}
	return false
}

// exceptDenies denies the services that are taken out of everything.
func (g *guarding) exceptDenies(open int) []intent.Grant {
	var out []intent.Grant
	for n, c := range g.Clauses {
		if g.modes[n] != guardExempt {
			continue
		}
		names := g.servicesIn(c.From, c.To)
		if open < 0 || len(names) == 0 {
			continue
		}
		g.Use(c.From, c.To)
		grant := intent.Grant{Effect: policy.Deny, Span: g.Span(c.From, c.To)}
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
		c := g.Clauses[open]
		u := object.Unit{Clause: open, From: c.From, To: c.To}
		grant := intent.Grant{Effect: policy.Allow, Span: g.Span(c.From, c.To), Actions: []intent.Action{{Name: "*", Because: "everything, within the boundary", Span: g.Span(c.From, c.To), Wide: true}}}
		g.Constrain(&grant, u)
		g.Use(c.From, c.To)
		out = append(out, grant)
	}
	detailed := map[string]bool{}
	var single []intent.Grant
	for i := range g.Units {
		g.verbsAsServices(&g.Units[i])
	}
	for _, u := range g.Units {
		if u.Clause == open || u.Negative || g.modes[u.Clause] != guardForbid && g.onlyCloses(u.Clause) || g.onlyNames(u) || len(u.Verbs) == 0 && len(g.groups(u.From, u.To)) == 0 {
			continue
		}
		if reads := g.readOnly(u); len(reads) > 0 {
			single = append(single, reads...)
			continue
		}
		for _, grant := range g.UnitGrants(u) {
			grant.Effect = policy.Allow
			g.Constrain(&grant, u)
			single = append(single, grant)
			for _, a := range grant.Actions {
				prefix, local, _ := strings.Cut(a.Name, ":")
				detailed[prefix] = detailed[prefix] || local != "*"
			}
		}
	}
	for _, u := range g.Units {
		if u.Clause != open && !u.Negative && g.onlyNames(u) {
			out = append(out, g.namedServices(u, detailed)...)
		}
	}
	return append(out, single...)
}

// verbsAsServices gives back the names of services that were read as verbs: the "logs" of
// "cloudwatch, logs and ec2".
func (g *guarding) verbsAsServices(u *object.Unit) {
	kept := u.Verbs[:0:0]
	for _, v := range u.Verbs {
		if g.namesService(v.At) && (g.Punct(v.At-1, ",+") || g.Is("conjunction", v.At-1)) {
			u.From = min(u.From, v.At)
			continue
		}
		kept = append(kept, v)
	}
	u.Verbs = kept
}

// splitBoundaryUnits reads the verbs of the clauses that allow, as for permissions; brackets
// stand apart again.
func (g *guarding) splitBoundaryUnits() {
	clauses, modes := g.Clauses, g.modes
	g.Clauses, g.modes = nil, nil
	for n, c := range clauses {
		from := c.From
		add := func(to int) {
			if to > from {
				part := c
				part.From, part.To = from, to
				g.Clauses = append(g.Clauses, part)
				g.modes = append(g.modes, modes[n])
			}
			from = to + 1
		}
		for i := c.From; i < c.To; i++ {
			if g.Punct(i, "()") {
				add(i)
			}
		}
		add(c.To)
	}
	g.relocate()
	negatives := make([]bool, len(g.Clauses))
	for n := range g.Clauses {
		if g.modes[n] == guardForbid {
			negatives[n], g.Clauses[n].Closer = true, true
		}
	}
	g.SplitUnits()
	for n := range g.Clauses {
		if negatives[n] {
			g.Clauses[n].Closer = false
		}
	}
	g.Clauses, g.modes = clauses, modes
	for k := range g.Units {
		if at := g.firstToken(g.Units[k]); at >= 0 {
			g.Units[k].Clause = g.ClauseOf(at)
		}
	}
	g.relocate()
}

func (g *guarding) firstToken(u object.Unit) int {
	if len(u.Verbs) > 0 && !u.Aside {
		return u.Verbs[0].At
	}
	if u.From < len(g.Tokens) {
		return u.From
	}
	return -1
}

// onlyNames says that a unit names services and asks for nothing in particular.
func (g *guarding) onlyNames(u object.Unit) bool {
	if g.everythingIn(u) {
		return true
	}
	for _, v := range u.Verbs {
		if !g.listed("usage", v.At) && !v.In("manage") && !v.Level {
			return false
		}
	}
	u.Groups = g.groups(u.From, u.To)
	named := false
	for _, x := range u.Groups {
		for _, i := range append(append([]int{}, x.Head...), x.Mods...) {
			switch {
			case g.partOfService(i):
				named = true
			case g.listed("generic", i), g.listed("usage", i), g.Word(i, "full", "most", "max", "maximum", "ceiling", "limit", "cap", "upper", "least"):
			default:
				return false
			}
		}
	}
	return named && !g.saysRead(u)
}

// everythingIn says that the words of a unit give everything in the services it names, and name
// nothing in them: "do whatever they like in ecs and ecr".
func (g *guarding) everythingIn(u object.Unit) bool {
	if !g.saysEverything(g.Clauses[u.Clause].From, u.To) || len(g.servicesIn(u.From, u.To)) == 0 || g.saysRead(u) {
		return false
	}
	for i := u.From; i < u.To; i++ {
		if t := g.Tokens[i]; t.Kind != token.Word && t.Kind != token.Punct || t.Typed != nil {
			return false
		}
	}
	return true
}

func (g *guarding) saysRead(u object.Unit) bool {
	return g.inClause(u.Clause, "read-only", "readonly", "read", "ro", "view", "list", "write")
}

// readOnly bounds services to the actions that only read.
func (g *guarding) readOnly(u object.Unit) []intent.Grant {
	names := g.servicesIn(u.From, u.To)
	if len(names) == 0 || !g.readsAt(u) {
		return nil
	}
	grant := intent.Grant{Effect: policy.Allow, Span: g.Span(u.From, u.To)}
	for _, p := range names {
		for _, pattern := range []string{"BatchGet*", "Describe*", "Get*", "List*"} {
			if len(g.Catalog.Expand(p+":"+pattern)) > 0 {
				grant.Actions = append(grant.Actions, intent.Action{Name: p + ":" + pattern, Because: "reading, within the boundary", Span: grant.Span, Wide: true})
			}
		}
	}
	g.Use(g.Clauses[u.Clause].From, g.Clauses[u.Clause].To)
	g.Constrain(&grant, u)
	return []intent.Grant{grant}
}

// readsAt says that the level nearest before the services of a unit is to read.
func (g *guarding) readsAt(u object.Unit) bool {
	for i := u.To - 1; i >= g.Clauses[u.Clause].From; i-- {
		switch {
		case g.Word(i, "read-only", "readonly", "ro", "view"):
			return true
		case i < u.From && g.Word(i, "full", "everything", "anything", "unlimited", "unrestricted"):
			return false
		}
	}
	return false
}

// namedServices allows every action of the services that a unit names, except those that other words
// spell out.
func (g *guarding) namedServices(u object.Unit, detailed map[string]bool) []intent.Grant {
	span := g.Span(u.From, u.To)
	grant := intent.Grant{Effect: policy.Allow, Span: span}
	for _, p := range g.servicesIn(u.From, u.To) {
		if !detailed[p] {
			grant.Actions = append(grant.Actions, intent.Action{Name: p + ":*", Because: "the service as a whole, within the boundary", Span: span, Wide: true})
		}
	}
	if len(grant.Actions) == 0 {
		return nil
	}
	g.Use(g.Clauses[u.Clause].From, g.Clauses[u.Clause].To)
	g.Constrain(&grant, u)
	return []intent.Grant{grant}
}
