package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// audit compares what was read with the words once more, from the other side, and says where the
// reading may have gone astray.
func (rd *reading) audit() {
	for _, u := range rd.units {
		if u.negative {
			rd.auditRefused(u)
		}
	}
	rd.auditSaid()
}

// auditRefused notes actions that are granted although the words of a refusal stand for them too.
func (rd *reading) auditRefused(u unit) {
	if rd.grantsPattern() {
		return
	}
	for i := range u.verbs {
		v := &u.verbs[i]
		for gi := range u.groups {
			ms, ok := rd.bestMatch(u, v, u.groups, gi)
			if !ok || !ms[0].certain() || ms[0].left > 0 {
				continue
			}
			for _, name := range ms[0].actions() {
				if (ms[0].task == nil || rd.saysVerb(v, name)) && rd.allows(name) {
					span := rd.span(v.at, max(v.end, u.to))
					rd.assume(true, span, "\""+rd.text[span.Start:span.End]+"\" seems to refuse "+name+", which other words ask for")
				}
			}
		}
	}
}

func (rd *reading) allows(name string) bool {
	return slices.ContainsFunc(rd.out.Grants, func(g intent.Grant) bool {
		return g.Effect != policy.Deny && slices.ContainsFunc(g.Actions, func(a intent.Action) bool { return strings.EqualFold(a.Name, name) })
	})
}

// auditSaid notes verbs that no granted action begins with, where another action on the same
// things does: "put items" and no PutItem.
func (rd *reading) auditSaid() {
	begins, twins := map[string]bool{}, map[string]bool{}
	looked := map[string]bool{}
	for _, g := range rd.out.Grants {
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
	for _, u := range rd.units {
		if u.negative || u.aside || rd.clause[u.clause].remark {
			continue
		}
		for _, v := range u.verbs {
			if twins[v.stem] && !begins[v.stem] {
				span := rd.span(v.at, v.end)
				rd.assume(true, span, "nothing that is granted says \""+rd.text[span.Start:span.End]+"\"")
			}
		}
	}
}

// addTwins adds the verbs of the actions that a service has on the same things as one of them.
func (rd *reading) addTwins(verbs map[string]bool, action string) {
	a, ok := rd.Catalog.Action(action)
	if !ok {
		return
	}
	b, nouns := rd.book(a.Service), derive(a).nouns
	if b == nil || len(nouns) == 0 {
		return
	}
	for _, d := range b.derived {
		if n := len(d.nouns); n > 0 && d.nouns[n-1] == nouns[len(nouns)-1] {
			verbs[catalog.Stem(d.verb)] = true
		}
	}
}
