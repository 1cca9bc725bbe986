package reach

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/verify/sample"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A Place is where a grant lets an action act: a pattern of ARNs.
type Place struct {
	Pattern string
	Format  string                // of the catalog, for the parts of the pattern that are names
	Type    *catalog.ResourceType // nil: no resource
	Named   bool                  // a target says so; otherwise any resource of the type
}

// Any says that the place is every resource there is, or none.
func (p Place) Any() bool { return p.Type == nil || p.Pattern == "*" }

// Anywhere is the place of actions that name no resource.
var Anywhere = Place{Pattern: "*"}

// manyRequired is a number of required types beyond which a request names one of them, not
// all: the catalog lists alternatives as required for calls that tag.
const manyRequired = 6

// Places finds where the grant lets an action act: on the targets of the action's resource
// types, on what lies below targets, and, where the action needs a type that no target
// speaks of, on any resource of it.
func (m *Map) Places(g *intent.Grant, on []string, ca *catalog.Action) []Place {
	return m.remember(placesOf{g, "types " + strings.Join(on, " "), ca}, func() []Place { return m.findPlaces(g, on, ca) })
}

// placesOf names places that were found: of an action of a grant, in one of the ways to look.
type placesOf struct {
	grant  *intent.Grant
	way    string
	action *catalog.Action
}

// remember finds places once: every near miss asks of every grant whether it applies.
func (m *Map) remember(key placesOf, find func() []Place) []Place {
	if found, ok := m.found[key]; ok {
		return found
	}
	found := slices.Clip(find())
	m.found[key] = found
	return found
}

func (m *Map) findPlaces(g *intent.Grant, on []string, ca *catalog.Action) []Place {
	types := typesOf(on, ca)
	if len(types) == 0 {
		return []Place{Anywhere}
	}
	required := 0
	direct := make([]bool, len(types))
	var out []Place
	for i, t := range types {
		if t.Required {
			required++
		}
		own := m.direct(g.Targets, ca, t.Type)
		direct[i] = len(own) > 0
		out = append(out, own...)
	}
	oneOf := ca.Level == catalog.Tagging || required > manyRequired
	if oneOf && len(out) > 0 {
		return out
	}
	hit := len(out) > 0
	var open []Place
	for i, t := range types {
		if direct[i] || !t.Required && (required > 0 || hit) {
			continue
		}
		if below := m.below(g.Targets, ca, t.Type); len(below) > 0 {
			out = append(out, below...)
		} else {
			open = append(open, m.Open(ca, t.Type)...)
		}
	}
	if len(out) > 0 && (required == 0 || oneOf) {
		return out
	}
	if out = append(out, open...); len(out) == 0 {
		return []Place{Anywhere}
	}
	return out
}

// typesOf are the resource types that an action of a grant is about.
func typesOf(on []string, ca *catalog.Action) []catalog.ActionResource {
	if len(on) == 0 {
		return ca.Resources
	}
	var out []catalog.ActionResource
	for _, r := range ca.Resources {
		if slices.ContainsFunc(on, func(n string) bool { return strings.EqualFold(n, r.Type.Name) }) {
			out = append(out, catalog.ActionResource{Type: r.Type, Required: true})
		}
	}
	return out
}

// direct are the places of targets that are resources of the type.
func (m *Map) direct(targets []intent.Target, ca *catalog.Action, rt *catalog.ResourceType) []Place {
	var out []Place
	for i := range targets {
		t := &targets[i]
		switch {
		case t.ARN != "":
			out = append(out, m.arnPlace(t.ARN, ca, rt)...)
		case t.Service == rt.Service && strings.EqualFold(t.Type, rt.Name):
			out = append(out, m.bind(targets, t, ca, rt)...)
		case t.Service != rt.Service:
			out = append(out, m.foreign(targets, t, ca, rt)...)
		}
	}
	return out
}

// foreign are the places of a target whose own service lists the type too, perhaps with other
// names for the parts of its ARN: the role of IAM is also a resource of STS.
func (m *Map) foreign(targets []intent.Target, t *intent.Target, ca *catalog.Action, rt *catalog.ResourceType) []Place {
	s, ok := m.catalog.Service(t.Service)
	if !ok {
		return nil
	}
	own, ok := s.Resource(t.Type)
	if !ok || !catalog.SameARN(own, rt) {
		return nil
	}
	out := m.bind(targets, t, ca, own)
	for i := range out {
		out[i].Type = rt
		if formats := ca.ARNs(rt); len(formats) == 1 {
			out[i].Format = formats[0]
		}
	}
	return out
}

