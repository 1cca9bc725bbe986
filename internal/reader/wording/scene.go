package wording

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/target"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// manyMembers is how many members of a list next to one of them speak about it.
const manyMembers = 40

// Scene gathers the words that a wording may use, by how near they stand.
func (rd *Reading) Scene(u object.Unit, v *sentence.Verb, groups []object.Group, gi int) Scene {
	s := Scene{verb: v, Head: map[string]int{}, mods: map[string]int{}, near: map[string]int{}, far: map[string]int{}, phrase: map[int]int{}}
	g := groups[gi]
	for _, i := range g.Head {
		if n := rd.LinkAt[i]; n >= 0 && rd.Links[n].To-rd.Links[n].From > 1 {
			s.phrase[i] = n
		}
	}
	rd.collect(s.Head, g.Head)
	if v != nil {
		if light := rd.LightBefore(v.At); light >= 0 {
			rd.collectRange(s.Head, light+1, v.At) // "does docker pushes"
		}
	}
	rd.collect(s.mods, g.Mods)
	s.thing = rd.things(g)
	for j, other := range groups {
		if j != gi && max(j-gi, gi-j) < manyMembers {
			rd.collect(s.near, other.Head)
			rd.collect(s.near, other.Mods)
		}
	}
	if len(g.Head) > 0 && len(g.Mods) == 0 {
		if last := rd.Tokens[g.Head[len(g.Head)-1]]; v != nil && v.In("list") && last.Lower != last.Stem && !u.Negative {
			s.near["all"] = g.Head[0] // "list buckets" names none of them
		}
		for i := g.Head[0] - 1; i >= max(u.From, g.Head[0]-2); i-- {
			if rd.Word(i, "all", "every", "which") {
				s.near[rd.Tokens[i].Stem] = i // "list all buckets" is not "list the bucket"
			}
		}
	}
	if rd.possessive(g) || u.Aside {
		rd.collectAntecedent(s.mods, u)
	}
	at := u.From
	if len(g.Head) > 0 {
		at = g.Head[0]
	}
	c := rd.Clauses[u.Clause]
	rd.collectRange(s.near, max(c.From, at-sentence.LongClause), min(c.To, at+sentence.LongClause))
	from, to := rd.SentenceRange(u.Clause)
	rd.collectRange(s.far, max(from, at-sentence.LongSentence), min(to, at+sentence.LongSentence))
	if len(g.Head) > 0 {
		last := rd.Tokens[g.Head[len(g.Head)-1]]
		s.last, s.plural = last.Stem, last.Lower != last.Stem && strings.HasSuffix(last.Lower, "s")
	}
	return s
}

// things returns, for each service, a token of an object that is a resource of it.
func (rd *Reading) things(g object.Group) map[string]int {
	out := map[string]int{}
	for _, i := range append(append([]int{}, g.Head...), g.Mods...) {
		if ty := rd.Tokens[i].Typed; ty != nil {
			rd.Put(out, ty.Service, i)
		}
		if n := rd.LinkAt[i]; n >= 0 {
			for _, e := range rd.Links[n].Entries {
				if e.Kind == lexicon.Noun {
					rd.Put(out, e.Service, i)
				}
			}
		}
	}
	return out
}

func (rd *Reading) collectRange(into map[string]int, from, to int) {
	var toks []int
	for i := from; i < to; i++ {
		if rd.IsContent(i) || rd.IsThing(i) {
			toks = append(toks, i)
		}
	}
	rd.collect(into, toks)
}

// collect puts the stems of tokens, the phrases they form and the resource types that the
// lexicon knows them by into a place of a scene.
func (rd *Reading) collect(into map[string]int, tokens []int) {
	for k, i := range tokens {
		t := rd.Tokens[i]
		if t.Kind == token.Entity && t.Lit.Kind == token.VariableLiteral {
			rd.Put(into, t.Lower, i) // "own"
		}
		if t.Kind == token.Word {
			rd.Put(into, t.Stem, i)
			rd.Put(into, rd.Lexicon.Synonym(t.Stem), i)
			stems := lexicon.Stems(t.Lower)
			if len(stems) > 1 {
				rd.Put(into, sentence.Hyphenated(stems), i)
				for _, s := range stems {
					rd.Put(into, s, i)
				}
			}
			phrase := t.Stem
			for n := 1; n < 4 && k+n < len(tokens) && tokens[k+n] == i+n && rd.Tokens[i+n].Kind == token.Word; n++ {
				phrase += "-" + rd.Tokens[i+n].Stem
				rd.Put(into, phrase, i)
			}
		}
		rd.putTypes(into, i)
	}
}

