package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// scanners are the readers of conditions, in the order they run.
var scanners = []func(*reading){
	(*reading).scanVariables,
	(*reading).scanOwn,
	(*reading).settleRegion,
	(*reading).scanNamedKeys,
	(*reading).scanTimes,
	(*reading).scanMFA,
	(*reading).scanTLS,
	(*reading).scanInstances,
	(*reading).scanEndpoints,
	(*reading).scanAddresses,
	(*reading).scanOrganizations,
	(*reading).scanAccounts,
	(*reading).scanGrants,
	(*reading).scanLeadingKeys,
	(*reading).scanAttributes,
	(*reading).scanCreateActions,
	(*reading).scanTagKeys,
	(*reading).scanTags,
	(*reading).scanPassedTo,
	(*reading).scanCalledVia,
	(*reading).scanEncryption,
	(*reading).scanInstanceTypes,
	(*reading).scanServiceKeys,
	(*reading).scanRegions,
	(*reading).scanMissing,
	(*reading).rejudge,
}

// A mood is what the words around a condition make of it.
type mood struct {
	from    int  // first token of the words that lead to the condition
	negated bool // "not from", "outside", "without"
	strict  bool // "only", "must", "required"
	unless  bool // "unless", "except when"
	lead    bool // any leading word at all
}

// mood reads the words before token i as far back as they only introduce a condition.
func (rd *reading) mood(i int) mood {
	m := mood{from: i}
	flip := false
	for j := i - 1; j >= 0; j-- {
		if !rd.leads(j) {
			break
		}
		switch {
		case rd.is("turns", j):
			flip = !flip
		case rd.word(j, "unless", "except"):
			m.unless = true
		case rd.is("strict", j):
			m.strict = true
		}
		m.lead = m.lead || !rd.is("article", j)
		m.from = j
	}
	m.negated = flip
	return m
}

// leads says that a token belongs to the words that introduce a condition.
func (rd *reading) leads(j int) bool {
	if rd.tokens[j].taken && rd.tokens[j].text != "" {
		return false
	}
	if rd.punct(j, "-(,:") {
		return false
	}
	return rd.is("lead", j) || rd.is("turns", j) || rd.is("strict", j) || rd.word(j, "unless", "except")
}

// after reads the words behind a condition that go on about it, up to limit of them.
func (rd *reading) after(i int, m *mood) int {
	end := i
	for j := i; j < len(rd.tokens) && j < i+6; j++ {
		switch {
		case rd.tokens[j].taken && rd.tokens[j].text == "":
			continue
		case rd.is("strict", j) && !rd.tokens[j].taken:
			m.strict, end = true, j+1
		case rd.is("trail", j) && !rd.tokens[j].taken:
		default:
			return end
		}
	}
	return end
}

// condition records a constraint in the mood it was read in.
func (rd *reading) condition(m mood, to int, role string, c intent.Constraint) {
	denies := rd.deniesAt(m.from)
	unless := false
	switch {
	case denies && m.negated != m.unless:
		unless = true
	case denies:
		unless = m.strict && !m.negated
	case m.unless && rd.clauseTakesAway(m.from, to):
		unless = true
	case m.unless != m.negated && !rd.clauseTakesAway(m.from, to):
		c = negated(c)
	}
	s := rd.require(m.from, to, role, c)
	s.unless = unless
	if s.clause < 0 {
		s.clause = rd.clauseOf(m.from + 1) // the bracket before it belongs to no clause
	}
	if n := s.clause; n > 0 && rd.punct(rd.clause[n].from-1, "(") && rd.clause[n-1].sentence == rd.clause[n].sentence && !rd.hasVerb(rd.clause[n]) {
		s.clause = n - 1 // in brackets it is about what stands before
	}
}

// deniesAt says that the words at token i speak about a Deny.
func (rd *reading) deniesAt(i int) bool {
	if rd.out.Kind.OfOrganization() || rd.onlyDenies() {
		return true
	}
	n := rd.clauseOf(i)
	if n < 0 {
		return false
	}
	for ; n >= 0; n-- {
		c := rd.clause[n]
		if c.effect == policy.Deny {
			return true
		}
		if n == 0 || rd.clause[n-1].sentence != c.sentence || rd.hasVerb(c) {
			return false
		}
	}
	return false
}

// hasVerb says that a clause has a verb of its own.
func (rd *reading) hasVerb(c clause) bool {
	for i := c.from; i < c.to; i++ {
		if rd.isVerbHere(i) {
			return true
		}
	}
	return false
}