// Own are the places of targets as resources of their own types, whatever the action.
func (m *Map) Own(targets []intent.Target) []Place {
	var out []Place
	for i := range targets {
		t := &targets[i]
		if t.ARN != "" {
			out = append(out, Place{Pattern: t.ARN, Named: true})
			continue
		}
		s, ok := m.catalog.Service(t.Service)
		if !ok {
			continue
		}
		rt, ok := s.Resource(t.Type)
		if !ok {
			continue
		}
		for _, f := range rt.ARNs {
			out = append(out, Place{Pattern: m.settle(catalogOpen(f, t.Vars), t), Format: f, Type: rt, Named: true})
		}
	}
	return out
}

// below are the places of resources of the type that share a name with a target of another
// type: the objects of a bucket, the bucket of an object.
func (m *Map) below(targets []intent.Target, ca *catalog.Action, rt *catalog.ResourceType) []Place {
	var out []Place
	for i := range targets {
		t := &targets[i]
		if t.ARN != "" || t.Service != rt.Service || strings.EqualFold(t.Type, rt.Name) {
			continue
		}
		shares := slices.ContainsFunc(rt.ARNs, func(f string) bool {
			for v := range t.Vars {
				if catalog.Named(f, v) && m.sameThing(t, f, v) && m.leads(t, f) {
					return true
				}
			}
			return false
		})
		if shares {
			out = append(out, m.bind(targets, t, ca, rt)...)
		}
	}
	return out
}

// sameThing says whether a variable stands in a format for what it stands for in the target's own.
func (m *Map) sameThing(t *intent.Target, format, variable string) bool {
	s, ok := m.catalog.Service(t.Service)
	if !ok {
		return true
	}
	own, ok := s.Resource(t.Type)
	return !ok || !slices.ContainsFunc(own.ARNs, func(f string) bool { return catalog.Named(f, variable) }) ||
		slices.ContainsFunc(own.ARNs, func(f string) bool { return catalog.SamePlace(f, format, variable) })
}

// leads says whether a format has the first name that the target gives, in the target's own format.
func (m *Map) leads(t *intent.Target, format string) bool {
	s, ok := m.catalog.Service(t.Service)
	if !ok {
		return true
	}
	own, ok := s.Resource(t.Type)
	return !ok || slices.ContainsFunc(own.ARNs, func(f string) bool { return catalog.Leads(f, format, t.Vars) })
}

// Open is any resource of the type.
func (m *Map) Open(ca *catalog.Action, rt *catalog.ResourceType) []Place {
	var out []Place
	for _, f := range ca.ARNs(rt) {
		out = append(out, Place{Pattern: m.settle(catalogOpen(f, nil), &intent.Target{}), Format: f, Type: rt})
	}
	if len(out) == 0 {
		return []Place{Anywhere}
	}
	return out
}

// bind writes a target's names, and those that other targets give to variables it leaves
// open, into the formats of the type.
func (m *Map) bind(targets []intent.Target, t *intent.Target, ca *catalog.Action, rt *catalog.ResourceType) []Place {
	var out []Place
	for _, f := range ca.ARNs(rt) {
		rows := []map[string]string{t.Vars}
		for _, v := range catalog.ARNVariables(f) {
			if t.Vars[v] == "" {
				rows = cross(rows, v, m.valuesOf(targets, t, f, v))
			}
		}
		for _, vars := range rows {
			out = append(out, Place{Pattern: m.settle(catalogOpen(f, vars), t), Format: f, Type: rt, Named: true})
		}
	}
	return out
}

