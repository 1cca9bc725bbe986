package guard

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
)

// confiners are verbs that hold something to a place: "keep ec2 to X", "bedrock is locked to X".
var confiners = []string{"keep", "keeps", "keeping", "kept", "lock", "locks", "locked", "locking", "confine", "confines", "confined", "confining", "pin", "pins", "pinned", "pinning", "tie", "ties", "tied", "bind", "binds", "bound", "hold", "holds", "held", "holding", "contain", "contains", "contained", "fence", "fenced"}

// confine reads clauses that hold services to a place: what happens elsewhere is forbidden.
func (g *guarding) confine() {
	for k := range g.Where {
		c := &g.Where[k]
		if c.Clause < 0 || c.Unless || c.Test == intent.IsNot || g.modes[c.Clause] == guardExempt {
			continue
		}
		if g.confines(c.Clause, *c) || g.confined(c.Clause) {
			g.modes[c.Clause], g.Clauses[c.Clause].Negative = guardOblige, true
			c.Unless = true
		}
	}
}

// confined says that a clause holds services to a place.
func (g *guarding) confined(n int) bool {
	return slices.ContainsFunc(g.Where, func(c object.Condition) bool { return c.Clause == n && c.Unless && g.confines(n, c) })
}

// confines says that a verb before a condition holds the objects of its clause to it.
func (g *guarding) confines(n int, c object.Condition) bool {
	at, _ := g.tokensOf(c.Span)
	if at < 0 || !g.Word(at, "to", "in", "inside", "within") && !g.Word(at-1, "to", "in", "inside", "within") {
		return false
	}
	for i := g.Clauses[n].From; i < at; i++ {
		if g.Word(i, confiners...) && !g.Word(i+1, "from", "out") {
			return true
		}
	}
	return false
}

// exceptConditions turns conditions that words such as "anything but" or "without" lead in: what
// meets them is not meant.
func (g *guarding) exceptConditions() {
	for k := range g.Where {
		c := &g.Where[k]
		if c.Clause < 0 || c.Unless || c.Test == intent.IsNot || c.Test == intent.Absent || len(c.Values) == 1 && c.Values[0] == "false" {
			continue
		}
		if m := g.modes[c.Clause]; m == guardExempt && len(g.servicesIn(g.Clauses[c.Clause].From, g.Clauses[c.Clause].To)) == 0 || m == guardForbid && g.exceptBefore(*c) {
			c.Unless = true
		}
	}
}

// exceptBefore says that the first words of a condition, or those right before it, leave it out
// of what is forbidden.
func (g *guarding) exceptBefore(c object.Condition) bool {
	from, to := g.tokensOf(c.Span)
	if from < 0 {
		return false
	}
	for i := from; i < to && g.Tokens[i].Kind == 0; i++ {
		if g.leavesOut(i) {
			return true
		}
	}
	for i := from - 1; i >= g.Clauses[c.Clause].From && i >= from-4; i-- {
		if g.Tokens[i].Taken || g.Tokens[i].Kind != 0 || g.Is("auxiliary", i) {
			return false
		}
		if g.leavesOut(i) {
			return true
		}
	}
	return false
}

func (g *guarding) leavesOut(i int) bool {
	return g.Word(i, "without", "lacking", "missing", "besides", "except", "excluding") || g.Word(i, "but") && !g.Word(i+1, "not") ||
		g.Word(i, "other") && g.Word(i+1, "than") || g.Word(i, "apart", "aside") && g.Word(i+1, "from")
}

// spareOutsideBounds reads sentences that only say which services a bound on regions leaves alone:
// "iam and sts are global", "X has to keep working".
func (g *guarding) spareOutsideBounds() {
	if g.Out.Kind == policy.PermissionsBoundary || !slices.ContainsFunc(g.Where, func(c object.Condition) bool { return c.Key == "aws:RequestedRegion" }) {
		return
	}
	for n := 0; n < len(g.Clauses); {
		last := n
		for last+1 < len(g.Clauses) && g.Clauses[last+1].Sentence == g.Clauses[n].Sentence {
			last++
		}
		g.sparesWorking(n, last)
		n = last + 1
	}
}

// sparesWorking makes the clauses from first to last an exemption if they speak of services that
// go on working, and of nothing that is forbidden.
func (g *guarding) sparesWorking(first, last int) {
	from, to := g.Clauses[first].From, g.Clauses[last].To
	if len(g.servicesIn(from, to)) == 0 {
		return
	}
	for n := first; n <= last; n++ {
		if g.modes[n] == guardForbid || g.conditionIn(n) {
			return
		}
	}
	for i := from; i < to; i++ {
		if g.Word(i, "global", "globally", "alone", "unaffected", "untouched", "unrestricted", "everywhere", "regardless", "regionless") || g.Word(i, "working", "usable", "available", "reachable", "open", "allowed", "accessible", "functional", "work", "usual", "ok", "okay", "fine") && g.modes[g.ClauseOf(i)] != guardContext {
			for n := first; n <= last; n++ {
				g.modes[n], g.Clauses[n].Negative = guardExempt, false
			}
			return
		}
	}
}
