package condition

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// A number is a decimal number of any size: 0.digits times ten to the exponent. Numbers are
// compared exactly, which floating point could not do above 2^53.
type number struct {
	negative bool
	digits   string // without zeros at either end; empty for zero
	exponent int
}

const maxNumber = 400 // longest number read; AWS documents none longer

func parseNumber(s string) (number, bool) {
	var n number
	if len(s) > maxNumber {
		return n, false
	}
	switch {
	case strings.HasPrefix(s, "-"):
		n.negative, s = true, s[1:]
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		exponent, err := strconv.ParseInt(s[i+1:], 10, 16)
		if err != nil {
			return n, false
		}
		n.exponent, s = int(exponent), s[:i]
	}
	whole, fraction, dotted := strings.Cut(s, ".")
	if !digitsOnly(whole) || !digitsOnly(fraction) || whole == "" && fraction == "" || dotted && fraction == "" {
		return n, false
	}
	n.exponent += len(whole)
	digits := whole
	if fraction != "" {
		digits += fraction
	}
	significant := strings.TrimLeft(digits, "0")
	n.exponent -= len(digits) - len(significant)
	n.digits = strings.TrimRight(significant, "0")
	if n.digits == "" {
		return number{}, true
	}
	return n, true
}

func digitsOnly(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func (n number) sign() int {
	switch {
	case n.digits == "":
		return 0
	case n.negative:
		return -1
	}
	return 1
}

func (n number) compare(m number) int {
	if n.sign() != m.sign() {
		return n.sign() - m.sign()
	}
	size := n.exponent - m.exponent
	if size == 0 || n.digits == "" {
		size = strings.Compare(n.digits, m.digits)
	}
	if n.negative {
		return -size
	}
	return size
}

// The W3C profile of ISO 8601, finest first. Go reads fractions of a second with all of them.
// Dates without a time zone are read as UTC.
var dateLayouts = []string{
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05",
	"2006-01-02T15:04",
	"2006-01-02",
	"2006-01",
	"2006",
}

// parseDate reads both notations of a date: ISO 8601 and seconds since 1970.
func parseDate(s string) (time.Time, bool) {
	if len(s) > len("2006-01-02T15:04:05.000000000+00:00")+8 {
		return time.Time{}, false
	}
	// Four digits are a year of ISO 8601: as seconds they would be an hour of 1970.
	if len(s) != 4 && s != "" && digitsOnly(strings.Replace(strings.TrimPrefix(s, "-"), ".", "", 1)) {
		return parseEpoch(s)
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func parseEpoch(s string) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds > 1<<40 || seconds < -1<<40 {
		return time.Time{}, false
	}
	nanos := int64(0)
	if fraction != "" {
		nanos, err = strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
		if err != nil {
			return time.Time{}, false
		}
		if strings.HasPrefix(whole, "-") {
			nanos = -nanos
		}
	}
	return time.Unix(seconds, nanos), true
}

// parseRange reads an address or a range in CIDR notation. An address alone is a range of one.
func parseRange(s string) (netip.Prefix, bool) {
	if strings.Contains(s, "/") {
		p, err := netip.ParsePrefix(s)
		return p.Masked(), err == nil
	}
	a, ok := parseAddress(s)
	if !ok {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

func parseAddress(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Addr{}, false
	}
	return a.Unmap(), true
}

func parseBool(s string) (value, ok bool) {
	switch {
	case strings.EqualFold(s, "true"):
		return true, true
	case strings.EqualFold(s, "false"):
		return false, true
	}
	return false, false
}

var errNotARN = errors.New("value is neither an ARN nor *")

// CheckValue says whether a value in a policy can be compared by the operator at all: an
// IpAddress wants an address or a range, a Bool true or false. Values that cannot be compared
// match nothing. A nil error does not mean that any request has such a value.
func (b Base) CheckValue(value string) error {
	ok := true
	switch b.Family() {
	case NumericFamily:
		_, ok = parseNumber(value)
	case DateFamily:
		_, ok = parseDate(value)
	case AddressFamily:
		_, ok = parseRange(value)
	case BoolFamily, NullFamily:
		_, ok = parseBool(value)
	case BinaryFamily:
		_, err := base64.StdEncoding.DecodeString(value)
		ok = err == nil
	case ARNFamily:
		if !strings.HasPrefix(value, "arn:") && !strings.HasPrefix(value, "*") && !strings.HasPrefix(value, "${") {
			return errNotARN
		}
	}
	if !ok {
		return fmt.Errorf("value %q cannot be compared by %v", value, b)
	}
	return nil
}
