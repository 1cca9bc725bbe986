package reader

import "strings"

// judgeRemark tells clauses that only say how things are: "the log group already exists", "app
// settings are terraform's". One about something done ("changing the status stays in-house",
// "releases are up to the owners") says that it is not this policy's matter.
func (rd *reading) judgeRemark(c *clause) {
	if c.negative || c.closer {
		return
	}
	k := rd.stative(*c)
	if k < 0 || rd.grantsAfter(k+1, c.to) || rd.actsAfter(k+1, c.to) {
		return
	}
	c.remark = true
	if rd.isGerund(c.from) && !rd.isThing(k+1) || rd.word(k+1, "up") && rd.word(k+2, "to") {
		c.negative = true
	}
}

// stative finds the verb of being that a clause turns on, or -1: nothing before it may be a verb,
// a modal or begin another clause.
func (rd *reading) stative(c clause) int {
	content := false
	for i := c.from; i < c.to; i++ {
		switch {
		case rd.tokens[i].kind != wordToken:
			if rd.tokens[i].kind != punctToken {
				content = true
			}
			continue
		case rd.word(i, "live") && rd.is("article", i-1):
			content = true // "the live video"
			continue
		case rd.word(i, "is", "are", "was", "were", "stays", "stay", "remains", "remain", "belongs", "belong", "exists", "exist", "lives", "live", "resides", "reside", "sits"), rd.contracted(i):
			if content || rd.contracted(i) || rd.word(i-1, "it", "they", "this", "that", "these", "those", "he", "she", "we") {
				return i
			}
			return -1
		case rd.is("modal", i), rd.word(i, "that", "which", "who", "whose", "where", "what", "when", "if", "while", "as", "because", "since", "until", "after", "before", "need", "needs", "want", "wants", "does", "do", "only", "thing", "all", "to", "has", "have"):
			if rd.word(i, "that") && i == c.from || rd.word(i, "all") && i == c.from {
				continue
			}
			return -1
		}
		if i > c.from && !rd.is("article", i-1) {
			if v, ok := rd.verbAt(i, c.to); ok && !rd.isGerund(i) && !v.level {
				return -1
			}
		}
		content = content || rd.isContent(i)
	}
	return -1
}

// actsAfter says that somebody acts behind a comma: "the queue is jobs, the worker reads from it".
func (rd *reading) actsAfter(i, to int) bool {
	comma := false
	for ; i < to; i++ {
		if comma = comma || rd.punct(i, ","); !comma {
			continue
		}
		if _, ok := rd.verbAt(i, to); ok {
			return true
		}
	}
	return false
}

// contracted says that a token holds its verb: "it's", "they're", "that's".
func (rd *reading) contracted(i int) bool {
	return rd.word(i, "it's", "they're", "that's", "he's", "she's", "we're", "those're", "there's")
}

// grantsAfter says that what follows a verb of being asks for something all the same: "is to
// read", "are allowed to", "is needed", "is reading from".
func (rd *reading) grantsAfter(i, to int) bool {
	for i < to && (rd.word(i, "all", "also", "only", "just", "still", "already", "always", "not") || strings.HasSuffix(rd.tokens[i].lower, "ly")) {
		i++
	}
	if i >= to {
		return false
	}
	if rd.word(i, "to", "able", "allowed", "permitted", "needed", "required", "ok", "okay", "fine", "enough", "granted", "supposed", "meant", "wanted", "welcome", "free", "good", "sufficient", "included", "necessary", "expected", "going", "responsible", "entitled", "authorized", "authorised", "what", "for", "limited", "restricted", "full", "read", "write", "read-only", "readonly", "in-scope", "possible", "open", "denied", "forbidden", "blocked", "prohibited", "tagged", "encrypted", "named", "called") {
		return true
	}
	_, classes := rd.verbClasses(rd.tokens[i].lower)
	if len(classes) > 0 && !rd.is("article", i-1) && !rd.is("keeper", i) {
		return true // "is reading", "are shipped to", "is read objects"
	}
	for j := i; j < to; j++ {
		if _, ok := rd.literal(j, actionLiteral); ok {
			return true
		}
	}
	return false
}

// isGerund says that token i is a verb made a noun: "cancelling".
func (rd *reading) isGerund(i int) bool {
	if i < 0 || i >= len(rd.tokens) || rd.tokens[i].kind != wordToken || !strings.HasSuffix(rd.tokens[i].lower, "ing") {
		return false
	}
	_, classes := rd.verbClasses(rd.tokens[i].lower)
	return len(classes) > 0
}
