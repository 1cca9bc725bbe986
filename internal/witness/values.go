package witness

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
)

// values are the keys of a request in the making, and what they must satisfy.
type values struct {
	request map[string][]string
	fixed   map[string][]string
	clauses []*condition.Clause
	pool    map[string][][]string // candidates by key in lower case; nil: the key is missing
	names   map[string]string     // keys as policies spell them
}

// keys reads a request's context as conditions do.
type keys map[string][]string

// Values implements condition.Keys.
func (k keys) Values(key string) []string { return k[strings.ToLower(key)] }

// newContext finds values for the conditions of a statement beside those that are fixed; nil if
// it finds none.
func newContext(st *policy.Statement, fixed map[string][]string) *values {
	v := &values{request: map[string][]string{}, fixed: fixed, pool: map[string][][]string{}, names: map[string]string{}}
	for key, list := range fixed {
		if len(list) > 0 {
			v.request[key] = list
		}
	}
	for _, c := range st.Conditions {
		clause, err := condition.Compile(c, true)
		if err != nil {
			return nil
		}
		v.clauses = append(v.clauses, clause)
		v.learn(c)
	}
	for _, clause := range v.clauses {
		if !clause.Holds(keys(v.request)) && !v.choose(strings.ToLower(clause.Key), nil) {
			return nil
		}
	}
	return v
}

// learn adds the candidates of a condition to the pool, with values for its variables.
func (v *values) learn(c policy.Condition) {
	operator, err := condition.ParseOperator(c.Operator)
	if err != nil {
		return
	}
	key := strings.ToLower(c.Key)
	v.names[key] = c.Key
	for _, t := range c.Values {
		v.pool[key] = append(v.pool[key], candidates(operator, expand(t.Text, v.request))...)
	}
	v.pool[key] = append(v.pool[key], nil, []string{stranger(operator.Base)})
}

// spelled returns the keys of the request as the policy spells them.
func (v *values) spelled() map[string][]string {
	out := map[string][]string{}
	for key, list := range v.request {
		if spelling := v.names[key]; spelling != "" {
			key = spelling
		}
		out[key] = list
	}
	return out
}

// choose gives a key the first candidate with which all clauses on it hold and a further test
// passes.
func (v *values) choose(key string, also func() bool) bool {
	if _, ok := v.fixed[key]; ok {
		return false
	}
	before, had := v.request[key]
	for _, candidate := range v.pool[key] {
		if candidate == nil {
			delete(v.request, key)
		} else {
			v.request[key] = candidate
		}
		if v.holds(key) && (also == nil || also()) {
			return true
		}
	}
	delete(v.request, key)
	if had {
		v.request[key] = before
	}
	return false
}

func (v *values) holds(key string) bool {
	for _, c := range v.clauses {
		if strings.EqualFold(c.Key, key) && !c.Holds(keys(v.request)) {
			return false
		}
	}
	return true
}

// escape changes a key so that a Deny statement does not apply any more.
func (v *values) escape(deny *policy.Statement) bool {
	for _, c := range deny.Conditions {
		clause, err := condition.Compile(c, true)
		if err != nil {
			continue
		}
		v.learn(c)
		if v.choose(strings.ToLower(c.Key), func() bool { return !clause.Holds(keys(v.request)) }) {
			return true
		}
	}
	return false
}

// expand replaces the variables of a text, and gives the request values for those it lacks.
func expand(text string, request map[string][]string) string {
	var b strings.Builder
	at := 0
	for _, variable := range policy.Variables(text) {
		if variable.Defect != "" {
			continue
		}
		b.WriteString(text[at:variable.Start])
		at = variable.End
		key := strings.ToLower(variable.Key)
		switch {
		case variable.Literal != 0:
			b.WriteByte(variable.Literal)
		case len(request[key]) > 0:
			b.WriteString(request[key][0])
		default:
			request[key] = []string{variableValue(key)}
			b.WriteString(request[key][0])
		}
	}
	return b.String() + text[at:]
}

func variableValue(key string) string {
	if strings.HasSuffix(key, "account") {
		return account
	}
	return name
}

// candidates are values of a key near a value of a policy: such as match, and such as do not.
func candidates(operator condition.Operator, want string) [][]string {
	switch operator.Base.Family() {
	case condition.NullFamily:
		return [][]string{{name}, nil}
	case condition.NumericFamily:
		if n, err := strconv.ParseFloat(want, 64); err == nil {
			return [][]string{{want}, {format(n - 1)}, {format(n + 1)}}
		}
	case condition.DateFamily:
		return dates(want)
	case condition.BoolFamily:
		return [][]string{{"true"}, {"false"}}
	case condition.AddressFamily:
		return addresses(want)
	}
	if operator.Base.Wildcards() {
		want = fill(want)
	}
	return [][]string{{want}}
}

func format(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func dates(want string) [][]string {
	out := [][]string{{want}}
	for _, layout := range []string{time.RFC3339, "2006-01-02"} {
		if t, err := time.Parse(layout, want); err == nil {
			for _, step := range []time.Duration{-time.Second, time.Second} {
				out = append(out, []string{t.Add(step).UTC().Format(time.RFC3339)})
			}
			return out
		}
	}
	return out
}

func addresses(want string) [][]string {
	prefix, err := netip.ParsePrefix(want)
	if err != nil {
		return [][]string{{want}}
	}
	inside := prefix.Masked().Addr()
	if next := inside.Next(); prefix.Contains(next) {
		inside = next
	}
	return [][]string{{inside.String()}}
}

// stranger is a value that policies do not name.
func stranger(base condition.Base) string {
	switch base.Family() {
	case condition.NumericFamily:
		return "4242"
	case condition.DateFamily:
		return "2099-01-01T00:00:00Z"
	case condition.BoolFamily, condition.NullFamily:
		return "true"
	case condition.AddressFamily:
		return "198.51.100.77"
	case condition.ARNFamily:
		return "arn:aws:iam::999988887777:role/stranger"
	}
	return "stranger"
}
