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
		switch {
		case u.negative:
			rd.auditRefused(u)
		case !rd.clause[u.clause].remark && !u.aside:
			for i := range u.verbs {
				rd.auditSaid(&u.verbs[i])
			}
		}
	}
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
func (rd *reading) auditSaid(v *verb) {
	said := false
	for _, g := range rd.out.Grants {
		for _, a := range g.Actions {
			if strings.Contains(a.Name, "*") || catalog.Stem(rd.firstWord(a.Name)) == v.stem {
				return
			}
			said = said || rd.twinBegins(a.Name, v.stem)
		}
	}
	if said {
		span := rd.span(v.at, v.end)
		rd.assume(true, span, "nothing that is granted says \""+rd.text[span.Start:span.End]+"\"")
	}
}

// twinBegins says that the action's service has another one on the same thing that begins with a verb.
func (rd *reading) twinBegins(action, stem string) bool {
	a, ok := rd.Catalog.Action(action)
	if !ok {
		return false
	}
	b, nouns := rd.book(a.Service), derive(a).nouns
	return b != nil && len(nouns) > 0 && slices.ContainsFunc(b.derived, func(d derived) bool {
		return len(d.nouns) > 0 && catalog.Stem(d.verb) == stem && d.nouns[len(d.nouns)-1] == nouns[len(nouns)-1]
	})
}
