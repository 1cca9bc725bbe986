package condition

import (
	"math/big"
	"testing"
	"time"
)

func TestParseNumber(t *testing.T) {
	valid := []string{"0", "-0", "007", "1.50", ".5", "+3", "-12.25", "1e3", "1E-3", "9007199254740993", "0.0001", "120"}
	for _, a := range valid {
		x, ok := parseNumber(a)
		if !ok {
			t.Errorf("parseNumber(%q) fails", a)
			continue
		}
		for _, b := range valid {
			y, _ := parseNumber(b)
			if got, want := sign(x.compare(y)), rational(t, a).Cmp(rational(t, b)); got != want {
				t.Errorf("compare(%s, %s) = %d, want %d", a, b, got, want)
			}
		}
	}
	for _, s := range []string{"", ".", "-", "1.", "1e", "e1", "1.2.3", "0x10", "NaN", "Inf", "1_000", " 1", "1e99999", "٣"} {
		if _, ok := parseNumber(s); ok {
			t.Errorf("parseNumber(%q) succeeds", s)
		}
	}
}

func rational(t testing.TB, s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("no rational %q", s)
	}
	return r
}

func sign(n int) int {
	return max(-1, min(1, n))
}

func FuzzNumber(f *testing.F) {
	f.Add("1.50", "-2e3")
	f.Add("000", ".1")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, ok1 := parseNumber(a)
		y, ok2 := parseNumber(b)
		if !ok1 || !ok2 || len(a) > 20 || len(b) > 20 {
			return
		}
		if max(x.exponent, y.exponent) > 50 || min(x.exponent, y.exponent) < -50 {
			return
		}
		if got, want := sign(x.compare(y)), rational(t, a).Cmp(rational(t, b)); got != want {
			t.Errorf("compare(%s, %s) = %d, want %d", a, b, got, want)
		}
	})
}

func TestParseDate(t *testing.T) {
	noon := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		text string
		want time.Time
	}{
		{"2026-06-01T12:00:00Z", noon},
		{"2026-06-01T12:00:00.000Z", noon},
		{"2026-06-01T14:00:00+02:00", noon},
		{"2026-06-01T07:00:00-0500", noon},
		{"2026-06-01T12:00Z", noon},
		{"2026-06-01T12:00:00", noon},
		{"1780315200", noon},
		{"1780315200.5", noon.Add(500 * time.Millisecond)},
		{"2026-06-01", time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)},
		{"2026-06", time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)},
		{"2026", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"0", time.Unix(0, 0)},
		{"-1", time.Unix(-1, 0)},
	}
	for _, tt := range tests {
		if got, ok := parseDate(tt.text); !ok || !got.Equal(tt.want) {
			t.Errorf("parseDate(%q) = %v, %v, want %v", tt.text, got, ok, tt.want)
		}
	}
	for _, s := range []string{"", "-", ".", "today", "2026-13-01", "2026-06-31T00:00:00Z", "99999999999999999999", "2026-*", "12:00", "1.2.3", "-."} {
		if got, ok := parseDate(s); ok {
			t.Errorf("parseDate(%q) = %v, want none", s, got)
		}
	}
}

func TestParseRange(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.1":        "192.0.2.1/32",
		"192.0.2.77/24":    "192.0.2.0/24",
		"2001:DB8::1":      "2001:db8::1/128",
		"2001:db8::/32":    "2001:db8::/32",
		"::ffff:192.0.2.1": "192.0.2.1/32",
	} {
		if got, ok := parseRange(text); !ok || got.String() != want {
			t.Errorf("parseRange(%q) = %v, %v, want %s", text, got, ok, want)
		}
	}
	for _, s := range []string{"", "/", "192.0.2", "192.0.2.1/33", "192.0.2.256", "fe80::1%eth0", "*", "192.0.2.0/24 "} {
		if got, ok := parseRange(s); ok {
			t.Errorf("parseRange(%q) = %v, want none", s, got)
		}
	}
}
