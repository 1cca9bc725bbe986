package sample

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A Sampler finds values for the constraints of an intent.
type Sampler struct {
	Catalog *catalog.Catalog
}

// base returns the type of a constraint's key. Texts that are no values of the type, such as
// variables, are compared as strings.
func (s Sampler) base(c *intent.Constraint) catalog.KeyBase {
	if k, ok := s.Catalog.Key(c.Key); ok {
		return k.Type.Base
	}
	return catalog.String
}

// Holds says whether a context satisfies a constraint, read as the plain statement that it is.
func (s Sampler) Holds(c *intent.Constraint, ctx evaluate.Context) bool {
	have := ctx.Values(c.Key)
	switch {
	case c.Test == intent.Exists:
		return len(have) > 0
	case c.Test == intent.Absent:
		return len(have) == 0
	case len(have) == 0:
		return c.Optional || c.Test == intent.IsNot && c.Set == intent.Single
	}
	base := s.base(c)
	one := func(h string) bool { return compare(base, c, h, ctx) }
	if c.Set == intent.All {
		return !slices.ContainsFunc(have, func(h string) bool { return !one(h) })
	}
	return slices.ContainsFunc(have, one)
}

// compare says whether one value of a request satisfies a constraint.
func compare(base catalog.KeyBase, c *intent.Constraint, have string, ctx evaluate.Context) bool {
	switch c.Test {
	case intent.Is, intent.IsNot:
		among := slices.ContainsFunc(c.Values, func(v string) bool { return equal(base, ExpandKnown(v, ctx), have) })
		return among == (c.Test == intent.Is)
	}
	if len(c.Values) == 0 {
		return false
	}
	order, ok := compareOrdered(base, have, c.Values[0])
	if !ok {
		return false
	}
	switch c.Test {
	case intent.Less:
		return order < 0
	case intent.LessOrEqual:
		return order <= 0
	case intent.Greater:
		return order > 0
	}
	return order >= 0
}

// ExpandKnown is Expand without leaving made-up values in the context.
func ExpandKnown(text string, ctx evaluate.Context) string {
	if !strings.Contains(text, "${") {
		return text
	}
	return Expand(text, Clone(ctx))
}

func equal(base catalog.KeyBase, want, have string) bool {
	switch base {
	case catalog.IPAddress:
		a, err := netip.ParseAddr(have)
		n, ok := Network(want)
		return err == nil && ok && n.Contains(a)
	case catalog.Numeric, catalog.Date:
		if order, ok := compareOrdered(base, have, want); ok {
			return order == 0
		}
	case catalog.Bool:
		return strings.EqualFold(want, have)
	}
	return wildcard.Match(want, have)
}

