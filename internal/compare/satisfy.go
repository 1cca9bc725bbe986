package compare

import (
	"encoding/binary"

	"github.com/aegis-iam/aegis/internal/automaton"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/universe"
)

// A result is whether a conjunction about one dimension can be satisfied, and by what.
type result struct {
	outcome outcome
	text    string   // of an action or a resource
	values  []string // of a key
	absent  bool     // the key is missing
}

// In open mode a request is for any action and about any resource that look like one.
var (
	actionShape = &universe.Shape{
		ID:       -1,
		Patterns: []automaton.Pattern{automaton.Pattern{}.Run(automaton.Alphabet, 1).Text(":").Run(automaton.Alphabet, 1)},
	}
	resourceShape = &universe.Shape{
		ID:       -2,
		Patterns: append(universe.ReadFormat("arn:${Partition}:${Service}:*:*:${Resource}"), universe.ReadFormat("*")...),
	}
)

// satisfiable reports whether a conjunction can hold at all, whatever the action.
func (s *session) satisfiable(d int, conjunction []code) outcome {
	return s.sat(d, conjunction, nil).outcome
}

// sat decides a conjunction about one dimension, for texts of a shape if one is given. An answer
// of none is sure; with variables, some is not.
func (s *session) sat(d int, conjunction []code, shape *universe.Shape) result {
	var space [64]byte
	id := int32(0)
	if shape != nil {
		id = shape.ID
	}
	key := binary.LittleEndian.AppendUint32(space[:0], uint32(id))
	if len(conjunction) == 0 {
		key = append(key, byte(d)) // an empty conjunction does not tell what it is about
	}
	for i, c := range conjunction {
		if i > 0 && c == conjunction[i-1].opposite() {
			return result{outcome: none}
		}
		key = binary.LittleEndian.AppendUint32(key, uint32(c))
	}
	if r, ok := s.memo[string(key)]; ok {
		return r
	}
	s.steps--
	var r result
	if d >= firstKey {
		r = s.satisfyKey(d, conjunction)
	} else {
		var demands []automaton.Demand
		if shape != nil {
			demands = append(demands, automaton.Demand{Set: s.shapeSet(shape), In: true})
		}
		for _, c := range conjunction {
			demands = append(demands, automaton.Demand{Set: s.literals[c.literal()].set, In: c.wanted()})
		}
		r.text, r.outcome = automaton.Find(demands, &s.steps)
	}
	if s.steps >= 0 {
		s.memo[string(key)] = r
	}
	return r
}

// shapeSet returns the set of the resources, or actions, of a shape.
func (s *session) shapeSet(sh *universe.Shape) *automaton.Set {
	set := s.shapes[sh.ID]
	if set == nil {
		set = automaton.SetOf(&s.variables, sh.Patterns...)
		s.shapes[sh.ID] = set
	}
	return set
}

// marked reports whether the documents have variables.
func (s *session) marked() bool { return s.variables.Any() }

// A demand is what a literal or its opposite asks of the values of a key that is there.
type demand struct {
	literal   *literal
	wanted    bool // the literal itself, not its opposite
	universal bool // of all values, not of one
	in        bool // to be in the set of wanted values
}

// satisfyKey decides a conjunction about a condition key. A missing key is tried first.
func (s *session) satisfyKey(d int, conjunction []code) result {
	absent := true
	var universals, existentials []demand
	present := true
	for _, c := range conjunction {
		l := &s.literals[c.literal()]
		absent = absent && l.test.absent == c.wanted()
		if l.test.presence {
			present = present && l.test.present == c.wanted()
			continue
		}
		q := demand{l, c.wanted(), l.test.universal == c.wanted(), l.test.in == c.wanted()}
		if q.universal {
			universals = append(universals, q)
		} else {
			existentials = append(existentials, q)
		}
	}
	switch {
	case absent:
		return result{outcome: some, absent: true}
	case !present:
		return result{outcome: none}
	case !s.dimensions[d].typ.Multi || len(existentials) == 0:
		v, o := s.value(d, append(universals, existentials...))
		return result{outcome: o, values: []string{v}}
	}
	r := result{outcome: some}
	for _, e := range existentials {
		v, o := s.value(d, append(universals[:len(universals):len(universals)], e))
		if o != some {
			return result{outcome: o}
		}
		r.values = append(r.values, v)
	}
	return r
}

// value searches for one value that satisfies all demands.
func (s *session) value(d int, demands []demand) (string, outcome) {
	k := &s.dimensions[d]
	var sets []automaton.Demand
	var clauses []*condition.Clause
	for _, q := range demands {
		if q.literal.set != nil {
			sets = append(sets, automaton.Demand{Set: q.literal.set, In: q.in})
		} else {
			clauses = append(clauses, q.literal.test.clause)
		}
	}
	if k.known && k.typ.Base == catalog.Bool {
		return s.tried([]string{"true", "false"}, demands)
	}
	if text, found := s.tried(samples[k.typ.Base], demands); found == some && !s.marked() {
		return text, some
	}
	if len(clauses) == 0 {
		return s.textValue(sets, demands)
	}
	for _, set := range sets {
		if list, ok := set.List(); ok && set.In {
			return s.tried(list, demands)
		}
	}
	texts, complete := condition.Representatives(clauses)
	if !(k.known && fits(k.typ.Base, clauses)) {
		texts = append(texts, "x") // what cannot be compared
	}
	text, found := s.tried(texts, demands)
	if found == none && (!complete || len(sets) > 0 || mixed(clauses)) {
		return "", unknown
	}
	return text, found
}
