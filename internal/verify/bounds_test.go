package verify

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/mutate"
)

// TestCorpusWithinBounds proves every document of the corpus, and finds a request for nearly every
// change that can matter.
func TestCorpusWithinBounds(t *testing.T) {
	c := compare.New(catalog.Default())
	noticed, all := map[policy.Kind]int{}, map[policy.Kind]int{}
	found, sum := 0, 0
	for _, s := range specimens(t) {
		bounds := boundsOf(&s.Intent, catalog.Default())
		if p := bounds.prove(s.Document, c); p.Verdict != compare.Proved {
			t.Errorf("%s: Prove = %s %s: %+v, excess %v", s.Name, p.Verdict, p.Reason, p.Request, p.Excess)
			continue
		}
		for _, m := range mutate.Mutants(s.Document, catalog.Default()) {
			if m.Equivalent != "" {
				continue // some of these allow more in another partition
			}
			all[s.Intent.Kind]++
			sum++
			if p := bounds.prove(m.Document, c); p.Verdict == compare.Counterexample {
				noticed[s.Intent.Kind]++
				found++
			} else {
				t.Logf("%s: not noticed: %s: %s %s", s.Name, m.Name, p.Verdict, p.Reason)
			}
		}
	}
	for kind, n := range all {
		t.Logf("%-10s noticed %d of %d", kind, noticed[kind], n)
	}
	const want = 0.99
	if share := float64(found) / float64(sum); sum < 1000 || share < want {
		t.Errorf("%.4f of %d changes are noticed, want at least %v", share, sum, want)
	}
}
