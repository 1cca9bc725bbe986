package reader

import (
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// A clause is a run of tokens that is affirmed or denied as a whole.
type clause struct {
	from, to int
	sentence int           // clauses of one sentence share their targets
	negative bool          // says what is not wanted
	closer   bool          // "nothing else": closes the list, adds nothing
	effect   policy.Effect // Deny if its words forbid ("deny", "block", "must never be able to")
	remote   bool          // leaves something to others
	except   bool          // takes out of what stands before it ("except", "but not", "apart from")
	remark   bool          // says how things are ("the group already exists"), not what may be done
}

// Nobody writes clauses and sentences of more tokens than these; longer ones are cut, so that the
// time of a reading grows with the length of the text and not with its square.
const (
	longClause   = 150
	longSentence = 400
)

// splitClauses cuts the request at sentence ends, brackets, bullets and where a negation or an
// exception begins.
func (rd *reading) splitClauses() {
	sentence, from, begin := 0, 0, 0
	flush := func(to int) {
		if to > from {
			c := clause{from: from, to: to, sentence: sentence}
			rd.judge(&c)
			rd.clause = append(rd.clause, c)
		}
		from = to
		if to-begin > longSentence {
			sentence, begin = sentence+1, to
		}
	}
	for i := range rd.tokens {
		switch {
		case rd.punct(i, ".\n"):
			flush(i)
			from, begin = i+1, i+1
			sentence++
		case rd.punct(i, "()-") || rd.punct(i, ":"):
			flush(i)
			from = i + 1
		case rd.punct(i, ",") && (rd.newClauseAfterComma(i+1) || rd.newRemark(from, i+1)):
			flush(i)
			from = i + 1
		case i > from && (rd.opensClause(i, from) || rd.word(i, "and") && rd.newRemark(from, i+1)):
			flush(i)
		case i-from > longClause && rd.punct(i, ",") && i+1 < len(rd.tokens) && rd.tokens[i+1].kind == wordToken:
			flush(i)
			from = i + 1
		}
	}
	flush(len(rd.tokens))
	rd.denyAcrossBrackets()
}

// denyAcrossBrackets: "unpairing (deleting) things no" denies what stands before the brackets too.
func (rd *reading) denyAcrossBrackets() {
	for n := 1; n < len(rd.clause); n++ {
		if c, before := &rd.clause[n], rd.clause[n-1]; before.negative && rd.punct(c.from-1, "(") && c.from-1 == before.to {
			c.negative, c.except = true, before.except // "except deleting (or emptying)"
		}
	}
	for n := 1; n < len(rd.clause); n++ {
		if c, before := &rd.clause[n], rd.clause[n-1]; before.negative && c.sentence == before.sentence && rd.word(c.from, "too", "because", "since") {
			c.negative = true // "no hybrid jobs - too costly" says why
		}
	}
	for n := 2; n < len(rd.clause); n++ {
		c, before, first := rd.clause[n], rd.clause[n-1], &rd.clause[n-2]
		if c.negative && rd.punct(c.from-1, ")") && rd.punct(before.from-1, "(") && c.sentence == first.sentence && strings.HasSuffix(rd.tokens[first.from].lower, "ing") {
			first.negative, rd.clause[n-1].negative = true, true
		}
	}
}

// newClauseAfterComma says whether the words after a comma begin a clause of their own.
func (rd *reading) newClauseAfterComma(i int) bool {
	if rd.word(i, "and", "or", "but", "plus", "then", "also", "yet") {
		i++
	}
	if rd.negatedAhead(i) || rd.is("outside", i+1) || rd.anotherActs(i) {
		return true
	}
	if rd.is("negator", i) || rd.word(i, "must", "may", "should", "shall", "cannot", "can") && rd.is("negator", i+1) || rd.word(i, "but", "only", "just", "it", "they", "he", "she", "we", "unless", "provided", "as", "while", "everyone", "everybody", "without", "so", "if", "when", "who") {
		return true
	}
	return rd.word(i+1, "is", "are", "may", "can", "must", "stays", "stay", "remains", "isn't", "isnt", "arent", "cannot", "cant") || rd.word(i+2, "is", "are", "stays", "stay", "remains", "may", "can", "must", "mustnt", "cannot", "cant", "isnt", "arent")
}

// opensClause says whether a new clause begins at i although no mark says so.
func (rd *reading) opensClause(i, from int) bool {
	switch {
	case rd.word(i, "not", "no", "never") && rd.boundary(i+1):
		return false // "removing the buckets not"
	case rd.word(i, "without") && rd.word(i-1, "and", "or") && rd.word(i-2, "with"):
		return false
	case rd.word(i, "no") && (rd.tokens[i-1].kind == entityToken || rd.tokens[i-1].kind == nameToken):
		return true
	case rd.word(i, "but", "except", "excluding", "without", "unless", "however", "although", "though", "whereas", "while", "besides", "minus"):
		return true
	case rd.word(i, "other") && rd.word(i+1, "than"), rd.word(i, "apart") && rd.word(i+1, "from"), rd.word(i, "rather") && rd.word(i+1, "than"), rd.word(i, "instead") && rd.word(i+1, "of"):
		return true
	case rd.word(i, "and", "or", "while") && (rd.is("negator", i+1) && !rd.word(i+1, "neither") || rd.anotherActs(i+1)):
		return true
	case rd.word(i, "not") && !rd.is("auxiliary", i-1) && !rd.is("pronoun", i-1) && !rd.word(i-1, "but", "and", "if", "or") && !rd.word(i+1, "ok", "allowed", "permitted", "coming", "from", "tagged", "in", "using", "used", "yet", "only", "encrypted", "belong", "belonging", "part") && !rd.is("unneeded", i+1):
		return true
	}
	return false
}

// judge reads what the function words of a clause say about it.
func (rd *reading) judge(c *clause) {
	c.effect = policy.Allow
	if rd.punct(c.to, ":") && rd.word(c.to+1, "no", "never", "hands", "none", "nope", "forbidden", "denied") && (rd.punct(c.to+2, ".\n,") || c.to+2 >= len(rd.tokens) || rd.word(c.to+2, "off", "access")) {
		c.negative = true
	}
	if rd.punct(c.to, ":") && rd.emphaticNo(c.to+1) {
		c.negative = true
	}
	for i := c.from; i < c.to; i++ {
		switch {
		case rd.word(i, "except", "excluding", "besides", "minus") || rd.word(i, "apart") && rd.word(i+1, "from") || rd.word(i, "other") && rd.word(i+1, "than"):
			c.except = true
		case rd.word(i, "unless"):
			c.except = true
			return
		case rd.is("negator", i) && !rd.harmlessNegator(i):
			c.negative = true
		case rd.is("outside", i), rd.saysElsewhere(i):
			c.negative = true
		case rd.word(i, "deny", "denies", "denied", "blocked", "prevent", "prevents", "forbid", "forbids", "prohibit", "prohibits", "disallow", "disallows", "ban", "bans", "refuse"):
			c.effect = policy.Deny
		case rd.word(i, "block", "blocks") && i+1 < c.to && !rd.is("preposition", i+1) && (i == c.from || rd.word(i-1, "that", "which", "to", "and", "must", "should", "please", "policy", "scp", "also", "then")):
			c.effect = policy.Deny
		}
	}
	c.negative = c.negative || c.except && c.effect == policy.Allow
	c.closer = rd.isCloser(*c)
	rd.judgeRemark(c)
}

// emphaticNo says that a refusal of two or three words stands by itself: "heck no.", "not ever".
func (rd *reading) emphaticNo(i int) bool {
	for n := range 3 {
		if rd.is("negator", i+n) {
			for n++; n < 3 && i+n < len(rd.tokens) && !rd.punct(i+n, ".,;\n"); n++ {
			}
			return i+n >= len(rd.tokens) || rd.punct(i+n, ".,;\n")
		}
		if i+n >= len(rd.tokens) || rd.tokens[i+n].kind != wordToken || rd.linkAt[i+n] >= 0 {
			return false
		}
	}
	return false
}

// harmlessNegator says that a negation speaks about something else than the permission:
// "no longer than", "not only", "without MFA" and the like are read by the constraints.
func (rd *reading) harmlessNegator(i int) bool {
	switch {
	case rd.tokens[i].taken:
		return true
	case rd.word(i, "no") && rd.word(i+1, "longer", "later", "earlier", "older", "more"), rd.word(i, "not") && rd.word(i+1, "only", "just"):
		return true
	case rd.word(i, "no", "without", "not") && rd.word(i+1, "mfa", "multi-factor", "tls", "https", "ssl", "encryption", "encrypted", "tagged", "coming"):
		return true
	case rd.word(i, "except", "excluding"):
		return true
	case rd.word(i, "without") && rd.word(i-1, "and", "or") && rd.word(i-2, "with"):
		return true
	}
	return false
}

// isCloser recognises clauses that only close the list: "nothing else", "no other buckets",
// "just that stream", "and nothing more".
func (rd *reading) isCloser(c clause) bool {
	for i := c.from; i < c.to; i++ {
		if rd.word(i, "nothing", "anything", "no", "not") {
			for j := i + 1; j < min(c.to, i+4); j++ {
				if rd.word(j, "else", "more", "other", "others", "beyond", "besides", "further") {
					return true
				}
			}
		}
		if rd.word(i, "nothing") && c.to-i <= 1 {
			return true
		}
	}
	if (rd.word(c.from, "everything", "anything", "all") && rd.word(c.from+1, "else", "other") || rd.word(c.from, "the") && rd.word(c.from+1, "rest")) && (c.negative || rd.anyIs("shut", c.from, c.to)) {
		return true
	}
	if c.from > 0 && c.to-c.from <= 3 && rd.onlyLooking(c) {
		return true
	}
	return rd.word(c.from, "just", "only") && c.to-c.from <= 4 && rd.word(c.from+1, "that", "this", "those", "these", "the", "it") && !c.negative
}

// clauseOf returns the index of the clause that holds token i, or -1.
func (rd *reading) clauseOf(i int) int {
	n := sort.Search(len(rd.clause), func(n int) bool { return rd.clause[n].to > i })
	if n < len(rd.clause) && i >= rd.clause[n].from {
		return n
	}
	return -1
}

// sentenceRange returns the tokens of the sentence of clause n.
func (rd *reading) sentenceRange(n int) (int, int) {
	first, last := n, n
	for first > 0 && rd.clause[first-1].sentence == rd.clause[n].sentence {
		first--
	}
	for last+1 < len(rd.clause) && rd.clause[last+1].sentence == rd.clause[n].sentence {
		last++
	}
	return rd.clause[first].from, rd.clause[last].to
}

// anyIs says that one of the tokens in [from, to) is a word of the named list.
func (rd *reading) anyIs(list string, from, to int) bool {
	for i := from; i < to; i++ {
		if rd.is(list, i) {
			return true
		}
	}
	return false
}

func hyphenated(words []string) string { return strings.Join(words, "-") }

// saysElsewhere recognises remarks that something is not this policy's matter: "reading profiles
// is for devs", "cancelling happens through another role", "is handled by the platform team".
func (rd *reading) saysElsewhere(i int) bool {
	switch {
	case rd.word(i, "is", "are") && rd.word(i+1, "for") && !rd.word(i+2, "the", "reading", "writing"):
		return true
	case rd.word(i, "another", "different", "separate", "other") && rd.word(i+1, "role", "team", "policy", "job", "pipeline", "process", "system", "person") && rd.word(i-1, "through", "by", "via", "with", "in", "a", "to"):
		return true
	case rd.word(i, "handled", "done", "managed", "owned", "covered", "taken", "reserved", "left") && rd.word(i+1, "by", "elsewhere", "separately", "for", "to") && rd.is("auxiliary", i-1) && !rd.word(i-2, "that", "which", "who"):
		return true
	case rd.word(i, "reserved", "restricted", "stay", "stays") && (rd.word(i-1, "is", "are", "be", "must", "should", "will", "they", "it") || rd.endsAt(i+1)):
		return true
	case rd.word(i, "is", "are") && rd.word(i+1, "for") && rd.clauseGerund(i):
		return true
	case rd.word(i, "hands") && rd.word(i+1, "off"), rd.word(i, "off") && rd.word(i+1, "the") && rd.word(i+2, "table"):
		return true
	case rd.word(i, "leave", "leaves", "left", "stays", "stay") && rd.word(i+1, "alone", "with", "as", "put", "out"):
		return true
	case rd.word(i, "off", "out") && rd.word(i+1, "limits", "of") && (rd.word(i+1, "limits") || rd.word(i+2, "scope", "bounds")):
		return true
	}
	return false
}

// onlyLooking recognises a closing remark that nothing is changed: "read only", "just looking".
func (rd *reading) onlyLooking(c clause) bool {
	only := false
	for i := c.from; i < c.to; i++ {
		switch {
		case rd.word(i, "only", "just", "strictly", "purely", "read-only", "readonly", "view-only"):
			only = true
		case !rd.word(i, "read", "reading", "view", "viewing", "looking", "look"):
			return false
		}
	}
	return only
}

// negatedAhead says that a verb after a comma is denied by what follows it: "…, deletes none",
// "…, does not run it".
func (rd *reading) negatedAhead(i int) bool {
	if i >= len(rd.tokens) || rd.tokens[i].kind != wordToken {
		return false
	}
	if _, classes := rd.verbClasses(rd.tokens[i].lower); len(classes) == 0 && !rd.is("auxiliary", i) {
		return false
	}
	for j := i + 1; j < min(len(rd.tokens), i+5); j++ {
		if rd.tokens[j].kind == punctToken || rd.is("conjunction", j) {
			return false
		}
		if rd.word(j, "none", "nothing", "nobody", "neither") || rd.word(j, "not") && rd.is("auxiliary", j-1) {
			return true
		}
	}
	return false
}

// clauseGerund says that the clause of token i begins with a verb in -ing: "stopping is for …".
func (rd *reading) clauseGerund(i int) bool {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		if rd.tokens[j].kind == punctToken {
			break
		}
		if strings.HasSuffix(rd.tokens[j].lower, "ing") {
			return true
		}
	}
	return false
}
