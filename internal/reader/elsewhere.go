package reader

import "strings"

// markElsewhere denies clauses that say that something is another's matter: "closing it stays
// in-house", "restores = backup team only", "only the owner deletes the table", "billing: finance
// team". They say what is not asked for, and grant nothing.
func (rd *reading) markElsewhere() {
	for n := 1; n < len(rd.clause); n++ {
		c := rd.clause[n]
		switch {
		case rd.othersMatter(c.from, c.to), rd.onlyOthers(c), rd.anotherActs(c.from):
			rd.refuse(n)
		case rd.punct(c.to, ":") && rd.together(n, n+1) && rd.othersAlone(rd.clause[n+1].from, rd.clause[n+1].to):
			rd.refuse(n)
			rd.refuse(n + 1) // "templates: CRM team"
		case rd.leavesOut(c) && rd.together(n-1, n):
			rd.refuse(n)
			rd.refuse(n - 1) // "uploads happen there, leave that out"
		}
	}
	rd.refuseLists()
}

func (rd *reading) refuse(n int) { rd.clause[n].negative, rd.clause[n].remote = true, true }

func (rd *reading) together(n, m int) bool {
	return n >= 0 && m < len(rd.clause) && rd.clause[n].sentence == rd.clause[m].sentence
}

// othersMatter says that the predicate of the words in [from, to) leaves its subject to others.
func (rd *reading) othersMatter(from, to int) bool {
	for i := from; i < to; i++ {
		if rd.punct(i, "=") && i > from && rd.othersAlone(i+1, to) || (i > from || rd.punct(from-1, ")")) && rd.leftTo(i, to) {
			return true
		}
	}
	return false
}

// leftTo says that a verb of being at token i says whose matter its subject is.
func (rd *reading) leftTo(i, to int) bool {
	next := i + 1
	for rd.is("aside", next) {
		next++
	}
	if rd.word(i-1, "that", "which", "who") && !rd.clauseStart(i-1) {
		return false // "the buckets that are owned by …" says which ones
	}
	switch {
	case rd.word(i, "stay", "stays", "remain", "remains"):
		return !rd.word(i-1, "must", "should", "that", "it", "they") || rd.word(next, "with", "in-house", "put", "out", "untouched", "frozen", "reserved")
	case rd.word(i, "belong", "belongs", "sits", "sit", "lies", "rests") && rd.word(next, "to", "with"):
		return rd.others(next+1, to)
	case rd.word(i, "come", "comes", "happen", "happens") && rd.word(next, "from", "through", "via", "elsewhere", "in"):
		return rd.word(next, "elsewhere") || rd.others(next+1, to)
	case !rd.word(i, "is", "are", "be", "being", "get", "gets"):
		return false
	case rd.word(next, "up") && rd.word(next+1, "to"), rd.word(next, "strictly", "solely", "reserved", "meant", "kept") && rd.word(next+1, "for", "to"):
		return true
	case rd.past(next) && rd.word(next+1, "by"):
		return rd.others(next+2, to)
	}
	return rd.others(next, to) && rd.ownedThing(next, to)
}

// past says that token i is a participle: "set", "handled", "read".
func (rd *reading) past(i int) bool {
	return i < len(rd.tokens) && rd.tokens[i].kind == wordToken && (strings.HasSuffix(rd.tokens[i].lower, "ed") || rd.word(i, "set", "done", "run", "made", "built", "kept", "taken", "left", "dealt"))
}

// ownedThing says that the words say whose decision or duty something is: "platform's call", "a
// different role", "someone else's job", "decisions for a human", "for the security team".
func (rd *reading) ownedThing(from, to int) bool {
	for i := from; i < to && i < from+6; i++ {
		if rd.is("matter", i) || rd.elsesActor(i) || rd.word(i, "for") && i == from && !rd.word(from-2, "this", "that", "it", "policy", "role", "request", "these", "access") {
			return true
		}
	}
	return false
}

// others says that the words soon name someone other than who asks: a team, the owner, a human.
func (rd *reading) others(from, to int) bool {
	for i := from; i < to && i < from+5; i++ {
		owner := i < len(rd.tokens) && rd.tokens[i].kind != entityToken && hasPossessive(rd.tokens[i].text) && !rd.word(i, "it", "that", "let", "here", "there", "he", "she")
		if rd.is("others", i) || rd.elsesActor(i) || owner && rd.is("matter", i+1) {
			return true
		}
	}
	return false
}

// elsesActor: "another role", "a different policy", "someone else".
func (rd *reading) elsesActor(i int) bool {
	return rd.is("otherly", i) && (rd.is("actor", i+1) || rd.is("others", i+1) || rd.word(i+1, "policy", "person", "place", "account's")) || rd.word(i, "someone", "somebody", "elsewhere")
}

// newRemark says that the words from i to the next mark leave something to others, while those
// before it in the clause already say what is done.
func (rd *reading) newRemark(from, i int) bool {
	to := i
	for to < len(rd.tokens) && !rd.punct(to, ".,:()\n") {
		to++
	}
	if !rd.othersMatter(i, to) {
		return false
	}
	for j := from; j < i-1; j++ {
		if _, classes := rd.verbClasses(rd.tokenLower(j)); len(classes) > 0 && !strings.HasSuffix(rd.tokens[j].lower, "ing") && !rd.endsAt(j+1) {
			return true
		}
	}
	return false
}

func hasPossessive(text string) bool {
	return strings.HasSuffix(text, "'s") || strings.HasSuffix(text, "’s") || strings.HasSuffix(text, "s'") || strings.HasSuffix(text, "s’")
}

// othersAlone says that the words are nothing but a name of others: "backup team only", "CRM team".
func (rd *reading) othersAlone(from, to int) bool {
	found := false
	for i := from; i < to; i++ {
		if i >= from+6 || rd.tokens[i].kind == entityToken {
			return false
		}
		if _, classes := rd.verbClasses(rd.tokens[i].lower); len(classes) > 0 && !rd.is("nouny", i) && !rd.is("others", i) && rd.linkAt[i] < 0 {
			return false
		}
		found = found || rd.is("others", i) || rd.is("matter", i)
	}
	return found
}

// onlyOthers: "only the owner removes members", "just admins delete it".
func (rd *reading) onlyOthers(c clause) bool {
	if !rd.word(c.from, "only", "just") {
		return false
	}
	i := c.from + 1
	for rd.is("article", i) {
		i++
	}
	for ; i < c.to && i < c.from+5; i++ {
		if !rd.is("others", i) {
			continue
		}
		if rd.is("others", i+1) {
			continue
		}
		_, classes := rd.verbClasses(rd.tokenLower(i + 1))
		return rd.is("modal", i+1) || len(classes) > 0
	}
	return false
}

func (rd *reading) tokenLower(i int) string {
	if i < 0 || i >= len(rd.tokens) || rd.tokens[i].kind == entityToken {
		return ""
	}
	return rd.tokens[i].lower
}

// leavesOut recognises a request to leave out what was just said: "so please leave that out".
func (rd *reading) leavesOut(c clause) bool {
	for i := c.from; i < c.to; i++ {
		if rd.word(i, "leave", "keep") && rd.word(i+1, "that", "it", "this", "those", "them", "these") && rd.word(i+2, "out", "away") || rd.word(i, "skip", "omit", "ignore") && rd.word(i+1, "that", "it", "this", "those", "them", "these") {
			return true
		}
	}
	return false
}
