package compare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/automaton"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/universe"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A statement is what a statement of a document demands of a request: a box.
type statement struct {
	at       Place
	effect   policy.Effect
	actions  universe.Bitset // in catalog mode
	who      universe.Bitset // if principals count
	literals []code
	never    bool   // applies to no request
	known    string // its identity, once it was asked for
}

// A layer is the statements of the documents of one layer.
type layer struct {
	allows, denies []*statement
}

// identity returns a text that statements have in common if they apply to the same requests
// plainly.
func (st *statement) identity() string {
	if st.known == "" {
		st.known = fmt.Sprint(st.actions, st.who, st.literals)
	}
	return st.known
}

// compile reads the layers of one side. The error says which statement has no meaning.
func (s *session) compile(a Access) ([]layer, error) {
	layers := make([]layer, len(a))
	for i, l := range a {
		for j, d := range l.Documents {
			for k := range d.Statements {
				st, err := s.statement(&d.Statements[k], l.Kind, d.Version == policy.Version2012)
				if err != nil {
					return nil, fmt.Errorf("compare statement %d: %w", k+1, err)
				}
				st.at = Place{Layer: i, Document: j, Statement: k}
				switch {
				case st.never:
				case st.effect == policy.Deny:
					layers[i].denies = append(layers[i].denies, st)
				default:
					layers[i].allows = append(layers[i].allows, st)
				}
			}
		}
	}
	return layers, nil
}

func (s *session) statement(from *policy.Statement, kind policy.Kind, variables bool) (*statement, error) {
	st := &statement{effect: from.Effect}
	s.steps -= 8 + 4*(len(from.Actions)+len(from.NotActions)+len(from.Resources)+len(from.NotResources))
	if st.effect != policy.Allow && st.effect != policy.Deny {
		return nil, fmt.Errorf("effect %q is neither Allow nor Deny", st.effect)
	}
	s.addActions(st, from)
	s.addResources(st, from, kind, variables)
	for _, c := range from.Conditions {
		n, err := s.keyLiteral(c, variables)
		if err != nil {
			return nil, err
		}
		st.literals = append(st.literals, code(n<<1))
	}
	slices.Sort(st.literals)
	st.literals = slices.Compact(st.literals)
	if len(s.principals) > 0 {
		s.addPrincipals(st, from, kind)
	}
	return st, nil
}

func (s *session) addActions(st *statement, from *policy.Statement) {
	texts, except := from.Actions, false
	if len(texts) == 0 {
		texts, except = from.NotActions, true
	}
	if len(texts) == 0 {
		st.never = true
		return
	}
	if s.open {
		if !hasStar(texts) || except {
			n := s.textLiteral(actionDimension, automaton.Wild, texts, false)
			st.literals = append(st.literals, signed(n, !except))
		}
		return
	}
	for _, t := range texts {
		if prefix, _, found := strings.Cut(t.Text, ":"); t.Text != "*" && (!found || wildcard.Contains(prefix)) {
			s.steps -= 500 // it is matched with the actions of many services
		}
		s.requests.Expand(&st.actions, t.Text)
	}
	if except {
		st.actions = s.everything.Minus(st.actions)
	}
	st.never = st.actions.Empty()
}

// addResources adds the Resource element as package evaluate reads it: trust policies have none,
// and resource-based ones are about their resource without it.
func (s *session) addResources(st *statement, from *policy.Statement, kind policy.Kind, variables bool) {
	switch {
	case kind == policy.Trust:
	case len(from.Resources) > 0:
		if !hasStar(from.Resources) {
			st.literals = append(st.literals, signed(s.textLiteral(resourceDimension, automaton.ARN, from.Resources, variables), true))
		}
	case len(from.NotResources) > 0:
		st.literals = append(st.literals, signed(s.textLiteral(resourceDimension, automaton.ARN, from.NotResources, variables), false))
	case kind != policy.ResourceBased:
		st.never = true
	}
}

func (s *session) addPrincipals(st *statement, from *policy.Statement, kind policy.Kind) {
	covers := evaluate.PrincipalTest(from, kind)
	for i, p := range s.principals {
		s.steps -= 1 + len(s.principals)/16 // what naming many principals costs
		if covers(p) {
			st.who.Add(i, i+1)
		}
	}
	st.never = st.never || st.who.Empty()
}

func signed(literal int32, wanted bool) code {
	c := code(literal << 1)
	if !wanted {
		c = c.opposite()
	}
	return c
}

// hasStar reports whether a list has the pattern that matches everything.
func hasStar(texts []policy.Text) bool {
	return slices.ContainsFunc(texts, func(t policy.Text) bool { return t.Text == "*" })
}
