package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// read grants of the segment, with the account and region that it names for its own resources.
func (f *followup) readGrants() []intent.Grant {
	out := make([]intent.Grant, 0, len(f.Out.Grants))
	named := f.onlyNamed()
	for _, g := range f.Out.Grants {
		if named && !slices.ContainsFunc(g.Actions, func(a intent.Action) bool { return a.Because == "named in the request" }) {
			continue
		}
		g = g.Clone()
		for i := range g.Targets {
			t := &g.Targets[i]
			if f.Out.Region != f.e.in.Region && t.Region == "" && t.ARN == "" {
				t.Region = f.Out.Region
			}
			if f.Out.Account != f.e.in.Account && t.Account == "" && t.ARN == "" {
				t.Account = f.Out.Account
			}
		}
		out = append(out, g)
	}
	return out
}

// add puts what the segment asks for on top of what is wanted.
func (f *followup) add() {
	if f.e.in.Kind == policy.Trust || f.e.in.Kind == policy.ResourceBased {
		if f.addPrincipals() {
			return
		}
	}
	if f.lacksValue() || f.denyAll() {
		return
	}
	gs := f.readGrants()
	if f.onlyConditions() {
		gs = nil
	} else if f.settings() && f.onlySettings() {
		f.narrow()
		return
	} else if f.onlyThings() {
		f.copyFor()
		return
	} else if f.vague(gs) {
		gs = f.inContext()
	}
	before := intent.Intent{Grants: f.e.in.Grants}
	switch {
	case len(f.Where) > 0 && f.has("condition", "restriction", "requirement", "constraint", "check"):
		f.narrow()
	case (f.verbs() == 0 || len(gs) == 0) && f.moreValues():
	case len(gs) > 0 && len(f.Where) > 0 && gs[0].Effect != policy.Deny && intent.NoWider(intent.Intent{Grants: gs}, before):
		f.narrow()
	case len(gs) > 0 && (f.verbs() > 0 || !f.bareTargets()):
		f.addGrants(gs)
	case f.bareTargets() && (f.also || f.fine):
		f.copyFor()
	case len(gs) > 0:
		f.addGrants(gs)
	case len(f.Where) > 0 || f.settings():
		f.narrow()
	case len(f.things(0, len(f.Tokens))) > 0 && f.also:
		f.copyFor()
	case f.bareTargets():
		f.copyFor()
	}
}

// onlyNamed says that actions are named and no verb stands beside them.
func (f *followup) onlyNamed() bool {
	for _, u := range f.Units {
		if len(u.Verbs) > 0 {
			return false
		}
	}
	return f.verbs() > 0
}

// settings says that the segment names an account or a region of its own.
func (f *followup) settings() bool {
	if f.e.in.Kind == policy.Trust {
		return false
	}
	return f.Out.Region != f.e.in.Region || f.Out.Account != f.e.in.Account
}

// verbs counts the verbs that the reading found.
func (f *followup) verbs() int {
	n := 0
	for _, u := range f.Units {
		n += len(u.Verbs)
	}
	for i := range f.Tokens {
		if f.ActionNames(i) != nil {
			n++
		}
	}
	return n
}

func (f *followup) bareTargets() bool {
	return len(f.TargetsIn(0, len(f.Tokens))) > 0
}

// addGrants adds grants. What they leave open they take from the grants before: the targets,
// and the conditions that hold for all of them.
func (f *followup) addGrants(gs []intent.Grant) {
	before := f.e.in.Clone()
	n := 0
	for _, g := range gs {
		if f.denying() && !f.denyVerb() && len(g.Where)+len(g.Unless) == 0 {
			alike(&g, before)
		}
		if g.Effect != policy.Deny || f.denying() {
			f.inherit(&g, before)
		} else if len(g.Targets) == 0 {
			g.Targets = f.targetsOf(g, before)
		}
		if intent.NoWider(intent.Intent{Grants: []intent.Grant{g}}, intent.Intent{Grants: before.Grants}) && g.Effect != policy.Deny {
			continue
		}
		f.e.in.Grants = append(f.e.in.Grants, g)
		n++
	}
	if n == 0 {
		f.e.noted("that was allowed already")
		return
	}
	f.e.added = true
	f.e.did("added " + actionNames(gs))
}

// alike gives a denial that only names one more service the conditions of the denials before.
func alike(g *intent.Grant, before intent.Intent) {
	for _, b := range before.Grants {
		if b.Effect == policy.Deny {
			c := b.Clone()
			g.Where, g.Unless = c.Where, c.Unless
			return
		}
	}
}

func actionNames(gs []intent.Grant) string {
	var out []string
	for _, g := range gs {
		for _, a := range g.Actions {
			if !slices.Contains(out, a.Name) {
				out = append(out, a.Name)
			}
		}
	}
	if len(out) > 4 {
		out = append(out[:4], "…")
	}
	return strings.Join(out, ", ")
}

