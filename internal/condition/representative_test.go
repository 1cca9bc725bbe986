package condition

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

func clauseOf(t *testing.T, operator string, values ...string) *Clause {
	t.Helper()
	c := policy.Condition{Operator: operator, Key: "k"}
	for _, v := range values {
		c.Values = append(c.Values, policy.Text{Text: v})
	}
	clause, err := Compile(c, true)
	if err != nil {
		t.Fatal(err)
	}
	return clause
}

// answers returns what clauses say of one value.
func answers(clauses []*Clause, value string) string {
	out := ""
	for _, c := range clauses {
		out += fmt.Sprint(c.matches(value, nil), " ")
	}
	return out
}

// Whatever the clauses answer for any of many values, they answer for a representative.
func TestRepresentativesCoverAllAnswers(t *testing.T) {
	families := []struct {
		operators, wanted, values []string
	}{
		{
			[]string{"NumericEquals", "NumericLessThan", "NumericGreaterThanEquals", "NumericLessThanEquals"},
			[]string{"0", "1", "2", "10", "-3", "0.5", "0.25", "1e3", "1.0001", "1.0002", "12345678901234567890"},
			[]string{"-4", "-3", "-1", "0", "0.1", "0.25", "0.3", "0.5", "0.7", "1", "1.00005", "1.0001", "1.00015", "1.5", "2", "3", "10", "11", "1000", "1001", "12345678901234567890", "12345678901234567891"},
		},
		{
			[]string{"DateEquals", "DateLessThan", "DateGreaterThan", "DateLessThanEquals"},
			[]string{"2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z", "2020", "1577836800", "2021-06-01", "99999999999"},
			[]string{"2019-12-31", "2020-01-01", "2020-01-01T00:00:00.5Z", "2020-01-01T00:00:01Z", "2020-05-05", "2021-06-01", "2022", "99999999998", "99999999999", "100000000000"},
		},
		{
			[]string{"IpAddress", "NotIpAddress"},
			[]string{"10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/1", "128.0.0.0/1", "203.0.113.0/24", "2001:db8::/32", "::/1", "255.255.255.255"},
			[]string{"10.0.0.1", "10.1.0.1", "9.255.255.255", "11.0.0.0", "127.0.0.1", "192.168.0.1", "203.0.113.7", "2001:db8::1", "8000::", "255.255.255.254", "255.255.255.255", "0.0.0.0"},
		},
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		f := families[r.IntN(len(families))]
		var clauses []*Clause
		for range 1 + r.IntN(3) {
			wanted := []string{f.wanted[r.IntN(len(f.wanted))], f.wanted[r.IntN(len(f.wanted))]}
			clauses = append(clauses, clauseOf(t, f.operators[r.IntN(len(f.operators))], wanted[:1+r.IntN(2)]...))
		}
		representatives, ok := Representatives(clauses)
		if !ok {
			t.Fatalf("Representatives(%v) gives up", clauses)
		}
		var known []string
		for _, v := range representatives {
			known = append(known, answers(clauses, v))
		}
		for _, v := range f.values {
			if a := answers(clauses, v); !slices.Contains(known, a) {
				t.Fatalf("Representatives(%v) = %v lacks one with the answers %s of %s", clauses, representatives, a, v)
			}
		}
	}
}

func TestRepresentativesAreReadAsWhatTheyStandFor(t *testing.T) {
	tests := []struct {
		operator string
		wanted   []string
	}{
		{"NumericEquals", []string{"5", "5.5", "-0.001"}},
		{"DateEquals", []string{"0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "-99999999999", "253402300800"}},
		{"IpAddress", []string{"0.0.0.0/0", "::/0", "255.255.255.255/32"}},
	}
	for _, test := range tests {
		clause := clauseOf(t, test.operator, test.wanted...)
		texts, ok := Representatives([]*Clause{clause})
		if !ok {
			t.Fatalf("Representatives(%v) gives up", clause)
		}
		for _, text := range texts {
			if err := clause.Operator.Base.CheckValue(text); err != nil {
				t.Errorf("Representatives(%v) has %q: %v", clause, text, err)
			}
		}
	}
	if texts, ok := Representatives([]*Clause{clauseOf(t, "NumericEquals", "1e9000")}); ok {
		t.Errorf("Representatives of 1e9000 = %v, want none", texts)
	}
}