// Network reads an address or a range, and reports whether the text is one.
func Network(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

func compareOrdered(base catalog.KeyBase, a, b string) (int, bool) {
	if base == catalog.Date {
		x, ok1 := Date(a)
		y, ok2 := Date(b)
		return x.Compare(y), ok1 && ok2
	}
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	switch {
	case err1 != nil || err2 != nil:
		return 0, false
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, true
}

// Date reads the forms of ISO 8601 that IAM takes, and seconds since 1970. It reports whether
// the text is one of them.
func Date(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	if s, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Unix(s, 0).UTC(), true
	}
	return time.Time{}, false
}

// Candidates are values for a key that lie on both sides of a constraint: the values it
// names, their edges, and values far off.
func (s Sampler) Candidates(c *intent.Constraint, ctx evaluate.Context) []string {
	base := s.base(c)
	var out []string
	for _, v := range c.Values {
		v = Expand(v, ctx)
		out = append(out, around(base, v)...)
	}
	switch base {
	case catalog.IPAddress:
		out = append(out, "192.0.2.200", "203.0.113.99", "10.99.99.99", "2001:db8:ffff::9")
	case catalog.Bool:
		out = append(out, "true", "false")
	case catalog.Numeric:
		out = append(out, "0", "999999999")
	case catalog.Date:
		out = append(out, "2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z")
	case catalog.ARN:
		out = append(out, "arn:aws:iam::"+OtherAccount+":role/other")
	default:
		out = append(out, otherValue(c.Key))
	}
	return out
}

// otherValue is a value of a string key that no request of an intent names.
func otherValue(key string) string {
	if strings.EqualFold(key, "aws:RequestedRegion") {
		return OtherRegion
	}
	if strings.HasSuffix(strings.ToLower(key), "account") {
		return OtherAccount
	}
	return "zz-other"
}

// around returns a value itself, where it is one, and the nearest values beside it.
func around(base catalog.KeyBase, v string) []string {
	switch base {
	case catalog.IPAddress:
		n, ok := Network(v)
		if !ok {
			return nil
		}
		last := lastAddress(n)
		out := []string{n.Addr().String(), last.String()}
		if next := last.Next(); next.IsValid() {
			out = append(out, next.String())
		}
		if before := n.Addr().Prev(); before.IsValid() {
			out = append(out, before.String())
		}
		return out
	case catalog.Numeric:
		if x, err := strconv.ParseFloat(v, 64); err == nil {
			return []string{Number(x), Number(x - 1), Number(x + 1)}
		}
	case catalog.Date:
		if t, ok := Date(v); ok {
			return []string{Stamp(t), Stamp(t.Add(-time.Second)), Stamp(t.Add(time.Second))}
		}
	}
	if !wildcard.Contains(v) {
		if base == catalog.Bool {
			return []string{v}
		}
		return []string{v, v + "0"}
	}
	if strings.HasPrefix(v, "arn:") {
		near := Stray(v)
		return []string{Concrete(v, evaluate.Context{}), Concrete(near, evaluate.Context{})}
	}
	return []string{Fill(v), Stray(v)}
}

// Stray is a text that is nearly matched by a pattern but not: the fixed text before the
// first wildcard ends with another letter.
func Stray(v string) string {
	fixed := v[:strings.IndexAny(v, "*?")]
	if fixed == "" {
		rest := strings.TrimLeft(v, "*?")
		if rest == "" {
			return ""
		}
		return "zz-" + Fill(rest) + "0"
	}
	last := byte('0')
	if fixed[len(fixed)-1] == last {
		last = '1'
	}
	return fixed[:len(fixed)-1] + string(last) + Fill(v[len(fixed):])
}

// Number writes a number as policies and requests do.
func Number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// Stamp writes a time as policies and requests do.
func Stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// lastAddress returns the highest address of a range.
func lastAddress(n netip.Prefix) netip.Addr {
	b := n.Addr().AsSlice()
	for bit := n.Bits(); bit < len(b)*8; bit++ {
		b[bit/8] |= 1 << (7 - bit%8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// Satisfy gives the context values under which all constraints hold. It reports false if it
// finds none: the constraints contradict each other.
func (s Sampler) Satisfy(cs []intent.Constraint, ctx evaluate.Context) bool {
	for i := range cs {
		c := &cs[i]
		if c.Test == intent.Absent {
			Drop(ctx, c.Key)
			continue
		}
		if s.Holds(c, ctx) && len(ctx.Values(c.Key)) > 0 && s.AllHold(cs, c.Key, ctx) {
			continue
		}
		if !s.choose(cs, c, ctx) {
			return false
		}
	}
	return !slices.ContainsFunc(cs, func(c intent.Constraint) bool { return !s.Holds(&c, ctx) })
}

// choose finds a value for a key that all constraints on it agree with.
func (s Sampler) choose(cs []intent.Constraint, c *intent.Constraint, ctx evaluate.Context) bool {
	var list []string
	for j := range cs {
		if strings.EqualFold(cs[j].Key, c.Key) {
			list = append(list, s.Candidates(&cs[j], ctx)...)
		}
	}
	if c.Test == intent.Exists {
		list = append(list, Name)
	}
	for _, v := range list {
		if v == "" {
			continue
		}
		Set(ctx, c.Key, v)
		if s.AllHold(cs, c.Key, ctx) {
			return true
		}
	}
	Drop(ctx, c.Key)
	return false
}

// AllHold says whether all constraints on a key hold.
func (s Sampler) AllHold(cs []intent.Constraint, key string, ctx evaluate.Context) bool {
	for i := range cs {
		if strings.EqualFold(cs[i].Key, key) && !s.Holds(&cs[i], ctx) {
			return false
		}
	}
	return true
}
