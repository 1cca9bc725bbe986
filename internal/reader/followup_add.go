package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// read grants of the segment, with the account and region that it names for its own resources.
func (f *followup) readGrants() []intent.Grant {
	out := make([]intent.Grant, 0, len(f.out.Grants))
	for _, g := range f.out.Grants {
		g = g.Clone()
		for i := range g.Targets {
			t := &g.Targets[i]
			if f.out.Region != f.e.in.Region && t.Region == "" && t.ARN == "" {
				t.Region = f.out.Region
			}
			if f.out.Account != f.e.in.Account && t.Account == "" && t.ARN == "" {
				t.Account = f.out.Account
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
	gs := f.readGrants()
	if f.onlyConditions() {
		gs = nil
	} else if f.vague(gs) {
		gs = f.inContext()
	}
	before := intent.Intent{Grants: f.e.in.Grants}
	switch {
	case (f.verbs() == 0 || len(gs) == 0) && f.moreValues():
	case len(gs) > 0 && len(f.where) > 0 && gs[0].Effect != policy.Deny && intent.NoWider(intent.Intent{Grants: gs}, before):
		f.narrow()
	case len(gs) > 0 && (f.verbs() > 0 || !f.bareTargets()):
		f.addGrants(gs)
	case f.bareTargets() && (f.also || f.fine):
		f.copyFor()
	case len(gs) > 0:
		f.addGrants(gs)
	case len(f.where) > 0 || f.settings():
		f.narrow()
	case len(f.things(0, len(f.tokens))) > 0 && f.also:
		f.copyFor()
	case f.bareTargets():
		f.copyFor()
	}
}

// settings says that the segment names an account or a region of its own.
func (f *followup) settings() bool {
	return f.out.Region != f.e.in.Region || f.out.Account != f.e.in.Account
}

// verbs counts the verbs that the reading found.
func (f *followup) verbs() int {
	n := 0
	for _, u := range f.units {
		n += len(u.verbs)
	}
	for i := range f.tokens {
		if _, ok := f.literal(i, actionLiteral); ok || f.tokens[i].kind == nameToken && f.camelAction(i) != "" {
			n++
		}
	}
	return n
}

func (f *followup) bareTargets() bool {
	return len(f.targetsIn(0, len(f.tokens))) > 0
}

// addGrants adds grants. What they leave open they take from the grants before: the targets,
// and the conditions that hold for all of them.
func (f *followup) addGrants(gs []intent.Grant) {
	before := f.e.in.Clone()
	n := 0
	for _, g := range gs {
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
	f.e.did("added " + actionNames(gs))
}

func actionNames(gs []intent.Grant) string {
	var out []string
	for _, g := range gs {
		for _, a := range g.Actions {
			if a.Span != (intent.Span{}) && !slices.Contains(out, a.Name) {
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
	for _, rt := range f.typesOf(g.Actions) {
		if slices.ContainsFunc(g.Targets, func(t intent.Target) bool { return f.fits(t, rt) }) || !f.needs(g, rt) {
			continue
		}
		for _, b := range before.Grants {
			for _, t := range b.Targets {
				if f.fits(t, rt) && !slices.ContainsFunc(out, func(x intent.Target) bool { return x.Holds(t) && t.Holds(x) }) {
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

// principals are those whom the segment names, as the reader of the kind found them.
func (f *followup) principals() []intent.Principal {
	var out []intent.Principal
	for _, g := range f.out.Grants {
		for _, p := range g.Principals {
			if !slices.ContainsFunc(out, func(x intent.Principal) bool { return x.Type == p.Type && x.ID == p.ID }) {
				out = append(out, p)
			}
		}
	}
	for _, p := range f.reading.parties {
		if p.ID != "" && !slices.ContainsFunc(out, func(x intent.Principal) bool { return x.ID == p.ID }) {
			out = append(out, p.Principal)
		}
	}
	return out
}

// addPrincipals lets more principals do what those of their type may do.
func (f *followup) addPrincipals() bool {
	if f.e.in.Kind == policy.ResourceBased {
		f.settleParties()
	}
	ps := f.principals()
	ps = slices.DeleteFunc(ps, func(p intent.Principal) bool { return f.trusted(p) })
	if len(ps) == 0 {
		return false
	}
	if f.e.in.Kind == policy.ResourceBased && f.verbs() > 0 && len(f.out.Grants) > 0 {
		return false
	}
	for _, p := range ps {
		if !f.joinPrincipal(p) {
			for _, g := range f.readGrants() {
				if slices.ContainsFunc(g.Principals, func(x intent.Principal) bool { return x.ID == p.ID }) {
					f.e.in.Grants = append(f.e.in.Grants, g)
				}
			}
		}
		f.e.did("added " + p.ID)
	}
	return true
}

func (f *followup) trusted(p intent.Principal) bool {
	for _, g := range f.e.in.Grants {
		if slices.ContainsFunc(g.Principals, func(x intent.Principal) bool { return x.Type == p.Type && x.ID == p.ID }) {
			return true
		}
	}
	return false
}

// joinPrincipal adds a principal to the grants of principals of its type; in a resource-based
// document to all grants if none has its type.
func (f *followup) joinPrincipal(p intent.Principal) bool {
	joined := false
	for _, typ := range []bool{true, false} {
		for i := range f.e.in.Grants {
			g := &f.e.in.Grants[i]
			same := slices.ContainsFunc(g.Principals, func(x intent.Principal) bool { return x.Type == p.Type })
			if len(g.Principals) == 0 || g.Effect == policy.Deny || typ && !same || !typ && len(f.out.Grants) > 0 {
				continue
			}
			g.Principals = append(g.Principals, p)
			joined = true
		}
		if joined {
			return true
		}
	}
	return false
}

// moreValues adds values to a condition that is there already: "us-east-1 is ok too".
func (f *followup) moreValues() bool {
	cs := f.scanned()
	if f.out.Region != f.e.in.Region {
		cs = append(cs, intent.Constraint{Key: "aws:RequestedRegion", Values: []string{f.out.Region}, Span: f.all()})
	}
	cs = append(cs, f.passed()...)
	done := false
	for _, c := range cs {
		for i := range f.e.in.Grants {
			g := &f.e.in.Grants[i]
			for j := range g.Where {
				w := &g.Where[j]
				if !strings.EqualFold(w.Key, c.Key) || w.Test != c.Test || !f.also && !f.fine {
					continue
				}
				for _, v := range c.Values {
					if !slices.Contains(w.Values, v) {
						w.Values = append(w.Values, v)
						f.e.did(w.Key + " may be " + v + " as well")
						done = true
					}
				}
			}
		}
	}
	return done
}

// passed are the services that the segment names, for roles that are passed to services.
func (f *followup) passed() []intent.Constraint {
	var out []intent.Constraint
	for _, m := range f.serviceMentions() {
		out = append(out, intent.Constraint{Key: "iam:PassedToService", Values: []string{m.id}, Span: f.span(m.from, m.to)})
		f.take("service a role is passed to", m.from, m.to)
	}
	return out
}

// copyFor lets what was said for one resource hold for another one too.
func (f *followup) copyFor() {
	if (f.e.in.Kind == policy.Trust || f.e.in.Kind == policy.ResourceBased) && f.addPrincipals() || f.moreValues() {
		return
	}
	done := false
	for _, i := range f.things(0, len(f.tokens)) {
		if _, ok := f.knownAt(i); ok && f.tokens[i].kind != entityToken || f.camelAction(i) != "" {
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
		f.take("the same for another", i, i+1)
		if len(candidates) > 1 {
			f.e.ask(f.span(i, i+1), "The same as for which one shall hold for "+value+"?", candidates...)
			continue
		}
		f.addCopy(candidates[0], value, f.span(i, i+1))
		done = true
	}
	if !done && len(f.out.Grants) > 0 {
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
