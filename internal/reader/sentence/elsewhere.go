package sentence

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/token"
)

// MarkElsewhere denies clauses that say that something is another's matter: "closing it stays
// in-house", "restores = backup team only", "only the owner deletes the table", "billing: finance
// team". They say what is not asked for, and grant nothing.
func (rd *Reading) MarkElsewhere() {
	for n := 1; n < len(rd.Clauses); n++ {
		c := rd.Clauses[n]
		switch {
		case rd.othersMatter(c.From, c.To), rd.onlyOthers(c), rd.anotherActs(c.From):
			rd.refuse(n)
		case rd.Punct(c.To, ":") && rd.together(n, n+1) && rd.othersAlone(rd.Clauses[n+1].From, rd.Clauses[n+1].To):
			rd.refuse(n)
			rd.refuse(n + 1) // "templates: CRM team"
		case rd.leavesOut(c) && rd.together(n-1, n):
			rd.refuse(n)
			rd.refuse(n - 1) // "uploads happen there, leave that out"
		}
	}
	rd.refuseLists()
}

func (rd *Reading) refuse(n int) { rd.Clauses[n].Negative, rd.Clauses[n].Remote = true, true }

func (rd *Reading) together(n, m int) bool {
	return n >= 0 && m < len(rd.Clauses) && rd.Clauses[n].Sentence == rd.Clauses[m].Sentence
}

// othersMatter says that the predicate of the words in [from, to) leaves its subject to others.
func (rd *Reading) othersMatter(from, to int) bool {
	for i := from; i < to; i++ {
		if rd.Punct(i, "=") && i > from && rd.othersAlone(i+1, to) || (i > from || rd.Punct(from-1, ")")) && rd.leftTo(i, to) {
			return true
		}
	}
	return false
}

// leftTo says that a verb of being at token i says whose matter its subject is.
func (rd *Reading) leftTo(i, to int) bool {
	next := i + 1
	for rd.Is("aside", next) {
		next++
	}
	if rd.Word(i-1, "that", "which", "who") && !rd.ClauseStart(i-1) {
		return false // "the buckets that are owned by …" says which ones
	}
	switch {
	case rd.Word(i, "stay", "stays", "remain", "remains"):
		return !rd.Word(i-1, "must", "should", "that", "it", "they") || rd.Word(next, "with", "in-house", "put", "out", "untouched", "frozen", "reserved")
	case rd.Word(i, "belong", "belongs", "sits", "sit", "lies", "rests") && rd.Word(next, "to", "with"):
		return rd.others(next+1, to)
	case rd.Word(i, "come", "comes", "happen", "happens") && rd.Word(next, "from", "through", "via", "elsewhere", "in"):
		return rd.Word(next, "elsewhere") || rd.others(next+1, to)
	case !rd.Word(i, "is", "are", "be", "being", "get", "gets"):
		return false
	case rd.Word(next, "up") && rd.Word(next+1, "to"), rd.Word(next, "strictly", "solely", "reserved", "meant", "kept") && rd.Word(next+1, "for", "to"):
		return true
	case rd.past(next) && rd.Word(next+1, "by"):
		return rd.others(next+2, to)
	}
	return rd.others(next, to) && rd.ownedThing(next, to)
}

// past says that token i is a participle: "set", "handled", "read".
func (rd *Reading) past(i int) bool {
	return i < len(rd.Tokens) && rd.Tokens[i].Kind == token.Word && (strings.HasSuffix(rd.Tokens[i].Lower, "ed") || rd.Word(i, "set", "done", "run", "made", "built", "kept", "taken", "left", "dealt"))
}

// ownedThing says that the words say whose decision or duty something is: "platform's call", "a
// different role", "someone else's job", "decisions for a human", "for the security team".
func (rd *Reading) ownedThing(from, to int) bool {
	for i := from; i < to && i < from+6; i++ {
		if rd.Is("matter", i) || rd.elsesActor(i) || rd.Word(i, "for") && i == from && !rd.Word(from-2, "this", "that", "it", "policy", "role", "request", "these", "access") {
			return true
		}
	}
	return false
}

