package verify

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// all writes constraints that must hold together as conditions.
func (w *bounder) all(list []intent.Constraint) []policy.Condition {
	var out []policy.Condition
	for i := range list {
		out = append(out, w.condition(&list[i])...)
	}
	return out
}

// condition writes that a constraint holds.
func (w *bounder) condition(c *intent.Constraint) []policy.Condition {
	switch {
	case c.Test == intent.Exists:
		return present(c.Key, true)
	case c.Test == intent.Absent:
		return present(c.Key, false)
	}
	op := w.operator(c, c.Test)
	test := policy.Condition{Operator: op, Key: c.Key, Values: texts(c.Values)}
	switch {
	case c.Set == intent.All && c.Optional:
		test.Operator = "ForAllValues:" + op
	case c.Set == intent.All:
		test.Operator = "ForAllValues:" + op
		return append(present(c.Key, true), test)
	case c.Set == intent.Any:
		test.Operator = "ForAnyValue:" + op
	case c.Optional:
		test.Operator += "IfExists"
	}
	return []policy.Condition{test}
}

// opposite writes that a constraint does not hold. May is for what may be denied: where one
// condition cannot say it, one that says more does.
func (w *bounder) opposite(c *intent.Constraint, may bool) []policy.Condition {
	switch {
	case c.Test == intent.Exists:
		return present(c.Key, false)
	case c.Test == intent.Absent:
		return present(c.Key, true)
	}
	values := c.Values
	op := w.operator(c, contrary[c.Test])
	if op == "Bool" {
		values = negated(c)
	}
	test := policy.Condition{Operator: op, Key: c.Key, Values: texts(values)}
	switch {
	case c.Set == intent.All && may:
		return nil
	case c.Set == intent.All:
		test.Operator = "ForAnyValue:" + op
	case c.Set == intent.Any:
		test.Operator = "ForAllValues:" + op
	case c.Test == intent.IsNot: // holds without the key
	case c.Optional:
		return append(present(c.Key, true), test)
	case !strings.Contains(op, "Not"):
		test.Operator += "IfExists"
	}
	return []policy.Condition{test}
}

// contrary is the test that a value passes where it does not pass another.
var contrary = map[intent.Test]intent.Test{
	intent.Is: intent.IsNot, intent.IsNot: intent.Is, intent.Less: intent.GreaterOrEqual, intent.GreaterOrEqual: intent.Less,
	intent.LessOrEqual: intent.Greater, intent.Greater: intent.LessOrEqual,
}

// negated are the values of a truth value that are not meant.
func negated(c *intent.Constraint) []string {
	var out []string
	for _, v := range []string{"true", "false"} {
		if !slices.Contains(c.Values, v) {
			out = append(out, v)
		}
	}
	return out
}

func present(key string, is bool) []policy.Condition {
	value := "true"
	if is {
		value = "false"
	}
	return []policy.Condition{{Operator: "Null", Key: key, Values: texts([]string{value})}}
}

// operator returns the operator that tests values of the key's type.
func (w *bounder) operator(c *intent.Constraint, t intent.Test) string {
	base := catalog.String
	if k, ok := w.catalog.Key(c.Key); ok {
		base = k.Type.Base
	}
	not := ""
	if t == intent.IsNot {
		not = "Not"
	}
	switch base {
	case catalog.IPAddress:
		return not + "IpAddress"
	case catalog.Bool:
		return "Bool"
	case catalog.Binary:
		return "BinaryEquals"
	case catalog.Numeric:
		return "Numeric" + ranges[t]
	case catalog.Date:
		return "Date" + ranges[t]
	}
	family := "String"
	if base == catalog.ARN && !slices.ContainsFunc(c.Values, func(v string) bool { return !strings.HasPrefix(v, "arn:") }) {
		family = "Arn"
	}
	if slices.ContainsFunc(c.Values, func(v string) bool { return strings.ContainsAny(v, "*?") }) {
		return family + not + "Like"
	}
	return family + not + "Equals"
}

// ranges are the ends of the operators of numbers and dates.
var ranges = map[intent.Test]string{
	intent.Is: "Equals", intent.IsNot: "NotEquals", intent.Less: "LessThan", intent.LessOrEqual: "LessThanEquals",
	intent.Greater: "GreaterThan", intent.GreaterOrEqual: "GreaterThanEquals",
}
