package compare

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/universe"
)

// A box is a set of requests: those whose parts satisfy one conjunction each. Boxes are not
// changed once they are made.
type box struct {
	actions, who universe.Bitset
	conjunctions [][]code // sorted codes by dimension; missing ones demand nothing
}

// whole returns the box of all requests.
func (s *session) whole() *box {
	b := &box{}
	if !s.open {
		b.actions = s.everything
	}
	if len(s.principals) > 0 {
		b.who = universe.Full(len(s.principals))
	}
	return b
}

func (b *box) at(dimension int) []code {
	if dimension >= len(b.conjunctions) {
		return nil
	}
	return b.conjunctions[dimension]
}

// with returns the box with one more demand, and whether it may hold a request.
func (s *session) with(b *box, c code) (*box, bool) {
	d := s.literals[c.literal()].dimension
	conjunction, known := insert(b.at(d), c)
	if known {
		return b, true
	}
	if s.satisfiable(d, conjunction) == none {
		return nil, false
	}
	out := &box{actions: b.actions, who: b.who}
	out.conjunctions = make([][]code, max(len(b.conjunctions), d+1))
	copy(out.conjunctions, b.conjunctions)
	s.steps -= len(out.conjunctions) / 64
	out.conjunctions[d] = conjunction
	return out, true
}

// insert returns the sorted codes with one more, and whether it was there.
func insert(codes []code, c code) ([]code, bool) {
	i, found := slices.BinarySearch(codes, c)
	if found {
		return codes, true
	}
	out := make([]code, len(codes)+1)
	copy(out, codes[:i])
	out[i] = c
	copy(out[i+1:], codes[i:])
	return out, false
}

// within returns the part of the box that a statement applies to, and whether it may hold a
// request.
func (s *session) within(b *box, st *statement) (*box, bool) {
	out := &box{actions: b.actions, who: b.who, conjunctions: b.conjunctions}
	if !s.open {
		if out.actions = b.actions.And(st.actions); out.actions.Empty() {
			return nil, false
		}
	}
	if len(s.principals) > 0 {
		if out.who = b.who.And(st.who); out.who.Empty() {
			return nil, false
		}
	}
	s.steps -= len(st.literals) / 8
	if len(st.literals) > 0 {
		// What is still the box's own is changed in place: a copy for each literal would be many.
		out.conjunctions = make([][]code, max(len(b.conjunctions), s.dimensionsOf(st)))
		copy(out.conjunctions, b.conjunctions)
	}
	for _, c := range st.literals {
		d := s.literals[c.literal()].dimension
		conjunction, known := insert(out.conjunctions[d], c)
		if !known && s.satisfiable(d, conjunction) == none {
			return nil, false
		}
		out.conjunctions[d] = conjunction
	}
	return out, true
}

// dimensionsOf returns how many dimensions a box needs to hold the demands of a statement.
func (s *session) dimensionsOf(st *statement) int {
	n := 0
	for _, c := range st.literals {
		n = max(n, s.literals[c.literal()].dimension+1)
	}
	return n
}

// An escape is a way in which a request of a box can be outside a statement: by its action, by
// its principal, or by the opposite of one of the statement's demands.
type escape struct {
	actions, who bool
	code         code // the demand
}

// without returns the part of the box that takes the escape.
func (s *session) without(b *box, st *statement, e escape) (*box, bool) {
	switch {
	case e.actions:
		out := *b
		out.actions = b.actions.Minus(st.actions)
		return &out, !out.actions.Empty()
	case e.who:
		out := *b
		out.who = b.who.Minus(st.who)
		return &out, !out.who.Empty()
	}
	return s.with(b, e.code.opposite())
}

// against returns the part of the box that does not take the escape.
func (s *session) against(b *box, st *statement, e escape) (*box, bool) {
	switch {
	case e.actions:
		out := *b
		out.actions = b.actions.And(st.actions)
		return &out, !out.actions.Empty()
	case e.who:
		out := *b
		out.who = b.who.And(st.who)
		return &out, !out.who.Empty()
	}
	return s.with(b, e.code)
}

// escapes returns the ways out of a statement that a request of the box may take. Apart reports
// that the statement applies to no request of the box.
func (s *session) escapes(b *box, st *statement) (ways []escape, apart bool) {
	s.steps -= 1 + len(st.literals)
	if !s.open && !b.actions.Meets(st.actions) || len(s.principals) > 0 && !b.who.Meets(st.who) {
		return nil, true
	}
	for _, c := range st.literals {
		if _, found := slices.BinarySearch(b.at(s.literals[c.literal()].dimension), c.opposite()); found {
			return nil, true
		}
	}
	if !s.open && !b.actions.Within(st.actions) {
		ways = append(ways, escape{actions: true})
	}
	if len(s.principals) > 0 && !b.who.Within(st.who) {
		ways = append(ways, escape{who: true})
	}
	for _, c := range st.literals {
		d := s.literals[c.literal()].dimension
		conjunction, known := insert(b.at(d), c)
		if known {
			continue
		}
		if s.satisfiable(d, conjunction) == none || s.steps < 0 {
			return nil, true // with steps below 0 nothing is decided any more
		}
		opposite, _ := insert(b.at(d), c.opposite())
		if s.satisfiable(d, opposite) != none {
			ways = append(ways, escape{code: c})
		}
	}
	return ways, false
}
