package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/reach"
	"github.com/aegis-iam/aegis/internal/verify/sample"
)

// MaxTests is the most tests that Tests writes for one intent.
const MaxTests = 400

// The ranks of tests: if there are too many, those of the highest rank go first.
const (
	central uint8 = iota // the requests that the grant is about
	near                 // a near miss on each side
	edge                 // further values and edges
)

// Tests writes the requests that prove what an intent asks: for every grant, action and
// resource a request that the grant is about, and near misses: another action, another
// resource, account, region, principal or value, or a missing key. The tests depend on the
// intent and the catalog alone, are always the same, and are at most MaxTests.
func Tests(in intent.Intent, c *catalog.Catalog) []Test {
	in = byAlias(in)
	w := &writer{in: &in, catalog: c, sample: sample.Sampler{Catalog: c}, seen: map[string]bool{}, granted: map[grantedAction]bool{}, close: map[closeTo][]*catalog.Action{}, reach: reach.New(&in, c)}
	tested := map[string]bool{}
	for i := range in.Grants {
		if key := sameGrant(in.Grants[i]); !tested[key] {
			tested[key] = true
			w.grant(i)
		}
	}
	tests := cut(w.tests)
	for i := range tests {
		word := "deny"
		if tests[i].Allow {
			word = "allow"
		}
		tests[i].Name = fmt.Sprintf("%03d %s %s", i+1, word, tests[i].Request.Action)
	}
	return tests
}

// sameGrant is equal for grants that ask for the same, wherever their words stand.
func sameGrant(g intent.Grant) string {
	bare := intent.Intent{Grants: []intent.Grant{g.Clone()}}
	bare.EachSpan(func(s *intent.Span) { *s = intent.Span{} })
	return fmt.Sprint(bare.Grants)
}

// A writer writes the tests of one intent.
type writer struct {
	in      *intent.Intent
	catalog *catalog.Catalog
	tests   []Test
	seen    map[string]bool
	current int // index of the grant
	granted map[grantedAction]bool
	sample  sample.Sampler
	close   map[closeTo][]*catalog.Action
	reach   *reach.Map
}

// A point is a request that a grant is about: where all near misses start from.
type point struct {
	action *catalog.Action
	place  reach.Place
	who    evaluate.Principal
	ctx    evaluate.Context
}

func (w *writer) trust() bool { return w.in.Kind == policy.Trust }

func (w *writer) grant(i int) {
	w.current = i
	g := &w.in.Grants[i]
	subjects := w.subjects(g)
	deeds := w.deeds(g)
	for n := range deeds {
		d := &deeds[n]
		deep := len(deeds) <= manyDeeds || n%(len(deeds)/manyDeeds+1) == 0
		for rank, p := range d.places {
			if g.Effect == policy.Deny && !decides(g, d.action, p) {
				continue
			}
			for s, who := range subjects {
				at := point{d.action, p, who, w.inside(g, d, p, who)}
				if at.ctx == nil {
					continue
				}
				w.emit(g, at, true, central, "the request asks for it")
				switch {
				case s == 0 && rank < mostPlaces:
					w.misses(g, d, at, deep)
				case s == 0:
					w.neighbours(g, at)
				}
			}
		}
	}
	w.exempted(g, subjects)
}

// decides says whether a Deny can depend on the resource: not if the keys of its conditions
// belong to another resource of the same request, which then is denied for that one.
func decides(g *intent.Grant, ca *catalog.Action, p reach.Place) bool {
	for _, list := range [][]intent.Constraint{g.Where, g.Unless} {
		for i := range list {
			if !reach.BearsOn(p.Type, &list[i], ca) {
				return false
			}
		}
	}
	return true
}

// manyDeeds is the number of actions up to which every action gets tests of all values.
const manyDeeds = 15

// misses writes the near misses around a point.
func (w *writer) misses(g *intent.Grant, d *deed, at point, deep bool) {
	w.siblings(g, at)
	w.neighbours(g, at)
	w.otherTypes(g, at)
	w.excepted(g, at)
	w.strangers(g, at)
	w.values(g, d, at, deep)
	w.listings(g, at)
}

