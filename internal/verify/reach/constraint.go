package reach

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// ExceptPlaces are the places of an action that the grant excepts.
func (m *Map) ExceptPlaces(g *intent.Grant, ca *catalog.Action) []Place {
	return m.remember(placesOf{g, "except", ca}, func() []Place {
		var out []Place
		for _, t := range ca.Resources {
			out = append(out, m.direct(g.Except, ca, t.Type)...)
		}
		return out
	})
}

// PatternPlaces are the places of an action that a pattern or NotActions stands for: the
// targets of its types and what lies below them. Without targets it is any resource.
func (m *Map) PatternPlaces(g *intent.Grant, ca *catalog.Action, targeted bool) []Place {
	on := "any"
	if targeted {
		on = "targeted"
	}
	return m.remember(placesOf{g, on, ca}, func() []Place { return m.findPatternPlaces(g, ca, targeted) })
}

func (m *Map) findPatternPlaces(g *intent.Grant, ca *catalog.Action, targeted bool) []Place {
	var out []Place
	for _, t := range ca.Resources {
		own := m.direct(g.Targets, ca, t.Type)
		if len(own) == 0 {
			own = m.below(g.Targets, ca, t.Type)
		}
		out = append(out, own...)
	}
	if len(out) > 0 || targeted {
		return out
	}
	if len(ca.Resources) == 0 {
		return []Place{Anywhere}
	}
	open := m.Open(ca, ca.Resources[0].Type)
	return open[:1]
}

// AnyTargeted says whether a target is of a type of any of the actions.
func (m *Map) AnyTargeted(g *intent.Grant, actions []*catalog.Action) bool {
	return len(g.Targets) > 0 && slices.ContainsFunc(actions, func(ca *catalog.Action) bool {
		return len(m.PatternPlaces(g, ca, true)) > 0
	})
}

// Where are the constraints of a grant that bear on an action.
func (m *Map) Where(g *intent.Grant, ca *catalog.Action, pattern bool) []intent.Constraint {
	if len(g.Where) == 0 {
		return nil
	}
	out := make([]intent.Constraint, 0, len(g.Where))
	for _, c := range g.Where {
		if m.bears(g, &c, ca, pattern) {
			out = append(out, c)
		}
	}
	return out
}

// bears says whether a constraint bears on an action. A key that requests for the action
// cannot carry bears on it only if it is a general one, or if nothing that the intent asks
// could carry it either and the action writes: there it would be wrong to let it fall.
func (m *Map) bears(g *intent.Grant, c *intent.Constraint, ca *catalog.Action, pattern bool) bool {
	if len(c.Actions) > 0 && (pattern || !slices.ContainsFunc(c.Actions, func(a string) bool { return strings.EqualFold(a, ca.String()) })) {
		return false
	}
	if pattern || g.Effect == policy.Deny || m.in.Kind == policy.Trust || ca.Honours(c.Key) {
		return true
	}
	prefix, rest, _ := strings.Cut(c.Key, ":")
	if tag, _, _ := strings.Cut(rest, "/"); strings.EqualFold(prefix, "aws") && !tagKeys[strings.ToLower(tag)] {
		return true
	}
	return ca.Level != catalog.Read && ca.Level != catalog.List && !m.carried(c, strings.EqualFold(prefix, ca.Service))
}

// tagKeys are the global keys that not every request carries.
var tagKeys = map[string]bool{"requesttag": true, "resourcetag": true, "tagkeys": true}

// carried says whether requests for anything that the intent asks can carry the key of a constraint;
// beside: for anything that it limits.
func (m *Map) carried(c *intent.Constraint, beside bool) bool {
	same := func(o intent.Constraint) bool {
		return strings.EqualFold(o.Key, c.Key) && slices.Equal(o.Values, c.Values)
	}
	return slices.ContainsFunc(m.in.Grants, func(g intent.Grant) bool {
		return (!beside || slices.ContainsFunc(g.Where, same)) && slices.ContainsFunc(g.Actions, func(a intent.Action) bool {
			return a.Name != "*" && slices.ContainsFunc(m.catalog.Expand(a.Name), func(ca *catalog.Action) bool { return ca.Honours(c.Key) })
		})
	})
}

// BearsOn says whether requests about resources of the type carry the key of a constraint.
// Where one request names several resources, a key that belongs to one of them is not there
// when the others are checked.
func BearsOn(rt *catalog.ResourceType, c *intent.Constraint, ca *catalog.Action) bool {
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

// ListingPrefixes are the patterns that a listing of a bucket is limited to, if the grant
// names objects below a prefix.
func ListingPrefixes(g *intent.Grant, ca *catalog.Action) []string {
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
