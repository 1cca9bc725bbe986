package origin

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// Ends says that nothing goes on at token i.
func (rd *Reading) Ends(i int) bool {
	return i >= len(rd.Tokens) || rd.Tokens[i].Kind == token.Punct || rd.Word(i, "and", "or", "but", "only")
}

// A Mood is what the words around a condition make of it.
type Mood struct {
	From    int  // first token of the words that lead to the condition
	Negated bool // "not from", "outside", "without"
	Strict  bool // "only", "must", "required"
	Unless  bool // "unless", "except when"
	Lead    bool // any leading word at all
}

// Mood reads the words before token i as far back as they only introduce a condition.
func (rd *Reading) Mood(i int) Mood {
	m := Mood{From: i}
	flip := false
	for j := i - 1; j >= 0; j-- {
		if !rd.leads(j) {
			break
		}
		switch {
		case rd.Is("turns", j):
			flip = !flip
		case rd.Word(j, "unless", "except"):
			m.Unless = true
		case rd.Is("strict", j), rd.Word(j, "have", "has") && rd.Word(j+1, "to"):
			m.Strict = true
		}
		m.Lead = m.Lead || !rd.Is("article", j)
		m.From = j
	}
	m.Negated = flip
	return m
}

// leads says that a token belongs to the words that introduce a condition.
func (rd *Reading) leads(j int) bool {
	if rd.Tokens[j].Taken && rd.Tokens[j].Text != "" {
		return false
	}
	if rd.Punct(j, "-(,:") {
		return false
	}
	return rd.Is("lead", j) || rd.Is("turns", j) || rd.Is("strict", j) || rd.Word(j, "unless", "except")
}

// After reads the words behind a condition that go on about it, up to limit of them.
func (rd *Reading) After(i int, m *Mood) int {
	end := i
	for j := i; j < len(rd.Tokens) && j < i+6; j++ {
		switch {
		case rd.Tokens[j].Taken && rd.Tokens[j].Text == "":
			continue
		case rd.Is("strict", j) && !rd.Tokens[j].Taken:
			m.Strict, end = true, j+1
		case rd.Is("trail", j) && !rd.Tokens[j].Taken:
		default:
			return end
		}
	}
	return end
}

// Condition records a constraint in the mood it was read in.
func (rd *Reading) Condition(m Mood, to int, role string, c intent.Constraint) {
	denies := rd.deniesAt(m.From)
	unless := false
	switch {
	case denies && m.Negated != m.Unless:
		unless = true
	case denies:
		unless = m.Strict && !m.Negated
	case m.Unless && rd.clauseTakesAway(m.From, to):
		unless = true
	case m.Unless != m.Negated && !rd.clauseTakesAway(m.From, to):
		c = negated(c)
	}
	s := rd.Require(m.From, to, role, c)
	s.Unless = unless
	if s.Clause < 0 {
		s.Clause = rd.ClauseOf(m.From + 1) // the bracket before it belongs to no clause
	}
	if n := s.Clause; n > 0 && rd.Punct(rd.Clauses[n].From-1, "(") && rd.Clauses[n-1].Sentence == rd.Clauses[n].Sentence && !rd.hasVerb(rd.Clauses[n]) {
		s.Clause = n - 1 // in brackets it is about what stands before
	}
}

// deniesAt says that the words at token i speak about a Deny.
func (rd *Reading) deniesAt(i int) bool {
	if rd.Out.Kind.OfOrganization() || rd.OnlyDenies() {
		return true
	}
	n := rd.ClauseOf(i)
	if n < 0 {
		return false
	}
	for ; n >= 0; n-- {
		c := rd.Clauses[n]
		if c.Effect == policy.Deny {
			return true
		}
		if n == 0 || rd.Clauses[n-1].Sentence != c.Sentence || rd.hasVerb(c) {
			return false
		}
	}
	return false
}

// hasVerb says that a clause has a verb of its own.
func (rd *Reading) hasVerb(c sentence.Clause) bool {
	for i := c.From; i < c.To; i++ {
		if rd.IsVerbHere(i) {
			return true
		}
	}
	return false
}

// OnlyDenies says that the request wants a document without any Allow.
func (rd *Reading) OnlyDenies() bool {
	for i := range rd.Tokens {
		switch {
		case rd.Word(i, "deny-only"), rd.Word(i, "deny") && rd.Word(i+1, "only", "policy", "statement"):
			return true
		case rd.Word(i, "add-on", "addon") && rd.Word(i+1, "deny", "that", "policy", "denies", "denying"):
			return true
		case rd.Word(i, "only") && rd.Word(i+1, "deny", "denies", "takes", "denying"), rd.Word(i, "takes") && rd.Word(i+1, "away"):
			return true
		}
	}
	return false
}

// clauseTakesAway says that the words around a condition, or the clause before it, forbid
// something, so that "unless" exempts from it.
func (rd *Reading) clauseTakesAway(from, to int) bool {
	n := rd.ClauseOf(from)
	if n < 0 {
		return false
	}
	if c := rd.Clauses[n]; c.Negative && !c.Except {
		for i := c.From; i < c.To; i++ {
			if (i < from || i >= to) && !rd.Tokens[i].Taken && (rd.Is("negator", i) || rd.Is("outside", i)) {
				return true
			}
		}
		return false
	}
	return n > 0 && rd.Clauses[n].Except && rd.Clauses[n-1].Sentence == rd.Clauses[n].Sentence && rd.Clauses[n-1].Negative
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

// Free says whether token i exists and no one owns it yet.
func (rd *Reading) Free(i int) bool {
	return i >= 0 && i < len(rd.Tokens) && !rd.Tokens[i].Taken
}

// Pass returns the first token at or after i that is none of the words, blanks left out.
func (rd *Reading) Pass(i int, words ...string) int {
	for i < len(rd.Tokens) && (rd.Word(i, words...) || rd.Tokens[i].Text == "") {
		i++
	}
	return i
}

// InSentence says whether one of the words stands in the sentence of token i.
func (rd *Reading) InSentence(i int, words ...string) bool {
	n := rd.ClauseOf(i)
	if n < 0 {
		return false
	}
	from, to := rd.SentenceRange(n)
	for j := from; j < to; j++ {
		if rd.Word(j, words...) {
			return true
		}
	}
	return false
}

// literals reads a list of literals that begins at token i: "a, b and c".
func (rd *Reading) literals(i int, kinds ...token.LiteralKind) ([]string, int) {
	var values []string
	end := i
	for j := i; j < len(rd.Tokens); {
		v, ok := "", false
		for _, k := range kinds {
			if w, is := rd.Literal(j, k); is && !rd.Tokens[j].Taken {
				v, ok = w, true
			}
		}
		if !ok {
			return values, end
		}
		values = append(values, v)
		end = j + 1
		j = end
		for rd.Punct(j, ",+") || rd.Word(j, "and", "or", "plus", "nor", "/", "as-well-as", "the", "region", "range", "from", "in", "network", "account", "org", "vpc", "endpoint", "also") {
			j++
		}
	}
	return values, end
}
