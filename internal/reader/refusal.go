package reader

import "strings"

// refuseLists denies what stands below a heading that refuses, such as "Not allowed:", and what a
// denying clause points back to.
func (rd *reading) refuseLists() {
	for n := range rd.clause {
		if rd.refusingHeading(rd.clause[n]) {
			rd.refuseBelow(n)
		}
		if c := rd.clause[n]; c.negative && rd.pointsBack(c) {
			rd.refuseBefore(n)
		}
	}
}

// refusingHeading recognises "Cannot:", "Not allowed:", "Out of scope:" and the like: function words
// before a colon of which one denies.
func (rd *reading) refusingHeading(c clause) bool {
	if !rd.punct(c.to, ":") || c.to-c.from > 6 {
		return false
	}
	denies := false
	for i := c.from; i < c.to; i++ {
		switch {
		case rd.is("negator", i), rd.is("outside", i), rd.is("deny", i), rd.word(i, "out", "off") && rd.word(i+1, "of", "limits"), rd.word(i, "donts", "taboo", "no-go", "no-gos"):
			denies = true
		case rd.word(i, "nothing") && rd.word(i+1, "but"), rd.is("closer", i):
			return false
		case !rd.is("stop", i) && !rd.is("modal", i) && !rd.is("auxiliary", i) && !rd.is("refusal", i) && !rd.is("aside", i):
			return false
		}
	}
	return denies
}

// refuseBelow denies what a heading governs: the rest of its sentence, or the list items below it.
func (rd *reading) refuseBelow(n int) {
	list := rd.punct(rd.clause[n].to+1, "\n")
	for k := n + 1; k < len(rd.clause); k++ {
		c, gap := rd.clause[k], rd.clause[k-1].to
		newLine := strings.Contains(rd.text[rd.tokens[gap].start:rd.tokens[c.from].start], "\n")
		switch {
		case list && newLine && !rd.bulleted(c):
			return
		case !list && (newLine || c.sentence != rd.clause[k-1].sentence && rd.tokens[gap].text == "." && rd.text[rd.tokens[gap].start] != ';'):
			return
		case rd.punct(c.to, ":") && !rd.refusingHeading(c):
			return // another heading
		}
		rd.refuse(k)
	}
}

// bulleted says that a clause is the first of a list item.
func (rd *reading) bulleted(c clause) bool {
	return rd.punct(c.from-1, "-") || c.from > 1 && rd.punct(c.from-1, ".") && rd.tokens[c.from-2].kind == entityToken
}

// pointsBack says that a denying clause speaks about what stands before it in its sentence: behind
// brackets without a subject of its own ("keys (rotation, policy) are …"), or as "that".
func (rd *reading) pointsBack(c clause) bool {
	i := c.from
	if rd.punct(i-1, ")") && rd.is("auxiliary", i) {
		return true
	}
	if !c.remote || rd.punct(i-1, "(") {
		return false
	}
	if rd.word(i, "but", "and", "though", "although") {
		i++
	}
	return rd.word(i, "thats", "that", "this", "those", "these", "which") && (rd.tokens[i].text != rd.tokens[i].lower || rd.word(i+1, "is", "are", "belongs", "belong"))
}

// refuseBefore denies the clauses before n in its sentence: those in the brackets and the one
// before them, or all up to the sentence's begin.
func (rd *reading) refuseBefore(n int) {
	brackets := rd.punct(rd.clause[n].from-1, ")")
	for k := n - 1; k >= 0 && rd.clause[k].sentence == rd.clause[n].sentence; k-- {
		rd.refuse(k)
		if brackets && !rd.punct(rd.clause[k].from-1, "(") && rd.punct(rd.clause[k].to, "(") {
			return
		}
	}
}

// anotherActs says that a clause begins with somebody else who does the work: "a different worker
// picks them up", "someone else reads them".
func (rd *reading) anotherActs(i int) bool {
	if rd.is("article", i) {
		i++
	}
	if rd.word(i, "someone", "somebody") && rd.word(i+1, "else") || rd.is("otherly", i) && rd.is("actor", i+1) {
		return i+2 < len(rd.tokens) && rd.tokens[i+2].kind == wordToken && !rd.boundary(i+2)
	}
	return false
}
