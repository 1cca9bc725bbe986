package compare_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/policy/policytest"
)

// A managedPolicy is a managed policy of AWS with its document and the one before it, if there
// was one.
type managedPolicy struct {
	name             string
	document, before *policy.Document
}

// managedPolicies returns the managed policies whose newest versions can be read.
func managedPolicies(tb testing.TB) []managedPolicy {
	tb.Helper()
	var out []managedPolicy
	for _, p := range policytest.Managed(tb) {
		m := managedPolicy{name: p.Name}
		var err error
		if m.document, err = policy.Parse([]byte(p.Versions[0])); err != nil {
			continue // some are kept as AWS shows them, with mistakes
		}
		for _, text := range p.Versions[1:] {
			if d, err := policy.Parse([]byte(text)); err == nil {
				m.before = d
				break
			}
		}
		out = append(out, m)
	}
	if len(out) < 1500 {
		tb.Fatalf("%d managed policies can be read, want 1,500", len(out))
	}
	return out
}

func one(d *policy.Document) compare.Access { return compare.One(policy.IdentityBased, d) }

func subsumes(tb testing.TB, old, new *policy.Document) compare.Answer {
	tb.Helper()
	answer, err := comparer.Subsumes(one(old), one(new), compare.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return answer
}

// Each managed policy allows what it allows, and 3,000 pairs are decided; a counterexample was
// decided by package evaluate already.
func TestManagedPolicies(t *testing.T) {
	all := managedPolicies(t)
	for _, m := range all {
		if a := subsumes(t, m.document, m.document); a.Verdict != compare.Proved {
			t.Errorf("%s against itself: %v: %s %+v", m.name, a.Verdict, a.Reason, a.Request)
		}
	}
	counts := map[compare.Verdict]int{}
	decide := func(name string, old, new *policy.Document) {
		a := subsumes(t, old, new)
		counts[a.Verdict]++
		if a.Verdict == compare.Unknown {
			t.Errorf("%s: unknown: %s", name, a.Reason)
		}
	}
	r := rand.New(rand.NewPCG(11, 1))
	for range 3000 {
		a, b := all[r.IntN(len(all))], all[r.IntN(len(all))]
		decide(b.name+" against "+a.name, a.document, b.document)
	}
	for _, m := range all {
		if m.before != nil {
			decide(m.name+" against its version before", m.before, m.document)
		}
	}
	t.Logf("%d policies, pairs by verdict: %v", len(all), counts)
}

// BenchmarkManagedPairs compares random pairs of managed policies, reading them included.
func BenchmarkManagedPairs(b *testing.B) {
	all := managedPolicies(b)
	r := rand.New(rand.NewPCG(11, 1))
	var took []time.Duration
	b.ResetTimer()
	for range b.N {
		x, y := all[r.IntN(len(all))], all[r.IntN(len(all))]
		start := time.Now()
		subsumes(b, x.document, y.document)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "max-ms")
}
