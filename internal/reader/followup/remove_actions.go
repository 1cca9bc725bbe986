package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// removable returns the names of the actions that the verbs of the segment mean, or nil.
func (f *followup) removable() map[string]bool {
	names := map[string]bool{}
	f.nominals(names)
	for _, g := range f.Out.Grants {
		if f.verbs() == 0 && !f.denying() {
			break
		}
		for _, a := range g.Actions {
			names[strings.ToLower(a.Name)] = true
		}
	}
	for _, u := range f.Units {
		if len(u.Verbs) == 0 && !f.explicit(u) {
			continue
		}
		for _, g := range f.UnitGrants(u) {
			for _, a := range g.Actions {
				if a.Span != (intent.Span{}) {
					names[strings.ToLower(a.Name)] = true
				}
			}
		}
		for i := range u.Verbs {
			f.byClass(u, &u.Verbs[i], names)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return names
}

// nominals adds the actions that nouns made of verbs name: "no bucket deletion".
func (f *followup) nominals(names map[string]bool) {
	for i := range f.Tokens {
		if f.Tokens[i].Kind != token.Word || f.Tokens[i].Taken || f.ClauseOf(i) < 0 {
			continue
		}
		stem, classes := f.Nominal(f.Tokens[i].Lower)
		if s, c := f.VerbClasses(f.Tokens[i].Lower); len(classes) == 0 && f.verbs() == 0 && !f.Is("stop", i) {
			stem, classes = s, c
		}
		if len(classes) == 0 || f.LinkAt[i] >= 0 {
			continue
		}
		c := f.ClauseOf(i)
		u := object.Unit{Clause: c, From: f.Clauses[c].From, To: f.Clauses[c].To}
		v := sentence.Verb{At: i, End: i + 1, Stem: stem, Classes: classes}
		was := f.Tokens[i].Taken
		f.Tokens[i].Taken = true
		u.Groups = f.GroupsOf(u.From, u.To)
		f.Tokens[i].Taken = was
		f.byClass(u, &v, names)
		for gi := range u.Groups {
			ms, ok := f.BestMatch(u, &v, u.Groups, gi)
			if !ok {
				continue
			}
			for _, g := range f.GrantOf(u, &v, ms[0]) {
				for _, a := range g.Actions {
					names[strings.ToLower(a.Name)] = true
				}
			}
		}
	}
}

func (f *followup) explicit(u object.Unit) bool {
	for i := u.From; i < u.To; i++ {
		if f.ActionNames(i) != nil {
			return true
		}
	}
	return false
}

// byClass adds the actions of the intent that do what a verb without an object of its own says.
func (f *followup) byClass(u object.Unit, v *sentence.Verb, names map[string]bool) {
	for _, g := range u.Groups {
		if len(g.Head) > 0 {
			return
		}
	}
	write := slices.Contains([]string{"write", "modify", "change", "mutate", "edit"}, v.Stem)
	for _, g := range f.e.in.Grants {
		for _, a := range g.Actions {
			ca, ok := f.Catalog.Action(a.Name)
			if !ok {
				continue
			}
			first := sentence.Derive(ca).Verb
			hit := write && (ca.Level == catalog.Write || ca.Level == catalog.Tagging || ca.Level == catalog.PermissionsManagement)
			hit = hit || v.In("read") && slices.Contains([]string{"read", "view", "look"}, v.Stem) && (ca.Level == catalog.Read || ca.Level == catalog.List)
			for _, c := range v.Classes {
				for rank, api := range f.Lexicon.APIVerbs(c) {
					hit = hit || strings.EqualFold(api, first) && (rank < 3 || catalog.Stem(first) == v.Stem)
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
	only := f.TargetsIn(0, len(f.Tokens))
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
	f.Use(0, len(f.Tokens))
	f.e.did("took actions away")
	return true
}
