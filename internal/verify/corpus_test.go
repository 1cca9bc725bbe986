package verify

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/mutate"
)

// A specimen is an intent with a document that says what it asks.
type specimen struct {
	Name     string           `json:"name"`
	Intent   intent.Intent    `json:"intent"`
	Document *policy.Document `json:"document"`
}

// specimens reads testdata/corpus.jsonl: intents of all kinds, with documents.
func specimens(tb testing.TB) []specimen {
	tb.Helper()
	data, err := os.ReadFile("testdata/corpus.jsonl")
	if err != nil {
		tb.Fatal(err)
	}
	var out []specimen
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s specimen
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			tb.Fatalf("specimen %d: %v", len(out)+1, err)
		}
		out = append(out, s)
	}
	return out
}

func TestCorpusPasses(t *testing.T) {
	kinds := map[policy.Kind]int{}
	for _, s := range specimens(t) {
		kinds[s.Intent.Kind]++
		tests := Tests(s.Intent, catalog.Default())
		allow, deny := 0, 0
		for i := range tests {
			if tests[i].Allow {
				allow++
			} else {
				deny++
			}
		}
		if allow == 0 || deny == 0 || len(tests) > MaxTests {
			t.Errorf("%s: Tests gave %d to allow and %d to deny", s.Name, allow, deny)
		}
		for _, f := range Run(tests, s.Document, s.Intent.Kind) {
			t.Errorf("%s: %s %v", s.Name, f, f.Test.Request.Context)
		}
		if again := Tests(s.Intent, catalog.Default()); !reflect.DeepEqual(tests, again) {
			t.Errorf("%s: Tests differ from one call to the next", s.Name)
		}
	}
	for _, k := range []policy.Kind{policy.IdentityBased, policy.Trust, policy.ResourceBased, policy.ServiceControl, policy.ResourceControl, policy.PermissionsBoundary} {
		if kinds[k] == 0 {
			t.Errorf("the corpus has no %s policy", k)
		}
	}
}

// TestCorpusScore holds the tests to noticing what is changed in a document: nearly every
// change that can matter, and none of those that a rule calls equivalent.
func TestCorpusScore(t *testing.T) {
	var all Tally
	byKind := map[policy.Kind]*Tally{}
	for _, s := range specimens(t) {
		tests := Tests(s.Intent, catalog.Default())
		tally := Score(tests, s.Document, s.Intent.Kind, catalog.Default())
		all.Add(tally)
		if byKind[s.Intent.Kind] == nil {
			byKind[s.Intent.Kind] = &Tally{}
		}
		byKind[s.Intent.Kind].Add(tally)
		for _, m := range tally.Survived {
			t.Logf("%s: not noticed: %s", s.Name, m.Name)
		}
		for _, m := range mutate.Mutants(s.Document, catalog.Default()) {
			if m.Equivalent != "" && fails(tests, m.Document, s.Intent.Kind) {
				t.Errorf("%s: %s is called equivalent (%s), yet a test fails", s.Name, m.Name, m.Equivalent)
			}
		}
	}
	for kind, tally := range byKind {
		t.Logf("%-10s noticed %d, equivalent %d, not noticed %d: %.1f%%", kind, tally.Killed, tally.Equivalent, len(tally.Survived), 100*tally.Share())
	}
	const want = 0.99
	if all.Share() < want {
		t.Errorf("Score = %.4f of %d changes, want at least %v", all.Share(), all.Killed+len(all.Survived), want)
	}
}

func BenchmarkTests(b *testing.B) {
	list := specimens(b)
	c := catalog.Default()
	total := 0
	for _, s := range list {
		total += len(Tests(s.Intent, c))
	}
	b.ReportMetric(float64(total)/float64(len(list)), "tests/intent")
	b.ResetTimer()
	for i := range b.N {
		s := &list[i%len(list)]
		tests := Tests(s.Intent, c)
		if len(Run(tests, s.Document, s.Intent.Kind)) > 0 {
			b.Fatal(s.Name)
		}
	}
}
