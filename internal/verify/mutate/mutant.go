// Package mutate changes policy documents in one place at a time, to see whether tests notice,
// and knows of many changes that cannot matter.
package mutate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A Mutant is a document with one change.
type Mutant struct {
	Name      string // what was changed: "statement 1: action s3:GetObject dropped"
	Statement int    // index of the statement in the original
	Document  *policy.Document
	// Equivalent says why the change cannot change what any request gets; empty if it can,
	// as far as is known.
	Equivalent string
}

// Mutants changes a document in one place at a time: each action, resource, condition, value
// and principal is dropped, made wider or put in another's place, each Effect turned round.
// The order depends on the document alone.
func Mutants(doc *policy.Document, c *catalog.Catalog) []Mutant {
	m := &mutator{doc: doc, catalog: c}
	for i := range doc.Statements {
		m.at = i
		m.effect()
		m.actions()
		m.list("resource", func(s *policy.Statement) *[]policy.Text { return &s.Resources }, m.otherResources)
		m.list("not-resource", func(s *policy.Statement) *[]policy.Text { return &s.NotResources }, m.otherResources)
		m.list("not-action", func(s *policy.Statement) *[]policy.Text { return &s.NotActions }, m.otherActions)
		m.conditions()
		m.principals()
	}
	return m.out
}

// A mutator changes one statement after the other.
type mutator struct {
	doc     *policy.Document
	catalog *catalog.Catalog
	at      int
	out     []Mutant
}

func (m *mutator) statement() *policy.Statement { return &m.doc.Statements[m.at] }

// add keeps a mutant: a copy of the document that was changed.
func (m *mutator) add(name, equivalent string, change func(*policy.Statement)) {
	d := m.doc.Clone()
	change(&d.Statements[m.at])
	if policy.Equal(d, m.doc) {
		return
	}
	m.keep(name, equivalent, d)
}

func (m *mutator) keep(name, equivalent string, d *policy.Document) {
	name = "statement " + strconv.Itoa(m.at+1) + ": " + name
	m.out = append(m.out, Mutant{Name: name, Statement: m.at, Document: d, Equivalent: equivalent})
}

// remove keeps the document without the statement.
func (m *mutator) remove(name, equivalent string) {
	d := m.doc.Clone()
	d.Statements = slices.Delete(d.Statements, m.at, m.at+1)
	m.keep(name, equivalent, d)
}

func (m *mutator) effect() {
	m.add("effect turned round", "", func(s *policy.Statement) {
		if s.Effect == policy.Allow {
			s.Effect = policy.Deny
		} else {
			s.Effect = policy.Allow
		}
	})
}

func (m *mutator) actions() {
	m.list("action", func(s *policy.Statement) *[]policy.Text { return &s.Actions }, m.otherActions)
}

// A variant is what a value is changed to.
type variant struct {
	value string
	how   string
}

// How a value is changed. A value that others cover is not swapped: that would be an addition
// out of the blue, which no list of requests can foresee; comparing documents finds it.
const (
	widened  = "widened"
	narrowed = "narrowed"
	swapped  = "swapped"
)

// list changes the values of one element.
func (m *mutator) list(what string, of func(*policy.Statement) *[]policy.Text, others func(string) []variant) {
	values := *of(m.statement())
	for i, v := range values {
		why := m.dropped(what, i)
		if len(values) == 1 {
			if what != "not-action" && what != "not-resource" {
				m.remove(what+" "+v.Text+" dropped, and with it the statement", why)
			}
		} else {
			m.add(what+" "+v.Text+" dropped", why, func(s *policy.Statement) {
				list := of(s)
				*list = slices.Delete(*list, i, i+1)
			})
		}
		for _, o := range others(v.Text) {
			if o.how == swapped && why != "" {
				continue
			}
			m.add(what+" "+v.Text+" "+o.how+" to "+o.value, m.replaced(what, o), func(s *policy.Statement) {
				(*of(s))[i] = policy.Text{Text: o.value}
			})
		}
	}
}

// otherActions are the pattern of the same verb, the whole service, and another action of
// the service on the same type.
func (m *mutator) otherActions(action string) []variant {
	service, name, ok := strings.Cut(action, ":")
	if !ok || name == "*" {
		return nil
	}
	out := []variant{{service + ":" + catalog.Verb(strings.TrimRight(name, "*?")) + "*", widened}, {service + ":*", widened}}
	ca, known := m.catalog.Action(action)
	s, _ := m.catalog.Service(service)
	if !known || s == nil {
		return out
	}
	for _, other := range s.Actions {
		if other != ca && sameTypes(other, ca) && !textsMatch(m.statement().Actions, other.String()) {
			return append(out, variant{other.String(), swapped})
		}
	}
	return out
}

