package condition

import (
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Representatives returns texts that stand for all values of a key, as far as clauses that
// compare numbers, dates or addresses can tell values apart: whatever all the clauses together
// answer for some number, they answer for one of the texts, and likewise for dates and for
// addresses. The plainest texts come first. Clauses of other families add nothing. Texts that
// are no number, date or address at all are not among them. It reports false if the values lie
// so close together or so far apart that no text a request can have stands between them.
func Representatives(clauses []*Clause) ([]string, bool) {
	var out []string
	var numbers []number
	var dates []time.Time
	var ranges []netip.Prefix
	families := map[Family]bool{}
	for _, c := range clauses {
		families[c.Operator.Base.Family()] = true
		numbers = append(numbers, c.numbers...)
		dates = append(dates, c.dates...)
		ranges = append(ranges, c.ranges...)
	}
	ok := true
	if families[NumericFamily] {
		out, ok = appendNumbers(out, numbers)
	}
	if families[DateFamily] {
		out = appendDates(out, dates)
	}
	if families[AddressFamily] {
		out = appendAddresses(out, ranges)
	}
	return out, ok
}

// appendNumbers adds each number, one on either side of them all, and one between neighbours.
func appendNumbers(to []string, numbers []number) ([]string, bool) {
	slices.SortFunc(numbers, number.compare)
	numbers = slices.CompactFunc(numbers, func(a, b number) bool { return a.compare(b) == 0 })
	if len(numbers) == 0 {
		return append(to, "0"), true
	}
	scale := 0 // digits behind the point
	for _, n := range numbers {
		if n.exponent > maxNumber || n.exponent < -maxNumber {
			return to, false
		}
		scale = max(scale, len(n.digits)-n.exponent)
	}
	scale++ // for the half between neighbours
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	at := make([]*big.Int, len(numbers))
	for i, n := range numbers {
		at[i] = n.scaled(scale)
	}
	values := append(slices.Clone(at), new(big.Int).Sub(at[0], unit), new(big.Int).Add(at[len(at)-1], unit))
	for i := range len(at) - 1 {
		values = append(values, between(at[i], at[i+1], unit))
	}
	for _, v := range values {
		text := decimal(v, scale)
		if _, ok := parseNumber(text); !ok {
			return to, false
		}
		to = append(to, text)
	}
	return to, true
}

// scaled returns n times ten to the scale, which is enough to make it whole.
func (n number) scaled(scale int) *big.Int {
	v := new(big.Int)
	if n.digits == "" {
		return v
	}
	v.SetString(n.digits+strings.Repeat("0", scale+n.exponent-len(n.digits)), 10)
	if n.negative {
		v.Neg(v)
	}
	return v
}

// between returns the whole number above a if it lies below b, else the middle of both.
func between(a, b, unit *big.Int) *big.Int {
	above := new(big.Int).Div(a, unit)
	above.Add(above, big.NewInt(1)).Mul(above, unit)
	if above.Cmp(b) < 0 {
		return above
	}
	middle := new(big.Int).Add(a, b)
	return middle.Rsh(middle, 1)
}

// decimal writes v divided by ten to the scale.
func decimal(v *big.Int, scale int) string {
	digits := new(big.Int).Abs(v).String()
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	text := digits[:len(digits)-scale]
	if fraction := strings.TrimRight(digits[len(digits)-scale:], "0"); fraction != "" {
		text += "." + fraction
	}
	if v.Sign() < 0 {
		return "-" + text
	}
	return text
}

// appendDates adds each date, one on either side of them all, and one between neighbours unless
// they are one nanosecond apart, which is the finest that dates are read.
func appendDates(to []string, dates []time.Time) []string {
	slices.SortFunc(dates, time.Time.Compare)
	dates = slices.CompactFunc(dates, time.Time.Equal)
	if len(dates) == 0 {
		return append(to, "2030-01-01T00:00:00Z")
	}
	values := append(slices.Clone(dates), dates[0].Add(-time.Second), dates[len(dates)-1].Add(time.Second))
	for i := range len(dates) - 1 {
		after := dates[i].Truncate(time.Second).Add(time.Second)
		if !after.Before(dates[i+1]) {
			after = dates[i].Add(time.Nanosecond)
		}
		if after.Before(dates[i+1]) {
			values = append(values, after)
		}
	}
	for _, v := range values {
		to = append(to, dateText(v))
	}
	return to
}

func dateText(t time.Time) string {
	t = t.UTC()
	if 0 <= t.Year() && t.Year() <= 9999 {
		return t.Format(time.RFC3339Nano)
	}
	seconds, nanos, sign := t.Unix(), t.Nanosecond(), ""
	if seconds < 0 {
		sign, seconds = "-", -seconds
		if nanos > 0 {
			seconds, nanos = seconds-1, int(time.Second)-nanos
		}
	}
	text := fmt.Sprintf("%s%d", sign, seconds)
	if nanos > 0 {
		text += fmt.Sprintf(".%09d", nanos)
	}
	return text
}

// Addresses for documentation (RFC 5737, RFC 3849) and the ends of what netip reads as one
// family: an address of ::ffff:0:0/96 is one of version 4.
var plainAddresses = []string{
	"203.0.113.7", "198.51.100.7", "2001:db8::7", "10.0.0.7", "0.0.0.0", "::", "::fffe:ffff:ffff", "::1:0:0:0",
}

// appendAddresses adds the first and the last address of each range and those beside them.
func appendAddresses(to []string, ranges []netip.Prefix) []string {
	to = append(to, plainAddresses...)
	for _, r := range ranges {
		last := lastOf(r)
		for _, a := range []netip.Addr{r.Addr(), last, r.Addr().Prev(), last.Next()} {
			if a.IsValid() {
				to = append(to, a.String())
			}
		}
	}
	return to
}

func lastOf(r netip.Prefix) netip.Addr {
	b := r.Addr().AsSlice()
	for i := r.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	last, _ := netip.AddrFromSlice(b)
	return last
}
