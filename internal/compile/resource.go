package compile

import (
	"slices"
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A resourceSet is the Resource element of a statement with the conditions that belong to it.
type resourceSet struct {
	arns       []string
	conditions []policy.Condition
}

// resources finds the resources of an action: for each of its resource types the targets of
// that type, or what lies below a named parent, or, if the type is required, any.
func (w *compiler) resources(g intent.Grant, a intent.Action, ca *catalog.Action) []resourceSet {
	set := resourceSet{conditions: append(w.listing(g, ca), w.aliases(g, ca)...)}
	types := resourceTypes(a, ca)
	if len(types) == 0 {
		set.arns = []string{"*"}
		return []resourceSet{set}
	}
	direct := map[*catalog.ResourceType]bool{}
	for _, r := range types {
		if arns := w.direct(g, ca, r.Type); len(arns) > 0 {
			direct[r.Type] = true
			set.arns = append(set.arns, arns...)
		}
	}
	if alternatives(ca, types) && len(direct) > 0 {
		return []resourceSet{set}
	}
	set.arns = append(set.arns, w.undirected(g, ca, types, direct)...)
	if len(set.arns) == 0 {
		set.arns = []string{"*"}
	}
	return []resourceSet{set}
}

// resourceTypes are the types of an action that its grant may be about.
func resourceTypes(a intent.Action, ca *catalog.Action) []catalog.ActionResource {
	if len(a.On) == 0 {
		return ca.Resources
	}
	var out []catalog.ActionResource
	for _, r := range ca.Resources {
		if contains(a.On, r.Type.Name) {
			out = append(out, catalog.ActionResource{Type: r.Type, Required: true})
		}
	}
	return out
}

// alternatives says that a request names a resource of one of the types, not of all: tagging
// calls, and calls with more required types than any request could name.
func alternatives(ca *catalog.Action, types []catalog.ActionResource) bool {
	return ca.Level == catalog.Tagging || requiredCount(types) > 6
}

func requiredCount(types []catalog.ActionResource) int {
	n := 0
	for _, r := range types {
		if r.Required {
			n++
		}
	}
	return n
}

// undirected finds resources of the types that no target names.
func (w *compiler) undirected(g intent.Grant, ca *catalog.Action, types []catalog.ActionResource, direct map[*catalog.ResourceType]bool) []string {
	var below, open []string
	required := requiredCount(types)
	for _, r := range types {
		if direct[r.Type] || !r.Required && (required > 0 || len(direct) > 0) {
			continue
		}
		if arns := w.parents(g, ca, r.Type); len(arns) > 0 {
			below = append(below, arns...)
			continue
		}
		if r.Required || !w.mayBeUnnamed(ca, types) {
			open = append(open, w.open(g, ca, r.Type)...)
		}
	}
	switch {
	case required == 0 && len(below) > 0, required > 6 && len(below) > 0:
		return below
	case required == 0 && len(open) == 0 && len(direct) == 0:
		return []string{"*"}
	case len(open) > 8 && required != requiredCount(ca.Resources) || required > 6:
		return append(below, w.account("arn:${Partition}:"+ca.Service+":${Region}:${Account}:*", intent.Target{}))
	}
	return append(below, open...)
}

// mayBeUnnamed says that a request for the action can name no resource at all, so that only "*"
// lets it through: all types are optional, and the request says nothing about where they lie.
func (w *compiler) mayBeUnnamed(ca *catalog.Action, types []catalog.ActionResource) bool {
	if ca.Level != catalog.Read && ca.Level != catalog.List {
		return len(types) == 1
	}
	return len(types) == 1 && w.in.Region == "" && w.in.Account == ""
}

// direct returns the ARNs of the targets that name resources of the type themselves.
func (w *compiler) direct(g intent.Grant, ca *catalog.Action, rt *catalog.ResourceType) []string {
	var out []string
	for _, t := range g.Targets {
		switch {
		case t.ARN != "":
			out = append(out, w.fitARN(t.ARN, ca, rt)...)
		case t.Service == rt.Service && t.Type == rt.Name:
			out = append(out, w.fill(g, ca, rt, t)...)
		case t.Service != rt.Service && w.sameType(t, rt):
			out = append(out, w.arnsOf([]intent.Target{t})...)
		}
	}
	return out
}

// sameType says that the target's type is listed by two services under one ARN format.
func (w *compiler) sameType(t intent.Target, rt *catalog.ResourceType) bool {
	s, ok := w.catalog.Service(t.Service)
	if !ok {
		return false
	}
	own, ok := s.Resource(t.Type)
	return ok && catalog.SameARN(own, rt)
}

// parents returns the ARN patterns of resources of the type below the targets.
func (w *compiler) parents(g intent.Grant, ca *catalog.Action, rt *catalog.ResourceType) []string {
	var out []string
	for _, t := range g.Targets {
		if t.ARN == "" && t.Service == rt.Service && t.Type != rt.Name && w.below(rt, t) {
			out = append(out, w.fill(g, ca, rt, t)...)
		}
	}
	return out
}

// named returns the ARNs of the type that the targets name or stand above.
func (w *compiler) named(g intent.Grant, ca *catalog.Action, rt *catalog.ResourceType) []string {
	if out := w.direct(g, ca, rt); len(out) > 0 {
		return out
	}
	return w.parents(g, ca, rt)
}

// below says whether the type's format has a place for what the target binds.
func (w *compiler) below(rt *catalog.ResourceType, t intent.Target) bool {
	for _, format := range rt.ARNs {
		for v := range t.Vars {
			if catalog.Named(format, v) && w.samePlace(t, format, v) && w.leads(t, format) {
				return true
			}
		}
	}
	return false
}

// leads says that a format has what leads to the resource that the target names.
func (w *compiler) leads(t intent.Target, format string) bool {
	s, ok := w.catalog.Service(t.Service)
	if !ok {
		return true
	}
	own, ok := s.Resource(t.Type)
	return !ok || slices.ContainsFunc(own.ARNs, func(f string) bool { return catalog.Leads(f, format, t.Vars) })
}

// samePlace says that a variable of the target means in a format what it means in its own type's.
func (w *compiler) samePlace(t intent.Target, format, variable string) bool {
	s, ok := w.catalog.Service(t.Service)
	if !ok {
		return true
	}
	own, ok := s.Resource(t.Type)
	if !ok {
		return true
	}
	for _, f := range own.ARNs {
		if !catalog.Named(f, variable) || catalog.SamePlace(f, format, variable) {
			return true
		}
	}
	return false
}

// fill writes the ARNs of a target for a resource type. Variables that the target leaves open
// are taken from the other targets of the grant, each combination once.
func (w *compiler) fill(g intent.Grant, ca *catalog.Action, rt *catalog.ResourceType, t intent.Target) []string {
	var out []string
	if _, ok := aliasOf(t); ok && rt.Name == "key" {
		t.Vars = nil // any key that has the alias
	}
	for _, format := range ca.ARNs(rt) {
		bindings := []map[string]string{copyVars(t.Vars)}
		for _, v := range catalog.ARNVariables(format) {
			if t.Vars[v] != "" {
				continue
			}
			values := w.others(g, t, format, v)
			if len(values) == 0 {
				continue
			}
			var next []map[string]string
			for _, b := range bindings {
				for _, value := range values {
					c := copyVars(b)
					c[v] = value
					next = append(next, c)
				}
			}
			bindings = next
		}
		for _, b := range bindings {
			out = append(out, w.write(format, b, t))
		}
	}
	return out
}

// others returns the values that other targets of the grant bind a variable to.
func (w *compiler) others(g intent.Grant, t intent.Target, format, variable string) []string {
	var out []string
	for _, o := range g.Targets {
		if _, alias := aliasOf(o); alias {
			continue
		}
		if v := o.Vars[variable]; v != "" && o.Service == t.Service && w.samePlace(o, format, variable) && (o.Type != t.Type || o.Disjoint(t)) && !contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// open writes the ARN pattern for any resource of the type.
func (w *compiler) open(g intent.Grant, ca *catalog.Action, rt *catalog.ResourceType) []string {
	var out []string
	for _, format := range ca.ARNs(rt) {
		out = append(out, w.write(format, nil, intent.Target{}))
	}
	if len(out) == 0 {
		return []string{"*"}
	}
	return out
}

// patternResources finds the resources of an action pattern: everything of the types that the
// targets name and everything below them, or "*".
func (w *compiler) patternResources(g intent.Grant, on []string, matched []*catalog.Action) []string {
	if len(g.Targets) == 0 {
		return []string{"*"}
	}
	seen := map[string]bool{}
	types := map[*catalog.ResourceType]bool{}
	for _, ca := range matched {
		for _, r := range ca.Resources {
			if types[r.Type] || len(on) > 0 && !contains(on, r.Type.Name) {
				continue
			}
			types[r.Type] = true
			for _, a := range w.named(g, ca, r.Type) {
				seen[a] = true
			}
		}
	}
	out := make([]string, 0, len(seen))
	for a := range seen {
		out = append(out, a)
	}
	sort.Strings(out)
	if len(out) == 0 {
		return []string{"*"}
	}
	return out
}

func copyVars(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}
