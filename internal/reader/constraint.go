package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A scoped constraint is one condition of the request with the words it stands in.
type scoped struct {
	intent.Constraint
	clause int  // the clause it stands in
	at     int  // the token it begins with
	near   bool // it describes the thing before it: "boxes tagged X"
	unless bool // it exempts from a Deny: "unless MFA was used", "except role SecOps"
	whole  bool // it holds for the whole request, wherever it stands
}

// readConstraints lets every scanner read its kind of condition; what one takes, the next ones
// and the verbs no longer see.
func (rd *reading) readConstraints() {
	for _, scan := range scanners {
		scan(rd)
	}
}

// require notes a constraint read from the tokens in [from, to) and takes them.
func (rd *reading) require(from, to int, role string, c intent.Constraint) *scoped {
	c.Span = rd.span(from, to)
	rd.where = append(rd.where, scoped{Constraint: c, clause: rd.clauseAt(from, to), at: from})
	rd.take(role, from, to)
	return &rd.where[len(rd.where)-1]
}

// constrain puts on a grant the constraints that hold for the unit it was read from.
func (rd *reading) constrain(g *intent.Grant, u unit) {
	for _, c := range rd.where {
		if !c.whole && !rd.reachesUnit(c, u) {
			continue
		}
		switch {
		case c.unless && g.Effect == policy.Deny:
			g.Unless = append(g.Unless, c.Constraint)
		case !c.unless:
			g.Where = append(g.Where, rd.tagOfResource(*g, c.Constraint))
		}
	}
}

// tagOfResource makes a tag of the request one of the resource where no action of the grant sends
// tags: "terminates instances carrying the tag lifetime=ephemeral".
func (rd *reading) tagOfResource(g intent.Grant, c intent.Constraint) intent.Constraint {
	tag, ok := strings.CutPrefix(c.Key, "aws:RequestTag/")
	if !ok {
		return c
	}
	has := false
	for _, a := range g.Actions {
		ca, ok := rd.Catalog.Action(a.Name)
		if !ok || ca.Honours(c.Key) {
			return c
		}
		has = has || ca.Honours("aws:ResourceTag/"+tag)
	}
	if has {
		c.Key = "aws:ResourceTag/" + tag
	}
	return c
}

// splitDescribed keeps a tag to the resources that it describes, where an action has others that
// are named for themselves: "send the document d to instances tagged Env=lab".
func (rd *reading) splitDescribed(g intent.Grant) []intent.Grant {
	n := slices.IndexFunc(g.Where, func(c intent.Constraint) bool { return rd.describedTypes(c) != nil })
	if n < 0 || len(g.Except) > 0 {
		return []intent.Grant{g}
	}
	described, tag := rd.describedTypes(g.Where[n]), g.Where[n]
	var plain, tagged []string
	for _, rt := range rd.typesOf(g.Actions) {
		if !described[rt.Name] && slices.ContainsFunc(g.Targets, func(t intent.Target) bool {
			return t.Type == rt.Name && (len(t.Vars) > 0 || t.ARN != "")
		}) {
			plain = append(plain, rt.Name)
		} else {
			tagged = append(tagged, rt.Name)
		}
	}
	if len(plain) == 0 || !slices.ContainsFunc(tagged, func(t string) bool { return described[t] }) {
		return []intent.Grant{g}
	}
	only, rest := g, g
	only.Actions, rest.Actions = nil, nil
	for _, a := range g.Actions {
		b, other := a, func(t string) bool { return len(a.On) > 0 && !slices.Contains(a.On, t) }
		a.On, b.On = slices.DeleteFunc(slices.Clone(tagged), other), slices.DeleteFunc(slices.Clone(plain), other)
		if strings.Contains(a.Name, "*") || len(a.On) == 0 || len(b.On) == 0 {
			return []intent.Grant{g}
		}
		only.Actions, rest.Actions = append(only.Actions, a), append(rest.Actions, b)
	}
	rest.Where = slices.DeleteFunc(slices.Clone(g.Where), func(c intent.Constraint) bool { return c.Key == tag.Key })
	isPlain := func(t intent.Target) bool { return slices.Contains(plain, t.Type) }
	only.Targets = slices.DeleteFunc(slices.Clone(g.Targets), isPlain)
	rest.Targets = slices.DeleteFunc(slices.Clone(g.Targets), func(t intent.Target) bool { return !isPlain(t) })
	return []intent.Grant{only, rest}
}

