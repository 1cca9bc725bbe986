package reader

import (
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// readIdentity reads permissions: what the holder of the policy may do.
func (rd *reading) readIdentity() {
	rd.readHTTPAPI()
	rd.splitUnits()
	rd.out.Grants = append(rd.out.Grants, rd.grants(policy.Allow)...)
	rd.applyExclusions()
	rd.companions()
	rd.audit()
}

// grants turns the affirmed units into grants.
func (rd *reading) grants(effect policy.Effect) []intent.Grant {
	var out []intent.Grant
	if rd.api != nil {
		out = append(out, *rd.api)
	}
	for n := range rd.units {
		u := rd.units[n]
		if u.negative || rd.clause[u.clause].remark {
			continue
		}
		if !rd.spells(u) && (rd.repeated(n) || u.aside && !rd.saysMore(u)) {
			continue
		}
		if rd.refined(n) {
			rd.use(rd.clause[u.clause].from, rd.clause[u.clause].to)
			continue
		}
		grants := rd.unitGrants(u)
		if rd.untypedObject(u, grants) {
			continue
		}
		for _, g := range grants {
			g.Effect = effect
			if c := rd.clause[u.clause]; c.effect == policy.Deny {
				g.Effect = policy.Deny
			}
			rd.constrain(&g, u)
			out = append(out, rd.splitDescribed(g)...)
		}
	}
	return out
}

// unitGrants finds what the verbs of a unit, with its objects, stand for.
func (rd *reading) unitGrants(u unit) []intent.Grant {
	var out []intent.Grant
	if g, ok := rd.explicitActions(u); ok {
		out = append(out, g)
	}
	if rd.glossed(u) {
		rd.use(u.verbs[0].at, u.to)
		return out
	}
	if g, ok := rd.enumerate(u); ok {
		return append(out, g)
	}
	if len(u.verbs) == 0 {
		if level, _ := rd.accessOf(u, nil); level != fullAccess && rd.otherVerb(u) || !rd.headed(u.groups) {
			return out
		}
		return append(out, rd.verbGrants(u, nil)...)
	}
	for i := range u.verbs {
		if rd.tokens[u.verbs[i].at].taken {
			continue
		}
		out = append(out, rd.verbGrants(u, &u.verbs[i])...)
	}
	return out
}

// otherVerb says that the sentence has verbs of its own, or that the clause is a heading or does not
// go on with what stands before, so that a clause without a verb only says who, where or why.
func (rd *reading) otherVerb(u unit) bool {
	apart := u.label || !rd.goesOn(u)
	for _, other := range rd.units {
		if (len(other.verbs) > 0 || rd.spells(other)) && !other.negative && (apart || rd.clause[other.clause].sentence == rd.clause[u.clause].sentence) {
			return true
		}
	}
	return false
}

// goesOn says that a clause without a verb adds to what stands before: "also table b", "- topic x".
func (rd *reading) goesOn(u unit) bool {
	c := rd.clause[u.clause]
	if c.from > 0 && rd.punct(c.from-1, "\n:-") {
		return true
	}
	for i := c.from; i < min(c.to, c.from+2); i++ {
		if rd.word(i, "also", "plus", "and", "same", "likewise", "additionally") {
			return true
		}
	}
	return false
}

// explicitActions reads action names that stand in the words: s3:GetObject, PutItem.
func (rd *reading) explicitActions(u unit) (intent.Grant, bool) {
	g := intent.Grant{Span: rd.span(u.from, u.to)}
	c := rd.clause[u.clause]
	from, to := u.from, u.to
	if len(u.verbs) > 0 {
		from = min(from, u.verbs[0].at)
	}
	for i := max(from, c.from); i < to; i++ {
		for _, name := range rd.actionNames(i) {
			rd.tokens[i].used = true
			if len(rd.Catalog.Expand(name)) == 0 {
				rd.ask(rd.span(i, i+1), "AWS has no action "+name+"; which one is meant?", rd.similarActions(name)...)
				continue
			}
			g.Actions = append(g.Actions, intent.Action{Name: name, Because: "named in the request", Span: rd.span(i, i+1)})
		}
	}
	if len(g.Actions) == 0 {
		return g, false
	}
	g.Targets = rd.targetsFor(g.Actions, u)
	g.Where = rd.typedKeys(g.Actions, u)
	return g, true
}

func (rd *reading) similarActions(name string) []string {
	prefix, local, _ := strings.Cut(name, ":")
	s, ok := rd.Catalog.Service(prefix)
	if !ok {
		return nil
	}
	var out []string
	for _, a := range s.Actions {
		if editDistance(strings.ToLower(a.Name), strings.ToLower(local), 3) <= 3 {
			out = append(out, a.String())
		}
	}
	return out
}

// ranked returns services by their score, best first.
func (rd *reading) ranked(scores map[string]float64) []string {
	var out []string
	for p := range scores {
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool {
		if scores[out[i]] != scores[out[j]] {
			return scores[out[i]] > scores[out[j]]
		}
		return out[i] < out[j]
	})
	return out
}

// verbGrants finds the wordings for one verb (nil: none was said) and each of its objects.
func (rd *reading) verbGrants(u unit, v *verb) []intent.Grant {
	var out []intent.Grant
	if g, ok := rd.levelGrant(u, v); ok {
		return append(out, g...)
	}
	groups := u.groups
	if len(groups) == 0 {
		groups = []group{{}}
	}
	best := make([]match, 0, len(groups))
	spelled := v == nil && rd.spells(u)
	if rd.api != nil && v != nil && v.in("invoke") {
		return nil
	}
	for gi := range groups {
		if spelled = spelled || rd.spelled(groups[gi]); spelled {
			rd.useSpelled(v, groups[gi])
			continue
		}
		if m, ok := rd.bestMatch(u, v, groups, gi); ok {
			best = append(best, m...)
		}
	}
	if v != nil && (u.shared && !rd.hasPronoun(u) || !u.shared && v != &u.verbs[len(u.verbs)-1]) {
		best = rd.verbAlone(u, v, best)
	}
	seen := map[string]bool{}
	for _, m := range best {
		if seen[m.name()] {
			continue
		}
		seen[m.name()] = true
		rd.doubt(u, v, m)
		out = append(out, rd.grantOf(u, v, m)...)
	}
	return out
}

// hasPronoun says that the object of a unit is a word such as "them" or "one".
func (rd *reading) hasPronoun(u unit) bool {
	for i := u.from; i < u.to; i++ {
		if rd.word(i, "it", "them", "these", "those", "one", "ones", "this", "that") {
			return true
		}
	}
	return false
}

// verbAlone holds a verb whose objects stand elsewhere against wordings that need no object, or
// only the resource that the sentence is about: "pull, push and create branches", "plus describe".
func (rd *reading) verbAlone(u unit, v *verb, best []match) []match {
	from, to := rd.sentenceRange(u.clause)
	var g group
	for i := from; i < to; i++ {
		if rd.tokens[i].typed != nil && rd.tokens[i].kind != wordToken {
			g.mods = append(g.mods, i)
		}
	}
	alone, ok := rd.bestMatch(u, v, []group{g}, 0)
	if !ok {
		return best
	}
	margin := 0.3
	if !u.shared {
		margin = -0.7 // a verb far from the object that a task knows by itself: "pull, push and …"
		if alone[0].task == nil || !alone[0].exact {
			return best
		}
	}
	for _, m := range best {
		if m.score+margin >= alone[0].score {
			return best
		}
	}
	return alone
}

// bestMatch returns the best wordings of a verb and one object, over all services that the
// words may speak about.
func (rd *reading) bestMatch(u unit, v *verb, groups []group, gi int) ([]match, bool) {
	v, groups = rd.listWord(v, groups, gi)
	s := rd.scene(u, v, groups, gi)
	if len(groups) > 1 && len(s.head) == 0 && rd.headed(groups) {
		return nil, false
	}
	scores := rd.serviceScores(u, v, groups[gi])
	var all []match
	usual := rd.usualService(groups[gi])
	top := 0.0
	n := 0
	for _, prefix := range rd.ranked(scores) {
		if !rd.admitted(prefix, u) {
			continue
		}
		if top == 0 {
			top = scores[prefix]
		}
		if n++; n > 5 || scores[prefix] < 0.25*top {
			break
		}
		b := rd.book(prefix)
		if b == nil {
			continue
		}
		for _, m := range rd.matches(b, s) {
			m.score += serviceWeight*scores[prefix]/top + rd.onTargets(m, u)
			if prefix == usual {
				m.score += 0.4
			}
			all = append(all, m)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	if len(all) == 0 || all[0].score < acceptable+0.5*serviceWeight {
		return nil, false
	}
	if v == nil && len(all[0].used) == 0 {
		return nil, false // "nope" is no wish
	}
	all[0].margin = rd.marginOf(all)
	out := all[:1]
	for _, m := range all[1:] {
		if m.score > all[0].score-0.01 && m.task == nil && all[0].task == nil && m.action.Name != all[0].action.Name && m.service == all[0].service {
			out = append(out, m)
		}
	}
	return out, true
}

func (t token) guessed() bool { return t.typed != nil && t.typed.guess }

// manyMembers is how many members of a list next to one of them speak about it.
const manyMembers = 40

// scene gathers the words that a wording may use, by how near they stand.
func (rd *reading) scene(u unit, v *verb, groups []group, gi int) scene {
	s := scene{verb: v, head: map[string]int{}, mods: map[string]int{}, near: map[string]int{}, far: map[string]int{}, phrase: map[int]int{}}
	g := groups[gi]
	for _, i := range g.head {
		if n := rd.linkAt[i]; n >= 0 && rd.links[n].to-rd.links[n].from > 1 {
			s.phrase[i] = n
		}
	}
	rd.collect(s.head, g.head)
	rd.collect(s.mods, g.mods)
	for j, other := range groups {
		if j != gi && max(j-gi, gi-j) < manyMembers {
			rd.collect(s.near, other.head)
			rd.collect(s.near, other.mods)
		}
	}
	if len(g.head) > 0 && len(g.mods) == 0 {
		for i := g.head[0] - 1; i >= max(u.from, g.head[0]-2); i-- {
			if rd.word(i, "all", "every", "which") {
				s.near[rd.tokens[i].stem] = i // "list all buckets" is not "list the bucket"
			}
		}
	}
	if rd.possessive(g) || u.aside {
		rd.collectAntecedent(s.mods, u)
	}
	at := u.from
	if len(g.head) > 0 {
		at = g.head[0]
	}
	c := rd.clause[u.clause]
	rd.collectRange(s.near, max(c.from, at-longClause), min(c.to, at+longClause))
	from, to := rd.sentenceRange(u.clause)
	rd.collectRange(s.far, max(from, at-longSentence), min(to, at+longSentence))
	if len(g.head) > 0 {
		last := rd.tokens[g.head[len(g.head)-1]]
		s.last, s.plural = last.stem, last.lower != last.stem && strings.HasSuffix(last.lower, "s")
	}
	return s
}

func (rd *reading) collectRange(into map[string]int, from, to int) {
	var toks []int
	for i := from; i < to; i++ {
		if rd.isContent(i) || rd.isThing(i) {
			toks = append(toks, i)
		}
	}
	rd.collect(into, toks)
}

// inHeading says that a token stands in a heading ("rotator lambda: …"), before any preposition.
func (rd *reading) inHeading(i int) bool {
	n := rd.clauseOf(i)
	if n < 0 || !rd.punct(rd.clause[n].to, ":") {
		return false
	}
	for j := rd.clause[n].from; j < i; j++ {
		if rd.is("preposition", j) {
			return false
		}
	}
	return true
}

// listWord reads "list of executions" and a bare "list" as listing, whatever the verb before.
func (rd *reading) listWord(v *verb, groups []group, gi int) (*verb, []group) {
	g := groups[gi]
	if v == nil || len(g.head) == 0 || !rd.is("listword", g.head[0]) || !v.in("read") && !v.in("describe") {
		return v, groups
	}
	said := verb{at: g.head[0], end: g.head[0] + 1, stem: "list", classes: []string{"list"}}
	changed := append([]group{}, groups...)
	changed[gi].head = g.head[1:]
	if len(changed[gi].head) == 0 {
		changed[gi].head, changed[gi].mods = g.mods, nil
	}
	rd.use(said.at, said.end)
	return &said, changed
}

// saysMore says that words in brackets speak of more than which service or resource is meant.
func (rd *reading) saysMore(u unit) bool {
	for _, g := range u.groups {
		for _, i := range g.head {
			if n := rd.linkAt[i]; n < 0 || !rd.isName(rd.links[n]) {
				return true
			}
		}
	}
	return false
}
