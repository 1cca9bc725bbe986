package guard

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// resolve finds what a unit forbids.
func (g *guarding) resolve(u object.Unit) []intent.Grant {
	if grant, ok := g.ExplicitActions(u); ok {
		grant.Effect = policy.Deny
		return []intent.Grant{g.unnamed(grant)}
	}
	verbs := u.Verbs
	if len(verbs) == 0 {
		v, ok := g.silentVerb(u)
		if !ok || g.saysEverything(g.Clauses[u.Clause].From, g.Clauses[u.Clause].To) && len(g.servicesIn(u.From, u.To)) > 0 {
			return g.wholeServices(u)
		}
		verbs = []sentence.Verb{v}
	}
	var out []intent.Grant
	for i := range verbs {
		out = append(out, g.resolveVerb(u, &verbs[i])...)
	}
	return out
}

// silentVerb says what a clause without verbs forbids about the things it names: "protect X"
// means whatever harms it, "no X" that it be made.
func (g *guarding) silentVerb(u object.Unit) (sentence.Verb, bool) {
	v := sentence.Verb{At: u.From, End: u.From}
	c := g.Clauses[u.Clause]
	protects := false
	for i := c.From; i < c.To && !g.confined(u.Clause); i++ {
		protects = protects || g.Word(i, "protect", "protects", "protected", "protecting", "stay", "stays", "remain", "remains", "keep", "kept", "running", "enabled", "immutable", "intact", "lock-down", "off-limits")
	}
	if protects {
		v.Stem, v.Classes = "harm", []string{"harm", "update", "delete", "detach", "disable", "stop"}
		return v, true
	}
	if len(u.Groups) == 0 || g.onlyServices(u) || len(g.servicesIn(u.From, u.To)) > 0 && (g.confined(u.Clause) || g.saysUsage(u)) {
		return v, false
	}
	v.Stem, v.Classes = "create", []string{"create"}
	return v, true
}

// saysUsage says that a clause without verbs is about the use of what it names: "key usage".
func (g *guarding) saysUsage(u object.Unit) bool {
	for i := u.From; i < u.To; i++ {
		if g.Word(i, "usage", "use", "access", "accessible", "reachable", "usable", "available", "accessed", "used", "reached") {
			return true
		}
	}
	return false
}