// describedTypes returns the resource types of the noun that a tag stands behind.
func (rd *reading) describedTypes(c intent.Constraint) map[string]bool {
	if !strings.HasPrefix(c.Key, "aws:ResourceTag/") {
		return nil
	}
	for _, s := range rd.where {
		if !s.near || s.Span != c.Span || s.at < 1 || rd.linkAt[s.at-1] < 0 {
			continue
		}
		out := map[string]bool{}
		for _, e := range rd.links[rd.linkAt[s.at-1]].entries {
			out[e.Type] = true
		}
		return out
	}
	return nil
}

// reachesUnit: a constraint in a clause with verbs holds for those verbs; in a clause without
// verbs for the sentence; in a sentence without verbs for the whole request.
func (rd *reading) reachesUnit(c scoped, u unit) bool {
	if c.clause < 0 {
		return true
	}
	if rd.looksBack(c) {
		return u.clause == c.clause-1
	}
	if c.clause == u.clause {
		return rd.reachesInside(c, u)
	}
	if u.aside && c.clause == u.clause-1 {
		return true
	}
	if rd.clause[c.clause].negative {
		return false // it bounds what that clause forbids
	}
	sentence, own, same := rd.clause[c.clause].sentence, false, false
	for _, other := range rd.units {
		if other.negative || len(other.verbs) == 0 {
			continue
		}
		own = own || other.clause == c.clause
		same = same || rd.clause[other.clause].sentence == sentence
	}
	switch {
	case own:
		return false
	case same:
		return rd.clause[u.clause].sentence == sentence
	}
	return true
}

// reachesInside: in a clause with several units a constraint amid them holds for the one it
// stands in, and one at the end for all of them unless it describes the last thing.
func (rd *reading) reachesInside(c scoped, u unit) bool {
	owner, last := -1, -1
	for n, other := range rd.units {
		if other.clause != c.clause || len(other.verbs) == 0 {
			continue
		}
		if other.verbs[0].at <= c.at && c.at < other.to {
			owner = n
		}
		last = n
	}
	if owner < 0 || owner == last && !c.near || !rd.hasOwnObject(u) {
		return true
	}
	if u.shared && u.from > rd.units[owner].from && rd.hasPronoun(u) {
		return true // "start Env=dev instances and stop them"
	}
	return u.from == rd.units[owner].from && u.to == rd.units[owner].to
}

// looksBack says that a condition opens its clause and belongs to what stands before it: "pull
// tasks but only from list x, send heartbeats".
func (rd *reading) looksBack(c scoped) bool {
	if c.clause < 1 || rd.clause[c.clause].sentence != rd.clause[c.clause-1].sentence {
		return false
	}
	from := rd.clause[c.clause].from
	if !rd.word(from, "but", "only", "just") && !(rd.word(from, "and") && rd.word(from+1, "only")) {
		return false
	}
	verbs := false
	for _, u := range rd.units {
		if u.clause != c.clause || len(u.verbs) == 0 {
			continue
		}
		if u.verbs[0].at < c.at {
			return false
		}
		verbs = true
	}
	return verbs
}

// clauseAt returns the clause of the first token in [from, to) that belongs to one; marks do not.
func (rd *reading) clauseAt(from, to int) int {
	for i := from; i < to; i++ {
		if n := rd.clauseOf(i); n >= 0 {
			return n
		}
	}
	return -1
}
