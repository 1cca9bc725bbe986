package sentence

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/token"
)

// judgeRemark tells clauses that only say how things are: "the log group already exists", "app
// settings are terraform's". One about something done ("changing the status stays in-house",
// "releases are up to the owners") says that it is not this policy's matter.
func (rd *Reading) judgeRemark(c *Clause) {
	if c.Negative || c.Closer {
		return
	}
	k := rd.stative(*c)
	if k < 0 || rd.grantsAfter(k+1, c.To) || rd.actsAfter(k+1, c.To) {
		return
	}
	c.Remark = true
	if rd.IsGerund(c.From) && !rd.IsThing(k+1) || rd.Word(k+1, "up") && rd.Word(k+2, "to") {
		c.Negative = true
	}
}

// stative finds the verb of being that a clause turns on, or -1: nothing before it may be a verb,
// a modal or begin another clause.
func (rd *Reading) stative(c Clause) int {
	content := false
	for i := c.From; i < c.To; i++ {
		switch {
		case rd.Tokens[i].Kind != token.Word:
			if rd.Tokens[i].Kind != token.Punct {
				content = true
			}
			continue
		case rd.Word(i, "live") && rd.Is("article", i-1):
			content = true // "the live video"
			continue
		case rd.Word(i, "is", "are", "was", "were", "stays", "stay", "remains", "remain", "belongs", "belong", "exists", "exist", "lives", "live", "resides", "reside", "sits"), rd.contracted(i):
			if content || rd.contracted(i) || rd.Word(i-1, "it", "they", "this", "that", "these", "those", "he", "she", "we") {
				return i
			}
			return -1
		case rd.IsGerund(c.From) && rd.Word(i, "would", "should", "must", "has", "will") && (rd.Word(i+1, "be", "remain", "stay") || rd.Word(i+1, "to") && rd.Word(i+2, "be", "remain", "stay")):
			for !rd.Word(i, "be", "remain", "stay") {
				i++
			}
			return i // "deleting it would be an incident"
		case rd.Is("modal", i), rd.Word(i, "that", "which", "who", "whose", "where", "what", "when", "if", "while", "as", "because", "since", "until", "after", "before", "need", "needs", "want", "wants", "does", "do", "only", "thing", "all", "to", "has", "have"):
			if rd.Word(i, "that") && i == c.From || rd.Word(i, "all") && i == c.From {
				continue
			}
			return -1
		}
		if i > c.From && !rd.Is("article", i-1) {
			if v, ok := rd.VerbAt(i, c.To); ok && !rd.IsGerund(i) && !v.Level {
				return -1
			}
		}
		content = content || rd.IsContent(i)
	}
	return -1
}

// actsAfter says that somebody acts behind a comma: "the queue is jobs, the worker reads from it".
func (rd *Reading) actsAfter(i, to int) bool {
	comma := false
	for ; i < to; i++ {
		if comma = comma || rd.Punct(i, ","); !comma {
			continue
		}
		if _, ok := rd.VerbAt(i, to); ok {
			return true
		}
	}
	return false
}

// contracted says that a token holds its verb: "it's", "they're", "that's".
func (rd *Reading) contracted(i int) bool {
	return rd.Word(i, "it's", "they're", "that's", "he's", "she's", "we're", "those're", "there's")
}

// grantsAfter says that what follows a verb of being asks for something all the same: "is to
// read", "are allowed to", "is needed", "is reading from".
func (rd *Reading) grantsAfter(i, to int) bool {
	for i < to && (rd.Word(i, "all", "also", "only", "just", "still", "already", "always", "not") || strings.HasSuffix(rd.Tokens[i].Lower, "ly")) {
		i++
	}
	if i >= to {
		return false
	}
	if rd.Word(i, "to", "able", "allowed", "permitted", "needed", "required", "ok", "okay", "fine", "enough", "granted", "supposed", "meant", "wanted", "welcome", "free", "good", "sufficient", "included", "necessary", "expected", "going", "responsible", "entitled", "authorized", "authorised", "what", "for", "limited", "restricted", "full", "read", "write", "read-only", "readonly", "in-scope", "possible", "open", "denied", "forbidden", "blocked", "prohibited", "tagged", "encrypted", "named", "called") {
		return true
	}
	_, classes := rd.VerbClasses(rd.Tokens[i].Lower)
	if len(classes) > 0 && !rd.Is("article", i-1) && !rd.Is("keeper", i) {
		return true // "is reading", "are shipped to", "is read objects"
	}
	for j := i; j < to; j++ {
		if _, ok := rd.Literal(j, token.ActionLiteral); ok {
			return true
		}
	}
	return false
}

// IsGerund says that token i is a verb made a noun: "cancelling".
func (rd *Reading) IsGerund(i int) bool {
	if i < 0 || i >= len(rd.Tokens) || rd.Tokens[i].Kind != token.Word || !strings.HasSuffix(rd.Tokens[i].Lower, "ing") {
		return false
	}
	_, classes := rd.VerbClasses(rd.Tokens[i].Lower)
	return len(classes) > 0
}