// Put notes at which token a word stands, unless it is known.
func (rd *Reading) Put(into map[string]int, word string, i int) {
	if _, ok := into[word]; !ok && word != "" {
		into[word] = i
	}
}

// putTypes adds the words of the resource types that the token stands for: "box" is an
// instance, a typed name is what its noun says.
func (rd *Reading) putTypes(into map[string]int, i int) {
	if path, ok := rd.Literal(i, token.S3Literal); ok {
		rd.Put(into, target.S3Target(path, intent.Span{}).Type, i)
	}
	if ty := rd.Tokens[i].Typed; ty != nil {
		for _, w := range catalog.Words(ty.Type) {
			rd.Put(into, catalog.Stem(w), i)
		}
	}
	if v, ok := rd.Literal(i, token.ARNLiteral); ok && !rd.Tokens[i].Taken {
		if kind, _, found := strings.Cut(v[strings.LastIndex(v, ":")+1:], "/"); found {
			rd.Put(into, catalog.Stem(kind), i) // "assume arn:aws:iam::…:role/x"
		}
	}
	if n := rd.LinkAt[i]; n >= 0 {
		seen, top := map[string]bool{}, 0.0
		for _, e := range rd.Links[n].Entries {
			top = max(top, rd.Named[e.Service])
		}
		for _, e := range rd.Links[n].Entries {
			if e.Kind != lexicon.Noun || rd.Named[e.Service] < max(1.5, 0.6*top) || seen[e.Service] || len(rd.Strong()) > 0 && !rd.Strong()[e.Service] {
				continue
			}
			seen[e.Service] = true
			for _, w := range catalog.Words(e.Type) {
				rd.Put(into, catalog.Stem(w), i)
			}
		}
	}
}

// GrantOf turns a match into grants.
func (rd *Reading) GrantOf(u object.Unit, v *sentence.Verb, m Match) []intent.Grant {
	span := rd.Span(u.From, u.To)
	if v != nil {
		span = rd.Span(min(v.At, u.From), max(v.End, u.To))
		rd.Use(v.At, v.End)
	}
	for _, i := range m.Used {
		rd.Tokens[i].Used = true
	}
	if m.Task == nil {
		g := intent.Grant{Span: span}
		g.Actions = []intent.Action{{Name: m.Action.String(), Because: "the name of the action", Span: span}}
		if twin := rd.twin(m.Action); twin != "" {
			g.Actions = append(g.Actions, intent.Action{Name: twin, Because: "the service's other call for the same listing", Span: span, Wide: true})
		}
		g.Targets = rd.TargetsFor(g.Actions, u)
		g.Where = rd.TypedKeys(g.Actions, u)
		return []intent.Grant{g}
	}
	var out []intent.Grant
	for _, d := range m.Task.Do {
		g := intent.Grant{Span: span}
		for _, a := range d.Actions {
			g.Actions = append(g.Actions, intent.Action{Name: a, On: d.On, Because: "task " + m.Name() + ": " + m.Task.Why, Span: span, Wide: len(m.Task.Do) > 1 || len(d.Actions) > 1})
		}
		g.Targets = rd.TargetsFor(g.Actions, u)
		g.Where = rd.TypedKeys(g.Actions, u)
		out = append(out, g)
	}
	for _, w := range m.Task.With {
		g := intent.Grant{Span: span, Actions: []intent.Action{{Name: w.Action, Because: w.Because}}}
		g.Targets = rd.TargetsFor(g.Actions, u)
		if w.Action == "iam:PassRole" {
			g.Where = rd.passedToService(m.Service)
		}
		out = append(out, g)
	}
	return rd.direct(out, u)
}

