package compare

import "slices"

// minus searches for a request of the box that no statement of the list applies to. It returns
// none only if there is no such request: where it is not sure, the session has a doubt.
//
// A statement that leaves one way out only narrows the box. If every statement left has more,
// the one with the fewest is chosen, and the search goes on behind each of its ways out; the
// boxes behind them have no request in common.
func (s *session) minus(b *box, statements []*statement) (*leaf, bool) {
	b, left, covered := s.narrow(b, statements)
	if covered || s.spent() {
		return nil, false
	}
	if len(left) == 0 {
		return s.leaf(b)
	}
	best := 0
	for i := range left {
		if len(left[i].ways) < len(left[best].ways) {
			best = i
		}
	}
	chosen := left[best]
	rest := make([]*statement, 0, len(left)-1)
	for i := range left {
		if i != best {
			rest = append(rest, left[i].statement)
		}
	}
	for _, way := range chosen.ways {
		if outside, ok := s.without(b, chosen.statement, way); ok {
			if l, found := s.minus(outside, rest); found {
				return l, true
			}
		}
		var ok bool
		if b, ok = s.against(b, chosen.statement, way); !ok || s.spent() {
			return nil, false
		}
	}
	return nil, false
}

// An obstacle is a statement with the ways out of it.
type obstacle struct {
	statement *statement
	ways      []escape
}

// narrow drops the statements that do not touch the box and takes the way out of those that
// have only one, until nothing changes. It reports whether some statement covers the box.
func (s *session) narrow(b *box, statements []*statement) (*box, []obstacle, bool) {
	s.steps -= len(statements) / 16
	if s.coveredPlainly(b, statements) {
		return nil, nil, true
	}
	var left []obstacle
	for changed := true; changed; {
		changed = false
		left = left[:0]
		var rest []*statement
		for _, st := range statements {
			ways, apart := s.escapes(b, st)
			switch {
			case s.spent():
				return b, nil, false
			case apart:
				continue
			case len(ways) == 0:
				return nil, nil, true
			case len(ways) == 1:
				var ok bool
				if b, ok = s.without(b, st, ways[0]); !ok {
					return nil, nil, true
				}
				changed = true
				continue
			}
			left = append(left, obstacle{st, ways})
			rest = append(rest, st)
		}
		statements = rest
	}
	return b, left, false
}

// coveredPlainly reports whether all demands of some statement are demands of the box: what is
// not worth a search.
func (s *session) coveredPlainly(b *box, statements []*statement) bool {
	return slices.ContainsFunc(statements, func(st *statement) bool {
		if !s.open && !b.actions.Within(st.actions) || len(s.principals) > 0 && !b.who.Within(st.who) {
			return false
		}
		for _, c := range st.literals {
			if _, found := slices.BinarySearch(b.at(s.literals[c.literal()].dimension), c); !found {
				return false
			}
		}
		return true
	})
}

// gains calls found with every way in which a request is allowed by all layers of one side and
// not by one layer of the other, until it returns false. Each is a leaf with what it came from:
// the Allow statements of the one side, one of each layer, and the Deny statement of the other,
// if one is behind it.
func (s *session) gains(allowed []layer, other layer, found func(gain) bool) {
	var denies []*statement
	for _, l := range allowed {
		denies = append(denies, l.denies...)
	}
	kept := map[string]bool{}
	for _, st := range other.allows {
		kept[st.identity()] = true
	}
	s.allowBoxes(s.whole(), allowed, nil, func(b *box, from []*statement) bool {
		covered := slices.ContainsFunc(from, func(st *statement) bool { return kept[st.identity()] })
		if !covered && !s.each(b, slices.Concat(denies, other.allows), func(l *leaf) bool { return found(gain{l, from, nil}) }) {
			return false
		}
		for _, d := range other.denies {
			inside, ok := s.within(b, d)
			if ok && !s.each(inside, denies, func(l *leaf) bool { return found(gain{l, from, d}) }) {
				return false
			}
		}
		return !s.spent()
	})
}

// A gain is a leaf with the statements that it comes from.
type gain struct {
	*leaf
	from   []*statement
	denied *statement // nil: the other side allows it nowhere
}

// allowBoxes calls use with the box of each choice of one Allow statement of each layer.
func (s *session) allowBoxes(b *box, layers []layer, from []*statement, use func(*box, []*statement) bool) bool {
	if len(layers) == 0 {
		return use(b, from)
	}
	for _, st := range layers[0].allows {
		s.steps--
		if s.spent() {
			return false
		}
		inside, ok := s.within(b, st)
		if ok && !s.allowBoxes(inside, layers[1:], append(slices.Clip(from), st), use) {
			return false
		}
	}
	return true
}

// each calls found with a leaf of the box behind the statements, then with one of what other
// actions the box has, until there is none or found returns false.
func (s *session) each(b *box, statements []*statement, found func(*leaf) bool) bool {
	for {
		l, ok := s.minus(b, statements)
		if !ok {
			return true
		}
		if !found(l) {
			return false
		}
		if s.open {
			return true
		}
		rest := *b
		rest.actions = b.actions.Minus(l.actions())
		if rest.actions.Empty() {
			return true
		}
		b = &rest
	}
}
