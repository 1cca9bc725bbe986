package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// matched finds the wordings of the phrasebooks for one object, as a request for permissions
// would, but keeps only what changes something unless the verb reads.
func (g *guarding) matched(u unit, v *verb, gi int) []intent.Grant {
	ms, ok := g.guardMatch(u, v, gi)
	if !ok {
		return nil
	}
	var out []intent.Grant
	for _, m := range ms {
		if v.end == v.at && !g.usesHead(m, u.groups[gi]) {
			continue
		}
		grant := intent.Grant{Effect: policy.Deny, Span: g.span(min(v.at, u.from), max(v.end, u.to))}
		for _, name := range g.actionsOf(m, v) {
			grant.Actions = append(grant.Actions, intent.Action{Name: name, Because: "what the words name", Span: grant.Span, Wide: true})
		}
		for _, i := range m.used {
			g.tokens[i].used = true
		}
		for _, a := range grant.Actions {
			for _, more := range g.lex.Also(a.Name) {
				grant.Actions = append(grant.Actions, intent.Action{Name: more, Because: "without it the Deny of " + a.Name + " leaves a hole", Span: grant.Span, Wide: true})
			}
		}
		if len(grant.Actions) > 0 {
			grant.Targets = g.guardTargets(grant.Actions, u)
			out = append(out, grant)
		}
	}
	return out
}

// guardMatch finds the wordings for one object without letting the other objects speak. An
// action whose own name says all of it comes before a task that says more.
func (g *guarding) guardMatch(u unit, v *verb, gi int) ([]match, bool) {
	var hidden []int
	for j, x := range u.groups {
		for _, i := range append(append([]int{}, x.head...), x.mods...) {
			if j != gi && !g.tokens[i].taken && !g.partOfService(i) {
				g.tokens[i].taken = true
				hidden = append(hidden, i)
			}
		}
	}
	defer func() {
		for _, i := range hidden {
			g.tokens[i].taken = false
		}
	}()
	groups := u.groups[gi : gi+1]
	ms, ok := g.bestMatch(u, v, groups, 0)
	if !ok || ms[0].task == nil || v.in("read") || v.in("list") {
		return ms, ok
	}
	b, s := g.book(ms[0].service), g.scene(u, v, groups, 0)
	best, top := match{}, 2.5
	for i := range b.derived {
		d := &b.derived[i]
		if m, ok := g.matchDerived(b, d, s); ok && m.score > top && (m.exact || v.in(d.verb) && (d.verb == "create" || d.verb == "delete")) && saidInFull(b, d, s) {
			best, top = m, m.score
		}
	}
	if best.action != nil {
		return []match{best}, true
	}
	return ms, true
}

// saidInFull says that the object's own words are all that an action's name needs.
func saidInFull(b *phrasebook, d *derived, s scene) bool {
	found := false
	for _, n := range d.nouns {
		if _, ok := s.head[n]; ok {
			found = true
		} else if !b.own[n] && !b.everywhere(n) {
			return false
		}
	}
	return found
}

// everywhere says that a word stands in so many action names of a service that nobody says it:
// the "DB" of every database action.
func (b *phrasebook) everywhere(noun string) bool {
	count := 0
	for i := range b.derived {
		for _, n := range b.derived[i].nouns {
			if n == noun {
				count++
				break
			}
		}
	}
	return 4*count > len(b.derived)
}

// usesHead says that a wording explains a word of the object itself.
func (g *guarding) usesHead(m match, x group) bool {
	for _, i := range m.used {
		for _, h := range x.head {
			if i == h {
				return true
			}
		}
	}
	return false
}

// actionsOf lists the actions of a match that a guard denies.
func (g *guarding) actionsOf(m match, v *verb) []string {
	var out []string
	if m.task == nil {
		out = append(out, m.action.String())
		if v.in("harm") || v.in("update") && !v.in("create") {
			out = append(out, g.sameObject(m.action, v)...)
		}
		return out
	}
	for _, d := range m.task.Do {
		for _, name := range d.Actions {
			a, ok := g.Catalog.Action(name)
			if ok && (v.in("read") || v.in("list") || a.Level != catalog.Read && a.Level != catalog.List) {
				out = append(out, a.String())
			}
		}
	}
	return out
}

// sameObject lists the other actions of the service that do something of the kind to the same
// thing: who may not change a rule must not replace it either.
func (g *guarding) sameObject(a *catalog.Action, v *verb) []string {
	s, ok := g.Catalog.Service(a.Service)
	if !ok {
		return nil
	}
	first, nouns := g.apiVerbs(v), strings.Join(derive(a).nouns, " ")
	var out []string
	for _, other := range s.Actions {
		d := derive(other)
		if other != a && first[d.verb] && strings.Join(d.nouns, " ") == nouns && other.Level != catalog.Read && other.Level != catalog.List {
			out = append(out, other.String())
		}
	}
	return out
}
