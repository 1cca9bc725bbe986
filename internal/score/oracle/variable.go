package oracle

import (
	"maps"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
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
	out := *d
	out.Statements = nil
	for i := range d.Statements {
		out.Statements = append(out.Statements, o.fillStatement(d.Statements[i].Clone())...)
	}
	return &out
}

// fillStatement returns a statement with values in the place of its variables, parted into what
// needs the keys of the variables and what does not: a pattern whose variable has no value matches
// nothing (IAM User Guide, "IAM policy elements: Variables and tags").
func (o *oracle) fillStatement(s policy.Statement) []policy.Statement {
	o.fillTexts(s.NotResources)
	var needed []string
	for _, c := range s.Conditions {
		keys, all := o.fillTexts(c.Values)
		operator, err := condition.ParseOperator(c.Operator)
		if err == nil && all && !operator.IfExists && !operator.Base.Negated() && operator.Set != condition.ForAllValues {
			needed = append(needed, keys...)
		}
	}
	var plain, filled []policy.Text
	var named []string
	for i := range s.Resources {
		text := s.Resources[i : i+1]
		if keys, _ := o.fillTexts(text); len(keys) > 0 {
			named, filled = append(named, keys...), append(filled, text...)
		} else {
			plain = append(plain, text...)
		}
	}
	if len(filled) == 0 {
		return []policy.Statement{need(s, needed)}
	}
	with := s
	with.Resources = filled
	out := []policy.Statement{need(with, append(named, needed...))}
	if len(plain) > 0 {
		s.Resources = plain
		out = append(out, need(s, needed))
	}
	return out
}

// need returns a statement that applies only where keys have the values that stand for them.
func need(s policy.Statement, keys []string) policy.Statement {
	s.Conditions = slices.Clone(s.Conditions)
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		s.Conditions = append(s.Conditions, policy.Condition{Operator: "StringEquals", Key: key, Values: []policy.Text{{Text: score.Token(key)}}})
	}
	return s
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

// fillTexts fills texts, and returns the keys of variables without a default in them, and whether
// each has one.
func (o *oracle) fillTexts(texts []policy.Text) (keys []string, all bool) {
	all = true
	for i := range texts {
		text := texts[i].Text
		variables := policy.Variables(text)
		before := len(keys)
		for k := len(variables) - 1; k >= 0; k-- {
			v := variables[k]
			if v.Key == "" {
				continue // it stands for a letter, or is none
			}
			lower := strings.ToLower(v.Key)
			if !slices.Contains(o.variables, lower) {
				o.variables = append(o.variables, lower)
			}
			if !v.HasDefault {
				keys = append(keys, lower)
			}
			text = text[:v.Start] + score.Token(v.Key) + text[v.End:]
		}
		texts[i].Text = text
		all = all && len(keys) > before
	}
	return keys, all
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