// inherit completes an added grant from the grants before it.
func (f *followup) inherit(g *intent.Grant, before intent.Intent) {
	own := len(g.Targets) > 0
	if !f.saysAny() {
		g.Targets = append(g.Targets, f.targetsOf(*g, before)...)
	}
	for _, c := range f.common(before, *g, own) {
		if !slices.ContainsFunc(g.Where, func(x intent.Constraint) bool { return strings.EqualFold(x.Key, c.Key) }) {
			g.Where = append(g.Where, c)
		}
	}
}

func (f *followup) saysAny() bool { return f.has("any", "all", "every", "everywhere") }

// targetsOf are the targets of earlier grants that an added grant needs and does not name.
func (f *followup) targetsOf(g intent.Grant, before intent.Intent) []intent.Target {
	var out []intent.Target
	for _, rt := range f.TypesOf(g.Actions) {
		if slices.ContainsFunc(g.Targets, func(t intent.Target) bool { return (t.ARN != "" || len(t.Vars) > 0) && f.Fits(t, rt) }) || !f.needs(g, rt) {
			continue
		}
		for _, b := range before.Grants {
			for _, t := range b.Targets {
				if f.Fits(t, rt) && !slices.ContainsFunc(out, func(x intent.Target) bool { return x.Holds(t) && t.Holds(x) }) {
					out = append(out, t.Clone())
				}
			}
		}
	}
	return out
}

// needs says that some action of the grant acts on the resource type.
func (f *followup) needs(g intent.Grant, rt *catalog.ResourceType) bool {
	for _, a := range g.Actions {
		if len(a.On) == 0 || slices.Contains(a.On, rt.Name) {
			return true
		}
	}
	return false
}

// common are the conditions that every affirmed grant before has. A grant on resources of its
// own takes over only those about the request itself: address, time, MFA.
func (f *followup) common(before intent.Intent, g intent.Grant, own bool) []intent.Constraint {
	var out []intent.Constraint
	first := true
	for _, b := range before.Grants {
		if b.Effect == policy.Deny != (g.Effect == policy.Deny) || onlyCompanion(b) {
			continue
		}
		var here []intent.Constraint
		for _, c := range b.Where {
			global := strings.HasPrefix(strings.ToLower(c.Key), "aws:") && !strings.HasPrefix(strings.ToLower(c.Key), "aws:re")
			if (global || !own || strings.EqualFold(c.Key, "aws:RequestedRegion")) && len(c.Actions) == 0 {
				here = append(here, c)
			}
		}
		if first {
			out, first = here, false
			continue
		}
		out = slices.DeleteFunc(out, func(c intent.Constraint) bool {
			return !slices.ContainsFunc(here, func(x intent.Constraint) bool {
				return x.Key == c.Key && x.Test == c.Test && slices.Equal(x.Values, c.Values)
			})
		})
	}
	return out
}

func onlyCompanion(g intent.Grant) bool {
	return !slices.ContainsFunc(g.Actions, func(a intent.Action) bool { return a.Span != (intent.Span{}) }) && len(g.NotActions) == 0
}

// copyFor lets what was said for one resource hold for another one too.
func (f *followup) copyFor() {
	if (f.e.in.Kind == policy.Trust || f.e.in.Kind == policy.ResourceBased) && f.addPrincipals() || f.moreValues() {
		return
	}
	done := false
	for _, i := range f.things(0, len(f.Tokens)) {
		if _, ok := f.knownAt(i); ok && f.Tokens[i].Kind != token.Entity || f.ActionNames(i) != nil {
			continue
		}
		candidates := f.candidates(i)
		value := f.valueOf(i)
		if t, ok := f.typed(i, candidates); ok {
			value = t
		}
		candidates = f.lastNamed(candidates)
		if len(candidates) == 0 {
			continue
		}
		f.Take("the same for another", i, i+1)
		if len(candidates) > 1 {
			f.e.ask(f.Span(i, i+1), "The same as for which one shall hold for "+value+"?", candidates...)
			continue
		}
		f.addCopy(candidates[0], value, f.Span(i, i+1))
		done = true
	}
	if !done && len(f.Out.Grants) > 0 {
		f.addGrants(f.readGrants())
	}
}

// lastNamed keeps those candidates that were named in the last turn that named any.
func (f *followup) lastNamed(candidates []string) []string {
	if len(candidates) < 2 {
		return candidates
	}
	top, byTurn := 0, map[int][]string{}
	for _, c := range candidates {
		turn := 0
		for _, g := range f.e.in.Grants {
			for _, t := range g.Targets {
				if t.Names(c) {
					turn = max(turn, t.Span.Turn)
				}
			}
		}
		top = max(top, turn)
		byTurn[turn] = append(byTurn[turn], c)
	}
	if first := byTurn[0]; top > 0 && len(first) == 1 {
		return first
	}
	return candidates
}

func (f *followup) addCopy(from, to string, span intent.Span) {
	for i := range f.e.in.Grants {
		g := &f.e.in.Grants[i]
		for _, t := range slices.Clone(g.Targets) {
			c, ok := t.Renamed(from, to)
			if !ok || slices.ContainsFunc(g.Targets, func(x intent.Target) bool { return x.Holds(c) }) {
				continue
			}
			c.Span = span
			g.Targets = append(g.Targets, c)
		}
	}
	f.e.did("the same for " + to + " as for " + from)
}
