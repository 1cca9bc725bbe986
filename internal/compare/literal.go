package compare

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/automaton"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A code is a literal, or its opposite, in a conjunction: its number twice, plus one for the
// opposite.
type code int32

func (c code) literal() int32 { return int32(c >> 1) }
func (c code) opposite() code { return c ^ 1 }
func (c code) wanted() bool   { return c&1 == 0 }

// A dimension is a part of requests that literals are about: the action (in open mode), the
// resource, or a condition key. Actions of the catalog and principals are bitsets instead.
type dimension struct {
	key      string // in lower case; empty for actions and resources
	name     string // as a policy writes it
	typ      catalog.KeyType
	known    bool   // the catalog has the key
	template string // its name in the catalog
}

const (
	actionDimension = iota
	resourceDimension
	firstKey
)

// A literal is one predicate about one dimension.
type literal struct {
	dimension int
	set       *automaton.Set // nil if the values are not compared as texts
	test      *keyTest       // of a condition key
	services  []string       // of resources: the service fields of the patterns, if all are plain
}

// A keyTest is one condition operator with its key and its values.
type keyTest struct {
	clause    *condition.Clause
	absent    bool // holds for a request without the key
	presence  bool // is about nothing but whether the key is there
	present   bool // holds for a request with the key, of a test about presence
	universal bool // every value has to pass, not one
	in        bool // passing is to be among the wanted values, not to differ from them
	qualified bool // an empty value counts as none
}

// intern returns the number of the literal with an identity, which read makes if it is new.
func (s *session) intern(identity string, read func() literal) int32 {
	if n, ok := s.byIdentity[identity]; ok {
		return n
	}
	n := int32(len(s.literals))
	s.byIdentity[identity] = n
	s.literals = append(s.literals, read())
	return n
}

// textLiteral returns the literal that a dimension's text is matched by one of the texts.
func (s *session) textLiteral(at int, m automaton.Mode, texts []policy.Text, variables bool) int32 {
	plain := make([]string, len(texts))
	identity := fmt.Appendf(nil, "%d %d %v", at, m, variables)
	for i, t := range texts {
		plain[i] = t.Text
		if at == actionDimension {
			plain[i] = strings.ToLower(t.Text)
		}
		identity = binary.LittleEndian.AppendUint32(identity, uint32(len(plain[i])))
		identity = append(identity, plain[i]...)
	}
	s.steps -= len(identity) / 4
	return s.intern(string(identity), func() literal {
		l := literal{dimension: at, set: automaton.NewSet(m, plain, &s.variables, variables)}
		if at == resourceDimension {
			l.services = servicesOf(plain)
		}
		return l
	})
}

// servicesOf returns the service fields of patterns of ARNs, or none if one is not plain.
func servicesOf(texts []string) []string {
	var services []string
	for _, text := range texts {
		fields, n := arn.Fields(text)
		if n < 3 || strings.ContainsAny(fields[2], "*?$") || strings.Contains(fields[0]+fields[1], "$") {
			return nil
		}
		if !slices.Contains(services, fields[2]) {
			services = append(services, fields[2])
		}
	}
	return services
}

// dimensionOf returns the number of the dimension of a condition key.
func (s *session) dimensionOf(key string) int {
	lower := strings.ToLower(key)
	if d, ok := s.byKey[lower]; ok {
		return d
	}
	d := dimension{key: lower, name: key, typ: catalog.KeyType{Base: catalog.String, Multi: true}}
	if k, ok := s.requests.Catalog.Key(key); ok {
		d.typ, d.known, d.template = k.Type, true, k.Name
	}
	s.byKey[lower] = len(s.dimensions)
	s.dimensions = append(s.dimensions, d)
	return s.byKey[lower]
}

// keyLiteral returns the literal of a condition. The error is that of condition.Compile.
func (s *session) keyLiteral(c policy.Condition, variables bool) (int32, error) {
	clause, err := condition.Compile(c, variables)
	if err != nil {
		return 0, err
	}
	at := s.dimensionOf(c.Key)
	identity := fmt.Sprintf("%d %v %v %q", at, variables, clause.Operator, clause.Want)
	return s.intern(identity, func() literal { return s.newKeyLiteral(at, clause, variables) }), nil
}

func (s *session) newKeyLiteral(at int, clause *condition.Clause, variables bool) literal {
	o := clause.Operator
	test := &keyTest{clause: clause, absent: clause.Holds(values(nil)), qualified: o.Set != condition.NoSet}
	l := literal{dimension: at, test: test}
	negated := o.Base.Negated()
	test.in = !negated
	test.universal = o.Set == condition.ForAllValues || o.Set == condition.NoSet && negated
	want := clause.Want
	switch o.Base.Family() {
	case condition.NullFamily:
		test.presence, test.present = true, clause.Holds(values{"present"})
	case condition.StringFamily:
		m := automaton.Exact
		switch {
		case o.Base.Wildcards():
			m = automaton.Wild
		case o.Base == condition.StringEqualsIgnoreCase || o.Base == condition.StringNotEqualsIgnoreCase:
			m = automaton.Fold
		}
		l.set = automaton.NewSet(m, want, &s.variables, variables)
	case condition.ARNFamily:
		l.set = automaton.NewSet(automaton.ARN, want, &s.variables, variables)
	case condition.BoolFamily:
		l.set = automaton.NewSet(automaton.Fold, onlyBool(want), &s.variables, false)
	case condition.BinaryFamily:
		l.set = automaton.NewSet(automaton.Exact, canonicalBinary(want), &s.variables, false)
	}
	return l
}

// values are the values of the one key that a test asks for.
type values []string

// Values returns the values, whatever the key.
func (v values) Values(string) []string { return v }

// onlyBool leaves out what Bool compares with nothing.
func onlyBool(want []string) []string {
	var out []string
	for _, w := range want {
		if condition.Bool.CheckValue(w) == nil {
			out = append(out, w)
		}
	}
	return out
}

// canonicalBinary spells base64 in the one way in which requests do.
func canonicalBinary(want []string) []string {
	var out []string
	for _, w := range want {
		if b, err := base64.StdEncoding.DecodeString(w); err == nil {
			out = append(out, base64.StdEncoding.EncodeToString(b))
		}
	}
	return out
}
