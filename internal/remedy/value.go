package remedy

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// fixed are the keys, in lower case, that AWS sets from who the caller is, whose the resource
// is and what time it is: the same request cannot have others.
var fixed = []string{
	"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:principaltype",
	"aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist", "aws:userid", "aws:username",
	"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "aws:currenttime", "aws:epochtime",
	"aws:tokenissuetime", "aws:federatedprovider", "kms:calleraccount", "kms:keyspec", "s3:resourceaccount",
}

// otherwise returns the change of the request that has a condition hold, or not hold.
func (w *world) otherwise(part *evaluate.ConditionPart, hold bool) (Change, bool) {
	if slices.Contains(fixed, strings.ToLower(part.Key)) {
		return Change{}, false
	}
	texts := make([]policy.Text, 0, len(part.Want))
	for _, v := range part.Want {
		texts = append(texts, policy.Text{Text: v})
	}
	clause, err := condition.Compile(policy.Condition{Operator: part.Operator, Key: part.Key, Values: texts}, true)
	if err != nil {
		return Change{}, false
	}
	for _, values := range candidates(clause) {
		next := w.with(Change{apply: set(part.Key, values)})
		if clause.Holds(next.request.Context) == hold {
			return Change{Key: part.Key, Text: keyText(part, values), cost: 1, apply: set(part.Key, values)}, true
		}
	}
	return Change{}, false
}

// set gives a key values, or takes it away.
func set(key string, values []string) func(*world) {
	return func(next *world) {
		for k := range next.request.Context {
			if strings.EqualFold(k, key) {
				delete(next.request.Context, k)
			}
		}
		if values != nil {
			next.request.Context[key] = values
		}
	}
}

// another is a value that policies do not name.
const another = "another-value"

// candidates are values that a condition may tell apart: those that it names, those beside
// them, one that it does not name, and none.
func candidates(c *condition.Clause) [][]string {
	var out [][]string
	try := func(v string) { out = append(out, []string{v}) }
	for _, want := range c.Want[:min(len(c.Want), 8)] {
		switch c.Operator.Base.Family() {
		case condition.NumericFamily:
			if n, err := strconv.ParseFloat(want, 64); err == nil {
				try(want)
				try(strconv.FormatFloat(n-1, 'f', -1, 64))
				try(strconv.FormatFloat(n+1, 'f', -1, 64))
			}
		case condition.DateFamily:
			if t, err := time.Parse(time.RFC3339, want); err == nil {
				try(want)
				try(t.Add(-24 * time.Hour).Format(time.RFC3339))
				try(t.Add(24 * time.Hour).Format(time.RFC3339))
			}
		case condition.AddressFamily:
			if p, err := netip.ParsePrefix(want); err == nil {
				try(p.Addr().String())
			} else {
				try(want)
			}
		case condition.StringFamily, condition.ARNFamily:
			if !strings.Contains(want, "${") {
				try(strings.NewReplacer("*", "x", "?", "x").Replace(want))
			}
		case condition.BinaryFamily:
			try(want)
		}
	}
	switch c.Operator.Base.Family() {
	case condition.BoolFamily:
		try("true")
		try("false")
	case condition.AddressFamily:
		try("198.51.100.1")
		try("192.0.2.1")
	default:
		try(another)
	}
	return append(out, nil)
}

// keyText says in words how the request is to differ.
func keyText(part *evaluate.ConditionPart, values []string) string {
	_, tag, isTag := strings.Cut(part.Key, "Tag/")
	switch {
	case values == nil:
		return "make the request without " + part.Key
	case strings.Contains(part.Operator, "IpAddress"):
		if slices.ContainsFunc(part.Want, func(w string) bool { return within(values[0], w) }) {
			return "make the request with " + part.Key + " in " + strings.Join(part.Want, " or ")
		}
		return "make the request with " + part.Key + " outside " + strings.Join(part.Want, " and ")
	case values[0] == another && len(part.Want) > 0 && !strings.HasPrefix(part.Operator, "Null"):
		return "make the request with " + part.Key + " other than " + strings.Join(part.Want, " or ")
	case values[0] == another:
		return "make the request with " + part.Key
	case isTag && strings.HasPrefix(part.Key, "aws:PrincipalTag/"):
		return "tag the caller " + tag + "=" + values[0]
	case isTag && (strings.Contains(part.Key, "ResourceTag/") || strings.Contains(part.Key, "ExistingObjectTag/")):
		return "tag the resource " + tag + "=" + values[0]
	}
	return "make the request with " + part.Key + "=" + values[0]
}

// within reports whether an address is in a range, or is it.
func within(address, network string) bool {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	p, err := netip.ParsePrefix(network)
	if err != nil {
		return address == network
	}
	return p.Contains(a)
}
