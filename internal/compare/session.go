package compare

import (
	"errors"
	"fmt"

	"github.com/aegis-iam/aegis/internal/automaton"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/universe"
)

// An outcome is whether something exists.
type outcome = automaton.Outcome

const (
	none    = automaton.None
	some    = automaton.Some
	unknown = automaton.Unknown
)

// A session is one comparison without policy variables, or with variables as markers. It keeps
// what it found out about conjunctions, and counts what it spends.
type session struct {
	requests   *universe.Universe
	open       bool
	single     bool            // one request is enough
	everything universe.Bitset // all actions
	expanded   map[list]universe.Bitset
	principals []evaluate.Principal

	dimensions []dimension
	literals   []literal
	byKey      map[string]int // the dimensions of condition keys, in lower case
	byIdentity map[string]int32
	variables  automaton.Variables
	shapes     map[int32]*automaton.Set
	something  *automaton.Set // all texts but the empty one
	memo       map[string]result

	steps  int   // what may still be spent
	doubts error // why an answer that nothing was found would not be sure
}

var errBudget = errors.New("the comparison is too large: its budget is used up")

func newSession(u *universe.Universe, o Options, sides ...Access) *session {
	s := &session{
		requests: u, open: o.Open, steps: o.budget(),
		dimensions: make([]dimension, firstKey),
		byKey:      map[string]int{}, byIdentity: map[string]int32{}, expanded: map[list]universe.Bitset{}, shapes: map[int32]*automaton.Set{}, memo: map[string]result{},
	}
	s.something = automaton.SetOf(&s.variables, automaton.Pattern{}.Run(automaton.Any, 1))
	s.everything = universe.Full(u.Catalog.Counts().Actions)
	s.principals = principalsOf(sides)
	s.steps -= len(s.principals)
	return s
}

// principalsOf returns principals that stand for all, or none if no layer is about principals.
func principalsOf(sides []Access) []evaluate.Principal {
	var elements []*policy.Principal
	counts := false
	for _, side := range sides {
		for _, l := range side {
			if !l.Kind.HasPrincipal() {
				continue
			}
			counts = true
			for _, d := range l.Documents {
				for i := range d.Statements {
					elements = append(elements, d.Statements[i].Principal, d.Statements[i].NotPrincipal)
				}
			}
		}
	}
	if !counts {
		return nil
	}
	return universe.Principals(elements)
}

// spent reports whether the budget is used up, and remembers it.
func (s *session) spent() bool {
	if s.steps >= 0 {
		return false
	}
	s.doubts = errBudget
	return true
}

// doubt remembers why what was not found may yet exist.
func (s *session) doubt(format string, args ...any) {
	if s.doubts == nil {
		s.doubts = fmt.Errorf(format, args...)
	}
}