// inside is a context in which the grant applies: all of Where holds and nothing of Unless.
// It is nil if there is none.
func (w *writer) inside(g *intent.Grant, d *deed, p reach.Place, who evaluate.Principal) evaluate.Context {
	ctx := sample.Context()
	speak(ctx, who)
	if !w.sample.Satisfy(w.reach.Where(g, d.action, d.pattern), ctx) {
		return nil
	}
	for i := range g.Unless {
		// A key that is left open here would get a default, which may be exempt.
		c := &g.Unless[i]
		open := len(ctx.Values(c.Key)) == 0
		if (open || w.sample.Holds(c, ctx)) && !w.violate(g, c, ctx) {
			return nil
		}
	}
	if prefix := reach.ListingPrefixes(g, d.action); len(prefix) > 0 {
		ctx["s3:prefix"] = []string{sample.Fill(sample.Expand(prefix[0], ctx))}
	}
	return ctx
}

// violate gives a key a value, or none, with which a constraint of Unless does not hold.
func (w *writer) violate(g *intent.Grant, c *intent.Constraint, ctx evaluate.Context) bool {
	before := ctx.Values(c.Key)
	for _, v := range append(w.sample.Candidates(c, ctx), "") {
		sample.Forbid(ctx, c.Key)
		if v != "" {
			sample.Set(ctx, c.Key, v)
		}
		if !w.sample.Holds(c, ctx) && !slices.ContainsFunc(g.Where, func(o intent.Constraint) bool {
			return strings.EqualFold(o.Key, c.Key) && !w.sample.Holds(&o, ctx)
		}) {
			return true
		}
	}
	sample.Set(ctx, c.Key, before...)
	return false
}

// emit writes a test at a point. Inside says that the grant applies there. A request about
// which another grant says otherwise is left out.
func (w *writer) emit(g *intent.Grant, at point, inside bool, rank uint8, because string) {
	ctx := sample.Clone(at.ctx)
	r := evaluate.Request{Principal: at.who, Action: at.action.String(), Context: ctx}
	if !w.trust() {
		r.Resource = sample.Concrete(at.place.Pattern, ctx)
		sample.Locate(ctx, r.Resource)
	}
	sample.Forget(ctx)
	deny := g.Effect == policy.Deny
	if !deny && inside && w.anyApplies(policy.Deny, &r, at) || !inside && w.anyApplies(g.Effect, &r, at) {
		return
	}
	t := Test{
		Allow: inside != deny, Request: r, Baseline: deny, Because: because, Grant: w.current, rank: rank,
		Alone: !deny && w.in.Kind.OfOrganization(),
	}
	w.tests = append(w.tests, t)
}

// once says whether a near miss is written for the first time.
func (w *writer) once(parts ...string) bool {
	key := fmt.Sprint(w.current) + strings.Join(parts, "\x00")
	if w.seen[key] {
		return false
	}
	w.seen[key] = true
	return true
}

// cut keeps the most important tests, evenly spread where not all of one rank fit.
func cut(tests []Test) []Test {
	if len(tests) <= MaxTests {
		return tests
	}
	var count [edge + 1]int
	for i := range tests {
		count[tests[i].rank]++
	}
	var quota, taken, met [edge + 1]int
	room := MaxTests
	for r := range count {
		quota[r] = min(count[r], room)
		// A near miss is worth as much as another central request of a long list.
		if r == int(central) && count[near] > 0 {
			quota[r] = min(count[r], max(room/2, room-count[near]))
		}
		room -= quota[r]
	}
	out := make([]Test, 0, MaxTests)
	for i := range tests {
		r := tests[i].rank
		met[r]++
		if met[r]*quota[r]/count[r] > taken[r] {
			taken[r]++
			out = append(out, tests[i])
		}
	}
	return out
}

// A deed is an action of a grant with the places where it may act.
type deed struct {
	action  *catalog.Action
	pattern bool // a pattern stands for it, or NotActions
	places  []reach.Place
}

// mostPlaces is how many places of one action get tests of every sort.
const mostPlaces = 12

