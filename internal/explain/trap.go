package explain

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// traps says what a reader of a condition may overlook: each entry is a sentence without its
// full stop.
func (w *writer) traps(sc scene, c policy.Condition) []string {
	op, err := condition.ParseOperator(c.Operator)
	if err != nil {
		return []string{"IAM refuses a policy with this operator"}
	}
	all := []string{w.absentTrap(sc, c, op)}
	if len(c.Values) == 0 {
		all = append(all, "There is no value to compare with")
	}
	for _, v := range c.Values {
		all = append(all, w.valueTrap(c.Key, op.Base, v.Text))
	}
	all = append(all, w.keyTrap(c, op))
	if sc.effect == policy.Deny && !sc.direct {
		all = append(all, networkTrap(c.Key, op))
	}
	return slices.DeleteFunc(unique(all), func(s string) bool { return s == "" })
}

// absentTrap says what becomes of a request that does not have the key.
func (w *writer) absentTrap(sc scene, c policy.Condition, op condition.Operator) string {
	if op.Base == condition.Null || !w.mayLack(sc, c.Key) {
		return ""
	}
	sentence := "A request without the key "
	if absent := w.key(c.Key).absent; absent != "" {
		sentence = "The key is absent when " + absent + "; such a request "
	}
	if !op.Absent() {
		switch {
		case sc.effect == policy.Deny:
			return sentence + "is not denied by this statement"
		case w.kind.limits():
			return sentence + "is not inside the limit by this statement"
		}
		return sentence + "is not allowed by this statement"
	}
	reason := ", because a negated operator holds for a missing key"
	switch {
	case op.IfExists:
		reason = ", because of IfExists"
	case op.Set == condition.ForAllValues:
		reason = ", because ForAllValues holds for no values at all"
	}
	sentence += "meets this condition too" + reason
	switch {
	case sc.effect == policy.Deny && sc.several:
		sentence += ", and is denied if the other conditions hold"
	case sc.effect == policy.Deny:
		sentence += ", and is denied"
	}
	return sentence
}

// valueTrap says what is odd about one value.
func (w *writer) valueTrap(key string, base condition.Base, v string) string {
	m := w.mask(v)
	if strings.Contains(v, "${") && !w.variables {
		return "${...} is plain text here, because the document does not have the Version 2012-10-17"
	}
	if len(m.words) == 0 {
		if err := base.CheckValue(v); err != nil {
			return shown(v) + " is no value that " + base.String() + " can compare, so it matches nothing"
		}
	}
	switch {
	case base.Family() == condition.StringFamily && !base.Wildcards() && wildcard.Contains(m.text):
		return "* and ? stand for themselves with " + base.String()
	case base.Wildcards() && !base.Negated() && base.Family() == condition.StringFamily && v == "*":
		return "Any value will do: this asks only that the key is there"
	case base.Family() != condition.AddressFamily:
		return ""
	}
	if prefix, err := netip.ParsePrefix(v); err == nil && prefix.Bits() == 0 {
		return shown(v) + " restricts nothing"
	}
	address, _, _ := strings.Cut(v, "/")
	if a, err := netip.ParseAddr(address); err == nil && a.IsPrivate() && strings.EqualFold(key, "aws:SourceIp") {
		return shown(v) + " is private: aws:SourceIp holds public addresses, and private ones are in aws:VpcSourceIp"
	}
	return ""
}

// keyTrap says what is odd about the key with this operator.
func (w *writer) keyTrap(c policy.Condition, op condition.Operator) string {
	k, known := w.catalog.Key(c.Key)
	host, _, _ := strings.Cut(c.Key, ":")
	switch {
	case !known && !w.key(c.Key).known && !strings.Contains(host, "."):
		return "No service is known to have the key " + shown(c.Key)
	case known && k.Type.Multi && op.Set == condition.NoSet && op.Base != condition.Null:
		return "A request can have several values of this key, for which AWS wants ForAllValues or ForAnyValue"
	}
	return ""
}

// networkTrap warns of a Deny by where the request comes from: the calls that an AWS service
// makes for the caller come from elsewhere.
func networkTrap(key string, op condition.Operator) string {
	if op.Base.Negated() && oneOf(key, "aws:SourceIp", "aws:VpcSourceIp", "aws:SourceVpc", "aws:SourceVpce") {
		return "Calls that an AWS service makes for the caller do not come from the caller's network, so they are denied too"
	}
	return ""
}

func oneOf(key string, keys ...string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, key) })
}
