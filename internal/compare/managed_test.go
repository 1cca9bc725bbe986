package compare_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A managedPolicy is a managed policy of AWS with its document and the one before it, if there
// was one.
type managedPolicy struct {
	name             string
	document, before *policy.Document
}

// managedPolicies reads the package that tools/managed pins.
func managedPolicies(tb testing.TB) []managedPolicy {
	tb.Helper()
	folder := os.Getenv("AEGIS_MANAGED_POLICIES")
	if folder == "" {
		tb.Skip("AEGIS_MANAGED_POLICIES does not name the folder of the package that tools/managed/README.md has installed")
	}
	data, err := os.ReadFile(filepath.Join(folder, "dist", "managedPolicies.json"))
	if err != nil {
		tb.Fatal(err)
	}
	var all map[string]struct {
		LatestVersionID string `json:"latestVersionId"`
		Versions        map[string]struct {
			Document json.RawMessage `json:"document"`
			Created  time.Time       `json:"createdDate"`
		} `json:"versions"`
	}
	if err := json.Unmarshal(data, &all); err != nil {
		tb.Fatal(err)
	}
	var out []managedPolicy
	for name, p := range all {
		m := managedPolicy{name: name}
		latest := p.Versions[p.LatestVersionID]
		if m.document, err = policy.Parse(latest.Document); err != nil {
			continue // some are kept as AWS shows them, with mistakes
		}
		var before time.Time
		for _, v := range p.Versions {
			if v.Created.Before(latest.Created) && v.Created.After(before) {
				if d, err := policy.Parse(v.Document); err == nil {
					m.before, before = d, v.Created
				}
			}
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b managedPolicy) int {
		if a.name < b.name {
			return -1
		}
		return 1
	})
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
