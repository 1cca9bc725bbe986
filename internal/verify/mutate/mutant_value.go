package mutate

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/verify/sample"
)

// otherValues are a wider and another value of a condition.
func otherValues(operator, value string) []variant {
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(operator, "ForAnyValue:"), "ForAllValues:"), "IfExists")
	switch {
	case name == "Null", name == "Bool":
		return []variant{{map[bool]string{true: "false", false: "true"}[strings.EqualFold(value, "true")], swapped}}
	case strings.HasSuffix(name, "IpAddress"):
		return otherAddresses(value)
	case strings.HasPrefix(name, "Numeric"):
		return otherNumbers(name, value)
	case strings.HasPrefix(name, "Date"):
		return otherDates(name, value)
	}
	out := []variant{{swapValue(value), swapped}}
	if strings.HasSuffix(name, "Like") {
		out = append(out, variant{"*", widened})
		if base := strings.TrimRight(value, "*"); len(base) > 1 && base != value {
			out = append(out, variant{base[:len(base)-1] + "*", widened})
		}
	}
	return out
}

// swapValue is another value of the same form.
func swapValue(value string) string {
	f, n := arn.Fields(value)
	if n == len(f) && f[0] == "arn" {
		f[5] = swapName(f[5])
		return strings.Join(f[:], ":")
	}
	return "zz-swapped-" + strings.TrimLeft(value, "*")
}

func otherAddresses(value string) []variant {
	n, ok := sample.Network(value)
	if !ok {
		return nil
	}
	out := []variant{{"192.0.2.224/27", swapped}}
	if n.Bits() > 0 {
		wider := netip.PrefixFrom(n.Addr(), n.Bits()-1).Masked()
		out = append(out, variant{wider.String(), widened})
	}
	if n.Addr().Is4() {
		out = append(out, variant{"0.0.0.0/0", widened})
	}
	return out
}

func otherNumbers(name, value string) []variant {
	x, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return nil
	}
	return []variant{{sample.Number(x + sense(name)), widened}, {sample.Number(x - sense(name)), narrowed}}
}

func otherDates(name, value string) []variant {
	t, ok := sample.Date(value)
	if !ok {
		return nil
	}
	step := time.Duration(sense(name)) * 24 * time.Hour
	return []variant{{sample.Stamp(t.Add(step)), widened}, {sample.Stamp(t.Add(-step)), narrowed}}
}

// sense is the direction in which a limit lets more through.
func sense(operator string) float64 {
	if strings.Contains(operator, "Greater") {
		return -1
	}
	return 1
}
