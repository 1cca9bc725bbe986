package compare

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/automaton"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/condition"
)

// samples are values of keys by type, tried before others are made up.
var samples = map[catalog.KeyBase][]string{
	catalog.String:    {"example"},
	catalog.ARN:       {"arn:aws:iam::123456789012:role/example"},
	catalog.IPAddress: {"203.0.113.7"},
	catalog.Numeric:   {"1"},
	catalog.Date:      {"2030-01-01T00:00:00Z"},
}

// textValue searches for a value that is only compared as a text. The empty text is tried last.
func (s *session) textValue(sets []automaton.Demand, demands []demand) (string, outcome) {
	text, found := automaton.Find(append(sets, automaton.Demand{Set: s.something, In: true}), &s.steps)
	if found != none {
		return text, found
	}
	return s.tried([]string{""}, demands)
}

// tried returns the first of the texts that satisfies all demands.
func (s *session) tried(texts []string, demands []demand) (string, outcome) {
	for _, text := range texts {
		s.steps--
		if !slices.ContainsFunc(demands, func(q demand) bool { return !s.meets(q, text) }) {
			return text, some
		}
	}
	return "", none
}

// meets reports whether a value alone satisfies a demand; with variables, whether it may.
func (s *session) meets(q demand, text string) bool {
	test := q.literal.test
	switch {
	case text == "" && test.qualified:
		return q.universal
	case q.literal.set == nil:
		return test.clause.Holds(values{text}) == q.wanted
	}
	if q.in {
		return q.literal.set.MayMatch(text)
	}
	return !q.literal.set.Match(text)
}

// fits reports whether every value of a key of the type can be compared by the clauses.
func fits(base catalog.KeyBase, clauses []*condition.Clause) bool {
	return !slices.ContainsFunc(clauses, func(c *condition.Clause) bool {
		switch c.Operator.Base.Family() {
		case condition.NumericFamily:
			return base != catalog.Numeric
		case condition.DateFamily:
			return base != catalog.Date
		}
		return base != catalog.IPAddress
	})
}

// mixed reports whether the clauses are of several families, between which representatives do
// not mediate.
func mixed(clauses []*condition.Clause) bool {
	return slices.ContainsFunc(clauses, func(c *condition.Clause) bool {
		return c.Operator.Base.Family() != clauses[0].Operator.Base.Family()
	})
}
