package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// removable returns the names of the actions that the verbs of the segment mean, or nil.
func (f *followup) removable() map[string]bool {
	names := map[string]bool{}
	f.nominals(names)
	for _, g := range f.out.Grants {
		if f.verbs() == 0 && !f.denying() {
			break
		}
		for _, a := range g.Actions {
			names[strings.ToLower(a.Name)] = true
		}
	}
	for _, u := range f.units {
		if len(u.verbs) == 0 && !f.explicit(u) {
			continue
		}
		for _, g := range f.unitGrants(u) {
			for _, a := range g.Actions {
				if a.Span != (intent.Span{}) {
					names[strings.ToLower(a.Name)] = true
				}
			}
		}
		for i := range u.verbs {
			f.byClass(u, &u.verbs[i], names)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return names
}

// nominals adds the actions that nouns made of verbs name: "no bucket deletion".
func (f *followup) nominals(names map[string]bool) {
	for i := range f.tokens {
		if f.tokens[i].kind != wordToken || f.tokens[i].taken || f.clauseOf(i) < 0 {
			continue
		}
		stem, classes := f.nominal(f.tokens[i].lower)
		if s, c := f.verbClasses(f.tokens[i].lower); len(classes) == 0 && f.verbs() == 0 && !f.is("stop", i) {
			stem, classes = s, c
		}
		if len(classes) == 0 || f.linkAt[i] >= 0 {
			continue
		}
		c := f.clauseOf(i)
		u := unit{clause: c, from: f.clause[c].from, to: f.clause[c].to}
		v := verb{at: i, end: i + 1, stem: stem, classes: classes}
		was := f.tokens[i].taken
		f.tokens[i].taken = true
		u.groups = f.groupsOf(u.from, u.to)
		f.tokens[i].taken = was
		f.byClass(u, &v, names)
		for gi := range u.groups {
			ms, ok := f.bestMatch(u, &v, u.groups, gi)
			if !ok {
				continue
			}
			for _, g := range f.grantOf(u, &v, ms[0]) {
				for _, a := range g.Actions {
					names[strings.ToLower(a.Name)] = true
				}
			}
		}
	}
}

func (f *followup) explicit(u unit) bool {
	for i := u.from; i < u.to; i++ {
		if f.actionNames(i) != nil {
			return true
		}
	}
	return false
}

// byClass adds the actions of the intent that do what a verb without an object of its own says.
func (f *followup) byClass(u unit, v *verb, names map[string]bool) {
	for _, g := range u.groups {
		if len(g.head) > 0 {
			return
		}
	}
	write := slices.Contains([]string{"write", "modify", "change", "mutate", "edit"}, v.stem)
	for _, g := range f.e.in.Grants {
		for _, a := range g.Actions {
			ca, ok := f.Catalog.Action(a.Name)
			if !ok {
				continue
			}
			first := derive(ca).verb
			hit := write && (ca.Level == catalog.Write || ca.Level == catalog.Tagging || ca.Level == catalog.PermissionsManagement)
			hit = hit || v.in("read") && slices.Contains([]string{"read", "view", "look"}, v.stem) && (ca.Level == catalog.Read || ca.Level == catalog.List)
			for _, c := range v.classes {
				for rank, api := range f.Lexicon.APIVerbs(c) {
					hit = hit || strings.EqualFold(api, first) && (rank < 3 || catalog.Stem(first) == v.stem)
				}
				break
			}
			if hit {
				names[strings.ToLower(ca.String())] = true
			}
		}
	}
}

// dropActions removes the actions that the verbs name; where a pattern grants them, they are
// denied; where only one of several resources is meant, they are denied on it.
func (f *followup) dropActions(names []int) bool {
	actions := f.removable()
	if actions == nil {
		return false
	}
	only := f.targetsIn(0, len(f.tokens))
	elsewhere := func(g intent.Grant) bool {
		return len(only) > 0 && slices.ContainsFunc(g.Targets, func(t intent.Target) bool {
			return !slices.ContainsFunc(only, func(o intent.Target) bool { return o.Holds(t) })
		})
	}
	deny := intent.Grant{Effect: policy.Deny, Span: f.all()}
	for _, g := range f.e.in.Grants {
		for _, a := range g.Actions {
			pattern := strings.Contains(a.Name, "*")
			if g.Effect == policy.Deny || !pattern && !elsewhere(g) {
				continue
			}
			for _, ca := range f.Catalog.Expand(a.Name) {
				if actions[strings.ToLower(ca.String())] {
					deny.Actions = append(deny.Actions, intent.Action{Name: ca.String(), Because: "taken out again", Span: deny.Span})
				}
			}
		}
	}
	n := f.e.in.DropActions(func(g intent.Grant, a intent.Action) bool {
		return actions[strings.ToLower(a.Name)] && !elsewhere(g) && (g.Effect != policy.Deny || f.denying())
	})
	if len(deny.Actions) > 0 {
		deny.Targets = only
		f.e.in.Grants = append(f.e.in.Grants, deny)
		n++
	}
	if n == 0 {
		return false
	}
	f.use(0, len(f.tokens))
	f.e.did("took actions away")
	return true
}
