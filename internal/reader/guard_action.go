package reader

import (
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
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
			named = named || g.tokens[i].type_ != nil || g.tokens[i].kind == entityToken
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

// bundles finds the wordings of guards that fit a verb and the objects of its unit, and the
// tokens they explain.
func (g *guarding) bundles(u unit, v *verb) ([]intent.Grant, map[int]bool) {
	own, near := map[string]int{}, map[string]int{}
	for _, x := range u.groups {
		toks := append(append([]int{}, x.head...), x.mods...)
		sort.Ints(toks)
		g.plainWords(own, toks)
	}
	from, to := g.sentenceRange(u.clause)
	var around []int
	for i := from; i < to; i++ {
		if g.isContent(i) {
			around = append(around, i)
		}
	}
	g.plainWords(near, around)
	type fit struct {
		task *lexicon.Task
		used []int
	}
	var fits []fit
	for _, t := range g.lex.Tasks {
		best := fit{task: t}
		for _, p := range t.Says {
			if used, ok := g.bundleFits(p, v, own, near, len(u.groups) > 0); ok && (best.used == nil || len(used) > len(best.used)) {
				best.used = used
			}
		}
		if best.used != nil {
			fits = append(fits, best)
		}
	}
	sort.SliceStable(fits, func(i, j int) bool { return len(fits[i].used) > len(fits[j].used) })
	explained := map[int]bool{}
	var out []intent.Grant
	for _, f := range fits {
		fresh := len(explained) == 0
		for _, i := range f.used {
			fresh = fresh || !explained[i]
		}
		if !fresh {
			continue
		}
		for _, i := range f.used {
			explained[i] = true
			g.tokens[i].used = true
			if n := g.linkAt[i]; n >= 0 {
				for j := g.links[n].from; j < g.links[n].to; j++ {
					explained[j], g.tokens[j].used = true, true
				}
			}
		}
		out = append(out, g.bundleGrants(f.task, u, v)...)
	}
	return out, explained
}

// plainWords puts the stems of tokens and the phrases they form into a place of a scene.
func (g *guarding) plainWords(into map[string]int, tokens []int) {
	for k, i := range tokens {
		t := g.tokens[i]
		if t.kind != wordToken {
			continue
		}
		phrase := hyphenated(lexicon.Stems(t.lower))
		g.put(into, phrase, i)
		g.put(into, t.stem, i)
		for n := 1; n < 4 && k+n < len(tokens) && tokens[k+n] == i+n && g.tokens[i+n].kind == wordToken; n++ {
			phrase += "-" + hyphenated(lexicon.Stems(g.tokens[i+n].lower))
			g.put(into, phrase, i)
		}
	}
}

// bundleGrants turns a wording of guards into what it forbids.
func (g *guarding) bundleGrants(t *lexicon.Task, u unit, v *verb) []intent.Grant {
	span := g.span(min(v.at, u.from), max(v.end, u.to))
	var out []intent.Grant
	for _, d := range t.Do {
		grant := intent.Grant{Effect: policy.Deny, Span: span}
		for _, name := range narrowed(d.Actions, v) {
			grant.Actions = append(grant.Actions, intent.Action{Name: name, On: d.On, Because: "guard " + t.Name + ": " + t.Why, Span: span, Wide: true})
		}
		for _, w := range t.Where {
			grant.Where = append(grant.Where, intent.Constraint{Key: w.Key, Values: w.Values, Span: span})
		}
		if len(d.On) == 0 {
			grant.Targets = g.guardTargets(grant.Actions, u)
		}
		out = append(out, grant)
	}
	return out
}

// narrowed keeps the actions of a bundle that a plain verb names: "delete" alone does not
// forbid an update.
func narrowed(actions []string, v *verb) []string {
	first := map[string][]string{
		"delete": {"Delete", "Remove", "Deregister"}, "remove": {"Delete", "Remove", "Deregister"}, "stop": {"Stop"},
		"modify": {"Update", "Put", "Modify", "Set"}, "change": {"Update", "Put", "Modify", "Set", "Authorize", "Revoke"}, "update": {"Update", "Put", "Modify", "Set"}, "edit": {"Update", "Put", "Modify", "Set"},
		"attach": {"Attach"}, "detach": {"Detach", "Leave"}, "put": {"Put"},
	}[v.stem]
	var out []string
	for _, a := range actions {
		_, name, _ := strings.Cut(a, ":")
		for _, f := range first {
			if strings.HasPrefix(name, f) {
				out = append(out, a)
				break
			}
		}
	}
	if len(out) == 0 {
		return actions
	}
	return out
}

// bundleFits holds one wording against a verb and its objects. At least one word of the objects
// must be explained, so that a neighbour's objects do not decide.
func (g *guarding) bundleFits(p lexicon.Pattern, v *verb, own, near map[string]int, hasOwn bool) ([]int, bool) {
	used := []int{}
	grounded, verbDone := !hasOwn, false
	for i, slot := range p.Slots {
		if slot.Not {
			if _, _, ok := findWord(slot.Words, own); ok {
				return nil, false
			}
			continue
		}
		if !verbDone && g.slotHasVerb(slot, v) {
			verbDone = true
			continue
		}
		if w, tok, ok := findWord(slot.Words, own); ok {
			used, grounded = append(used, phraseTokens(w, tok)...), grounded || i > 0
			continue
		}
		if w, tok, ok := findWord(slot.Words, near); ok && i > 0 && grounded {
			used = append(used, phraseTokens(w, tok)...)
			continue
		}
		if !slot.Optional {
			return nil, false
		}
	}
	return used, grounded && len(used) > 0
}

// phraseTokens are the tokens that a phrase found at a token covers.
func phraseTokens(w string, at int) []int {
	out := []int{at}
	for k := range strings.Count(w, "-") {
		out = append(out, at+k+1)
	}
	return out
}

func (g *guarding) slotHasVerb(slot lexicon.Slot, v *verb) bool {
	if slot.Words[v.stem] {
		return true
	}
	for _, c := range v.classes {
		if slot.Classes[c] && !(c == "update" && v.in("create") && !v.in("harm")) {
			return true
		}
	}
	return slot.Classes["harm"] && (v.in("delete") || v.in("disable") || v.in("detach") || v.in("harm"))
}
