package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/reach"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// bounds are statements between which the document of an intent lies. What must be is asked for;
// what may be is asked for too, or is left open: a request may name no resource, a key may belong
// to another resource of the same request, a folder may be listed with or without its slash.
type bounds struct {
	kind            policy.Kind
	allow, mayAllow pile // of effect Allow
	deny, mayDeny   pile // of effect Deny: what Deny grants ask for
	out, mayOut     pile // of effect Deny: what Allow grants take out again
}

// boundsOf writes the bounds of an intent.
func boundsOf(in *intent.Intent, c *catalog.Catalog) *bounds {
	keyed := byAlias(*in)
	in = &keyed
	w := &bounder{in: in, catalog: c, reach: reach.New(in, c)}
	w.kind = in.Kind
	for i := range in.Grants {
		w.grant(&in.Grants[i])
	}
	return &w.bounds
}

// A bounder writes the bounds of one intent.
type bounder struct {
	in      *intent.Intent
	catalog *catalog.Catalog
	reach   *reach.Map
	bounds
}

// A pile is statements of which no two differ in their actions alone.
type pile struct {
	list  []policy.Statement
	known map[string]int
}

// put adds a statement, or its actions to one that says the same of others.
func (p *pile) put(s policy.Statement) {
	actions := s.Actions
	s.Actions = nil
	key := fmt.Sprint(s.NotActions, s.Principal, s.Resources, s.NotResources, s.Conditions)
	at, ok := p.known[key]
	if !ok {
		if p.known == nil {
			p.known = map[string]int{}
		}
		at = len(p.list)
		p.known[key] = at
		p.list = append(p.list, s)
	}
	for _, a := range actions {
		if !slices.Contains(p.list[at].Actions, a) {
			p.list[at].Actions = append(p.list[at].Actions, a)
		}
	}
}

func (w *bounder) grant(g *intent.Grant) {
	if len(g.NotActions) > 0 {
		w.allBut(g)
		return
	}
	for i := range g.Actions {
		a := &g.Actions[i]
		if strings.ContainsAny(a.Name, "*?") {
			w.pattern(g, a)
		} else if ca, ok := w.catalog.Action(a.Name); ok {
			w.action(g, a, ca)
		}
	}
}

// action writes one action on each of its places.
func (w *bounder) action(g *intent.Grant, a *intent.Action, ca *catalog.Action) {
	where := w.reach.Where(g, ca, false)
	places := w.reach.Places(g, a.On, ca)
	if namesNothing(ca, places) {
		w.add(&w.mayAllow, g, w.statement(g, ca.String(), []string{"*"}, w.all(where)))
	}
	for _, p := range places {
		var bearing []intent.Constraint
		for i := range where {
			if w.kind == policy.Trust || reach.BearsOn(p.Type, &where[i], ca) {
				bearing = append(bearing, where[i])
			}
		}
		may, must := w.all(bearing), w.all(where)
		if prefixes := reach.ListingPrefixes(g, ca); len(prefixes) > 0 && g.Effect != policy.Deny {
			may, must = append(may, listing(prefixes, true)), append(must, listing(prefixes, false))
		}
		w.both(g, w.statement(g, ca.String(), []string{p.Pattern}, must), may, g.Effect != policy.Deny || decides(g, ca, p))
	}
	w.except(g, ca.String(), patterns(w.reach.ExceptPlaces(g, ca)))
}

// namesNothing says that requests for the action may name no resource, and that none is asked for.
func namesNothing(ca *catalog.Action, places []reach.Place) bool {
	return !slices.ContainsFunc(ca.Resources, func(r catalog.ActionResource) bool { return r.Required }) &&
		!slices.ContainsFunc(places, func(p reach.Place) bool { return p.Named })
}

// pattern writes a pattern of actions: on what the targets are and on what lies below them.
func (w *bounder) pattern(g *intent.Grant, a *intent.Action) {
	resources := []string{"*"}
	if matched := w.matched(g, a.Name); w.reach.AnyTargeted(g, matched) {
		resources = nil
		seen := map[string]bool{}
		for _, ca := range matched {
			for _, p := range w.reach.PatternPlaces(g, ca, true) {
				if (len(a.On) == 0 || p.Type != nil && slices.Contains(a.On, p.Type.Name)) && !seen[p.Pattern] {
					seen[p.Pattern] = true
					resources = append(resources, p.Pattern)
				}
			}
		}
	}
	general := w.all(general(g))
	w.both(g, w.statement(g, a.Name, resources, general), general, true)
	w.except(g, a.Name, patterns(w.reach.Own(g.Except)))
}

// matched are the actions of a pattern, where the grant names resources on which they may act.
func (w *bounder) matched(g *intent.Grant, pattern string) []*catalog.Action {
	if len(g.Targets) == 0 {
		return nil
	}
	return w.catalog.Expand(pattern)
}