// others says that the words soon name someone other than who asks: a team, the owner, a human.
func (rd *Reading) others(from, to int) bool {
	for i := from; i < to && i < from+5; i++ {
		owner := i < len(rd.Tokens) && rd.Tokens[i].Kind != token.Entity && HasPossessive(rd.Tokens[i].Text) && !rd.Word(i, "it", "that", "let", "here", "there", "he", "she")
		if rd.Is("others", i) || rd.elsesActor(i) || owner && rd.Is("matter", i+1) {
			return true
		}
	}
	return false
}

// elsesActor: "another role", "a different policy", "someone else".
func (rd *Reading) elsesActor(i int) bool {
	return rd.Is("otherly", i) && (rd.Is("actor", i+1) || rd.Is("others", i+1) || rd.Word(i+1, "policy", "person", "place", "account's")) || rd.Word(i, "someone", "somebody", "elsewhere")
}

// newRemark says that the words from i to the next mark leave something to others, while those
// before it in the clause already say what is done.
func (rd *Reading) newRemark(from, i int) bool {
	to := i
	for to < len(rd.Tokens) && !rd.Punct(to, ".,:()\n") {
		to++
	}
	if !rd.othersMatter(i, to) {
		return false
	}
	for j := from; j < i-1; j++ {
		if _, classes := rd.VerbClasses(rd.TokenLower(j)); len(classes) > 0 && !strings.HasSuffix(rd.Tokens[j].Lower, "ing") && !rd.endsAt(j+1) {
			return true
		}
	}
	return false
}

// HasPossessive says that a word ends as an owner does: "team's".
func HasPossessive(text string) bool {
	return strings.HasSuffix(text, "'s") || strings.HasSuffix(text, "’s") || strings.HasSuffix(text, "s'") || strings.HasSuffix(text, "s’")
}

// othersAlone says that the words are nothing but a name of others: "backup team only", "CRM team".
func (rd *Reading) othersAlone(from, to int) bool {
	found := false
	for i := from; i < to; i++ {
		if i >= from+6 || rd.Tokens[i].Kind == token.Entity {
			return false
		}
		if _, classes := rd.VerbClasses(rd.Tokens[i].Lower); len(classes) > 0 && !rd.Is("nouny", i) && !rd.Is("others", i) && rd.LinkAt[i] < 0 {
			return false
		}
		found = found || rd.Is("others", i) || rd.Is("matter", i)
	}
	return found
}

// onlyOthers: "only the owner removes members", "just admins delete it".
func (rd *Reading) onlyOthers(c Clause) bool {
	if !rd.Word(c.From, "only", "just") {
		return false
	}
	i := c.From + 1
	for rd.Is("article", i) {
		i++
	}
	for ; i < c.To && i < c.From+5; i++ {
		if !rd.Is("others", i) {
			continue
		}
		if rd.Is("others", i+1) {
			continue
		}
		_, classes := rd.VerbClasses(rd.TokenLower(i + 1))
		return rd.Is("modal", i+1) || len(classes) > 0
	}
	return false
}

// TokenLower returns token i in small letters, or nothing beyond the text and for a literal.
func (rd *Reading) TokenLower(i int) string {
	if i < 0 || i >= len(rd.Tokens) || rd.Tokens[i].Kind == token.Entity {
		return ""
	}
	return rd.Tokens[i].Lower
}

// leavesOut recognises a request to leave out what was just said: "so please leave that out".
func (rd *Reading) leavesOut(c Clause) bool {
	for i := c.From; i < c.To; i++ {
		if rd.Word(i, "leave", "keep") && rd.Word(i+1, "that", "it", "this", "those", "them", "these") && rd.Word(i+2, "out", "away") || rd.Word(i, "skip", "omit", "ignore") && rd.Word(i+1, "that", "it", "this", "those", "them", "these") {
			return true
		}
	}
	return false
}
