package followup

import (
	"slices"
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// put renames what is old (empty: what is of the same sort) to what token i says.
func (f *followup) put(i int, old string) bool {
	value := f.valueOf(i)
	f.Take("put in the place of another", i, i+1)
	candidates := f.candidates(i)
	if t, ok := f.typed(i, candidates); ok {
		value = t
	}
	if old != "" {
		if f.e.in.Rename(old, value) > 0 {
			f.e.did(old + " became " + value)
			return true
		}
		candidates = slices.DeleteFunc(candidates, func(c string) bool { return !strings.Contains(strings.ToLower(c), strings.ToLower(old)) })
	}
	candidates = slices.DeleteFunc(candidates, func(c string) bool { return c == value })
	if f.putPattern(value, candidates) {
		return true
	}
	switch {
	case len(candidates) == 1:
		f.e.in.Rename(candidates[0], value)
		f.e.did(candidates[0] + " became " + value)
		return true
	case len(candidates) > 1:
		f.e.ask(f.Span(i, i+1), "Which one shall "+value+" stand in the place of?", candidates...)
		return false
	}
	return f.fill(i, value)
}

// fill sets an account or a region that was left open.
func (f *followup) fill(i int, value string) bool {
	switch f.Tokens[i].Lit.Kind {
	case token.AccountLiteral:
		if f.e.in.Account == "" {
			f.e.in.Account = value
			f.e.did("the account is " + value)
			return true
		}
	case token.RegionLiteral:
		if f.e.in.Region == "" {
			f.e.in.Region = value
			f.e.did("the region is " + value)
			return true
		}
	}
	return false
}

// putPattern puts a pattern in the place of all names that it stands for.
func (f *followup) putPattern(value string, candidates []string) bool {
	if !strings.HasSuffix(value, "*") || len(candidates) < 2 {
		return false
	}
	n := 0
	for _, c := range candidates {
		if intent.ValueWithin(c, value) {
			n += f.e.in.Rename(c, value)
		}
	}
	if n == 0 {
		return false
	}
	f.e.in.Tidy()
	f.e.did("everything that " + value + " stands for")
	return true
}

// typed writes the name at token i as the target it replaces would hold it.
func (f *followup) typed(i int, candidates []string) (string, bool) {
	if f.Tokens[i].Kind == token.Entity && f.Tokens[i].Lit.Kind != token.PathLiteral {
		return "", false
	}
	ty := f.Tokens[i].Typed
	for _, g := range f.e.in.Grants {
		for _, t := range g.Targets {
			if ty != nil && ty.Type != "" && ty.Noun >= 0 && (t.Service != ty.Service || t.Type != ty.Type) || t.Type == "" || t.ARN != "" {
				continue
			}
			rt, ok := f.ResourceType(&token.Typing{Service: t.Service, Type: t.Type})
			if !ok {
				continue
			}
			out := intent.Target{Service: t.Service, Type: t.Type, Vars: map[string]string{}}
			f.Bind(&out, rt, f.Tokens[i].Text, i)
			for k, v := range out.Vars {
				if slices.Contains(candidates, t.Vars[k]) {
					return v, true
				}
			}
		}
	}
	return "", false
}

// candidates are the values of the intent that token i may stand in the place of; where several
// are, those of the turn that named one last.
func (f *followup) candidates(i int) []string {
	turn := map[string]int{}
	put := func(v string, s intent.Span) {
		if v != "" && v != "*" {
			turn[v] = max(turn[v], s.Turn)
		}
	}
	kind := token.NoLiteral
	if f.Tokens[i].Kind == token.Entity && f.Tokens[i].Lit.Kind != token.PathLiteral {
		kind = f.Tokens[i].Lit.Kind
	}
	switch kind {
	case token.AccountLiteral:
		put(f.e.in.Account, intent.Span{})
	case token.RegionLiteral:
		put(f.e.in.Region, intent.Span{})
	}
	for _, g := range f.e.in.Grants {
		f.candidatesOf(g, i, kind, put)
	}
	var out []string
	for v := range turn {
		out = append(out, v)
	}
	sort.Strings(out)
	return out
}

func (f *followup) candidatesOf(g intent.Grant, i int, kind token.LiteralKind, put func(string, intent.Span)) {
	ty := f.Tokens[i].Typed
	for _, t := range g.Targets {
		switch {
		case kind == token.AccountLiteral:
			put(t.Account, t.Span)
		case kind == token.RegionLiteral:
			put(t.Region, t.Span)
		case kind == token.ARNLiteral && sentence.ServiceOfARN(t.ARN) == sentence.ServiceOfARN(f.valueOf(i)):
			put(t.ARN, t.Span)
		case kind != token.NoLiteral || ty != nil && ty.Noun >= 0 && (ty.Service != t.Service || ty.Type != "" && ty.Type != t.Type):
		default:
			put(f.ownName(t), t.Span)
		}
	}
	for _, p := range g.Principals {
		name := p.ID[strings.LastIndexAny(p.ID, ":/")+1:]
		switch {
		case kind == token.AccountLiteral:
			put(accountOf(p.ID), p.Span)
		case kind == token.ARNLiteral, kind == token.ServiceLiteral:
			put(p.ID, p.Span)
		case kind == token.NoLiteral && len(g.Targets) == 0 && p.Type == "AWS" && !strings.HasSuffix(p.ID, "amazonaws.com") && !strings.HasSuffix(p.ID, ":root"):
			put(name, p.Span)
		}
	}
	for _, c := range append(slices.Clone(g.Where), g.Unless...) {
		for _, v := range c.Values {
			lit, _ := token.ParseLiteral(v, f.Lexicon)
			if kind != token.NoLiteral && lit.Kind == kind || kind == token.NoLiteral && f.speaksOf(c.Key) {
				put(v, c.Span)
			}
		}
	}
}

func accountOf(text string) string {
	if token.IsAccount(text) {
		return text
	}
	parts, n := arn.Fields(text)
	if n < len(parts) {
		return ""
	}
	return parts[4]
}

// ownName is the value of a target that names the resource itself.
func (f *followup) ownName(t intent.Target) string {
	rt, ok := f.ResourceType(&token.Typing{Service: t.Service, Type: t.Type})
	if !ok || len(rt.ARNs) == 0 {
		return ""
	}
	vars := catalog.ARNVariables(rt.ARNs[0])
	for k := len(vars) - 1; k >= 0; k-- {
		if v := t.Vars[vars[k]]; v != "" {
			return v
		}
	}
	return ""
}

// putTag puts the value of a tag in the place of the one that the intent has for its key.
func (f *followup) putTag(i int) bool {
	lit, done := f.Tokens[i].Lit, false
	for g := range f.e.in.Grants {
		for _, list := range [][]intent.Constraint{f.e.in.Grants[g].Where, f.e.in.Grants[g].Unless} {
			for j := range list {
				if strings.HasSuffix(list[j].Key, "Tag/"+lit.Key) {
					list[j].Values, list[j].Span, done = []string{lit.Value}, f.Span(i, i+1), true
				}
			}
		}
	}
	if done {
		f.Take("tag", i, i+1)
		f.e.did("the tag " + lit.Key + " must be " + lit.Value + " now")
	}
	return done
}