// onlyDenies says that the request wants a document without any Allow.
func (rd *reading) onlyDenies() bool {
	for i := range rd.tokens {
		switch {
		case rd.word(i, "deny-only"), rd.word(i, "deny") && rd.word(i+1, "only", "policy", "statement"):
			return true
		case rd.word(i, "add-on", "addon") && rd.word(i+1, "deny", "that", "policy", "denies", "denying"):
			return true
		case rd.word(i, "only") && rd.word(i+1, "deny", "denies", "takes", "denying"), rd.word(i, "takes") && rd.word(i+1, "away"):
			return true
		}
	}
	return false
}

// clauseTakesAway says that the words around a condition, or the clause before it, forbid
// something, so that "unless" exempts from it.
func (rd *reading) clauseTakesAway(from, to int) bool {
	n := rd.clauseOf(from)
	if n < 0 {
		return false
	}
	if c := rd.clause[n]; c.negative && !c.except {
		for i := c.from; i < c.to; i++ {
			if (i < from || i >= to) && !rd.tokens[i].taken && (rd.is("negator", i) || rd.is("outside", i)) {
				return true
			}
		}
		return false
	}
	return n > 0 && rd.clause[n].except && rd.clause[n-1].sentence == rd.clause[n].sentence && rd.clause[n-1].negative
}

// negated turns a constraint into its contrary.
func negated(c intent.Constraint) intent.Constraint {
	contrary := map[intent.Test]intent.Test{
		intent.Is: intent.IsNot, intent.IsNot: intent.Is, intent.Exists: intent.Absent, intent.Absent: intent.Exists,
		intent.Less: intent.GreaterOrEqual, intent.GreaterOrEqual: intent.Less,
		intent.Greater: intent.LessOrEqual, intent.LessOrEqual: intent.Greater,
	}
	if !strings.Contains(c.Key, "Tag/") && len(c.Values) == 1 && (c.Values[0] == "true" || c.Values[0] == "false") {
		c.Values = []string{map[string]string{"true": "false", "false": "true"}[c.Values[0]]}
		return c
	}
	c.Test = contrary[c.Test]
	return c
}

// rejudge takes the negation off clauses whose negating words the conditions have taken: "not
// without MFA" forbids nothing by itself.
func (rd *reading) rejudge() {
	for n := range rd.clause {
		c := &rd.clause[n]
		if c.effect == policy.Deny && rd.tookDeny(*c) {
			c.effect = policy.Allow
		}
		if c.remote || !c.negative && !c.except {
			continue
		}
		keeps, took := false, false
		for i := c.from; i < c.to; i++ {
			turning := rd.is("negator", i) || rd.is("outside", i) || rd.is("turns", i) || rd.word(i, "unless", "besides", "minus", "apart", "other")
			took = took || turning && rd.tokens[i].taken
			keeps = keeps || turning && !rd.tokens[i].taken && !rd.harmlessNegator(i)
		}
		if took && !keeps {
			c.negative, c.except = false, false
		}
	}
}

// tookDeny says that a condition has taken the word that made a clause a Deny: "otherwise refuse".
func (rd *reading) tookDeny(c clause) bool {
	took := false
	for i := c.from; i < c.to; i++ {
		if rd.is("deny", i) {
			if !rd.tokens[i].taken {
				return false
			}
			took = true
		}
	}
	return took
}

// free says whether token i exists and no one owns it yet.
func (rd *reading) free(i int) bool {
	return i >= 0 && i < len(rd.tokens) && !rd.tokens[i].taken
}

// pass returns the first token at or after i that is none of the words, blanks left out.
func (rd *reading) pass(i int, words ...string) int {
	for i < len(rd.tokens) && (rd.word(i, words...) || rd.tokens[i].text == "") {
		i++
	}
	return i
}

// inSentence says whether one of the words stands in the sentence of token i.
func (rd *reading) inSentence(i int, words ...string) bool {
	n := rd.clauseOf(i)
	if n < 0 {
		return false
	}
	from, to := rd.sentenceRange(n)
	for j := from; j < to; j++ {
		if rd.word(j, words...) {
			return true
		}
	}
	return false
}

// literals reads a list of literals that begins at token i: "a, b and c".
func (rd *reading) literals(i int, kinds ...literalKind) ([]string, int) {
	var values []string
	end := i
	for j := i; j < len(rd.tokens); {
		v, ok := "", false
		for _, k := range kinds {
			if w, is := rd.literal(j, k); is && !rd.tokens[j].taken {
				v, ok = w, true
			}
		}
		if !ok {
			return values, end
		}
		values = append(values, v)
		end = j + 1
		j = end
		for rd.punct(j, ",+") || rd.word(j, "and", "or", "plus", "nor", "/", "as-well-as", "the", "region", "range", "from", "in", "network", "account", "org", "vpc", "endpoint", "also") {
			j++
		}
	}
	return values, end
}
