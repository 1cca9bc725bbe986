package reader

import (
	"maps"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// applyExclusions takes out of what is granted what the negative clauses name. An action that
// the request asks for by itself stays: "send bounces; no regular sending".
func (rd *reading) applyExclusions() {
	for n := range rd.units {
		u := rd.units[n]
		if !u.negative {
			continue
		}
		rd.use(rd.clause[u.clause].from, rd.clause[u.clause].to)
		if u.subject && !rd.headed(u.groups) && len(rd.targetsIn(u.from, u.to)) == 0 {
			continue // the "except" before a verb
		}
		for i := range max(1, len(u.verbs)) {
			var v *verb
			if len(u.verbs) > 0 {
				v = &u.verbs[i]
			}
			rd.exclude(u, v)
		}
	}
}

func (rd *reading) exclude(u unit, v *verb) {
	if rd.exceptTargets(u, v) {
		return
	}
	if v == nil && rd.exceptNames(u) {
		return
	}
	names := rd.excludedNames(u, v)
	if len(names) == 0 && rd.grantsPattern() && !rd.clause[u.clause].closer {
		span := rd.span(u.from, u.to)
		if v != nil {
			span = rd.span(v.at, max(v.end, u.to))
		}
		if span != (intent.Span{}) {
			rd.assume(true, span, "could not tell which actions \""+rd.text[span.Start:span.End]+"\" takes away")
		}
	}
	classes := map[string]bool{}
	if v != nil {
		for _, c := range v.classes[:min(1, len(v.classes))] {
			for _, api := range rd.Lexicon.APIVerbs(c) {
				classes[strings.ToLower(api)] = true
			}
		}
	}
	objects := rd.hasOwnObject(u)
	if rd.conditionalDeny(u, names) {
		return
	}
	for i := range rd.out.Grants {
		g := &rd.out.Grants[i]
		if g.Effect == policy.Deny {
			continue
		}
		rd.removeFrom(g, names, classes, objects)
	}
	rd.dropEmpty()
	rd.denyInside(u, names)
}

// removeFrom drops the excluded actions that a bundle or an access level brought in.
func (rd *reading) removeFrom(g *intent.Grant, names, verbs map[string]bool, objects bool) {
	kept := g.Actions[:0]
	for _, a := range g.Actions {
		if a.Wide && (names[strings.ToLower(a.Name)] || !objects && verbs[rd.firstWord(a.Name)]) && len(g.Actions) > 1 {
			continue
		}
		kept = append(kept, a)
	}
	g.Actions = kept
}

func (rd *reading) firstWord(action string) string {
	if a, ok := rd.Catalog.Action(action); ok {
		return derive(a).verb
	}
	return ""
}

func (rd *reading) dropEmpty() {
	kept := rd.out.Grants[:0]
	for _, g := range rd.out.Grants {
		if len(g.Actions) > 0 || len(g.NotActions) > 0 {
			kept = append(kept, g)
		}
	}
	rd.out.Grants = kept
}

// denyInside adds a Deny where a pattern such as ec2:* would still grant what is excluded.
func (rd *reading) denyInside(u unit, names map[string]bool) {
	deny := intent.Grant{Effect: policy.Deny, Span: rd.span(u.from, u.to)}
	for _, g := range rd.out.Grants {
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
		deny.Targets = rd.targetsIn(u.from, u.to)
		rd.out.Grants = append(rd.out.Grants, deny)
	}
}

// conditionalDeny writes a prohibition that holds only under a condition: "never push to main".
func (rd *reading) conditionalDeny(u unit, names map[string]bool) bool {
	deny := intent.Grant{Effect: policy.Deny, Span: rd.span(u.from, u.to)}
	for _, c := range rd.where {
		switch {
		case c.clause != u.clause && !(c.clause == u.clause+1 && rd.punct(rd.clause[c.clause].from-1, "(")):
		case c.unless:
			deny.Unless = append(deny.Unless, c.Constraint)
		default:
			deny.Where = append(deny.Where, c.Constraint)
		}
	}
	if len(deny.Where)+len(deny.Unless) == 0 || len(names) == 0 {
		return false
	}
	for _, name := range sortedKeys(names) {
		if a, ok := rd.Catalog.Action(name); ok {
			deny.Actions = append(deny.Actions, intent.Action{Name: a.String(), Because: "prohibited under a condition", Span: deny.Span})
		}
	}
	deny.Targets = rd.targetsFor(deny.Actions, u)
	rd.out.Grants = append(rd.out.Grants, deny)
	return true
}

// excludedNames returns the actions that a negative clause speaks about: of what its wording
// stands for, those that its verb says.
func (rd *reading) excludedNames(u unit, v *verb) map[string]bool {
	names := map[string]bool{}
	for i := u.from; i < u.to; i++ {
		for _, name := range rd.actionNames(i) {
			for _, a := range rd.Catalog.Expand(name) {
				names[strings.ToLower(a.String())] = true
			}
		}
	}
	if len(names) > 0 {
		return names
	}
	if v == nil && !rd.clause[u.clause].except {
		return names
	}
	groups := u.groups
	if len(groups) == 0 {
		groups = []group{{}}
	}
	for gi := range groups {
		ms, ok := rd.bestMatch(u, v, groups, gi)
		if !ok {
			continue
		}
		for _, m := range ms {
			if m.left > rd.placed(groups[gi]) {
				continue // it speaks of something else
			}
			for _, a := range m.actions() {
				if v == nil || m.task == nil || rd.saysVerb(v, a) {
					names[strings.ToLower(a)] = true
				}
			}
		}
	}
	return names
}

// actions returns the names of what a match stands for.
func (m match) actions() []string {
	if m.task == nil {
		return []string{m.action.String()}
	}
	var out []string
	for _, d := range m.task.Do {
		out = append(out, d.Actions...)
	}
	return out
}

// saysVerb says whether an action's name begins with what the verb means.
func (rd *reading) saysVerb(v *verb, action string) bool {
	first := rd.firstWord(action)
	if catalog.Stem(first) == v.stem || len(v.classes) == 0 || v.in("own") || v.in("manage") {
		return true
	}
	_, local, _ := strings.Cut(action, ":")
	for _, w := range catalog.Words(local) {
		if catalog.Stem(w) == v.stem {
			return true
		}
	}
	for _, c := range v.classes {
		for _, api := range rd.Lexicon.APIVerbs(c) {
			if strings.EqualFold(api, first) {
				return true
			}
		}
	}
	return false
}

// grantsPattern says that something is granted by a pattern, so that what is taken away matters.
func (rd *reading) grantsPattern() bool {
	for _, g := range rd.out.Grants {
		for _, a := range g.Actions {
			if g.Effect != policy.Deny && strings.Contains(a.Name, "*") {
				return true
			}
		}
	}
	return false
}

// placed counts the words of an object that follow a preposition: "push to main".
func (rd *reading) placed(g group) int {
	n := 0
	for _, i := range g.head {
		if rd.is("preposition", i-1) || rd.is("article", i-1) && rd.is("preposition", i-2) {
			n++
		}
	}
	return n
}

// exceptTargets takes named resources out of what is granted: "except the folder legal/".
func (rd *reading) exceptTargets(u unit, v *verb) bool {
	if v != nil || !rd.clause[u.clause].except {
		return false
	}
	out := rd.targetsIn(u.from, u.to)
	done := false
	for i := range rd.out.Grants {
		g := &rd.out.Grants[i]
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
func (rd *reading) granted(g intent.Grant, t intent.Target) bool {
	for _, rt := range rd.typesOf(g.Actions) {
		if rd.fits(t, rt) {
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
func (rd *reading) exceptNames(u unit) bool {
	done := false
	for i := u.from; i < u.to; i++ {
		t := rd.tokens[i]
		if t.kind != nameToken || t.taken {
			continue
		}
		if rd.exceptName(t.text) {
			done = true
		} else if rd.clause[u.clause].except {
			rd.assume(true, rd.span(i, i+1), "could not tell what \""+t.text+"\" is taken out of")
		}
	}
	return done
}

func (rd *reading) exceptName(name string) bool {
	done := false
	for i := range rd.out.Grants {
		g := &rd.out.Grants[i]
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
