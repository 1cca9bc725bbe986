package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// resolve finds what a unit forbids.
func (g *guarding) resolve(u unit) []intent.Grant {
	if grant, ok := g.explicitActions(u); ok {
		grant.Effect = policy.Deny
		return []intent.Grant{g.unnamed(grant)}
	}
	verbs := u.verbs
	if len(verbs) == 0 {
		v, ok := g.silentVerb(u)
		if !ok || g.saysEverything(g.clause[u.clause].from, g.clause[u.clause].to) && len(g.servicesIn(u.from, u.to)) > 0 {
			return g.wholeServices(u)
		}
		verbs = []verb{v}
	}
	var out []intent.Grant
	for i := range verbs {
		out = append(out, g.resolveVerb(u, &verbs[i])...)
	}
	return out
}

// silentVerb says what a clause without verbs forbids about the things it names: "protect X"
// means whatever harms it, "no X" that it be made.
func (g *guarding) silentVerb(u unit) (verb, bool) {
	v := verb{at: u.from, end: u.from}
	c := g.clause[u.clause]
	protects := false
	for i := c.from; i < c.to; i++ {
		protects = protects || g.word(i, "protect", "protects", "protected", "protecting", "stay", "stays", "remain", "remains", "keep", "kept", "running", "enabled", "immutable", "intact", "lock-down", "off-limits")
	}
	if protects {
		v.stem, v.classes = "harm", []string{"harm", "update", "delete", "detach", "disable", "stop"}
		return v, true
	}
	if len(u.groups) == 0 || g.onlyServices(u) {
		return v, false
	}
	v.stem, v.classes = "create", []string{"create"}
	return v, true
}

// onlyServices says that the objects of a unit are services as such, not things in them.
func (g *guarding) onlyServices(u unit) bool {
	named := false
	for _, x := range u.groups {
		for _, i := range append(append([]int{}, x.head...), x.mods...) {
			if g.partOfService(i) {
				named = true
				continue
			}
			if !g.listed("generic", i) && !g.listed("usage", i) {
				return false
			}
		}
	}
	return named
}

func (g *guarding) partOfService(i int) bool {
	if g.linkAt[i] >= 0 {
		return g.serviceAt(g.links[g.linkAt[i]].from) != ""
	}
	return g.namesService(i)
}

// wholeServices forbids every action of the services that a unit names.
func (g *guarding) wholeServices(u unit) []intent.Grant {
	c := g.clause[u.clause]
	names := g.servicesIn(u.from, u.to)
	if len(names) == 0 {
		names = g.servicesIn(c.from, c.to)
	}
	if len(names) == 0 {
		return nil
	}
	g.use(c.from, c.to)
	grant := intent.Grant{Effect: policy.Deny, Span: g.span(u.from, u.to)}
	for _, p := range names {
		grant.Actions = append(grant.Actions, intent.Action{Name: p + ":*", Because: "the service as a whole", Span: grant.Span, Wide: true})
	}
	grant.Targets = g.targetsIn(u.from, u.to)
	return []intent.Grant{grant}
}

// resolveVerb finds what one verb forbids about the objects of its unit.
func (g *guarding) resolveVerb(u unit, v *verb) []intent.Grant {
	usage := g.listed("usage", v.at) && v.stem != "enable"
	if len(u.groups) == 0 || usage {
		if out := g.wholeServices(u); len(out) > 0 {
			g.use(v.at, v.end)
			return out
		}
		if g.saysEverything(g.clause[u.clause].from, g.clause[u.clause].to) || usage && len(g.scope) > 0 {
			g.use(g.clause[u.clause].from, g.clause[u.clause].to)
			return g.everything(u)
		}
	}
	out, explained := g.bundles(u, v)
	harms := v.in("harm") || len(out) == 0 && g.changesWhole(u, v)
	if len(out) == 0 && harms {
		out = g.harmTo(u)
	}
	if len(out) > 0 && harms {
		g.use(v.at, v.end)
		return g.allUnnamed(out)
	}
	for gi := range u.groups {
		if g.touches(u.groups[gi], explained) {
			continue
		}
		out = append(out, g.matched(u, v, gi)...)
	}
	if len(out) == 0 && g.onlyServices(u) {
		out = g.levelOf(u, v)
	}
	if len(out) > 0 {
		g.use(v.at, v.end)
	}
	return g.allUnnamed(out)
}

// changesWhole: "changes to role X" are all changes to it.
func (g *guarding) changesWhole(u unit, v *verb) bool {
	switch v.stem {
	case "change", "modify", "alter", "edit":
	default:
		return false
	}
	named := false
	if len(u.groups) != 1 {
		return false
	}
	for _, x := range u.groups {
		for _, i := range x.head {
			if g.linkAt[i] < 0 {
				return false
			}
		}
		for _, i := range x.mods {
			named = named || g.tokens[i].typed != nil || g.tokens[i].kind == entityToken
		}
	}
	return named
}