// allBut writes a grant of every action but some.
func (w *bounder) allBut(g *intent.Grant) {
	resources := []string{"*"}
	if len(g.Targets) > 0 {
		resources = patterns(w.reach.Own(g.Targets))
	}
	s := w.statement(g, "", resources, w.all(general(g)))
	s.Actions, s.NotActions = nil, texts(g.NotActions)
	w.both(g, s, s.Conditions, true)
	w.except(g, "*", patterns(w.reach.Own(g.Except)))
}

// general are the constraints of a grant that hold for all of its actions.
func general(g *intent.Grant) []intent.Constraint {
	return slices.DeleteFunc(slices.Clone(g.Where), func(c intent.Constraint) bool { return len(c.Actions) > 0 })
}

// both adds a statement of a grant to what must be, if that is sure, and to what may be, there with
// other conditions.
func (w *bounder) both(g *intent.Grant, s policy.Statement, may []policy.Condition, sure bool) {
	if g.Effect != policy.Deny {
		w.add(&w.allow, g, s)
		s.Conditions = may
		w.add(&w.mayAllow, g, s)
		return
	}
	spared := patterns(w.reach.Own(g.Except))
	if len(spared) > 0 && len(g.Targets) == 0 {
		s.Resources, s.NotResources = nil, texts(spared)
	}
	must := slices.Clip(s.Conditions)
	may = slices.Clip(may)
	for i := range g.Unless {
		must = append(must, w.opposite(&g.Unless[i], false)...)
		may = append(may, w.opposite(&g.Unless[i], true)...)
	}
	if s.Conditions = must; sure && (len(spared) == 0 || len(s.NotResources) > 0) {
		w.deny.put(s)
	}
	s.Conditions = may
	w.mayDeny.put(s)
}

// add puts a statement of an Allow grant on a pile.
func (w *bounder) add(to *pile, g *intent.Grant, s policy.Statement) {
	if g.Effect != policy.Deny {
		to.put(s)
	}
}

// except writes what an Allow grant takes out again of an action: its places there have to be out,
// the targets as they are may be.
func (w *bounder) except(g *intent.Grant, action string, places []string) {
	if len(g.Except) == 0 || g.Effect == policy.Deny {
		return
	}
	if len(places) > 0 && !w.grantedElsewhere(g, action) {
		s := w.statement(g, action, places, nil)
		s.Effect = policy.Deny
		w.out.put(s)
	}
	s := w.statement(g, action, append(places, patterns(w.reach.Own(g.Except))...), nil)
	s.Effect = policy.Deny
	w.mayOut.put(s)
}

// grantedElsewhere says whether another grant may allow an action too.
func (w *bounder) grantedElsewhere(g *intent.Grant, action string) bool {
	for i := range w.in.Grants {
		o := &w.in.Grants[i]
		if o != g && o.Effect != policy.Deny && (len(o.NotActions) > 0 || slices.ContainsFunc(o.Actions, func(a intent.Action) bool {
			return wildcard.MatchFold(a.Name, action) || wildcard.MatchFold(action, a.Name)
		})) {
			return true
		}
	}
	return false
}

// statement writes a statement of a grant.
func (w *bounder) statement(g *intent.Grant, action string, resources []string, conditions []policy.Condition) policy.Statement {
	s := policy.Statement{Effect: policy.Allow, Actions: texts([]string{action}), Conditions: conditions}
	if g.Effect == policy.Deny {
		s.Effect = policy.Deny
	}
	if w.kind.HasPrincipal() {
		s.Principal = principalOf(g.Principals)
	}
	switch {
	case w.kind == policy.Trust:
	case w.kind == policy.ResourceBased && strings.HasPrefix(action, "kms:"):
		s.Resources = texts([]string{"*"}) // the key that carries the policy
	default:
		s.Resources = texts(resources)
	}
	return s
}

// listing limits a listing to prefixes. A folder may be listed by its name as well.
func listing(prefixes []string, folders bool) policy.Condition {
	list := slices.Clone(prefixes)
	for _, p := range prefixes {
		if base, ok := strings.CutSuffix(p, "/*"); ok && folders {
			list = append(list, base, base+"/")
		}
	}
	return policy.Condition{Operator: "StringLike", Key: "s3:prefix", Values: texts(list)}
}

// principalOf writes who a grant speaks about.
func principalOf(list []intent.Principal) *policy.Principal {
	p := &policy.Principal{}
	for _, x := range list {
		id := policy.Text{Text: x.ID}
		switch x.Type {
		case "*":
			return &policy.Principal{Any: true}
		case "AWS":
			p.AWS = append(p.AWS, id)
		case "Service":
			p.Service = append(p.Service, id)
		case "Federated":
			p.Federated = append(p.Federated, id)
		case "CanonicalUser":
			p.CanonicalUser = append(p.CanonicalUser, id)
		}
	}
	return p
}

func patterns(places []reach.Place) []string {
	var out []string
	for _, p := range places {
		out = append(out, p.Pattern)
	}
	return out
}

func texts(list []string) []policy.Text {
	out := make([]policy.Text, len(list))
	for i, s := range list {
		out[i] = policy.Text{Text: s}
	}
	return out
}
