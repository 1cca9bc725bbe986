package permission

import (
	"maps"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// audit compares what was read with the words once more, from the other side, and says where the
// reading may have gone astray.
func (rd *Reading) audit() {
	for _, u := range rd.Units {
		if u.Negative {
			rd.auditRefused(u)
		}
	}
	rd.auditSaid()
	rd.auditLimits()
	rd.auditSame()
}

// auditLimits notes conditions that hold for nothing that is granted or denied.
func (rd *Reading) auditLimits() {
	held := map[intent.Span]bool{}
	for _, g := range rd.Out.Grants {
		for _, c := range slices.Concat(g.Where, g.Unless) {
			held[c.Span] = true
		}
	}
	for _, c := range rd.Where {
		n := c.Clause
		if held[c.Span] || c.Span == (intent.Span{}) || n >= 0 && (rd.Clauses[n].Negative && !rd.Clauses[n].Closer || rd.Clauses[n].Remark) {
			continue
		}
		rd.Assume(true, c.Span, "could not tell what \""+rd.Text[c.Span.Start:c.Span.End]+"\" limits")
	}
}

// auditSame notes verbs of one sentence that were read as the same thing: nobody asks for it twice,
// so one of them is likely to have meant something else.
func (rd *Reading) auditSame() {
	for j, b := range rd.verbs {
		for _, a := range rd.verbs[:j] {
			if a.sentence != b.sentence || b.aside || b.verb.Level || b.verb.In("readonly") || strings.HasSuffix(b.verb.Stem, "-only") || a.verb.Stem == b.verb.Stem || len(b.grants) == 0 || !rd.addedOn(b.verb.At) || rd.begins(b.verb, b.grants) || !sameActions(a.grants, b.grants) {
				continue
			}
			span := rd.Span(b.verb.At, b.verb.End)
			rd.Assume(true, span, "\""+rd.Text[span.Start:span.End]+"\" was read as nothing more than what stands before it")
		}
	}
}

// addedOn says that the verb at a token adds something to what stands before: "a and b", "a + b".
func (rd *Reading) addedOn(i int) bool {
	for rd.Word(i-1, "then", "also", "later", "afterwards", "to", "them") {
		i--
	}
	return rd.Word(i-1, "and", "plus") || rd.Punct(i-1, ",+") && rd.Text[rd.Tokens[i-1].Start] != '/'
}

// begins says that an action of the grants begins with the verb itself.
func (rd *Reading) begins(v sentence.Verb, gs []intent.Grant) bool {
	return slices.ContainsFunc(gs, func(g intent.Grant) bool {
		return slices.ContainsFunc(g.Actions, func(a intent.Action) bool { return catalog.Stem(rd.firstWord(a.Name)) == v.Stem })
	})
}

// sameActions says that two readings grant the same actions.
func sameActions(a, b []intent.Grant) bool {
	names := func(gs []intent.Grant) map[string]bool {
		out := map[string]bool{}
		for _, g := range gs {
			for _, x := range g.Actions {
				out[strings.ToLower(x.Name)] = true
			}
		}
		return out
	}
	return maps.Equal(names(a), names(b))
}

// auditRefused notes actions that are granted although the words of a refusal stand for them too.
func (rd *Reading) auditRefused(u object.Unit) {
	if rd.grantsPattern() {
		return
	}
	for i := range u.Verbs {
		v := &u.Verbs[i]
		for gi := range u.Groups {
			ms, ok := rd.BestMatch(u, v, u.Groups, gi)
			if !ok || !ms[0].Certain() || ms[0].Left > 0 {
				continue
			}
			for _, name := range ms[0].Actions() {
				if (ms[0].Task == nil || rd.saysVerb(v, name)) && rd.allows(name) {
					span := rd.Span(v.At, max(v.End, u.To))
					rd.Assume(true, span, "\""+rd.Text[span.Start:span.End]+"\" seems to refuse "+name+", which other words ask for")
				}
			}
		}
	}
}

func (rd *Reading) allows(name string) bool {
	return slices.ContainsFunc(rd.Out.Grants, func(g intent.Grant) bool {
		return g.Effect != policy.Deny && slices.ContainsFunc(g.Actions, func(a intent.Action) bool { return strings.EqualFold(a.Name, name) })
	})
}

// auditSaid notes verbs that no granted action begins with, where another action on the same
// things does: "put items" and no PutItem.
func (rd *Reading) auditSaid() {
	begins, twins := map[string]bool{}, map[string]bool{}
	looked := map[string]bool{}
	for _, g := range rd.Out.Grants {
		for _, a := range g.Actions {
			if strings.Contains(a.Name, "*") {
				return
			}
			begins[catalog.Stem(rd.firstWord(a.Name))] = true
			if !looked[a.Name] {
				looked[a.Name] = true
				rd.addTwins(twins, a.Name)
			}
		}
	}
	for _, u := range rd.Units {
		if u.Negative || u.Aside || rd.Clauses[u.Clause].Remark {
			continue
		}
		for _, v := range u.Verbs {
			if twins[v.Stem] && !begins[v.Stem] {
				span := rd.Span(v.At, v.End)
				rd.Assume(true, span, "nothing that is granted says \""+rd.Text[span.Start:span.End]+"\"")
			}
		}
	}
}

// addTwins adds the verbs of the actions that a service has on the same things as one of them.
func (rd *Reading) addTwins(verbs map[string]bool, action string) {
	a, ok := rd.Catalog.Action(action)
	if !ok {
		return
	}
	b, nouns := rd.Book(a.Service), sentence.Derive(a).Nouns
	if b == nil || len(nouns) == 0 {
		return
	}
	for _, d := range b.Derived {
		if n := len(d.Nouns); n > 0 && d.Nouns[n-1] == nouns[len(nouns)-1] {
			verbs[catalog.Stem(d.Verb)] = true
		}
	}
}
