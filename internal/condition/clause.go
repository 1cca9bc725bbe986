package condition

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"time"

	"github.com/aegis-iam/aegis/internal/policy"
)

// A Clause is one operator with one key and its values, compiled. All clauses of a statement
// must hold. A Clause may be used by several goroutines.
type Clause struct {
	Operator Operator
	Key      string   // as written
	Want     []string // the values as written

	patterns []Pattern
	numbers  []number
	dates    []time.Time
	ranges   []netip.Prefix
	bytes    []string
	accepts  [2]bool // whether false and true are wanted
}

// Compile reads a condition. With variables, policy variables in values are expanded where the
// operator allows them. Values that the operator cannot compare match nothing. The error is
// an *UnknownOperatorError.
func Compile(c policy.Condition, variables bool) (*Clause, error) {
	o, err := ParseOperator(c.Operator)
	if err != nil {
		return nil, err
	}
	want := make([]string, len(c.Values))
	for i, v := range c.Values {
		want[i] = v.Text
	}
	return o.clause(c.Key, want, variables), nil
}

func (o Operator) clause(key string, want []string, variables bool) *Clause {
	c := &Clause{Operator: o, Key: key, Want: want}
	for _, w := range want {
		c.add(w, variables)
	}
	return c
}

func (c *Clause) add(want string, variables bool) {
	switch c.Operator.Base.Family() {
	case StringFamily:
		c.patterns = append(c.patterns, compilePattern(want, stringMode(c.Operator.Base), variables))
	case ARNFamily:
		c.patterns = append(c.patterns, CompileARN(want, variables))
	case NumericFamily:
		if n, ok := parseNumber(want); ok {
			c.numbers = append(c.numbers, n)
		}
	case DateFamily:
		if t, ok := parseDate(want); ok {
			c.dates = append(c.dates, t)
		}
	case AddressFamily:
		if r, ok := parseRange(want); ok {
			c.ranges = append(c.ranges, r)
		}
	case BinaryFamily:
		if b, err := base64.StdEncoding.DecodeString(want); err == nil {
			c.bytes = append(c.bytes, string(b))
		}
	case BoolFamily, NullFamily:
		if b, ok := parseBool(want); ok {
			c.accepts[index(b)] = true
		}
	}
}

func stringMode(b Base) mode {
	switch bases[b].relation {
	case like:
		return wildText
	case equalFold:
		return foldedText
	}
	return exactText
}

func index(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Holds reports whether a request with the keys satisfies the clause.
func (c *Clause) Holds(keys Keys) bool {
	return c.holds(keys.Values(c.Key), keys)
}

// Unresolved returns the keys of the variables in the clause's values that the request gives
// no value for and that have no default.
func (c *Clause) Unresolved(keys Keys) []string {
	var missing []string
	for i := range c.patterns {
		missing = append(missing, c.patterns[i].Unresolved(keys)...)
	}
	return missing
}

// String returns the clause in one line, for example: Bool aws:SecureTransport ["false"].
func (c *Clause) String() string {
	return fmt.Sprintf("%v %s %q", c.Operator, c.Key, c.Want)
}

// holds implements the rules of the pages reference_policies_elements_condition_operators and
// reference_policies_condition-single-vs-multi-valued-context-keys.
func (c *Clause) holds(have []string, keys Keys) bool {
	if c.Operator.Base == Null {
		return c.accepts[index(len(have) == 0)]
	}
	if len(have) == 0 {
		return c.Operator.Absent()
	}
	negated := c.Operator.Base.Negated()
	switch c.Operator.Set {
	case ForAllValues:
		for _, h := range have {
			if h != "" && c.matches(h, keys) == negated {
				return false
			}
		}
		return true
	case ForAnyValue:
		// An empty text is an empty set to both qualifiers.
		for _, h := range have {
			if h != "" && c.matches(h, keys) != negated {
				return true
			}
		}
		return false
	}
	// Without a qualifier the key should have one value. Of several, one match suffices, and
	// a negated operator is the opposite of that.
	for _, h := range have {
		if c.matches(h, keys) {
			return !negated
		}
	}
	return negated
}

// matches reports whether one value of a request matches any wanted value, negation apart.
func (c *Clause) matches(have string, keys Keys) bool {
	switch c.Operator.Base.Family() {
	case StringFamily, ARNFamily:
		for i := range c.patterns {
			if c.patterns[i].Match(have, keys) {
				return true
			}
		}
		return false
	case NumericFamily:
		return c.matchesNumber(have)
	case DateFamily:
		return c.matchesDate(have)
	case AddressFamily:
		return c.matchesAddress(have)
	case BinaryFamily:
		return c.matchesBytes(have)
	case BoolFamily:
		b, ok := parseBool(have)
		return ok && c.accepts[index(b)]
	}
	return false
}

func (c *Clause) matchesNumber(have string) bool {
	n, ok := parseNumber(have)
	if !ok {
		return false
	}
	for _, want := range c.numbers {
		if c.Operator.Base.orders(n.compare(want)) {
			return true
		}
	}
	return false
}

func (c *Clause) matchesDate(have string) bool {
	t, ok := parseDate(have)
	if !ok {
		return false
	}
	for _, want := range c.dates {
		if c.Operator.Base.orders(t.Compare(want)) {
			return true
		}
	}
	return false
}

// orders reports whether the outcome of comparing have with want is what the operator asks.
func (b Base) orders(compared int) bool {
	switch bases[b].relation {
	case less:
		return compared < 0
	case lessEqual:
		return compared <= 0
	case greater:
		return compared > 0
	case greaterEqual:
		return compared >= 0
	}
	return compared == 0
}

func (c *Clause) matchesAddress(have string) bool {
	a, ok := parseAddress(have)
	if !ok {
		return false
	}
	for _, want := range c.ranges {
		if want.Contains(a) {
			return true
		}
	}
	return false
}

func (c *Clause) matchesBytes(have string) bool {
	b, err := base64.StdEncoding.DecodeString(have)
	if err != nil {
		return false
	}
	for _, want := range c.bytes {
		if want == string(b) {
			return true
		}
	}
	return false
}
