package compare_test

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

func compiled(tb testing.TB, a compare.Access) [][]*evaluate.Policy {
	tb.Helper()
	var out [][]*evaluate.Policy
	for _, l := range a {
		var policies []*evaluate.Policy
		for _, d := range l.Documents {
			p, err := evaluate.Compile(d, l.Kind)
			if err != nil {
				tb.Fatalf("%s: %v", show(d), err)
			}
			policies = append(policies, p)
		}
		out = append(out, policies)
	}
	return out
}

func allows(layers [][]*evaluate.Policy, r evaluate.Request) bool {
	for _, policies := range layers {
		if evaluate.Evaluate(r, policies...) != evaluate.Allowed {
			return false
		}
	}
	return true
}

// checked compares two sides and holds the answer to the evaluator: a counterexample is allowed
// on the one side only, and of what is proved no request that was made at random is.
func checked(t *testing.T, m *maker, old, new compare.Access, o compare.Options) compare.Answer {
	t.Helper()
	answer, err := comparer.Subsumes(old, new, o)
	if err != nil {
		t.Fatal(err)
	}
	before, after := compiled(t, old), compiled(t, new)
	describe := func() string { return show(old[0].Documents[0]) + "\n" + show(new[0].Documents[0]) }
	switch answer.Verdict {
	case compare.Counterexample:
		if r := answer.Request; !allows(after, r) || allows(before, r) {
			t.Fatalf("the counterexample %+v is none:\n%s", r, describe())
		}
	case compare.Proved:
		from := new[0].Documents[0].Statements
		for range min(40, 40*len(from)) {
			r := m.directed(&from[m.IntN(len(from))])
			if allows(after, r) && !allows(before, r) {
				t.Fatalf("proved, but there is %+v:\n%s", r, describe())
			}
		}
	case compare.Unknown:
	}
	return answer
}

// Counterexamples are real and proofs hold, for pairs made at random, half of them one change
// apart.
func TestAnswersHold(t *testing.T) {
	tests := []struct {
		name       string
		kind       policy.Kind
		variables  bool
		principals bool
		open       bool
		pairs      int
		unknown    int // at most so many
	}{
		{"identity", policy.IdentityBased, false, false, false, 800, 8},
		{"future", policy.IdentityBased, false, false, true, 400, 8},
		{"resource", policy.ResourceBased, false, true, false, 400, 8},
		{"variables", policy.IdentityBased, true, false, false, 200, 10},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := newMaker(uint64(i))
			m.variables, m.principals = test.variables, test.principals
			counts := map[compare.Verdict]int{}
			pairs := test.pairs
			if testing.Short() {
				pairs /= 10
			}
			for n := range pairs {
				old := m.document()
				new := m.document()
				if n%2 == 0 {
					new = m.mutated(old)
				}
				if n%4 == 0 {
					old, new = new, old
				}
				answer := checked(t, m, compare.One(test.kind, old), compare.One(test.kind, new), compare.Options{Open: test.open})
				counts[answer.Verdict]++
			}
			t.Log(counts)
			if counts[compare.Unknown] > test.unknown || counts[compare.Proved] < pairs/10 || counts[compare.Counterexample] < pairs/10 {
				t.Errorf("answers by verdict: %v", counts)
			}
		})
	}
}
