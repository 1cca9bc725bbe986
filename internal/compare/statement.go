package compare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/automaton"
	"github.com/aegis-iam/aegis/internal/condition"
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

// compile reads the layers of one side, without the statements that are about none of the wanted
// actions. The error says which statement has no meaning.
func (s *session) compile(a Access, wanted universe.Bitset) ([]layer, error) {
	layers := make([]layer, len(a))
	for i, l := range a {
		for j, d := range l.Documents {
			for k := range d.Statements {
				if s.spent() {
					return layers, nil
				}
				st, err := s.statement(&d.Statements[k], l.Kind, d.Version == policy.Version2012, wanted)
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

func (s *session) statement(from *policy.Statement, kind policy.Kind, variables bool, wanted universe.Bitset) (*statement, error) {
	st := &statement{effect: from.Effect}
	s.steps -= 8
	if st.effect != policy.Allow && st.effect != policy.Deny {
		return nil, fmt.Errorf("effect %q is neither Allow nor Deny", st.effect)
	}
	if !s.open {
		st.actions = s.actionsOf(from)
		if st.never = !st.actions.Meets(wanted); st.never {
			return st, operatorsKnown(from)
		}
	}
	s.steps -= 4 * (len(from.Actions) + len(from.NotActions) + len(from.Resources) + len(from.NotResources))
	s.addActionTexts(st, from)
	s.addResources(st, from, kind, variables)
	for _, c := range from.Conditions {
		n, err := s.keyLiteral(c, variables)
		if err != nil {
			return nil, err
		}
		st.literals = append(st.literals, code(n<<1))
		s.steps -= 16 + 4*len(c.Values)
	}
	slices.Sort(st.literals)
	st.literals = slices.Compact(st.literals)
	if len(s.principals) > 0 {
		s.addPrincipals(st, from, kind)
	}
	return st, nil
}

// operatorsKnown returns the error of a statement with an operator that IAM does not have.
func operatorsKnown(from *policy.Statement) error {
	for _, c := range from.Conditions {
		if _, err := condition.ParseOperator(c.Operator); err != nil {
			return err
		}
	}
	return nil
}

// addActionTexts adds the Action element in open mode, where it is a demand on a text.
func (s *session) addActionTexts(st *statement, from *policy.Statement) {
	texts, except := from.Actions, false
	if len(texts) == 0 {
		texts, except = from.NotActions, true
	}
	if len(texts) == 0 {
		st.never = true
		return
	}
	if s.open && (!hasStar(texts) || except) {
		n := s.textLiteral(actionDimension, automaton.Wild, texts, false)
		st.literals = append(st.literals, signed(n, !except))
	}
}

// gainable returns the actions for which every layer has an Allow statement: no other request is
// allowed by them all.
func (s *session) gainable(layers Access) universe.Bitset {
	gainable := s.everything
	for _, l := range layers {
		var allowed universe.Bitset
		for _, d := range l.Documents {
			for i := range d.Statements {
				if d.Statements[i].Effect == policy.Allow {
					allowed.Join(s.actionsOf(&d.Statements[i]))
				}
			}
		}
		gainable = gainable.And(allowed)
	}
	return gainable
}

// A list is a list of texts of a document, which does not change while it is compared.
type list struct {
	first *policy.Text
	n     int
}

// actionsOf returns the actions of the catalog that a statement is about, and remembers those of
// each list of patterns.
func (s *session) actionsOf(from *policy.Statement) universe.Bitset {
	texts, except := from.Actions, false
	if len(texts) == 0 {
		texts, except = from.NotActions, true
	}
	if len(texts) == 0 {
		return universe.Bitset{}
	}
	key := list{&texts[0], len(texts)}
	actions, known := s.expanded[key]
	if !known {
		actions = s.expand(texts)
		if except {
			actions = s.everything.Minus(actions)
		}
		if s.steps >= 0 {
			s.expanded[key] = actions
		}
	}
	return actions
}

func (s *session) expand(texts []policy.Text) universe.Bitset {
	var actions universe.Bitset
	s.steps -= 2 * len(texts)
	for _, t := range texts {
		if s.steps < 0 {
			break // nothing is decided any more
		}
		if prefix, _, found := strings.Cut(t.Text, ":"); t.Text != "*" && (!found || wildcard.Contains(prefix)) {
			s.steps -= 500 // it is matched with the actions of many services
		}
		s.requests.Expand(&actions, t.Text)
	}
	return actions
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
		if s.steps -= 1 + len(s.principals)/16; s.steps < 0 { // what naming many principals costs
			break // nothing is decided any more
		}
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
