package compile

import (
	"slices"
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A condition is a line of a Condition element with the words behind it.
type condition struct {
	policy.Condition
	span intent.Span
}

// conditions writes the constraints of a grant for one action (nil: for many at once). It
// returns the alternatives, each of them one statement.
func (w *compiler) conditions(g intent.Grant, ca *catalog.Action) [][]condition {
	var all []condition
	for _, c := range g.Where {
		if !w.applies(g, c, ca) {
			continue
		}
		all = append(all, w.constraint(c, false)...)
	}
	if g.Effect == policy.Deny {
		for _, c := range g.Unless {
			all = append(all, w.constraint(c, true)...)
		}
	}
	return [][]condition{all}
}

// applies says whether a constraint is written for an action. A key that a request for the
// action can never carry would turn an Allow into nothing. It is left out where the key cannot
// be meant (a key of another service) or where it would only take a read away, and said; for
// other calls it stays if no call that it limits could carry it, because leaving it out widens.
func (w *compiler) applies(g intent.Grant, c intent.Constraint, ca *catalog.Action) bool {
	if len(c.Actions) > 0 && (ca == nil || !contains(c.Actions, ca.String())) {
		return false
	}
	if ca == nil || w.in.Kind == policy.Trust || g.Effect == policy.Deny || ca.Honours(c.Key) {
		return true
	}
	own, tag := strings.HasPrefix(c.Key, ca.Service+":"), strings.HasPrefix(c.Key, "aws:RequestTag/") || c.Key == "aws:TagKeys" || strings.HasPrefix(c.Key, "aws:ResourceTag/")
	if !own && !tag && strings.HasPrefix(c.Key, "aws:") {
		return true
	}
	reads := ca.Level == catalog.Read || ca.Level == catalog.List
	switch {
	case !own && !tag && w.honouredSomewhere(c.Key):
		return false // a key of another service, which limits the calls of that service
	case own && (reads || w.honouredBeside(c)), tag && (reads || w.anyHonours(g, c.Key)):
		w.note(!companion(g, ca), ca.String()+" cannot be limited by "+c.Key+"; it is granted without", c.Span)
		return false
	}
	return true
}

// companion says that no words asked for an action: it stands beside one that they asked for.
func companion(g intent.Grant, ca *catalog.Action) bool {
	i := slices.IndexFunc(g.Actions, func(a intent.Action) bool { return strings.EqualFold(a.Name, ca.String()) })
	return i >= 0 && g.Actions[i].Span == intent.Span{}
}

// honouredSomewhere says whether a grant of the intent has an action that carries the key.
func (w *compiler) honouredSomewhere(key string) bool {
	return slices.ContainsFunc(w.in.Grants, func(g intent.Grant) bool { return w.anyHonours(g, key) })
}

// honouredBeside says whether a grant that bears the constraint too has an action that carries its key.
func (w *compiler) honouredBeside(c intent.Constraint) bool {
	return slices.ContainsFunc(w.in.Grants, func(g intent.Grant) bool {
		return w.anyHonours(g, c.Key) && slices.ContainsFunc(g.Where, func(o intent.Constraint) bool {
			return strings.EqualFold(o.Key, c.Key) && slices.Equal(o.Values, c.Values)
		})
	})
}

func (w *compiler) anyHonours(g intent.Grant, key string) bool {
	for _, a := range g.Actions {
		for _, ca := range w.catalog.Expand(a.Name) {
			if ca.Honours(key) {
				return true
			}
		}
	}
	return false
}

// constraint writes a constraint as conditions. Negated, it says that the constraint does not
// hold, and then an absent key counts as not holding.
func (w *compiler) constraint(c intent.Constraint, negate bool) []condition {
	var out []condition
	add := func(op string, values ...string) {
		out = append(out, condition{policy.Condition{Operator: op, Key: c.Key, Values: texts(values)}, c.Span})
	}
	switch c.Test {
	case intent.Exists, intent.Absent:
		add("Null", map[bool]string{true: "true", false: "false"}[(c.Test == intent.Absent) != negate])
		return out
	}
	op := w.operator(c, negate)
	values := c.Values
	if op == "Bool" && negate {
		values = contrary(values)
	}
	switch {
	case c.Set == intent.All && negate:
		// Not all of them are among the values: some value is another one.
		add("ForAnyValue:"+op, c.Values...)
		return out
	case c.Set == intent.All:
		add("ForAllValues:"+op, c.Values...)
		if w.in.Kind != policy.ServiceControl {
			add("Null", "false")
		}
		return out
	case c.Set == intent.Any:
		op = "ForAnyValue:" + op
		if negate {
			op = "ForAllValues:" + strings.TrimPrefix(op, "ForAnyValue:")
		}
	case c.Optional && !negate, negate && missingCounts(op):
		op += "IfExists"
	}
	add(op, values...)
	return out
}

// contrary turns true into false and false into true.
func contrary(values []string) []string {
	out := slices.Clone(values)
	for i, v := range out {
		out[i] = map[string]string{"true": "false", "false": "true"}[v]
	}
	return out
}

// missingCounts says that a negated test must be told to hold for an absent key: positive
// operators (Bool, dates, numbers) are false without the key.
func missingCounts(op string) bool {
	return !strings.Contains(op, "Not")
}

// operator chooses the condition operator by the type of the key and the shape of the values.
func (w *compiler) operator(c intent.Constraint, negate bool) string {
	not := negate != (c.Test == intent.IsNot)
	base := catalog.String
	if k, ok := w.catalog.Key(c.Key); ok {
		base = k.Type.Base
	}
	wild := slices.ContainsFunc(c.Values, func(v string) bool { return strings.ContainsAny(v, "*?") && !strings.HasPrefix(v, "${*}") })
	switch base {
	case catalog.IPAddress:
		return choose(not, "NotIpAddress", "IpAddress")
	case catalog.Bool:
		return "Bool"
	case catalog.Numeric:
		return "Numeric" + ordered(c.Test, negate)
	case catalog.Date:
		return "Date" + ordered(c.Test, negate)
	case catalog.Binary:
		return "BinaryEquals"
	case catalog.ARN:
		if isARN(c.Values) {
			if wild {
				return choose(not, "ArnNotLike", "ArnLike")
			}
			return choose(not, "ArnNotEquals", "ArnEquals")
		}
	}
	if wild {
		return choose(not, "StringNotLike", "StringLike")
	}
	return choose(not, "StringNotEquals", "StringEquals")
}

func isARN(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !strings.HasPrefix(v, "arn:") })
}

