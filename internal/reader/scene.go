package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// collect puts the stems of tokens, the phrases they form and the resource types that the
// lexicon knows them by into a place of a scene.
func (rd *reading) collect(into map[string]int, tokens []int) {
	for k, i := range tokens {
		t := rd.tokens[i]
		if t.kind == wordToken {
			rd.put(into, t.stem, i)
			rd.put(into, rd.Lexicon.Synonym(t.stem), i)
			stems := lexicon.Stems(t.lower)
			if len(stems) > 1 {
				rd.put(into, hyphenated(stems), i)
				for _, s := range stems {
					rd.put(into, s, i)
				}
			}
			phrase := t.stem
			for n := 1; n < 4 && k+n < len(tokens) && tokens[k+n] == i+n && rd.tokens[i+n].kind == wordToken; n++ {
				phrase += "-" + rd.tokens[i+n].stem
				rd.put(into, phrase, i)
			}
		}
		rd.putTypes(into, i)
	}
}

func (rd *reading) put(into map[string]int, word string, i int) {
	if _, ok := into[word]; !ok && word != "" {
		into[word] = i
	}
}

// putTypes adds the words of the resource types that the token stands for: "box" is an
// instance, a typed name is what its noun says.
func (rd *reading) putTypes(into map[string]int, i int) {
	if ty := rd.tokens[i].typed; ty != nil {
		for _, w := range catalog.Words(ty.typ) {
			rd.put(into, catalog.Stem(w), i)
		}
	}
	if v, ok := rd.literal(i, arnLiteral); ok && !rd.tokens[i].taken {
		if kind, _, found := strings.Cut(v[strings.LastIndex(v, ":")+1:], "/"); found {
			rd.put(into, catalog.Stem(kind), i) // "assume arn:aws:iam::…:role/x"
		}
	}
	if n := rd.linkAt[i]; n >= 0 {
		seen := map[string]bool{}
		for _, e := range rd.links[n].entries {
			if e.Kind != lexicon.Noun || rd.named[e.Service] < 1.5 || seen[e.Service] || len(rd.strong()) > 0 && !rd.strong()[e.Service] {
				continue
			}
			seen[e.Service] = true
			for _, w := range catalog.Words(e.Type) {
				rd.put(into, catalog.Stem(w), i)
			}
		}
	}
}

// grantOf turns a match into grants.
func (rd *reading) grantOf(u unit, v *verb, m match) []intent.Grant {
	span := rd.span(u.from, u.to)
	if v != nil {
		span = rd.span(min(v.at, u.from), max(v.end, u.to))
		rd.use(v.at, v.end)
	}
	for _, i := range m.used {
		rd.tokens[i].used = true
	}
	if m.task == nil {
		g := intent.Grant{Span: span}
		g.Actions = []intent.Action{{Name: m.action.String(), Because: "the name of the action", Span: span}}
		if twin := rd.twin(m.action); twin != "" {
			g.Actions = append(g.Actions, intent.Action{Name: twin, Because: "the service's other call for the same listing", Span: span, Wide: true})
		}
		g.Targets = rd.targetsFor(g.Actions, u)
		g.Where = rd.typedKeys(g.Actions, u)
		return []intent.Grant{g}
	}
	var out []intent.Grant
	for _, d := range m.task.Do {
		g := intent.Grant{Span: span}
		for _, a := range d.Actions {
			g.Actions = append(g.Actions, intent.Action{Name: a, On: d.On, Because: "task " + m.name() + ": " + m.task.Why, Span: span, Wide: len(m.task.Do) > 1 || len(d.Actions) > 1})
		}
		g.Targets = rd.targetsFor(g.Actions, u)
		g.Where = rd.typedKeys(g.Actions, u)
		out = append(out, g)
	}
	for _, w := range m.task.With {
		g := intent.Grant{Span: span, Actions: []intent.Action{{Name: w.Action, Because: w.Because}}}
		g.Targets = rd.targetsFor(g.Actions, u)
		if w.Action == "iam:PassRole" {
			g.Where = rd.passedToService(m.service)
		}
		out = append(out, g)
	}
	return out
}

// passedToService limits a role that is passed along to the service that needs it.
func (rd *reading) passedToService(prefix string) []intent.Constraint {
	ls, ok := rd.Lexicon.Service(prefix)
	if !ok || ls.Principal == "" {
		return nil
	}
	return []intent.Constraint{{Key: "iam:PassedToService", Values: []string{ls.Principal}}}
}

// possessive says that an object belongs to something named before: "its history".
func (rd *reading) possessive(g group) bool {
	return len(g.head) > 0 && rd.word(g.head[0]-1, "its", "their", "his", "her", "it's", "that", "this", "these", "those")
}

// collectAntecedent adds the words of the last objects before a unit.
func (rd *reading) collectAntecedent(into map[string]int, u unit) {
	for i := len(rd.units) - 1; i >= 0; i-- {
		before := rd.units[i]
		if before.from >= u.from || before.negative || !rd.hasOwnObject(before) {
			continue
		}
		for _, g := range before.groups {
			rd.collect(into, g.head)
			rd.collect(into, g.mods)
		}
		return
	}
}

// twin returns the second listing call of a service for the same things, such as
// logs:DescribeLogGroups for logs:ListLogGroups.
func (rd *reading) twin(a *catalog.Action) string {
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

// typedKeys turns a named resource that none of the actions can name into a condition, where the
// service has a key for it: ecs:cluster for RunTask.
func (rd *reading) typedKeys(actions []intent.Action, u unit) []intent.Constraint {
	var out []intent.Constraint
	from, to := rd.sentenceRange(u.clause)
	for i := from; i < to; i++ {
		ty := rd.tokens[i].typed
		if ty == nil || ty.guess || ty.typ == "" || rd.tokens[i].taken {
			continue
		}
		rt, ok := rd.resourceType(ty)
		if !ok || len(rt.ARNs) == 0 || !rd.onlyByKey(actions, rt) {
			continue
		}
		t, ok := rd.targetAt(i)
		if !ok || rd.usable(actions, t) {
			continue
		}
		values := map[string]string{"Partition": "aws", "Region": rd.out.Region, "Account": rd.out.Account}
		for k, v := range t.Vars {
			values[k] = v
		}
		rd.tokens[i].used = true
		out = append(out, intent.Constraint{Key: rt.Service + ":" + rt.Name, Values: []string{catalog.FillARN(rt.ARNs[0], values)}, Span: rd.span(i, i+1)})
	}
	return out
}

// usable says that a target binds a part of some resource name of the actions.
func (rd *reading) usable(actions []intent.Action, t intent.Target) bool {
	for _, rt := range rd.typesOf(actions) {
		if rd.fits(t, rt) {
			return true
		}
	}
	return false
}

// onlyByKey says that no action has the resource type, and that one honours a key of its name.
func (rd *reading) onlyByKey(actions []intent.Action, rt *catalog.ResourceType) bool {
	honoured := false
	for _, a := range actions {
		ca, ok := rd.Catalog.Action(a.Name)
		if !ok || ca.Service != rt.Service {
			return false
		}
		for _, r := range ca.Resources {
			if r.Type.Name == rt.Name || rd.fits(intent.Target{Service: rt.Service, Type: rt.Name, Vars: map[string]string{}}, r.Type) {
				return false
			}
		}
		honoured = honoured || ca.Honours(rt.Service+":"+rt.Name)
	}
	return honoured
}
