package verify

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/sample"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// anyApplies says whether a grant of the effect may apply to a request. It errs on the side
// of yes: then the request proves nothing.
func (w *writer) anyApplies(effect policy.Effect, r *evaluate.Request, at point) bool {
	for i := range w.in.Grants {
		g := &w.in.Grants[i]
		if (g.Effect == policy.Deny) == (effect == policy.Deny) && w.applies(g, r, at) {
			return true
		}
	}
	return false
}

// applies says whether a grant may apply to a request.
func (w *writer) applies(g *intent.Grant, r *evaluate.Request, at point) bool {
	ca := at.action
	if !w.covers(g, r, ca) || !w.speaksOf(g, r.Principal) {
		return false
	}
	named := deed{action: ca, pattern: !slices.ContainsFunc(g.Actions, func(a intent.Action) bool {
		return strings.EqualFold(a.Name, r.Action)
	})}
	for _, c := range w.where(g, &named) {
		if !w.sample.Holds(&c, r.Context) && bearsOn(at.place.typ, &c, ca) {
			return false
		}
	}
	for i := range g.Unless {
		if w.sample.Holds(&g.Unless[i], r.Context) {
			return false
		}
	}
	prefixes := listingPrefixes(g, ca)
	have := strings.Join(r.Context.Values("s3:prefix"), "")
	return len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(p string) bool {
		return wildcard.Match(sample.ExpandKnown(p, r.Context), have)
	})
}

// covers says whether action and resource of a request fall under a grant.
func (w *writer) covers(g *intent.Grant, r *evaluate.Request, ca *catalog.Action) bool {
	if len(g.NotActions) > 0 {
		return !matchesAny(g.NotActions, r.Action) &&
			(w.trust() || !w.taken(g, r, ca) && (len(g.Targets) == 0 || within(w.patternPlaces(g, ca, true), r)))
	}
	for i := range g.Actions {
		a := &g.Actions[i]
		if !wildcard.MatchFold(a.Name, r.Action) {
			continue
		}
		if w.trust() {
			return true
		}
		if w.taken(g, r, ca) {
			return false
		}
		places := []place{anywhere}
		if !strings.ContainsAny(a.Name, "*?") {
			places = w.places(g, a.On, ca)
		} else if len(g.Targets) > 0 {
			places = w.patternPlaces(g, ca, w.anyTargeted(g, w.expand(a.Name)))
		}
		if within(places, r) {
			return true
		}
	}
	return false
}

// within says whether one of the places matches the resource of a request. Without any
// resource in the request, it may be anything.
func within(places []place, r *evaluate.Request) bool {
	return slices.ContainsFunc(places, func(p place) bool {
		return p.pattern == "*" || r.Resource == "*" && p.typ == nil ||
			arn.MatchPattern(sample.ExpandKnown(p.pattern, r.Context), r.Resource)
	})
}

// taken says whether the targets that a grant excepts hold the resource of a request.
func (w *writer) taken(g *intent.Grant, r *evaluate.Request, ca *catalog.Action) bool {
	return len(g.Except) > 0 && within(w.exceptPlaces(g, ca), r)
}

// exceptPlaces are the places of an action that the grant excepts.
func (w *writer) exceptPlaces(g *intent.Grant, ca *catalog.Action) []place {
	return w.remember(placesOf{g, "except", ca}, func() []place {
		var out []place
		for _, t := range ca.Resources {
			out = append(out, w.direct(g.Except, ca, t.Type)...)
		}
		return out
	})
}

// patternPlaces are the places of an action that a pattern or NotActions stands for: the
// targets of its types and what lies below them. Without targets it is any resource.
func (w *writer) patternPlaces(g *intent.Grant, ca *catalog.Action, targeted bool) []place {
	on := "any"
	if targeted {
		on = "targeted"
	}
	return w.remember(placesOf{g, on, ca}, func() []place { return w.findPatternPlaces(g, ca, targeted) })
}

func (w *writer) findPatternPlaces(g *intent.Grant, ca *catalog.Action, targeted bool) []place {
	var out []place
	for _, t := range ca.Resources {
		own := w.direct(g.Targets, ca, t.Type)
		if len(own) == 0 {
			own = w.below(g.Targets, ca, t.Type)
		}
		out = append(out, own...)
	}
	if len(out) > 0 || targeted {
		return out
	}
	if len(ca.Resources) == 0 {
		return []place{anywhere}
	}
	open := w.open(ca, ca.Resources[0].Type)
	return open[:1]
}

