package verify

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/reach"
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
	pattern := !slices.ContainsFunc(g.Actions, func(a intent.Action) bool {
		return strings.EqualFold(a.Name, r.Action)
	})
	for _, c := range w.reach.Where(g, ca, pattern) {
		if !w.sample.Holds(&c, r.Context) && reach.BearsOn(at.place.Type, &c, ca) {
			return false
		}
	}
	for i := range g.Unless {
		if w.sample.Holds(&g.Unless[i], r.Context) {
			return false
		}
	}
	prefixes := reach.ListingPrefixes(g, ca)
	have := strings.Join(r.Context.Values("s3:prefix"), "")
	return len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(p string) bool {
		return wildcard.Match(sample.ExpandKnown(p, r.Context), have)
	})
}

// covers says whether action and resource of a request fall under a grant.
func (w *writer) covers(g *intent.Grant, r *evaluate.Request, ca *catalog.Action) bool {
	if len(g.NotActions) > 0 {
		return !matchesAny(g.NotActions, r.Action) &&
			(w.trust() || !w.taken(g, r, ca) && (len(g.Targets) == 0 || within(w.reach.PatternPlaces(g, ca, true), r)))
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
		places := []reach.Place{reach.Anywhere}
		if !strings.ContainsAny(a.Name, "*?") {
			places = w.reach.Places(g, a.On, ca)
		} else if len(g.Targets) > 0 {
			places = w.reach.PatternPlaces(g, ca, w.reach.AnyTargeted(g, w.expand(a.Name)))
		}
		if within(places, r) {
			return true
		}
	}
	return false
}

// within says whether one of the places matches the resource of a request. Without any
// resource in the request, it may be anything.
func within(places []reach.Place, r *evaluate.Request) bool {
	return slices.ContainsFunc(places, func(p reach.Place) bool {
		return p.Pattern == "*" || r.Resource == "*" && p.Type == nil ||
			arn.MatchPattern(sample.ExpandKnown(p.Pattern, r.Context), r.Resource)
	})
}

// taken says whether the targets that a grant excepts hold the resource of a request.
func (w *writer) taken(g *intent.Grant, r *evaluate.Request, ca *catalog.Action) bool {
	return len(g.Except) > 0 && within(w.reach.ExceptPlaces(g, ca), r)
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