// valuesOf are the values that other targets of the service give a variable: targets of other
// types, and those of the same type that name other parts of it.
func (m *Map) valuesOf(targets []intent.Target, t *intent.Target, format, variable string) []string {
	var out []string
	for i := range targets {
		o := &targets[i]
		if v := o.Vars[variable]; v != "" && o.Service == t.Service && m.sameThing(o, format, variable) && (o.Type != t.Type || o.Disjoint(*t)) && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// cross extends every row by every value of a variable.
func cross(rows []map[string]string, variable string, values []string) []map[string]string {
	if len(values) == 0 {
		return rows
	}
	var out []map[string]string
	for _, row := range rows {
		for _, value := range values {
			next := map[string]string{variable: value}
			for k, v := range row {
				next[k] = v
			}
			out = append(out, next)
		}
	}
	return out
}

// SecretTail is what Secrets Manager puts behind the name of a secret.
const SecretTail = "-??????"

// catalogOpen fills a format with names; what has no name is open. Partition, region and
// account stay for settle.
func catalogOpen(format string, vars map[string]string) string {
	if base, ok := strings.CutSuffix(format, SecretTail); ok {
		for _, v := range catalog.ARNVariables(format) {
			if name := vars[v]; name == "" || strings.HasSuffix(name, "*") || hasTail(name) {
				format = base
			}
		}
	}
	values := map[string]string{"Partition": "${Partition}", "Region": "${Region}", "Account": "${Account}"}
	for _, v := range catalog.ARNVariables(format) {
		if strings.EqualFold(v, "AccountId") {
			values[v] = "${Account}"
		}
	}
	for k, v := range vars {
		values[k] = v
	}
	out := catalog.FillARN(format, values)
	for strings.Contains(out, "**") {
		out = strings.ReplaceAll(out, "**", "*")
	}
	if trimmed, ok := strings.CutSuffix(out, ":*:*"); ok {
		return trimmed + ":*"
	}
	return out
}

// hasTail says that the name of a secret has its six characters already.
func hasTail(name string) bool {
	if strings.HasSuffix(name, SecretTail) {
		return true
	}
	i := strings.LastIndexByte(name, '-')
	if i < 0 || len(name)-i != len(SecretTail) {
		return false
	}
	tail := name[i+1:]
	return strings.ToLower(tail) != tail || strings.ContainsAny(tail, "0123456789")
}

// settle puts partition, region and account into a pattern.
func (m *Map) settle(pattern string, t *intent.Target) string {
	region, account := sample.First(t.Region, m.in.Region, "*"), sample.First(t.Account, m.in.Account, "*")
	pattern = strings.Replace(pattern, "${Partition}", sample.First(m.in.Partition, arn.PartitionOf(region)), 1)
	pattern = strings.ReplaceAll(pattern, "${Region}", region)
	return strings.ReplaceAll(pattern, "${Account}", account)
}

// arnPlace reads a whole ARN as one of the type, or as one above it.
func (m *Map) arnPlace(text string, ca *catalog.Action, rt *catalog.ResourceType) []Place {
	if text == "*" {
		return []Place{{Pattern: "*", Format: sample.First(ca.ARNs(rt)...), Type: rt, Named: true}}
	}
	fields, n := arn.Fields(text)
	if n < len(fields) {
		return nil
	}
	for _, f := range ca.ARNs(rt) {
		ff, _ := arn.Fields(f)
		if !wildcard.Match(fields[2], ff[2]) && ff[2] != fields[2] {
			continue
		}
		if strings.HasSuffix(ff[5], ":*") && !strings.HasSuffix(fields[5], ":*") {
			ff[5] = strings.TrimSuffix(ff[5], ":*")
		}
		if fitsSegments(ff[5], fields[5]) {
			return []Place{{Pattern: text, Format: f, Type: rt, Named: true}}
		}
	}
	for _, f := range ca.ARNs(rt) {
		if ff, _ := arn.Fields(f); ff[2] == fields[2] {
			if rest, ok := restBelow(ff[5], fields[5]); ok {
				return []Place{{Pattern: text + "/" + rest, Format: f, Type: rt, Named: true}}
			}
		}
	}
	return nil
}

// fitsSegments says whether a resource has the segments that a format has: names hold slashes
// only at the end, behind something fixed.
func fitsSegments(format, resource string) bool {
	format = strings.TrimSuffix(format, SecretTail)
	f, r := strings.Split(format, "/"), strings.Split(resource, "/")
	if resource == "*" {
		return true
	}
	if len(r) < len(f) {
		return false
	}
	last := len(f) - 1
	if len(r) > len(f) && last == 0 && strings.HasPrefix(format, "${") {
		return false
	}
	for i, seg := range f[:last] {
		if !wildcard.Match(catalog.FillARN(seg, nil), r[i]) {
			return false
		}
	}
	return wildcard.Match(catalog.FillARN(f[last], nil), strings.Join(r[last:], "/"))
}

// restBelow returns the open pattern of what lies below a resource in a longer format.
func restBelow(format, resource string) (string, bool) {
	f, r := strings.Split(format, "/"), strings.Split(resource, "/")
	if len(f) <= len(r) {
		return "", false
	}
	for i, seg := range r {
		if !wildcard.Match(catalog.FillARN(f[i], nil), seg) {
			return "", false
		}
	}
	return catalog.FillARN(strings.Join(f[len(r):], "/"), nil), true
}
