package oracle

import (
	"maps"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
)

// Questions are about requests in which each policy variable has a value of its own, which nothing
// else in the request and no policy has: what a tag or a name decides is decided for somebody in
// particular. So a value can stand in the place of the variable before anything is asked.

// fill returns a document with values in the place of its variables; the same one if it has none.
func (o *oracle) fill(d *policy.Document) *policy.Document {
	if d.Version != policy.Version2012 || !hasVariables(d) {
		return d
	}
	d = d.Clone()
	for i := range d.Statements {
		s := &d.Statements[i]
		for _, list := range [][]policy.Text{s.Resources, s.NotResources} {
			o.fillTexts(list)
		}
		for _, c := range s.Conditions {
			o.fillTexts(c.Values)
		}
	}
	return d
}

func hasVariables(d *policy.Document) bool {
	has := func(t policy.Text) bool {
		return slices.ContainsFunc(policy.Variables(t.Text), func(v policy.Variable) bool { return v.Key != "" })
	}
	return slices.ContainsFunc(d.Statements, func(s policy.Statement) bool {
		return slices.ContainsFunc(s.Resources, has) || slices.ContainsFunc(s.NotResources, has) ||
			slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool { return slices.ContainsFunc(c.Values, has) })
	})
}

func (o *oracle) fillTexts(texts []policy.Text) {
	for i := range texts {
		text := texts[i].Text
		variables := policy.Variables(text)
		for k := len(variables) - 1; k >= 0; k-- {
			v := variables[k]
			if v.Key == "" {
				continue // it stands for a letter, or is none
			}
			if lower := strings.ToLower(v.Key); !slices.Contains(o.variables, lower) {
				o.variables = append(o.variables, lower)
			}
			text = text[:v.Start] + score.Token(v.Key) + text[v.End:]
		}
		texts[i].Text = text
	}
}

// real gives a request that the filled documents allow the values that it needs for the documents
// as they are written. It reports false if they do not allow it all the same.
func (o *oracle) real(r finding.Request) (finding.Request, bool) {
	if len(o.variables) == 0 {
		return r, true
	}
	// Those that the request needs are few; a key that it must lack gets no value.
	for chosen := range 1 << min(len(o.variables), mostVariables) {
		filled := r
		filled.Context = map[string][]string{}
		maps.Copy(filled.Context, r.Context)
		for i, key := range o.variables {
			if (i >= mostVariables || chosen&(1<<i) != 0) && len(evaluate.Context(r.Context).Values(key)) == 0 {
				filled.Context[key] = []string{score.Token(key)}
			}
		}
		if evaluate.Evaluate(requestOf(filled), o.written...) == evaluate.Allowed {
			return filled, true
		}
	}
	return r, false
}

// mostVariables is how many variables are tried with and without a value; more have one.
const mostVariables = 8
