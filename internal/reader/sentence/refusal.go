package sentence

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/token"
)

// refuseLists denies what stands below a heading that refuses, such as "Not allowed:", and what a
// denying clause points back to.
func (rd *Reading) refuseLists() {
	for n := range rd.Clauses {
		if rd.refusingHeading(rd.Clauses[n]) {
			rd.refuseBelow(n)
		}
		if c := rd.Clauses[n]; c.Negative && rd.pointsBack(c) || rd.dismisses(c) {
			rd.refuseBefore(n)
		}
	}
}

// refusingHeading recognises "Cannot:", "Not allowed:", "Out of scope:" and the like: function words
// before a colon of which one denies.
func (rd *Reading) refusingHeading(c Clause) bool {
	if !rd.Punct(c.To, ":") || c.To-c.From > 6 {
		return false
	}
	denies := false
	for i := c.From; i < c.To; i++ {
		switch {
		case rd.Is("negator", i), rd.Is("outside", i), rd.Is("deny", i), rd.Is("withheld", i), rd.Word(i, "out", "off") && rd.Word(i+1, "of", "limits"), rd.Word(i, "donts", "taboo", "no-go", "no-gos"):
			denies = true
		case rd.Word(i, "nothing") && rd.Word(i+1, "but"), rd.Is("closer", i):
			return false
		case !rd.Is("stop", i) && !rd.Is("modal", i) && !rd.Is("auxiliary", i) && !rd.Is("refusal", i) && !rd.Is("aside", i):
			return false
		}
	}
	return denies
}

// refuseBelow denies what a heading governs: the rest of its sentence, or the list items below it.
func (rd *Reading) refuseBelow(n int) {
	list := rd.Punct(rd.Clauses[n].To+1, "\n")
	for k := n + 1; k < len(rd.Clauses); k++ {
		c, gap := rd.Clauses[k], rd.Clauses[k-1].To
		newLine := strings.Contains(rd.Text[rd.Tokens[gap].Start:rd.Tokens[c.From].Start], "\n")
		switch {
		case list && newLine && !rd.bulleted(c):
			return
		case !list && (newLine || c.Sentence != rd.Clauses[k-1].Sentence && rd.Tokens[gap].Text == "." && rd.Text[rd.Tokens[gap].Start] != ';'):
			return
		case rd.Punct(c.To, ":") && !rd.refusingHeading(c):
			return // another heading
		}
		rd.refuse(k)
	}
}

// bulleted says that a clause is the first of a list item.
func (rd *Reading) bulleted(c Clause) bool {
	return rd.Punct(c.From-1, "-") || c.From > 1 && rd.Punct(c.From-1, ".") && rd.Tokens[c.From-2].Kind == token.Entity
}

// pointsBack says that a denying clause speaks about what stands before it in its sentence: behind
// brackets without a subject of its own ("keys (rotation, policy) are …"), or as "that".
func (rd *Reading) pointsBack(c Clause) bool {
	i := c.From
	if rd.Punct(i-1, ")") && rd.Is("auxiliary", i) {
		return true
	}
	if !c.Remote || rd.Punct(i-1, "(") {
		return false
	}
	if rd.Word(i, "but", "and", "though", "although") {
		i++
	}
	return rd.Word(i, "thats", "that", "this", "those", "these", "which") && (rd.Tokens[i].Cased() != rd.Tokens[i].Lower || rd.Word(i+1, "is", "are", "belongs", "belong"))
}

// refuseBefore denies the clauses before n in its sentence: those in the brackets and the one
// before them, or all up to the sentence's begin.
func (rd *Reading) refuseBefore(n int) {
	brackets := rd.Punct(rd.Clauses[n].From-1, ")")
	for k := n - 1; k >= 0 && rd.Clauses[k].Sentence == rd.Clauses[n].Sentence; k-- {
		rd.refuse(k)
		if brackets && !rd.Punct(rd.Clauses[k].From-1, "(") && rd.Punct(rd.Clauses[k].To, "(") {
			return
		}
	}
}

// anotherActs says that a clause begins with somebody else who does the work: "a different worker
// picks them up", "someone else reads them".
func (rd *Reading) anotherActs(i int) bool {
	if rd.Is("article", i) {
		i++
	}
	if rd.Word(i, "someone", "somebody") && rd.Word(i+1, "else") || rd.Is("otherly", i) && rd.Is("actor", i+1) {
		return i+2 < len(rd.Tokens) && rd.Tokens[i+2].Kind == token.Word && !rd.Boundary(i+2)
	}
	return false
}

// refusedAt says that a participle or the like at token i ends what is said of something: "deletion
// is not authorised", "restores not covered here".
func (rd *Reading) refusedAt(i int) bool {
	if !rd.past(i) && !rd.Is("refusal", i) {
		return false
	}
	return rd.endsAt(i+1) || rd.Word(i+1, "here", "yet", "today", "now", "by", "for", "at", "under", "either", "anymore")
}

// dismisses recognises a clause that only says that what stands before it is not asked for: "…,
// hence not here", "… so not in this policy", "… therefore out".
func (rd *Reading) dismisses(c Clause) bool {
	i := c.From
	for rd.Word(i, "and", "so", "hence", "therefore", "thus", "thats", "that's", "is", "are", "it's") {
		i++
	}
	if c.To-i > 4 || rd.Punct(c.From-1, "(") {
		return false
	}
	switch {
	case rd.Word(i, "not") && rd.Word(i+1, "here", "included", "part", "in", "now", "yet", "today", "needed", "wanted", "covered", "through", "via", "by", "with"):
		return !rd.Word(i+1, "in", "through", "via", "by", "with") || rd.Word(i+2, "this", "here", "it", "scope")
	case rd.Word(i, "out") && i > c.From:
		return i+1 == c.To || rd.Word(i+1, "of", "here")
	}
	return false
}
