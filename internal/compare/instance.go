package compare

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// maxInstances bounds the values of variables that are tried.
const maxInstances = 32

// maxSeeds bounds the requests with markers that say which values to try.
const maxSeeds = 4

// instances looks for differences with values in the place of variables. What it finds is
// sure, that it finds nothing is not: then the answer is unknown.
func (c *Comparer) instances(marked *session, seeds []evaluate.Context, before, after Access, l Limits) (Report, error) {
	var report Report
	check := check{before: before, after: after}
	doubts := marked.doubts
	budget := l.budget()
	for _, instance := range marked.choices(seeds, before, after) {
		o := Options{Open: l.Open, Budget: budget}
		s := newSession(c.requests, o, before, after)
		s.single, s.expanded = marked.single, marked.expanded
		more := true
		err := s.compare(instance.put(before), append(instance.put(after), instance.layer(marked.variables.Name)), func(d Difference) bool {
			d.Allowed = d.Allowed[:len(after)]
			if check.shows(d.Request) && !report.has(d) {
				report.Differences = append(report.Differences, d)
			}
			more = l.Differences == 0 || len(report.Differences) < l.Differences
			return more
		})
		if err != nil {
			return Report{}, err
		}
		budget = s.steps
		if !more || budget <= 0 {
			break
		}
	}
	if doubts == nil && (len(report.Differences) == 0 || l.Differences != 1) {
		marked.doubt("policy variables can have values that were not tried")
		doubts = marked.doubts
	}
	report.steps = 2*l.budget() - marked.steps - budget
	report.finish(doubts, l)
	return report, nil
}

// has reports whether a difference of the same statements and actions is listed.
func (r *Report) has(d Difference) bool {
	return slices.ContainsFunc(r.Differences, func(known Difference) bool {
		return slices.Equal(known.Allowed, d.Allowed) && slices.Equal(known.Denied, d.Denied) &&
			slices.Equal(known.Actions, d.Actions)
	})
}

// An instance is values of the keys that stand in variables; none: the request lacks the key.
type instance map[string][]string

// choices returns instances worth trying. The seeds, which the search with markers found, come
// first: they say which keys a request needs, and the rest have values of their own, or none
// where requests for some actions only carry the key. The last are combinations of values.
func (s *session) choices(seeds []evaluate.Context, sides ...Access) []instance {
	keys := s.variables.Keys()
	usual, full, same, empty := instance{}, instance{}, instance{}, instance{}
	for i, key := range keys {
		full[key], same[key], empty[key] = []string{freshValue(key, i)}, []string{freshValue(key, 0)}, nil
		usual[key] = full[key]
		if k, ok := s.requests.Catalog.Key(key); ok && (!k.Global || strings.Contains(key, ":resourcetag/") || strings.Contains(key, ":requesttag/")) {
			usual[key] = nil
		}
	}
	var all []instance
	for _, seed := range seeds {
		for _, base := range []instance{usual, full, empty} {
			with := maps.Clone(base)
			for _, key := range keys {
				if v := seed.Values(key); len(v) == 1 && utf8.ValidString(v[0]) && !strings.ContainsRune(v[0], utf8.RuneError) {
					with[key] = v
				}
			}
			all = append(all, with)
		}
	}
	all = append(all, usual, full, same, empty)
	combined := []instance{{}}
	for i, key := range keys {
		if len(combined) == maxInstances { // there is room for one value of each further key
			for _, one := range combined {
				one[key] = []string{freshValue(key, i)}
			}
			continue
		}
		var next []instance
		for _, choice := range valuesOf(key, i, sides) {
			for _, one := range combined {
				with := maps.Clone(one)
				with[key] = choice
				next = append(next, with)
			}
		}
		combined = next[:min(len(next), maxInstances)]
	}
	return distinct(append(all, combined...))
}

