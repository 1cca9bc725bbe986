package wording

import (
	"sort"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// VerbAlone holds a verb whose objects stand elsewhere against wordings that need no object, or
// only the resource that the sentence is about: "pull, push and create branches", "plus describe".
func (rd *Reading) VerbAlone(u object.Unit, v *sentence.Verb, best []Match) []Match {
	from, to := rd.SentenceRange(u.Clause)
	var g object.Group
	for i := from; i < to; i++ {
		if rd.Tokens[i].Typed != nil && rd.Tokens[i].Kind != token.Word {
			g.Mods = append(g.Mods, i)
		}
	}
	alone, ok := rd.BestMatch(u, v, []object.Group{g}, 0)
	if !ok {
		return best
	}
	margin := 0.3
	if !u.Shared {
		margin = -0.7 // a verb far from the object that a task knows by itself: "pull, push and …"
		if alone[0].Task == nil && !alone[0].verbOnly() || !alone[0].Exact {
			return best
		}
	}
	for _, m := range best {
		if m.Score+margin >= alone[0].Score {
			return best
		}
	}
	return alone
}

// verbOnly says that the verb is the whole name of the action: kafka-cluster:Connect.
func (m Match) verbOnly() bool {
	return m.Action != nil && len(catalog.Words(m.Action.Name)) == 1
}

// BestMatch returns the best wordings of a verb and one object, over all services that the
// words may speak about.
func (rd *Reading) BestMatch(u object.Unit, v *sentence.Verb, groups []object.Group, gi int) ([]Match, bool) {
	v, groups = rd.listWord(v, groups, gi)
	all := append(rd.candidates(u, v, groups, gi), rd.nominalMatches(u, v, groups, gi)...)
	sort.SliceStable(all, func(i, j int) bool { return all[i].Score > all[j].Score })
	if len(all) == 0 || all[0].Score < acceptable+0.5*serviceWeight {
		return nil, false
	}
	if v == nil && len(all[0].Used) == 0 {
		return nil, false // "nope" is no wish
	}
	if !rd.possessive(groups[gi]) {
		byName(all)
	}
	all[0].margin = rd.marginOf(all)
	out := all[:1]
	for _, m := range all[1:] {
		if m.Score > all[0].Score-0.01 && m.Task == nil && all[0].Task == nil && m.Action.Name != all[0].Action.Name && m.Service == all[0].Service {
			out = append(out, m)
		}
	}
	return out, true
}

// candidates are the wordings that fit a verb and one object, in no order of their worth.
func (rd *Reading) candidates(u object.Unit, v *sentence.Verb, groups []object.Group, gi int) []Match {
	s := rd.Scene(u, v, groups, gi)
	if len(groups) > 1 && len(s.Head) == 0 && rd.Headed(groups) {
		return nil
	}
	scores := rd.ServiceScores(u, v, groups[gi])
	var all []Match
	usual := rd.UsualService(groups[gi])
	top := 0.0
	n := 0
	for _, prefix := range rd.Ranked(scores) {
		if !rd.Admitted(prefix, u) {
			continue
		}
		if top == 0 {
			top = scores[prefix]
		}
		if n++; n > 5 || scores[prefix] < 0.25*top {
			break
		}
		b := rd.Book(prefix)
		if b == nil {
			continue
		}
		for _, m := range rd.matches(b, s) {
			m.Score += serviceWeight*scores[prefix]/top + rd.onTargets(m, u)
			if prefix == usual {
				m.Score += 0.4
			}
			all = append(all, m)
		}
	}
	return all
}

// listWord reads "list of executions" and a bare "list" as listing, whatever the verb before.
func (rd *Reading) listWord(v *sentence.Verb, groups []object.Group, gi int) (*sentence.Verb, []object.Group) {
	g := groups[gi]
	if v == nil || len(g.Head) == 0 || !rd.Is("listword", g.Head[0]) || !v.In("read") && !v.In("describe") {
		return v, groups
	}
	said := sentence.Verb{At: g.Head[0], End: g.Head[0] + 1, Stem: "list", Classes: []string{"list"}}
	changed := append([]object.Group{}, groups...)
	changed[gi].Head = g.Head[1:]
	if len(changed[gi].Head) == 0 {
		changed[gi].Head, changed[gi].Mods = g.Mods, nil
	}
	rd.Use(said.At, said.End)
	return &said, changed
}