// passedToService limits a role that is passed along to the service that needs it.
func (rd *Reading) passedToService(prefix string) []intent.Constraint {
	ls, ok := rd.Lexicon.Service(prefix)
	if !ok || ls.Principal == "" {
		return nil
	}
	return []intent.Constraint{{Key: "iam:PassedToService", Values: []string{ls.Principal}}}
}

// possessive says that an object belongs to something named before: "its history".
func (rd *Reading) possessive(g object.Group) bool {
	return len(g.Head) > 0 && rd.Word(g.Head[0]-1, "its", "their", "his", "her", "it's", "that", "this", "these", "those")
}

// collectAntecedent adds the words of the last objects before a unit.
func (rd *Reading) collectAntecedent(into map[string]int, u object.Unit) {
	for i := len(rd.Units) - 1; i >= 0; i-- {
		before := rd.Units[i]
		if before.From >= u.From || before.Negative || !rd.HasOwnObject(before) {
			continue
		}
		for _, g := range before.Groups {
			rd.collect(into, g.Head)
			rd.collect(into, g.Mods)
		}
		return
	}
}

// twin returns the second listing call of a service for the same things, such as
// logs:DescribeLogGroups for logs:ListLogGroups.
func (rd *Reading) twin(a *catalog.Action) string {
	if one, ok := strings.CutSuffix(a.Name, "s"); ok && strings.HasPrefix(a.Name, "Get") {
		if other, ok := rd.Catalog.Action(a.Service + ":" + one); ok {
			return other.String()
		}
	}
	for _, pair := range [][2]string{{"List", "Describe"}, {"Describe", "List"}} {
		if rest, ok := strings.CutPrefix(a.Name, pair[0]); ok && strings.HasSuffix(rest, "s") {
			if other, ok := rd.Catalog.Action(a.Service + ":" + pair[1] + rest); ok {
				return other.String()
			}
		}
	}
	return ""
}

// TypedKeys turns a named resource that none of the actions can name into a condition, where the
// service has a key for it: ecs:cluster for RunTask.
func (rd *Reading) TypedKeys(actions []intent.Action, u object.Unit) []intent.Constraint {
	var out []intent.Constraint
	from, to := rd.SentenceRange(u.Clause)
	for i := from; i < to; i++ {
		ty := rd.Tokens[i].Typed
		if ty == nil || ty.Guess || ty.Type == "" || rd.Tokens[i].Taken {
			continue
		}
		rt, ok := rd.ResourceType(ty)
		if !ok || len(rt.ARNs) == 0 || !rd.onlyByKey(actions, rt) {
			continue
		}
		t, ok := rd.TargetAt(i)
		if !ok || rd.usable(actions, t) {
			continue
		}
		values := map[string]string{"Partition": "aws", "Region": rd.Out.Region, "Account": rd.Out.Account}
		for k, v := range t.Vars {
			values[k] = v
		}
		rd.Tokens[i].Used = true
		out = append(out, intent.Constraint{Key: rt.Service + ":" + rt.Name, Values: []string{catalog.FillARN(rt.ARNs[0], values)}, Span: rd.Span(i, i+1)})
	}
	return out
}

// usable says that a target binds a part of some resource name of the actions.
func (rd *Reading) usable(actions []intent.Action, t intent.Target) bool {
	for _, rt := range rd.TypesOf(actions) {
		if rd.Fits(t, rt) {
			return true
		}
	}
	return false
}

// onlyByKey says that no action has the resource type, and that one honours a key of its name.
func (rd *Reading) onlyByKey(actions []intent.Action, rt *catalog.ResourceType) bool {
	honoured := false
	for _, a := range actions {
		ca, ok := rd.Catalog.Action(a.Name)
		if !ok || ca.Service != rt.Service {
			return false
		}
		for _, r := range ca.Resources {
			if r.Type.Name == rt.Name || rd.Fits(intent.Target{Service: rt.Service, Type: rt.Name, Vars: map[string]string{}}, r.Type) {
				return false
			}
		}
		honoured = honoured || ca.Honours(rt.Service+":"+rt.Name)
	}
	return honoured
}