func (g *guarding) allUnnamed(list []intent.Grant) []intent.Grant {
	for i := range list {
		list[i] = g.unnamed(list[i])
	}
	return list
}

func (g *guarding) touches(x group, explained map[int]bool) bool {
	for _, i := range append(append([]int{}, x.head...), x.mods...) {
		if explained[i] {
			return true
		}
	}
	return false
}

// levelOf forbids every action of a service whose name begins with what the verb means: "no
// deleting in s3".
func (g *guarding) levelOf(u unit, v *verb) []intent.Grant {
	first := g.apiVerbs(v)
	grant := intent.Grant{Effect: policy.Deny, Span: g.span(min(v.at, u.from), max(v.end, u.to))}
	for _, p := range g.servicesOf(u) {
		s, ok := g.Catalog.Service(p)
		if !ok {
			continue
		}
		for _, a := range s.Actions {
			changes := a.Level != catalog.Read && a.Level != catalog.List
			if first[derive(a).verb] || changes && (v.in("harm") || v.in("update")) {
				grant.Actions = append(grant.Actions, intent.Action{Name: a.String(), Because: "begins with what the verb means", Span: grant.Span, Wide: true})
			}
		}
	}
	if len(grant.Actions) == 0 {
		return nil
	}
	if v.in("harm") || v.in("update") {
		g.assume(true, grant.Span, "Changes to a service are read as every action of it that does not only read.")
	}
	return []intent.Grant{grant}
}

func (g *guarding) servicesOf(u unit) []string {
	var out []string
	for _, x := range u.groups {
		for _, i := range append(append([]int{}, x.head...), x.mods...) {
			if p := g.serviceAt(i); p != "" && !containsFold(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

func (g *guarding) apiVerbs(v *verb) map[string]bool {
	out := map[string]bool{}
	for _, c := range v.classes {
		for _, api := range g.Lexicon.APIVerbs(c) {
			out[strings.ToLower(api)] = true
		}
	}
	return out
}

// harmTo denies every action that changes the named resources of a unit.
func (g *guarding) harmTo(u unit) []intent.Grant {
	var out []intent.Grant
	from, to := g.sentenceRange(u.clause)
	for _, t := range g.targetsIn(from, to) {
		s, ok := g.Catalog.Service(t.Service)
		if !ok {
			continue
		}
		grant := intent.Grant{Effect: policy.Deny, Span: t.Span, Targets: []intent.Target{t}}
		for _, a := range s.Actions {
			if a.Level == catalog.Read || a.Level == catalog.List || a.Name == "PassRole" || !g.reaches(a, grant.Targets) {
				continue
			}
			switch derive(a).verb {
			case "create", "add", "simulate", "start", "invoke", "run", "put":
				if !strings.HasSuffix(a.Name, "Policy") {
					continue
				}
			}
			grant.Actions = append(grant.Actions, intent.Action{Name: a.String(), Because: "it changes the protected resource", Span: t.Span, Wide: true})
		}
		if len(grant.Actions) > 0 {
			g.assume(true, t.Span, "Protecting a resource is read as denying every action that changes it.")
			out = append(out, grant)
		}
	}
	return out
}

// guardTargets are the named resources of the actions; a Deny without names reaches all.
func (g *guarding) guardTargets(actions []intent.Action, u unit) []intent.Target {
	from, to := g.sentenceRange(u.clause)
	ranges := [][2]int{{u.from, u.to}, {g.clause[u.clause].from, g.clause[u.clause].to}}
	if len(g.groups(u.from, u.to)) == 0 || g.inClause(u.clause, "its", "their", "it", "them") || !g.namesTargets(u) {
		ranges = append(ranges, [2]int{from, to})
	}
	var out []intent.Target
	for _, r := range ranges {
		for _, rt := range g.typesOf(actions) {
			for _, t := range g.targetsIn(r[0], r[1]) {
				if g.fits(t, rt) && !holdsTarget(out, t) {
					out = append(out, t)
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	whole := u
	whole.from, whole.to = g.clause[u.clause].from, g.clause[u.clause].to
	return g.untyped(actions, nil, whole)
}

// namesTargets says that the objects of a unit are complete by themselves: what it does not name
// is meant everywhere. A heading such as "protect the role X:" goes on to hold for its list.
func (g *guarding) namesTargets(u unit) bool {
	n := u.clause
	for n > 0 && g.clause[n-1].sentence == g.clause[n].sentence {
		n--
	}
	return n == u.clause || !g.punct(g.clause[n].to, ":")
}

func holdsTarget(list []intent.Target, t intent.Target) bool {
	for _, x := range list {
		if x.Span == t.Span {
			return true
		}
	}
	return false
}

// unnamed lets actions without a named resource reach every resource.
func (g *guarding) unnamed(grant intent.Grant) intent.Grant {
	if len(grant.Targets) > 0 {
		return grant
	}
	for i := range grant.Actions {
		if len(grant.Actions[i].On) == 0 {
			grant.Actions[i].On = []string{"*"}
		}
	}
	return grant
}
