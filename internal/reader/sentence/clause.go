package sentence

import (
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A Clause is a run of tokens that is affirmed or denied as a whole.
type Clause struct {
	From, To int
	Sentence int           // clauses of one sentence share their targets
	Negative bool          // says what is not wanted
	Closer   bool          // "nothing else": closes the list, adds nothing
	Effect   policy.Effect // Deny if its words forbid ("deny", "block", "must never be able to")
	Remote   bool          // leaves something to others
	Except   bool          // takes out of what stands before it ("except", "but not", "apart from")
	Remark   bool          // says how things are ("the group already exists"), not what may be done
}

// Nobody writes clauses and sentences of more tokens than these; longer ones are cut, so that the
// time of a reading grows with the length of the text and not with its square.
const (
	LongClause   = 150
	LongSentence = 400
)

// SplitClauses cuts the request at sentence ends, brackets, bullets and where a negation or an
// exception begins.
func (rd *Reading) SplitClauses() {
	sentence, from, begin := 0, 0, 0
	flush := func(to int) {
		if to > from {
			c := Clause{From: from, To: to, Sentence: sentence}
			rd.Judge(&c)
			rd.Clauses = append(rd.Clauses, c)
		}
		from = to
		if to-begin > LongSentence {
			sentence, begin = sentence+1, to
		}
	}
	for i := range rd.Tokens {
		switch {
		case rd.Punct(i, ".\n"):
			flush(i)
			from, begin = i+1, i+1
			sentence++
		case rd.Punct(i, "()-") || rd.Punct(i, ":"):
			flush(i)
			from = i + 1
		case rd.Punct(i, ",") && (rd.newClauseAfterComma(i+1) || rd.newRemark(from, i+1) || rd.Is("preposition", i+1) && rd.noOther(from)):
			flush(i)
			from = i + 1
		case i > from && (rd.opensClause(i, from) || rd.Word(i, "and") && rd.newRemark(from, i+1)):
			flush(i)
		case i-from > LongClause && rd.Punct(i, ",") && i+1 < len(rd.Tokens) && rd.Tokens[i+1].Kind == token.Word:
			flush(i)
			from = i + 1
		}
	}
	flush(len(rd.Tokens))
	rd.denyAcrossBrackets()
}

// denyAcrossBrackets: "unpairing (deleting) things no" denies what stands before the brackets too.
func (rd *Reading) denyAcrossBrackets() {
	for n := 1; n < len(rd.Clauses); n++ {
		if c, before := &rd.Clauses[n], rd.Clauses[n-1]; before.Negative && rd.Punct(c.From-1, "(") && c.From-1 == before.To {
			c.Negative, c.Except = true, before.Except // "except deleting (or emptying)"
		}
	}
	for n := 1; n < len(rd.Clauses); n++ {
		if c, before := &rd.Clauses[n], rd.Clauses[n-1]; before.Negative && c.Sentence == before.Sentence && rd.Word(c.From, "too", "because", "since") {
			c.Negative = true // "no hybrid jobs - too costly" says why
		}
	}
	for n := 2; n < len(rd.Clauses); n++ {
		c, before, first := rd.Clauses[n], rd.Clauses[n-1], &rd.Clauses[n-2]
		if c.Negative && rd.Punct(c.From-1, ")") && rd.Punct(before.From-1, "(") && c.Sentence == first.Sentence && strings.HasSuffix(rd.Tokens[first.From].Lower, "ing") {
			first.Negative, rd.Clauses[n-1].Negative = true, true
		}
	}
}

// noOther says that a clause that begins at token i only closes a list, so that what goes on behind
// it belongs to what stood before: "document a and no other document, onto instances …".
func (rd *Reading) noOther(i int) bool {
	if rd.Is("conjunction", i) {
		i++
	}
	return rd.Word(i, "no", "not") && rd.Word(i+1, "other", "others", "another", "any") || rd.Word(i, "nothing", "none") && rd.Word(i+1, "else", "other", "more")
}

// newClauseAfterComma says whether the words after a comma begin a clause of their own.
func (rd *Reading) newClauseAfterComma(i int) bool {
	if rd.Word(i, "and", "or", "but", "plus", "then", "also", "yet") {
		i++
	}
	if rd.negatedAhead(i) || rd.Is("outside", i+1) || rd.anotherActs(i) {
		return true
	}
	if rd.Is("negator", i) || rd.Word(i, "must", "may", "should", "shall", "cannot", "can") && rd.Is("negator", i+1) || rd.Word(i, "but", "only", "just", "it", "they", "he", "she", "we", "unless", "provided", "as", "while", "everyone", "everybody", "without", "so", "if", "when", "who") {
		return true
	}
	return rd.Word(i+1, "is", "are", "may", "can", "must", "stays", "stay", "remains", "isn't", "isnt", "arent", "cannot", "cant") || rd.Word(i+2, "is", "are", "stays", "stay", "remains", "may", "can", "must", "mustnt", "cannot", "cant", "isnt", "arent")
}

// opensClause says whether a new clause begins at i although no mark says so.
func (rd *Reading) opensClause(i, from int) bool {
	switch {
	case rd.Word(i, "not", "no", "never") && rd.Boundary(i+1):
		return false // "removing the buckets not"
	case rd.Word(i, "without") && rd.Word(i-1, "and", "or") && rd.Word(i-2, "with"):
		return false
	case rd.Word(i, "no") && (rd.Tokens[i-1].Kind == token.Entity || rd.Tokens[i-1].Kind == token.Name):
		return true
	case rd.Word(i, "but", "except", "excluding", "without", "unless", "however", "although", "though", "whereas", "while", "besides", "minus"):
		return true
	case rd.Word(i, "other") && rd.Word(i+1, "than"), rd.Word(i, "apart") && rd.Word(i+1, "from"), rd.Word(i, "rather") && rd.Word(i+1, "than"), rd.Word(i, "instead") && rd.Word(i+1, "of"):
		return true
	case rd.Word(i, "and", "or", "while") && (rd.Is("negator", i+1) && !rd.Word(i+1, "neither") || rd.anotherActs(i+1)):
		return true
	case rd.Word(i, "not") && !rd.Is("auxiliary", i-1) && !rd.Is("pronoun", i-1) && !rd.Word(i-1, "but", "and", "if", "or") && !rd.Word(i+1, "ok", "allowed", "permitted", "coming", "from", "tagged", "in", "using", "used", "yet", "only", "encrypted", "belong", "belonging", "part") && !rd.Is("unneeded", i+1) && !rd.refusedAt(i+1):
		return true
	}
	return false
}

// Judge reads what the function words of a clause say about it.
func (rd *Reading) Judge(c *Clause) {
	c.Effect = policy.Allow
	if rd.Punct(c.To, ":") && rd.Word(c.To+1, "no", "never", "hands", "none", "nope", "forbidden", "denied") && (rd.Punct(c.To+2, ".\n,") || c.To+2 >= len(rd.Tokens) || rd.Word(c.To+2, "off", "access")) {
		c.Negative = true
	}
	if rd.Punct(c.To, ":") && (rd.emphaticNo(c.To+1) || rd.allOutside(c.To+1)) {
		c.Negative = true
	}
	for i := c.From; i < c.To; i++ {
		switch {
		case rd.Word(i, "except", "excluding", "besides", "minus") || rd.Word(i, "apart") && rd.Word(i+1, "from") || rd.Word(i, "other") && rd.Word(i+1, "than"):
			c.Except = true
		case rd.Word(i, "unless"):
			c.Except = true
			return
		case rd.Is("negator", i) && !rd.HarmlessNegator(i):
			c.Negative = true
		case rd.Word(i, "humans") && rd.Is("modal", i+1):
			// "humans may …" are who asks
		case rd.Is("outside", i), rd.saysElsewhere(i):
			c.Negative = true
		case rd.Word(i, "deny", "denies", "denied", "blocked", "prevent", "prevents", "forbid", "forbids", "prohibit", "prohibits", "disallow", "disallows", "ban", "bans", "refuse"):
			c.Effect = policy.Deny
		case rd.Word(i, "block", "blocks") && i+1 < c.To && !rd.Is("preposition", i+1) && (i == c.From || rd.Word(i-1, "that", "which", "to", "and", "must", "should", "please", "policy", "scp", "also", "then")):
			c.Effect = policy.Deny
		}
	}
	c.Negative = c.Negative || c.Except && c.Effect == policy.Allow
	c.Closer = rd.isCloser(*c)
	rd.judgeRemark(c)
}

// allOutside reads a refusal of all that stands before a colon: "modifying it, dropping it: all off
// limits".
func (rd *Reading) allOutside(i int) bool {
	for rd.Word(i, "all", "both", "everything", "each", "that", "this", "is", "are", "that's", "strictly", "totally", "completely") {
		i++
	}
	return i < len(rd.Tokens) && (rd.Is("outside", i) || rd.saysElsewhere(i))
}

// emphaticNo says that a refusal of two or three words stands by itself: "heck no.", "not ever".
func (rd *Reading) emphaticNo(i int) bool {
	for n := range 3 {
		if rd.Is("negator", i+n) {
			for n++; n < 3 && i+n < len(rd.Tokens) && !rd.Punct(i+n, ".,;\n"); n++ {
			}
			return i+n >= len(rd.Tokens) || rd.Punct(i+n, ".,;\n")
		}
		if i+n >= len(rd.Tokens) || rd.Tokens[i+n].Kind != token.Word || rd.LinkAt[i+n] >= 0 {
			return false
		}
	}
	return false
}

// unlimited says that token i is a word for limits: "without conditions" takes nothing away.
func (rd *Reading) unlimited(i int) bool {
	return rd.Word(i, "condition", "conditions", "restriction", "restrictions", "limit", "limits", "requirement", "requirements", "strings")
}

// HarmlessNegator says that a negation speaks about something else than the permission:
// "no longer than", "not only", "without MFA" and the like are read by the constraints.
func (rd *Reading) HarmlessNegator(i int) bool {
	switch {
	case rd.Tokens[i].Taken:
		return true
	case rd.Word(i, "no") && rd.Word(i+1, "longer", "later", "earlier", "older", "more"), rd.Word(i, "not") && rd.Word(i+1, "only", "just"):
		return true
	case rd.Word(i, "no", "without", "not") && rd.Word(i+1, "mfa", "multi-factor", "tls", "https", "ssl", "encryption", "encrypted", "tagged", "coming"):
		return true
	case rd.Word(i, "no", "without") && (rd.unlimited(i+1) || rd.Word(i+1, "any", "further", "other", "more", "extra") && rd.unlimited(i+2)):
		return true
	case rd.Word(i, "except", "excluding"):
		return true
	case rd.Word(i, "without") && rd.Word(i-1, "and", "or") && rd.Word(i-2, "with"):
		return true
	}
	return false
}

// isCloser recognises clauses that only close the list: "nothing else", "no other buckets",
// "just that stream", "and nothing more".
func (rd *Reading) isCloser(c Clause) bool {
	for i := c.From; i < c.To; i++ {
		if rd.Word(i, "nothing", "anything", "no", "not") {
			for j := i + 1; j < min(c.To, i+4); j++ {
				if rd.Word(j, "else", "more", "other", "others", "beyond", "besides", "further") && !rd.Word(j+1, "than") {
					return true
				}
			}
		}
		if rd.Word(i, "nothing") && c.To-i <= 1 {
			return true
		}
	}
	if (rd.Word(c.From, "everything", "anything", "all") && rd.Word(c.From+1, "else", "other") || rd.Word(c.From, "the") && rd.Word(c.From+1, "rest")) && (c.Negative || rd.anyIs("shut", c.From, c.To)) {
		return true
	}
	if rd.Word(c.From+1, "is", "are") && rd.Word(c.From+2, "all") && (c.From+3 == c.To || rd.Is("article", c.From+3) || rd.Is("pronoun", c.From+3)) {
		return true // "upload is all this app does"
	}
	if rd.GrantsNothing(c) || c.From > 0 && c.To-c.From <= 3 && rd.onlyLooking(c) {
		return true
	}
	return rd.Word(c.From, "just", "only") && c.To-c.From <= 4 && rd.Word(c.From+1, "that", "this", "those", "these", "the", "it") && !c.Negative
}

// GrantsNothing recognises what is said of the policy itself: "it must not grant anything".
func (rd *Reading) GrantsNothing(c Clause) bool {
	for i := c.From; i < c.To; i++ {
		if rd.Word(i, "grant", "grants", "granting", "allow", "allows", "give", "gives", "contain", "contains") && (rd.Word(i+1, "anything", "nothing") || rd.Word(i+1, "any", "no") && rd.Word(i+2, "access", "permission", "permissions", "allow", "allows")) && i+3 >= c.To-1 {
			return true
		}
	}
	return false
}

// ClauseOf returns the index of the clause that holds token i, or -1.
func (rd *Reading) ClauseOf(i int) int {
	n := sort.Search(len(rd.Clauses), func(n int) bool { return rd.Clauses[n].To > i })
	if n < len(rd.Clauses) && i >= rd.Clauses[n].From {
		return n
	}
	return -1
}

// SentenceRange returns the tokens of the sentence of clause n.
func (rd *Reading) SentenceRange(n int) (int, int) {
	first, last := n, n
	for first > 0 && rd.Clauses[first-1].Sentence == rd.Clauses[n].Sentence {
		first--
	}
	for last+1 < len(rd.Clauses) && rd.Clauses[last+1].Sentence == rd.Clauses[n].Sentence {
		last++
	}
	return rd.Clauses[first].From, rd.Clauses[last].To
}

// anyIs says that one of the tokens in [from, to) is a word of the named list.
func (rd *Reading) anyIs(list string, from, to int) bool {
	for i := from; i < to; i++ {
		if rd.Is(list, i) {
			return true
		}
	}
	return false
}

// Hyphenated joins words as the lists of the lexicon write them.
func Hyphenated(words []string) string { return strings.Join(words, "-") }

// saysElsewhere recognises remarks that something is not this policy's matter: "reading profiles
// is for devs", "cancelling happens through another role", "is handled by the platform team".
func (rd *Reading) saysElsewhere(i int) bool {
	switch {
	case rd.Word(i, "is", "are") && rd.Word(i+1, "for") && !rd.Word(i+2, "the", "reading", "writing"):
		return true
	case rd.Word(i, "another", "different", "separate", "other") && rd.Word(i+1, "role", "team", "policy", "job", "pipeline", "process", "system", "person") && rd.Word(i-1, "through", "by", "via", "with", "in", "a", "to"):
		return true
	case rd.Word(i, "handled", "done", "managed", "owned", "covered", "taken", "reserved", "left") && rd.Word(i+1, "by", "elsewhere", "separately", "for", "to") && rd.Is("auxiliary", i-1) && !rd.Word(i-2, "that", "which", "who"):
		return true
	case rd.Word(i, "reserved", "restricted", "stay", "stays") && (rd.Word(i-1, "is", "are", "be", "must", "should", "will", "they", "it") || rd.endsAt(i+1)):
		return true
	case rd.Word(i, "is", "are") && rd.Word(i+1, "for") && rd.clauseGerund(i):
		return true
	case rd.Word(i, "hands") && rd.Word(i+1, "off"), rd.Word(i, "off") && rd.Word(i+1, "the") && rd.Word(i+2, "table"):
		return true
	case rd.Word(i, "leave", "leaves", "left", "stays", "stay") && rd.Word(i+1, "alone", "with", "as", "put", "out"):
		return true
	case rd.Word(i, "off", "out") && rd.Word(i+1, "limits", "of") && (rd.Word(i+1, "limits") || rd.Word(i+2, "scope", "bounds")):
		return true
	}
	return false
}

// onlyLooking recognises a closing remark that nothing is changed: "read only", "just looking".
func (rd *Reading) onlyLooking(c Clause) bool {
	only := false
	for i := c.From; i < c.To; i++ {
		switch {
		case rd.Word(i, "only", "just", "strictly", "purely", "read-only", "readonly", "view-only"):
			only = true
		case !rd.Word(i, "read", "reading", "view", "viewing", "looking", "look"):
			return false
		}
	}
	return only
}

// negatedAhead says that a verb after a comma is denied by what follows it: "…, deletes none",
// "…, does not run it".
func (rd *Reading) negatedAhead(i int) bool {
	if i >= len(rd.Tokens) || rd.Tokens[i].Kind != token.Word {
		return false
	}
	if _, classes := rd.VerbClasses(rd.Tokens[i].Lower); len(classes) == 0 && !rd.Is("auxiliary", i) {
		return false
	}
	for j := i + 1; j < min(len(rd.Tokens), i+5); j++ {
		if rd.Tokens[j].Kind == token.Punct || rd.Is("conjunction", j) {
			return false
		}
		if rd.Word(j, "none", "nothing", "nobody", "neither") || rd.Word(j, "not") && rd.Is("auxiliary", j-1) {
			return true
		}
	}
	return false
}

// clauseGerund says that the clause of token i begins with a verb in -ing: "stopping is for …".
func (rd *Reading) clauseGerund(i int) bool {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		if rd.Tokens[j].Kind == token.Punct {
			break
		}
		if strings.HasSuffix(rd.Tokens[j].Lower, "ing") {
			return true
		}
	}
	return false
}

// inHeading says that a token stands in a heading ("rotator lambda: …"), before any preposition.
func (rd *Reading) inHeading(i int) bool {
	n := rd.ClauseOf(i)
	if n < 0 || !rd.Punct(rd.Clauses[n].To, ":") {
		return false
	}
	for j := rd.Clauses[n].From; j < i; j++ {
		if rd.Is("preposition", j) {
			return false
		}
	}
	return true
}

// Boundary says that a noun phrase ends before token i.
func (rd *Reading) Boundary(i int) bool {
	if i >= len(rd.Tokens) || rd.Tokens[i].Kind != token.Word {
		return true
	}
	return rd.Is("preposition", i) || rd.Is("conjunction", i) || rd.Is("modal", i) || rd.Is("negator", i) || rd.Word(i, "is", "are", "so", "but", "only", "while", "when", "if", "there", "using", "that", "which")
}

// ClauseStart says that no word but function words stands before token i in its clause.
func (rd *Reading) ClauseStart(i int) bool {
	n := rd.ClauseOf(i)
	if n < 0 {
		return true
	}
	for j := rd.Clauses[n].From; j < i; j++ {
		if rd.Tokens[j].Kind != token.Punct && !rd.Is("article", j) {
			return false
		}
	}
	return true
}
