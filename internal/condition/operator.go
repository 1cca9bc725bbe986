// Package condition knows what the condition operators of IAM mean: how a condition key's
// values in a request are compared with the values in a policy, what a missing key means,
// and how patterns and policy variables match. It reads one condition at a time and says
// nothing about statements; package evaluate does.
package condition

import (
	"fmt"
	"strings"
)

// A Base is a condition operator without its qualifiers. The zero Base is no operator.
type Base uint8

// The operators of the IAM User Guide, page reference_policies_elements_condition_operators.
const (
	StringEquals Base = iota + 1
	StringNotEquals
	StringEqualsIgnoreCase
	StringNotEqualsIgnoreCase
	StringLike
	StringNotLike
	NumericEquals
	NumericNotEquals
	NumericLessThan
	NumericLessThanEquals
	NumericGreaterThan
	NumericGreaterThanEquals
	DateEquals
	DateNotEquals
	DateLessThan
	DateLessThanEquals
	DateGreaterThan
	DateGreaterThanEquals
	Bool
	BinaryEquals
	IPAddress
	NotIPAddress
	ArnEquals
	ArnNotEquals
	ArnLike
	ArnNotLike
	Null
)

// A Family is the kind of values that an operator compares.
type Family uint8

// The families of operators, in the order of the IAM User Guide.
const (
	StringFamily Family = iota + 1
	NumericFamily
	DateFamily
	BoolFamily
	BinaryFamily
	AddressFamily
	ARNFamily
	NullFamily
)

// A Set is the set qualifier of an operator: how the several values of one key count.
type Set uint8

// The set qualifiers. NoSet is for keys that have one value.
const (
	NoSet Set = iota
	ForAllValues
	ForAnyValue
)

// relation is how the family's values are compared.
type relation uint8

const (
	equal relation = iota
	equalFold
	like
	less
	lessEqual
	greater
	greaterEqual
)

type baseInfo struct {
	name     string
	family   Family
	relation relation
	negated  bool
}

var bases = [...]baseInfo{
	StringEquals:              {"StringEquals", StringFamily, equal, false},
	StringNotEquals:           {"StringNotEquals", StringFamily, equal, true},
	StringEqualsIgnoreCase:    {"StringEqualsIgnoreCase", StringFamily, equalFold, false},
	StringNotEqualsIgnoreCase: {"StringNotEqualsIgnoreCase", StringFamily, equalFold, true},
	StringLike:                {"StringLike", StringFamily, like, false},
	StringNotLike:             {"StringNotLike", StringFamily, like, true},
	NumericEquals:             {"NumericEquals", NumericFamily, equal, false},
	NumericNotEquals:          {"NumericNotEquals", NumericFamily, equal, true},
	NumericLessThan:           {"NumericLessThan", NumericFamily, less, false},
	NumericLessThanEquals:     {"NumericLessThanEquals", NumericFamily, lessEqual, false},
	NumericGreaterThan:        {"NumericGreaterThan", NumericFamily, greater, false},
	NumericGreaterThanEquals:  {"NumericGreaterThanEquals", NumericFamily, greaterEqual, false},
	DateEquals:                {"DateEquals", DateFamily, equal, false},
	DateNotEquals:             {"DateNotEquals", DateFamily, equal, true},
	DateLessThan:              {"DateLessThan", DateFamily, less, false},
	DateLessThanEquals:        {"DateLessThanEquals", DateFamily, lessEqual, false},
	DateGreaterThan:           {"DateGreaterThan", DateFamily, greater, false},
	DateGreaterThanEquals:     {"DateGreaterThanEquals", DateFamily, greaterEqual, false},
	Bool:                      {"Bool", BoolFamily, equalFold, false},
	BinaryEquals:              {"BinaryEquals", BinaryFamily, equal, false},
	IPAddress:                 {"IpAddress", AddressFamily, equal, false},
	NotIPAddress:              {"NotIpAddress", AddressFamily, equal, true},
	ArnEquals:                 {"ArnEquals", ARNFamily, like, false},
	ArnNotEquals:              {"ArnNotEquals", ARNFamily, like, true},
	ArnLike:                   {"ArnLike", ARNFamily, like, false},
	ArnNotLike:                {"ArnNotLike", ARNFamily, like, true},
	Null:                      {"Null", NullFamily, equalFold, false},
}

