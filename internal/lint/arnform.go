package lint

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Form is what the ARNs of a resource type look like: its fields as patterns, in which each
// variable is a star.
type Form struct {
	arn.ARN
	Type *catalog.ResourceType
}

// formsOf returns the forms of a service's resource types, with the corrections.
func formsOf(s *catalog.Service) []Form {
	var out []Form
	add := func(t *catalog.ResourceType, format string) {
		if a, err := arn.Parse(catalog.FillARN(format, nil)); err == nil {
			out = append(out, Form{a, t})
		}
	}
	for _, t := range s.Resources {
		for _, format := range t.ARNs {
			add(t, format)
		}
	}
	for _, c := range catalog.Corrections() {
		if t, ok := s.Resource(c.Resource); ok && c.Service == s.Prefix {
			for _, format := range c.ARNs {
				add(t, format)
			}
		}
	}
	return out
}

// ARNs calls do for each text of Resource and NotResource that has the six fields of an ARN.
func (p *Pass) ARNs(do func(policy.Text, arn.ARN)) {
	p.Resources(func(_ *policy.Statement, t policy.Text) {
		if a, err := arn.Parse(t.Text); err == nil {
			do(t, a)
		}
	})
}

// Forms returns the forms of the ARN's service whose last fields an ARN's may meet, and whether
// the catalog has any form of the service. An ARN with a wildcard in its service has none.
func (p *Pass) Forms(a arn.ARN) (met []Form, known bool) {
	key := [2]string{a.Service, a.Resource}
	if m, ok := p.state.forms[key]; ok {
		return m.forms, m.known
	}
	met, known = p.findForms(a)
	if p.state.forms == nil {
		p.state.forms = map[[2]string]metForms{}
	}
	p.state.forms[key] = metForms{met, known}
	return met, known
}

// metForms is what Forms returns, remembered for the document.
type metForms struct {
	forms []Form
	known bool
}

func (p *Pass) findForms(a arn.ARN) (met []Form, known bool) {
	meets := func(forms []Form) {
		for _, f := range forms {
			if f.Service == a.Service {
				known = !facts.FormsIncomplete(a.Service)
				if facts.Meet(Open(a.Resource), f.Resource) {
					met = append(met, f)
				}
			}
		}
	}
	if s, ok := p.Catalog.Service(a.Service); ok {
		meets(p.state.linter.forms(s))
	}
	if len(met) == 0 {
		// ARNs of a service may be listed under another prefix; to look at all of them takes longer.
		meets(p.state.linter.allForms()[a.Service])
	}
	return met, known
}

// Open replaces the policy variables of a text by stars.
func Open(text string) string {
	if !strings.Contains(text, "${") {
		return text
	}
	var b strings.Builder
	at := 0
	for _, v := range policy.Variables(text) {
		b.WriteString(text[at:v.Start])
		switch v.Literal {
		case 0:
			b.WriteByte('*')
		default:
			b.WriteByte(v.Literal)
		}
		at = v.End
	}
	return b.String() + text[at:]
}

// Fixed reports whether a text has neither wildcards nor variables.
func Fixed(text string) bool {
	return !strings.ContainsAny(text, "*?") && !strings.Contains(text, "${")
}

// forms is formsOf, remembered.
func (l *Linter) forms(s *catalog.Service) []Form {
	l.mu.Lock()
	defer l.mu.Unlock()
	forms, ok := l.byPrefix[s.Prefix]
	if !ok {
		forms = formsOf(s)
		if l.byPrefix == nil {
			l.byPrefix = map[string][]Form{}
		}
		l.byPrefix[s.Prefix] = forms
	}
	return forms
}

// allForms returns the forms of all services by the service that the ARN names.
func (l *Linter) allForms() map[string][]Form {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byService == nil {
		l.byService = map[string][]Form{}
		for _, prefix := range l.Catalog.Prefixes() {
			if s, ok := l.Catalog.Service(prefix); ok {
				for _, f := range formsOf(s) {
					l.byService[f.Service] = append(l.byService[f.Service], f)
				}
			}
		}
	}
	return l.byService
}