func choose(not bool, negative, positive string) string {
	if not {
		return negative
	}
	return positive
}

// ordered returns the tail of a numeric or date operator, turned round if negated.
func ordered(t intent.Test, negate bool) string {
	name := map[intent.Test]string{
		intent.Is: "Equals", intent.IsNot: "NotEquals", intent.Less: "LessThan", intent.LessOrEqual: "LessThanEquals",
		intent.Greater: "GreaterThan", intent.GreaterOrEqual: "GreaterThanEquals",
	}[t]
	if !negate {
		return name
	}
	return map[string]string{
		"Equals": "NotEquals", "NotEquals": "Equals", "LessThan": "GreaterThanEquals", "LessThanEquals": "GreaterThan",
		"GreaterThan": "LessThanEquals", "GreaterThanEquals": "LessThan",
	}[name]
}

// listing limits the listing of a bucket to the prefix that the grant's objects lie below.
func (w *compiler) listing(g intent.Grant, ca *catalog.Action) []policy.Condition {
	if ca.Service != "s3" || ca.Name != "ListBucket" && ca.Name != "ListBucketVersions" {
		return nil
	}
	var prefixes []string
	for _, t := range g.Targets {
		key := t.Vars["ObjectName"]
		if t.ARN != "" && strings.HasPrefix(t.ARN, "arn:") && strings.Contains(t.ARN, ":s3:::") {
			fields, _ := arn.Fields(t.ARN)
			_, key, _ = strings.Cut(fields[5], "/")
		}
		if key == "" || key == "*" {
			continue
		}
		if base, ok := strings.CutSuffix(key, "/*"); ok {
			prefixes = append(prefixes, base, base+"/")
		}
		prefixes = append(prefixes, key)
	}
	if len(prefixes) == 0 {
		return nil
	}
	sort.Strings(prefixes)
	return []policy.Condition{{Operator: "StringLike", Key: "s3:prefix", Values: texts(slices.Compact(prefixes))}}
}

func texts(values []string) []policy.Text {
	out := make([]policy.Text, len(values))
	for i, v := range values {
		out[i] = policy.Text{Text: v}
	}
	return out
}

func sortConditions(cs []policy.Condition) {
	sort.SliceStable(cs, func(i, j int) bool {
		if cs[i].Operator != cs[j].Operator {
			return cs[i].Operator < cs[j].Operator
		}
		return cs[i].Key < cs[j].Key
	})
}

func sameCondition(a, b policy.Condition) bool {
	return a.Operator == b.Operator && a.Key == b.Key && slices.EqualFunc(a.Values, b.Values, func(x, y policy.Text) bool { return x.Text == y.Text })
}