// Bases returns all operators in the order of the IAM User Guide.
func Bases() []Base {
	all := make([]Base, 0, len(bases)-1)
	for b := range bases[1:] {
		all = append(all, Base(b+1))
	}
	return all
}

// String returns the operator as the IAM User Guide spells it, "StringNotLike" for example.
func (b Base) String() string {
	if int(b) >= len(bases) {
		return ""
	}
	return bases[b].name
}

// Family returns the kind of values that the operator compares.
func (b Base) Family() Family { return bases[b].family }

// Negated reports whether the operator holds when its values do not match, as StringNotEquals.
func (b Base) Negated() bool { return bases[b].negated }

// Wildcards reports whether * and ? in the operator's values stand for other characters.
func (b Base) Wildcards() bool { return bases[b].relation == like }

// Variables reports whether the operator's values may hold policy variables.
func (b Base) Variables() bool {
	f := bases[b].family
	return f == StringFamily || f == ARNFamily
}

// An Operator is a condition operator with its qualifiers. Operators can be compared with ==.
// The zero Operator is none.
type Operator struct {
	Base     Base
	Set      Set
	IfExists bool
}

// An UnknownOperatorError says that IAM has no such condition operator.
type UnknownOperatorError struct {
	Name string // as written
}

// Error names the operator.
func (e *UnknownOperatorError) Error() string {
	return fmt.Sprintf("unknown condition operator %q", e.Name)
}

var basesByFold = func() map[string]Base {
	m := make(map[string]Base, len(bases))
	for _, b := range Bases() {
		m[strings.ToLower(b.String())] = b
	}
	return m
}()

// ParseOperator reads an operator as a policy names it, for example
// "ForAnyValue:StringLikeIfExists". Case does not count. Null takes no IfExists.
// The error is an *UnknownOperatorError.
func ParseOperator(name string) (Operator, error) {
	var o Operator
	rest := strings.ToLower(name)
	if set, base, found := strings.Cut(rest, ":"); found {
		switch set {
		case "forallvalues":
			o.Set = ForAllValues
		case "foranyvalue":
			o.Set = ForAnyValue
		default:
			return Operator{}, &UnknownOperatorError{Name: name}
		}
		rest = base
	}
	rest, o.IfExists = strings.CutSuffix(rest, "ifexists")
	o.Base = basesByFold[rest]
	if o.Base == 0 || o.Base == Null && o.IfExists {
		return Operator{}, &UnknownOperatorError{Name: name}
	}
	return o, nil
}

// String returns the operator with its qualifiers in the spelling of the IAM User Guide.
func (o Operator) String() string {
	s := o.Base.String()
	switch o.Set {
	case ForAllValues:
		s = "ForAllValues:" + s
	case ForAnyValue:
		s = "ForAnyValue:" + s
	}
	if o.IfExists {
		s += "IfExists"
	}
	return s
}

// Absent reports whether a condition with the operator holds for a request that does not
// have the key. For Null the answer depends on the value; Absent is then false.
func (o Operator) Absent() bool {
	switch {
	case o.Base == Null:
		return false
	case o.IfExists, o.Set == ForAllValues:
		return true
	case o.Set == ForAnyValue:
		return false
	}
	return o.Base.Negated()
}

// Match reports whether the values that a request has for a key satisfy the operator with
// the wanted values. No value at all means that the key is missing. Policy variables are
// not expanded: they stand for themselves, as in documents before 2012-10-17. To match many
// requests, compile a Clause.
func (o Operator) Match(want, have []string) bool {
	return o.clause("", want, false).holds(have, nil)
}