// EachForm reports whether an ARN meets forms of its service, and all of them pass a test. An
// ARN whose service or resource leaves open what it names passes none.
func EachForm(p *Pass, a arn.ARN, test func(Form) bool) bool {
	if !Fixed(a.Service) || strings.Trim(Open(a.Resource), "*") == "" {
		return false
	}
	forms, _ := p.Forms(a)
	for _, f := range forms {
		if !test(f) {
			return false
		}
	}
	return len(forms) > 0
}

// maxExamples is how many forms of resources are named.
const maxExamples = 4

// Examples names how the ARNs of a service may end.
func Examples(p *Pass, service string) string {
	s, ok := p.Catalog.Service(service)
	if !ok {
		return ""
	}
	var out []string
	for _, f := range formsOf(s) {
		if f.Service == service && len(out) < maxExamples && !slices.Contains(out, f.Resource) {
			out = append(out, f.Resource)
		}
	}
	return strings.Join(out, ", ")
}

// LacksTag reports whether a condition key is one of tags without the key of a tag.
func LacksTag(c *catalog.Catalog, key string) bool {
	base, slash := strings.CutSuffix(key, "/")
	if _, known := c.Key(key); known && !slash {
		return false
	}
	found, known := c.Key(base + "/x")
	return known && strings.Contains(found.Name, "/${")
}

// manyPairs is how many pairs of texts of a list are compared at most, which takes a second: 2,000
// texts have them that begin with a star all.
const manyPairs = 4_000_000

// Redundant reports the texts of a list that another covers, with the fix that removes them. Only
// a text with a wildcard or a variable can cover another one.
func Redundant(p *Pass, list []policy.Text, covers func(wide, narrow string) bool) {
	first, key := map[string]int{}, func(text string) string { return text }
	if covers("A", "a") {
		key = strings.ToLower
	}
	wide := map[string][]int{} // places of the patterns by what stands before their first wildcard
	for i, t := range list {
		if _, twice := first[key(t.Text)]; !twice {
			first[key(t.Text)] = i
		}
		if !Fixed(t.Text) {
			head := key(t.Text[:strings.IndexAny(t.Text+"*", "*?$")])
			wide[head] = append(wide[head], i)
		}
	}
	pairs := 0
	for i, t := range list {
		if k := first[key(t.Text)]; k < i {
			reportCovered(p, t, "%q is listed twice: %q", list[k].Text)
			continue
		}
		if pairs > manyPairs {
			continue
		}
		for _, k := range startsOf(key(t.Text), wide) {
			pairs++
			if i != k && covers(list[k].Text, t.Text) && (k < i || !covers(t.Text, list[k].Text)) {
				reportCovered(p, t, "%q is covered by %q", list[k].Text)
				break
			}
		}
	}
}

// startsOf returns what a map has for the beginnings of a text, in order: no other pattern can cover it.
func startsOf(text string, heads map[string][]int) []int {
	var out []int
	for n := range len(text) + 1 {
		out = append(out, heads[text[:n]]...)
	}
	slices.Sort(out)
	return out
}

func reportCovered(p *Pass, t policy.Text, format, by string) {
	f := p.Report(t.Position, format, t.Text, by)
	f.Fix = &finding.Fix{Title: "remove " + t.Text, Edits: []finding.Edit{{Position: t.Position, Op: finding.Remove}}}
}

// OtherCase returns the form that the last field of an ARN would meet if case did not count.
func OtherCase(p *Pass, a arn.ARN) string {
	s, ok := p.Catalog.Service(a.Service)
	if !ok {
		return ""
	}
	resource := strings.ToLower(Open(a.Resource))
	for _, f := range formsOf(s) {
		if facts.Meet(resource, strings.ToLower(f.Resource)) {
			return f.Resource
		}
	}
	return ""
}