// anyTargeted says whether a target is of a type of any of the actions.
func (w *writer) anyTargeted(g *intent.Grant, actions []*catalog.Action) bool {
	return len(g.Targets) > 0 && slices.ContainsFunc(actions, func(ca *catalog.Action) bool {
		return len(w.patternPlaces(g, ca, true)) > 0
	})
}

// where are the constraints of a grant that bear on an action.
func (w *writer) where(g *intent.Grant, d *deed) []intent.Constraint {
	if len(g.Where) == 0 {
		return nil
	}
	out := make([]intent.Constraint, 0, len(g.Where))
	for _, c := range g.Where {
		if w.bears(g, &c, d) {
			out = append(out, c)
		}
	}
	return out
}

// bears says whether a constraint bears on an action. A key that requests for the action
// cannot carry bears on it only if it is a general one, or if nothing that the intent asks
// could carry it either and the action writes: there it would be wrong to let it fall.
func (w *writer) bears(g *intent.Grant, c *intent.Constraint, d *deed) bool {
	ca := d.action
	if len(c.Actions) > 0 && (d.pattern || !slices.ContainsFunc(c.Actions, func(a string) bool { return strings.EqualFold(a, ca.String()) })) {
		return false
	}
	if d.pattern || g.Effect == policy.Deny || w.trust() || ca.Honours(c.Key) {
		return true
	}
	prefix, rest, _ := strings.Cut(c.Key, ":")
	if tag, _, _ := strings.Cut(rest, "/"); strings.EqualFold(prefix, "aws") && !tagKeys[strings.ToLower(tag)] {
		return true
	}
	return ca.Level != catalog.Read && ca.Level != catalog.List && !w.carried(c.Key)
}

// tagKeys are the global keys that not every request carries.
var tagKeys = map[string]bool{"requesttag": true, "resourcetag": true, "tagkeys": true}

// carried says whether requests for anything that the intent asks can carry a key.
func (w *writer) carried(key string) bool {
	return slices.ContainsFunc(w.in.Grants, func(g intent.Grant) bool {
		return slices.ContainsFunc(g.Actions, func(a intent.Action) bool {
			return a.Name != "*" && slices.ContainsFunc(w.catalog.Expand(a.Name), func(ca *catalog.Action) bool { return ca.Honours(key) })
		})
	})
}

// bearsOn says whether requests about resources of the type carry the key of a constraint.
// Where one request names several resources, a key that belongs to one of them is not there
// when the others are checked.
func bearsOn(rt *catalog.ResourceType, c *intent.Constraint, ca *catalog.Action) bool {
	if rt == nil || strings.HasPrefix(strings.ToLower(c.Key), "aws:") && keyIn(ca.Keys, c.Key) {
		return true
	}
	mine, elsewhere := false, false
	for _, r := range ca.Resources {
		has := keyIn(r.Keys, c.Key) || keyIn(r.Type.Keys, c.Key)
		if r.Type == rt {
			mine = has
		}
		elsewhere = elsewhere || has
	}
	return mine || !elsewhere
}

func keyIn(keys []string, name string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return (&catalog.Key{Name: k}).Matches(name) })
}

// speaksOf says whether a grant is about a principal.
func (w *writer) speaksOf(g *intent.Grant, who evaluate.Principal) bool {
	if !w.in.Kind.HasPrincipal() || len(g.Principals) == 0 {
		return true
	}
	return slices.ContainsFunc(g.Principals, func(p intent.Principal) bool { return names(p, who) })
}

func matchesAny(patterns []string, action string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return wildcard.MatchFold(p, action) })
}

// serviceOf returns the service prefix of a target.
func serviceOf(t *intent.Target) string {
	if t.Service != "" {
		return t.Service
	}
	if f, n := arn.Fields(t.ARN); n == len(f) {
		return f[2]
	}
	return ""
}

// listingPrefixes are the patterns that a listing of a bucket is limited to, if the grant
// names objects below a prefix.
func listingPrefixes(g *intent.Grant, ca *catalog.Action) []string {
	if ca.Service != "s3" || ca.Name != "ListBucket" && ca.Name != "ListBucketVersions" {
		return nil
	}
	var out []string
	for i := range g.Targets {
		t := &g.Targets[i]
		key := t.Vars["ObjectName"]
		if f, n := arn.Fields(t.ARN); n == len(f) && f[2] == "s3" {
			_, key, _ = strings.Cut(f[5], "/")
		}
		if key != "" && key != "*" {
			out = append(out, key)
		}
	}
	return out
}