func sameTypes(a, b *catalog.Action) bool {
	return slices.EqualFunc(a.Resources, b.Resources, func(x, y catalog.ActionResource) bool { return x.Type == y.Type })
}

// otherResources are a longer and a shorter start, any account, any region, any resource, and
// a resource of another name.
func (m *mutator) otherResources(text string) []variant {
	if text == "*" {
		return nil
	}
	out := []variant{{"*", widened}}
	f, n := arn.Fields(text)
	if n < len(f) {
		return out
	}
	put := func(field int, value, how string) {
		g := f
		g[field] = value
		out = append(out, variant{strings.Join(g[:], ":"), how})
	}
	for _, field := range []int{3, 4} {
		if f[field] != "" && f[field] != "*" {
			put(field, "*", widened)
		}
	}
	if r := f[5]; strings.HasSuffix(r, "*") {
		if short := strings.TrimRight(r, "*"); len(short) > 1 {
			put(5, short[:len(short)-1]+"*", widened)
		}
	} else {
		put(5, r+"*", widened)
		if i := strings.LastIndexAny(r, "/:"); i >= 0 {
			put(5, r[:i+1]+"*", widened)
		}
	}
	put(5, swapName(f[5]), swapped)
	return out
}

// swapName changes the last name of a resource.
func swapName(resource string) string {
	i := strings.LastIndexAny(strings.TrimRight(resource, "*?/:"), "/:") + 1
	return resource[:i] + "zz-swapped-" + strings.TrimLeft(resource[i:], "*")
}

func (m *mutator) conditions() {
	for i, c := range m.statement().Conditions {
		name := c.Operator + " " + c.Key
		m.add("condition "+name+" dropped", m.conditionDropped(i), func(s *policy.Statement) {
			s.Conditions = slices.Delete(s.Conditions, i, i+1)
		})
		if !strings.HasSuffix(c.Operator, "IfExists") && c.Operator != "Null" {
			m.add("condition "+name+" holds without the key", m.ifExists(i), func(s *policy.Statement) {
				s.Conditions[i].Operator += "IfExists"
			})
		}
		for j, v := range c.Values {
			if len(c.Values) > 1 {
				m.add("condition "+name+" value "+v.Text+" dropped", valueCovered(&c, j), func(s *policy.Statement) {
					s.Conditions[i].Values = slices.Delete(s.Conditions[i].Values, j, j+1)
				})
			}
			for _, o := range otherValues(c.Operator, v.Text) {
				if o.how == swapped && valueCovered(&c, j) != "" {
					continue
				}
				m.add("condition "+name+" value "+v.Text+" "+o.how+" to "+o.value, m.valueReplaced(i, o), func(s *policy.Statement) {
					s.Conditions[i].Values[j] = policy.Text{Text: o.value}
				})
			}
		}
	}
}

func (m *mutator) principals() {
	p := m.statement().Principal
	if p == nil || p.Any || slices.ContainsFunc(p.AWS, func(t policy.Text) bool { return t.Text == "*" }) {
		return // anyone already
	}
	m.add("principal widened to anyone", "", func(s *policy.Statement) { s.Principal = &policy.Principal{Any: true} })
	lists := []func(*policy.Principal) *[]policy.Text{
		func(p *policy.Principal) *[]policy.Text { return &p.AWS },
		func(p *policy.Principal) *[]policy.Text { return &p.Service },
		func(p *policy.Principal) *[]policy.Text { return &p.Federated },
		func(p *policy.Principal) *[]policy.Text { return &p.CanonicalUser },
	}
	total := len(p.AWS) + len(p.Service) + len(p.Federated) + len(p.CanonicalUser)
	for _, of := range lists {
		for i, v := range *of(p) {
			if total == 1 {
				m.remove("principal "+v.Text+" dropped, and with it the statement", m.covered(m.statement(), func(*policy.Statement) {}))
				continue
			}
			m.add("principal "+v.Text+" dropped", "", func(s *policy.Statement) {
				list := of(s.Principal)
				*list = slices.Delete(*list, i, i+1)
			})
		}
	}
	for i, v := range p.AWS {
		if account := accountIn(v.Text); account != "" && !strings.HasSuffix(v.Text, ":root") {
			m.add("principal "+v.Text+" widened to its account", "", func(s *policy.Statement) {
				s.Principal.AWS[i] = policy.Text{Text: "arn:aws:iam::" + account + ":root"}
			})
		}
	}
}

func accountIn(id string) string {
	if f, n := arn.Fields(id); n == len(f) && !wildcard.Contains(f[4]) {
		return f[4]
	}
	return ""
}

func textsMatch(patterns []policy.Text, action string) bool {
	return slices.ContainsFunc(patterns, func(p policy.Text) bool { return wildcard.MatchFold(p.Text, action) })
}
