package guard

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/wording"
)

// matched finds the wordings of the phrasebooks for one object, as a request for permissions
// would, but keeps only what changes something unless the verb reads.
func (g *guarding) matched(u object.Unit, v *sentence.Verb, gi int) []intent.Grant {
	ms, ok := g.guardMatch(u, v, gi)
	if !ok {
		return nil
	}
	var out []intent.Grant
	for _, m := range ms {
		if v.End == v.At && !g.usesHead(m, u.Groups[gi]) {
			continue
		}
		grant := intent.Grant{Effect: policy.Deny, Span: g.Span(min(v.At, u.From), max(v.End, u.To))}
		for _, name := range g.actionsOf(m, v) {
			grant.Actions = append(grant.Actions, intent.Action{Name: name, Because: "what the words name", Span: grant.Span, Wide: true})
		}
		for _, i := range m.Used {
			g.Tokens[i].Used = true
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
func (g *guarding) guardMatch(u object.Unit, v *sentence.Verb, gi int) ([]wording.Match, bool) {
	var hidden []int
	for j, x := range u.Groups {
		for _, i := range append(append([]int{}, x.Head...), x.Mods...) {
			if j != gi && !g.Tokens[i].Taken && !g.partOfService(i) {
				g.Tokens[i].Taken = true
				hidden = append(hidden, i)
			}
		}
	}
	defer func() {
		for _, i := range hidden {
			g.Tokens[i].Taken = false
		}
	}()
	groups := u.Groups[gi : gi+1]
	ms, ok := g.BestMatch(u, v, groups, 0)
	if !ok || ms[0].Task == nil || v.In("read") || v.In("list") {
		return ms, ok
	}
	b, s := g.Book(ms[0].Service), g.Scene(u, v, groups, 0)
	best, top := wording.Match{}, 2.5
	for i := range b.Derived {
		d := &b.Derived[i]
		if m, ok := g.MatchDerived(b, d, s); ok && m.Score > top && (m.Exact || v.In(d.Verb) && (d.Verb == "create" || d.Verb == "delete")) && saidInFull(b, d, s) {
			best, top = m, m.Score
		}
	}
	if best.Action != nil {
		return []wording.Match{best}, true
	}
	return ms, true
}

// saidInFull says that the object's own words are all that an action's name needs.
func saidInFull(b *sentence.Phrasebook, d *sentence.Derived, s wording.Scene) bool {
	found := false
	for _, n := range d.Nouns {
		if _, ok := s.Head[n]; ok {
			found = true
		} else if !b.Own[n] && !b.Everywhere(n) {
			return false
		}
	}
	return found
}

// usesHead says that a wording explains a word of the object itself.
func (g *guarding) usesHead(m wording.Match, x object.Group) bool {
	for _, i := range m.Used {
		for _, h := range x.Head {
			if i == h {
				return true
			}
		}
	}
	return false
}

// actionsOf lists the actions of a match that a guard denies.
func (g *guarding) actionsOf(m wording.Match, v *sentence.Verb) []string {
	var out []string
	if m.Task == nil {
		out = append(out, m.Action.String())
		if v.In("harm") || v.In("update") && !v.In("create") {
			out = append(out, g.sameObject(m.Action, v)...)
		}
		return out
	}
	for _, d := range m.Task.Do {
		for _, name := range d.Actions {
			a, ok := g.Catalog.Action(name)
			if ok && (v.In("read") || v.In("list") || a.Level != catalog.Read && a.Level != catalog.List) {
				out = append(out, a.String())
			}
		}
	}
	return out
}

// sameObject lists the other actions of the service that do something of the kind to the same
// thing: who may not change a rule must not replace it either.
func (g *guarding) sameObject(a *catalog.Action, v *sentence.Verb) []string {
	s, ok := g.Catalog.Service(a.Service)
	if !ok {
		return nil
	}
	first, nouns := g.apiVerbs(v), strings.Join(sentence.Derive(a).Nouns, " ")
	var out []string
	for _, other := range s.Actions {
		d := sentence.Derive(other)
		if other != a && first[d.Verb] && strings.Join(d.Nouns, " ") == nouns && other.Level != catalog.Read && other.Level != catalog.List {
			out = append(out, other.String())
		}
	}
	return out
}
