package permission

import (
	"maps"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// applyExclusions takes out of what is granted what the negative clauses name. An action that
// the request asks for by itself stays: "send bounces; no regular sending".
func (rd *Reading) applyExclusions() {
	for n := range rd.Units {
		u := rd.Units[n]
		if !u.Negative {
			continue
		}
		rd.Use(rd.Clauses[u.Clause].From, rd.Clauses[u.Clause].To)
		if u.Subject && !rd.Headed(u.Groups) && len(rd.TargetsIn(u.From, u.To)) == 0 {
			continue // the "except" before a verb
		}
		for i := range max(1, len(u.Verbs)) {
			var v *sentence.Verb
			if len(u.Verbs) > 0 {
				v = &u.Verbs[i]
			}
			rd.exclude(u, v)
		}
	}
}

func (rd *Reading) exclude(u object.Unit, v *sentence.Verb) {
	if rd.exceptTargets(u, v) {
		return
	}
	if v == nil && rd.exceptNames(u) {
		return
	}
	names := rd.excludedNames(u, v)
	if len(names) == 0 && rd.grantsPattern() && !rd.Clauses[u.Clause].Closer {
		span := rd.Span(u.From, u.To)
		if v != nil {
			span = rd.Span(v.At, max(v.End, u.To))
		}
		if span != (intent.Span{}) {
			rd.Assume(true, span, "could not tell which actions \""+rd.Text[span.Start:span.End]+"\" takes away")
		}
	}
	classes := map[string]bool{}
	if v != nil {
		for _, c := range v.Classes[:min(1, len(v.Classes))] {
			for _, api := range rd.Lexicon.APIVerbs(c) {
				classes[strings.ToLower(api)] = true
			}
		}
	}
	objects := rd.HasOwnObject(u)
	if rd.conditionalDeny(u, names) {
		return
	}
	for i := range rd.Out.Grants {
		g := &rd.Out.Grants[i]
		if g.Effect == policy.Deny {
			continue
		}
		rd.removeFrom(g, names, classes, objects)
	}
	rd.DropEmpty()
	rd.denyInside(u, names)
}

// removeFrom drops the excluded actions that a bundle or an access level brought in.
func (rd *Reading) removeFrom(g *intent.Grant, names, verbs map[string]bool, objects bool) {
	kept := g.Actions[:0]
	for _, a := range g.Actions {
		if a.Wide && (names[strings.ToLower(a.Name)] || !objects && verbs[rd.firstWord(a.Name)]) && len(g.Actions) > 1 {
			continue
		}
		kept = append(kept, a)
	}
	g.Actions = kept
}

func (rd *Reading) firstWord(action string) string {
	if a, ok := rd.Catalog.Action(action); ok {
		return sentence.Derive(a).Verb
	}
	return ""
}

// denyInside adds a Deny where a pattern such as ec2:* would still grant what is excluded.
func (rd *Reading) denyInside(u object.Unit, names map[string]bool) {
	deny := intent.Grant{Effect: policy.Deny, Span: rd.Span(u.From, u.To)}
	for _, g := range rd.Out.Grants {
		if g.Effect == policy.Deny {
			continue
		}
		for _, a := range g.Actions {
			if !strings.Contains(a.Name, "*") {
				continue
			}
			for _, e := range rd.Catalog.Expand(a.Name) {
				if names[strings.ToLower(e.String())] {
					deny.Actions = append(deny.Actions, intent.Action{Name: e.String(), Because: "taken out again", Span: deny.Span})
					names[strings.ToLower(e.String())] = false
				}
			}
		}
	}
	if len(deny.Actions) > 0 {
		deny.Targets = rd.TargetsIn(u.From, u.To)
		rd.Out.Grants = append(rd.Out.Grants, deny)
	}
}

// conditionalDeny writes a prohibition that holds only under a condition: "never push to main".
func (rd *Reading) conditionalDeny(u object.Unit, names map[string]bool) bool {
	deny := intent.Grant{Effect: policy.Deny, Span: rd.Span(u.From, u.To)}
	for _, c := range rd.Where {
		switch {
		case c.Clause != u.Clause && !(c.Clause == u.Clause+1 && rd.Punct(rd.Clauses[c.Clause].From-1, "(")):
		case c.Unless:
			deny.Unless = append(deny.Unless, c.Constraint)
		default:
			deny.Where = append(deny.Where, c.Constraint)
		}
	}
	if len(deny.Where)+len(deny.Unless) == 0 || len(names) == 0 {
		return false
	}
	for _, name := range sentence.SortedKeys(names) {
		if a, ok := rd.Catalog.Action(name); ok {
			deny.Actions = append(deny.Actions, intent.Action{Name: a.String(), Because: "prohibited under a condition", Span: deny.Span})
		}
	}
	deny.Targets = rd.TargetsFor(deny.Actions, u)
	rd.Out.Grants = append(rd.Out.Grants, deny)
	return true
}

// excludedNames returns the actions that a negative clause speaks about: of what its wording
// stands for, those that its verb says.
func (rd *Reading) excludedNames(u object.Unit, v *sentence.Verb) map[string]bool {
	names := map[string]bool{}
	for i := u.From; i < u.To; i++ {
		for _, name := range rd.ActionNames(i) {
			for _, a := range rd.Catalog.Expand(name) {
				names[strings.ToLower(a.String())] = true
			}
		}
	}
	if len(names) > 0 {
		return names
	}
	if v == nil && !rd.Clauses[u.Clause].Except {
		return names
	}
	groups := u.Groups
	if len(groups) == 0 {
		groups = []object.Group{{}}
	}
	for gi := range groups {
		ms, ok := rd.BestMatch(u, v, groups, gi)
		if !ok {
			continue
		}
		for _, m := range ms {
			if m.Left > rd.placed(groups[gi]) {
				continue // it speaks of something else
			}
			for _, a := range m.Actions() {
				if v == nil || m.Task == nil || rd.saysVerb(v, a) {
					names[strings.ToLower(a)] = true
				}
			}
		}
	}
	return names
}

// saysVerb says whether an action's name begins with what the verb means.
func (rd *Reading) saysVerb(v *sentence.Verb, action string) bool {
	first := rd.firstWord(action)
	if catalog.Stem(first) == v.Stem || len(v.Classes) == 0 || v.In("own") || v.In("manage") {
		return true
	}
	_, local, _ := strings.Cut(action, ":")
	for _, w := range catalog.Words(local) {
		if catalog.Stem(w) == v.Stem {
			return true
		}
	}
	for _, c := range v.Classes {
		for _, api := range rd.Lexicon.APIVerbs(c) {
			if strings.EqualFold(api, first) {
				return true
			}
		}
	}
	return false
}

// grantsPattern says that something is granted by a pattern, so that what is taken away matters.
func (rd *Reading) grantsPattern() bool {
	for _, g := range rd.Out.Grants {
		for _, a := range g.Actions {
			if g.Effect != policy.Deny && strings.Contains(a.Name, "*") {
				return true
			}
		}
	}
	return false
}

// placed counts the words of an object that follow a preposition: "push to main".
func (rd *Reading) placed(g object.Group) int {
	n := 0
	for _, i := range g.Head {
		if rd.Is("preposition", i-1) || rd.Is("article", i-1) && rd.Is("preposition", i-2) {
			n++
		}
	}
	return n
}

// exceptTargets takes named resources out of what is granted: "except the folder legal/".
func (rd *Reading) exceptTargets(u object.Unit, v *sentence.Verb) bool {
	if v != nil || !rd.Clauses[u.Clause].Except {
		return false
	}
	out := rd.TargetsIn(u.From, u.To)
	done := false
	for i := range rd.Out.Grants {
		g := &rd.Out.Grants[i]
		for _, t := range out {
			if g.Effect == policy.Deny || !rd.granted(*g, t) {
				continue
			}
			g.Except = append(g.Except, withParents(t, g.Targets))
			done = true
		}
	}
	return done
}

// granted says that some action of a grant can be limited to the target.
func (rd *Reading) granted(g intent.Grant, t intent.Target) bool {
	for _, rt := range rd.TypesOf(g.Actions) {
		if rd.Fits(t, rt) {
			return true
		}
	}
	return false
}

// withParents binds the variables that a target leaves open as the grant's own targets do.
func withParents(t intent.Target, targets []intent.Target) intent.Target {
	vars := map[string]string{}
	for _, p := range targets {
		if p.Service == t.Service {
			for k, v := range p.Vars {
				vars[k] = v
			}
		}
	}
	for k, v := range t.Vars {
		vars[k] = v
	}
	t.Vars = vars
	return t
}

// exceptNames takes out of what is granted the names that a pattern of it covers: "the queues
// qa-*, but not qa-legal". A name that nothing granted covers is said to be assumed.
func (rd *Reading) exceptNames(u object.Unit) bool {
	done := false
	for i := u.From; i < u.To; i++ {
		t := rd.Tokens[i]
		if t.Kind != token.Name || t.Taken {
			continue
		}
		if rd.exceptName(t.Text) {
			done = true
		} else if rd.Clauses[u.Clause].Except {
			rd.Assume(true, rd.Span(i, i+1), "could not tell what \""+t.Text+"\" is taken out of")
		}
	}
	return done
}

func (rd *Reading) exceptName(name string) bool {
	done := false
	for i := range rd.Out.Grants {
		g := &rd.Out.Grants[i]
		if g.Effect == policy.Deny {
			continue
		}
		for _, t := range g.Targets {
			for _, k := range slices.Sorted(maps.Keys(t.Vars)) {
				pattern := t.Vars[k]
				if !strings.Contains(pattern, "*") || pattern == "*" && len(t.Vars) > 1 || !wildcard.Match(pattern, name) {
					continue
				}
				out := intent.Target{Service: t.Service, Type: t.Type, Vars: map[string]string{k: name}}
				g.Except = append(g.Except, withParents(out, []intent.Target{t}))
				g.Except[len(g.Except)-1].Vars[k] = name
				done = true
			}
		}
	}
	return done
}