// onlyServices says that the objects of a unit are services as such, not things in them.
func (g *guarding) onlyServices(u object.Unit) bool {
	named := false
	for _, x := range u.Groups {
		for _, i := range append(append([]int{}, x.Head...), x.Mods...) {
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
	if g.LinkAt[i] >= 0 {
		return g.serviceAt(g.Links[g.LinkAt[i]].From) != ""
	}
	return g.namesService(i)
}

// wholeServices forbids every action of the services that a unit names.
func (g *guarding) wholeServices(u object.Unit) []intent.Grant {
	c := g.Clauses[u.Clause]
	names := g.servicesIn(u.From, u.To)
	if len(names) == 0 {
		names = g.servicesIn(c.From, c.To)
	}
	if len(names) == 0 {
		return nil
	}
	g.Use(c.From, c.To)
	grant := intent.Grant{Effect: policy.Deny, Span: g.Span(u.From, u.To)}
	for _, p := range names {
		grant.Actions = append(grant.Actions, intent.Action{Name: p + ":*", Because: "the service as a whole", Span: grant.Span, Wide: true})
	}
	grant.Targets = g.TargetsIn(u.From, u.To)
	return []intent.Grant{grant}
}

// resolveVerb finds what one verb forbids about the objects of its unit.
func (g *guarding) resolveVerb(u object.Unit, v *sentence.Verb) []intent.Grant {
	usage := g.listed("usage", v.At) && v.Stem != "enable"
	if len(u.Groups) == 0 || usage {
		if out := g.wholeServices(u); len(out) > 0 {
			g.Use(v.At, v.End)
			return out
		}
		if g.saysEverything(g.Clauses[u.Clause].From, g.Clauses[u.Clause].To) || usage && len(g.scope) > 0 {
			g.useEmpty(u.Clause)
			return g.everything(u)
		}
	}
	out, explained := g.bundles(u, v)
	harms := v.In("harm") || len(out) == 0 && g.changesWhole(u, v)
	if len(out) == 0 && harms {
		out = g.harmTo(u)
	}
	if len(out) > 0 && harms {
		g.Use(v.At, v.End)
		return g.allUnnamed(out)
	}
	for gi := range u.Groups {
		if g.touches(u.Groups[gi], explained) {
			continue
		}
		out = append(out, g.matched(u, v, gi)...)
	}
	if len(out) == 0 && g.onlyServices(u) {
		out = g.levelOf(u, v)
	}
	if len(out) > 0 {
		g.Use(v.At, v.End)
	}
	return g.allUnnamed(out)
}

// useEmpty marks the words of a clause that name nothing by themselves.
func (g *guarding) useEmpty(n int) {
	for i := g.Clauses[n].From; i < g.Clauses[n].To; i++ {
		if !g.objectWord(i) {
			g.Use(i, i+1)
		}
	}
}

// changesWhole: "changes to role X" are all changes to it.
func (g *guarding) changesWhole(u object.Unit, v *sentence.Verb) bool {
	switch v.Stem {
	case "change", "modify", "alter", "edit":
	default:
		return false
	}
	named := false
	if len(u.Groups) != 1 {
		return false
	}
	for _, x := range u.Groups {
		for _, i := range x.Head {
			if g.LinkAt[i] < 0 {
				return false
			}
		}
		for _, i := range x.Mods {
			named = named || g.Tokens[i].Typed != nil || g.Tokens[i].Kind == token.Entity
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

func (g *guarding) touches(x object.Group, explained map[int]bool) bool {
	for _, i := range append(append([]int{}, x.Head...), x.Mods...) {
		if explained[i] {
			return true
		}
	}
	return false
}

// levelOf forbids every action of a service whose name begins with what the verb means: "no
// deleting in s3".
func (g *guarding) levelOf(u object.Unit, v *sentence.Verb) []intent.Grant {
	first := g.apiVerbs(v)
	grant := intent.Grant{Effect: policy.Deny, Span: g.Span(min(v.At, u.From), max(v.End, u.To))}
	for _, p := range g.servicesOf(u) {
		s, ok := g.Catalog.Service(p)
		if !ok {
			continue
		}
		for _, a := range s.Actions {
			changes := a.Level != catalog.Read && a.Level != catalog.List
			if first[sentence.Derive(a).Verb] || changes && (v.In("harm") || v.In("update")) {
				grant.Actions = append(grant.Actions, intent.Action{Name: a.String(), Because: "begins with what the verb means", Span: grant.Span, Wide: true})
			}
		}
	}
	if len(grant.Actions) == 0 {
		return nil
	}
	if v.In("harm") || v.In("update") {
		g.Assume(true, grant.Span, "Changes to a service are read as every action of it that does not only read.")
	}
	return []intent.Grant{grant}
}

func (g *guarding) servicesOf(u object.Unit) []string {
	var out []string
	for _, x := range u.Groups {
		for _, i := range append(append([]int{}, x.Head...), x.Mods...) {
			if p := g.serviceAt(i); p != "" && !containsFold(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

func (g *guarding) apiVerbs(v *sentence.Verb) map[string]bool {
	out := map[string]bool{}
	for _, c := range v.Classes {
		for _, api := range g.Lexicon.APIVerbs(c) {
			out[strings.ToLower(api)] = true
		}
	}
	return out
}

// harmTo denies every action that changes the named resources of a unit.
func (g *guarding) harmTo(u object.Unit) []intent.Grant {
	var out []intent.Grant
	from, to := g.SentenceRange(u.Clause)
	for _, t := range g.TargetsIn(from, to) {
		s, ok := g.Catalog.Service(t.Service)
		if !ok {
			continue
		}
		grant := intent.Grant{Effect: policy.Deny, Span: t.Span, Targets: []intent.Target{t}}
		for _, a := range s.Actions {
			if a.Level == catalog.Read || a.Level == catalog.List || a.Name == "PassRole" || !g.Reaches(a, grant.Targets) {
				continue
			}
			switch sentence.Derive(a).Verb {
			case "create", "add", "simulate", "start", "invoke", "run", "put":
				if !strings.HasSuffix(a.Name, "Policy") {
					continue
				}
			}
			grant.Actions = append(grant.Actions, intent.Action{Name: a.String(), Because: "it changes the protected resource", Span: t.Span, Wide: true})
		}
		if len(grant.Actions) > 0 {
			g.Assume(true, t.Span, "Protecting a resource is read as denying every action that changes it.")
			out = append(out, grant)
		}
	}
	return out
}

// guardTargets are the named resources of the actions; a Deny without names reaches all.
func (g *guarding) guardTargets(actions []intent.Action, u object.Unit) []intent.Target {
	from, to := g.SentenceRange(u.Clause)
	ranges := [][2]int{{u.From, u.To}, {g.Clauses[u.Clause].From, g.Clauses[u.Clause].To}}
	if len(g.groups(u.From, u.To)) == 0 || g.inClause(u.Clause, "its", "their", "it", "them") || !g.namesTargets(u) {
		ranges = append(ranges, [2]int{from, to})
	}
	var out []intent.Target
	for _, r := range ranges {
		for _, rt := range g.TypesOf(actions) {
			for _, t := range g.TargetsIn(r[0], r[1]) {
				if g.Fits(t, rt) && !holdsTarget(out, t) {
					out = append(out, t)
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	whole := u
	whole.From, whole.To = g.Clauses[u.Clause].From, g.Clauses[u.Clause].To
	return g.Untyped(actions, nil, whole)
}

// namesTargets says that the objects of a unit are complete by themselves: what it does not name
// is meant everywhere. A heading such as "protect the role X:" goes on to hold for its list.
func (g *guarding) namesTargets(u object.Unit) bool {
	n := u.Clause
	for n > 0 && g.Clauses[n-1].Sentence == g.Clauses[n].Sentence {
		n--
	}
	return n == u.Clause || !g.Punct(g.Clauses[n].To, ":")
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