// distinct drops what is there before, so that nothing is searched twice.
func distinct(all []instance) []instance {
	var out []instance
	for _, in := range all {
		if !slices.ContainsFunc(out, func(before instance) bool { return maps.EqualFunc(before, in, slices.Equal) }) {
			out = append(out, in)
		}
	}
	return out
}

// freshValue returns a value for a key that no document has.
func freshValue(key string, number int) string {
	if strings.HasSuffix(key, "account") {
		return "111122223333"
	}
	return "alice" + strings.Repeat("x", number)
}

// valuesOf returns values for a key: one that no document has, those that conditions about the
// key name, and none.
func valuesOf(key string, number int, sides []Access) [][]string {
	out := [][]string{{freshValue(key, number)}}
	for _, side := range sides {
		for _, l := range side {
			for _, d := range l.Documents {
				for _, st := range d.Statements {
					for _, c := range st.Conditions {
						if strings.EqualFold(c.Key, key) && len(out) < 5 {
							for _, v := range c.Values {
								out = append(out, []string{strings.NewReplacer("*", "x", "?", "x").Replace(v.Text)})
							}
						}
					}
				}
			}
		}
	}
	return append(out, nil)
}

// layer returns a layer that allows the requests that the instance is about; name spells a key.
func (in instance) layer(name func(key string) string) Layer {
	var box policy.Statement
	for key, values := range in {
		c := policy.Condition{Operator: "Null", Key: name(key), Values: []policy.Text{{Text: "true"}}}
		if values != nil {
			c.Operator = "StringEquals"
			c.Values = []policy.Text{{Text: escaped(values[0])}}
		}
		box.Conditions = append(box.Conditions, c)
	}
	slices.SortFunc(box.Conditions, func(a, b policy.Condition) int { return strings.Compare(a.Key, b.Key) })
	layer, _ := boxLayer(box)
	return layer
}

// escaped writes a text so that none of it is a wildcard or a variable.
func escaped(text string) string {
	return strings.NewReplacer("*", "${*}", "?", "${?}", "$", "${$}").Replace(text)
}

// put returns documents with the values of the instance in the place of the variables.
func (in instance) put(a Access) Access {
	out := make(Access, len(a))
	for i, l := range a {
		out[i].Kind = l.Kind
		for _, d := range l.Documents {
			if d.Version == policy.Version2012 {
				d = in.document(d)
			}
			out[i].Documents = append(out[i].Documents, d)
		}
	}
	return out
}

func (in instance) document(from *policy.Document) *policy.Document {
	d := *from
	d.Statements = slices.Clone(from.Statements)
	for i := range d.Statements {
		s := &d.Statements[i]
		s.Resources, s.NotResources = in.texts(s.Resources), in.texts(s.NotResources)
		s.Conditions = slices.Clone(s.Conditions)
		for j := range s.Conditions {
			s.Conditions[j].Values = in.texts(s.Conditions[j].Values)
		}
	}
	return &d
}

// texts returns the texts with values in the place of variables: the same ones if none has any.
func (in instance) texts(texts []policy.Text) []policy.Text {
	if !slices.ContainsFunc(texts, func(t policy.Text) bool { return strings.Contains(t.Text, "${") }) {
		return texts
	}
	out := slices.Clone(texts)
	for i := range out {
		out[i].Text = in.text(out[i].Text)
	}
	return out
}

// nothing is a variable that cannot be read: a text with it matches nothing.
const nothing = "${ }"

// text replaces the variables of a text.
func (in instance) text(text string) string {
	var b strings.Builder
	start := 0
	for _, v := range policy.Variables(text) {
		value, known := in[strings.ToLower(v.Key)]
		if v.Defect != "" || v.Literal != 0 || !known {
			continue
		}
		b.WriteString(text[start:v.Start])
		start = v.End
		switch {
		case value != nil:
			b.WriteString(escaped(value[0]))
		case v.HasDefault:
			b.WriteString(escaped(v.Default))
		default:
			b.WriteString(nothing)
		}
	}
	b.WriteString(text[start:])
	return b.String()
}