// deeds are the actions that a grant is about; of patterns, a fair sample.
func (w *writer) deeds(g *intent.Grant) []deed {
	var out []deed
	add := func(ca *catalog.Action, pattern bool, places []reach.Place) {
		if w.trust() {
			places = []reach.Place{{}}
		}
		out = append(out, deed{ca, pattern, places})
	}
	if len(g.NotActions) > 0 {
		for _, ca := range w.outsideOf(g) {
			add(ca, true, w.reach.PatternPlaces(g, ca, false))
		}
	}
	for i := range g.Actions {
		a := &g.Actions[i]
		if !strings.ContainsAny(a.Name, "*?") {
			if ca, ok := w.catalog.Action(a.Name); ok {
				add(ca, false, w.reach.Places(g, a.On, ca))
			}
			continue
		}
		matched := w.expand(a.Name)
		targeted := w.reach.AnyTargeted(g, matched)
		var able []*catalog.Action
		for _, ca := range matched {
			if len(w.reach.PatternPlaces(g, ca, targeted)) > 0 {
				able = append(able, ca)
			}
		}
		for _, ca := range w.everyType(g, sampled(able), able) {
			add(ca, true, w.reach.PatternPlaces(g, ca, targeted))
		}
	}
	return out
}

// everywhere stands for all actions: one of each of some services.
var everywhere = []string{
	"s3:GetObject", "ec2:TerminateInstances", "iam:CreateUser", "sqs:SendMessage", "dynamodb:PutItem",
	"kms:Decrypt", "logs:CreateLogStream", "lambda:InvokeFunction", "sts:AssumeRole", "sns:ListTopics",
}

func (w *writer) expand(pattern string) []*catalog.Action {
	if pattern != "*" {
		return w.catalog.Expand(pattern)
	}
	var out []*catalog.Action
	for _, name := range everywhere {
		if ca, ok := w.catalog.Action(name); ok {
			out = append(out, ca)
		}
	}
	return out
}

// outsideOf samples the actions that NotActions leaves to the grant.
func (w *writer) outsideOf(g *intent.Grant) []*catalog.Action {
	all := w.expand("*")
	for i := range g.Targets {
		if s := serviceOf(&g.Targets[i]); s != "" {
			all = append(all, w.catalog.Expand(s+":*")...)
		}
	}
	var out []*catalog.Action
	for _, ca := range all {
		if !matchesAny(g.NotActions, ca.String()) && len(w.reach.PatternPlaces(g, ca, len(g.Targets) > 0)) > 0 {
			out = append(out, ca)
		}
	}
	return sampled(out)
}

// everyType adds to a sample an action for each targeted type that it lacks.
func (w *writer) everyType(g *intent.Grant, chosen, all []*catalog.Action) []*catalog.Action {
	if len(g.Targets) == 0 {
		return chosen
	}
	met := map[*catalog.ResourceType]bool{}
	meet := func(ca *catalog.Action) bool {
		fresh := false
		for _, p := range w.reach.PatternPlaces(g, ca, true) {
			fresh = fresh || p.Type != nil && !met[p.Type]
			met[p.Type] = true
		}
		return fresh
	}
	for _, ca := range chosen {
		meet(ca)
	}
	chosen = slices.Clone(chosen)
	for _, ca := range all {
		if meet(ca) {
			chosen = append(chosen, ca)
		}
	}
	return chosen
}

// sampleSize is how many actions stand for a pattern.
const sampleSize = 12

// sampled takes actions evenly, in turn from each access level.
func sampled(all []*catalog.Action) []*catalog.Action {
	if len(all) <= sampleSize {
		return all
	}
	levels := map[catalog.AccessLevel][]*catalog.Action{}
	var order []catalog.AccessLevel
	for _, ca := range all {
		if levels[ca.Level] == nil {
			order = append(order, ca.Level)
		}
		levels[ca.Level] = append(levels[ca.Level], ca)
	}
	each := max(1, sampleSize/len(order))
	var out []*catalog.Action
	for _, level := range order {
		list := levels[level]
		n := min(each, len(list))
		for i := range n {
			out = append(out, list[i*len(list)/n])
		}
	}
	return out
}
