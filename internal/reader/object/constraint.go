package object

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Condition is one condition of the request with the words it stands in.
type Condition struct {
	intent.Constraint
	Clause int  // the clause it stands in
	At     int  // the token it begins with
	Near   bool // it describes the thing before it: "boxes tagged X"
	Unless bool // it exempts from a Deny: "unless MFA was used", "except role SecOps"
	Whole  bool // it holds for the whole request, wherever it stands
}

// Require notes a constraint read from the tokens in [from, to) and takes them.
func (rd *Reading) Require(from, to int, role string, c intent.Constraint) *Condition {
	c.Span = rd.Span(from, to)
	rd.Where = append(rd.Where, Condition{Constraint: c, Clause: rd.clauseAt(from, to), At: from})
	rd.Take(role, from, to)
	return &rd.Where[len(rd.Where)-1]
}

// Constrain puts on a grant the constraints that hold for the unit it was read from.
func (rd *Reading) Constrain(g *intent.Grant, u Unit) {
	for _, c := range rd.Where {
		if !c.Whole && !rd.reachesUnit(c, u) {
			continue
		}
		switch {
		case c.Unless && g.Effect == policy.Deny:
			g.Unless = append(g.Unless, c.Constraint)
		case !c.Unless:
			g.Where = append(g.Where, rd.tagOfResource(*g, c.Constraint))
		}
	}
}

// tagOfResource makes a tag of the request one of the resource where no action of the grant sends
// tags: "terminates instances carrying the tag lifetime=ephemeral".
func (rd *Reading) tagOfResource(g intent.Grant, c intent.Constraint) intent.Constraint {
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

// reachesUnit: a constraint in a clause with verbs holds for those verbs; in a clause without
// verbs for the sentence; in a sentence without verbs for the whole request.
func (rd *Reading) reachesUnit(c Condition, u Unit) bool {
	if c.Clause < 0 {
		return true
	}
	if rd.looksBack(c) {
		return u.Clause == c.Clause-1
	}
	if n := rd.clauseBefore(c); n >= 0 {
		return u.Clause == n && (u.To == rd.Clauses[n].To || len(u.Verbs) == 0)
	}
	if c.Clause == u.Clause {
		return rd.reachesInside(c, u)
	}
	if u.Aside && c.Clause == u.Clause-1 {
		return true
	}
	if rd.Clauses[c.Clause].Negative {
		return false // it bounds what that clause forbids
	}
	number, own, same := rd.Clauses[c.Clause].Sentence, false, false
	for _, other := range rd.Units {
		if other.Negative || len(other.Verbs) == 0 {
			continue
		}
		own = own || other.Clause == c.Clause
		same = same || rd.Clauses[other.Clause].Sentence == number
	}
	switch {
	case own:
		return false
	case same:
		return rd.Clauses[u.Clause].Sentence == number
	}
	return true
}

// clauseBefore returns the clause before the brackets that a condition goes on with, or -1: "start a
// session (ssm) on instances tagged Team=core, and end it".
func (rd *Reading) clauseBefore(c Condition) int {
	n := c.Clause - 2
	if n < 0 || c.Unless || !rd.Punct(rd.Clauses[c.Clause].From-1, ")") || !rd.Punct(rd.Clauses[c.Clause-1].From-1, "(") || rd.Clauses[n].Sentence != rd.Clauses[c.Clause].Sentence || rd.Clauses[n].Negative || !rd.Is("preposition", rd.Clauses[c.Clause].From) {
		return -1
	}
	before, own := false, false
	for _, u := range rd.Units {
		before = before || u.Clause == n && len(u.Verbs) > 0
		if u.Clause == c.Clause && len(u.Verbs) > 0 {
			if u.Verbs[0].At < c.At {
				return -1
			}
			own = true
		}
	}
	if !before || !own {
		return -1
	}
	return n
}

// reachesInside: in a clause with several units a constraint amid them holds for the one it
// stands in, and one at the end for all of them unless it describes the last thing.
func (rd *Reading) reachesInside(c Condition, u Unit) bool {
	owner, last := -1, -1
	for n, other := range rd.Units {
		if other.Clause != c.Clause || len(other.Verbs) == 0 {
			continue
		}
		if other.Verbs[0].At <= c.At && c.At < other.To {
			owner = n
		}
		last = n
	}
	if owner < 0 || owner == last && !c.Near || !rd.HasOwnObject(u) {
		return true
	}
	if u.Shared && u.From > rd.Units[owner].From && rd.HasPronoun(u) {
		return true // "start Env=dev instances and stop them"
	}
	return u.From == rd.Units[owner].From && u.To == rd.Units[owner].To
}

// looksBack says that a condition opens its clause and belongs to what stands before it: "pull
// tasks but only from list x, send heartbeats".
func (rd *Reading) looksBack(c Condition) bool {
	if c.Clause < 1 || rd.Clauses[c.Clause].Sentence != rd.Clauses[c.Clause-1].Sentence {
		return false
	}
	from := rd.Clauses[c.Clause].From
	if !rd.Word(from, "but", "only", "just") && !(rd.Word(from, "and") && rd.Word(from+1, "only")) {
		return false
	}
	verbs := false
	for _, u := range rd.Units {
		if u.Clause != c.Clause || len(u.Verbs) == 0 {
			continue
		}
		if u.Verbs[0].At < c.At {
			return false
		}
		verbs = true
	}
	return verbs
}

// clauseAt returns the clause of the first token in [from, to) that belongs to one; marks do not.
func (rd *Reading) clauseAt(from, to int) int {
	for i := from; i < to; i++ {
		if n := rd.ClauseOf(i); n >= 0 {
			return n
		}
	}
	return -1
}
