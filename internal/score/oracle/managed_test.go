package oracle_test

import (
	"fmt"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/policy/policytest"
)

// A managed is a managed policy of AWS.
type managed struct {
	name     string
	document *policy.Document
}

// managedPolicies returns the managed policies whose newest versions can be read.
func managedPolicies(tb testing.TB) []managed {
	tb.Helper()
	var out []managed
	for _, p := range policytest.Managed(tb) {
		if d, err := policy.Parse([]byte(p.Versions[0])); err == nil {
			out = append(out, managed{p.Name, d})
		}
	}
	if len(out) < 1500 {
		tb.Fatalf("%d managed policies can be read, want 1,500", len(out))
	}
	return out
}

// Every managed policy has a score, each lost point a witness, and everything is decided.
func TestManagedPolicies(t *testing.T) {
	s := newScorer()
	grades, lost := map[string]int{}, map[string]int{}
	for _, m := range managedPolicies(t) {
		r := scoreOf(t, s, m.document)
		checkShown(t, m.document, r)
		grades[r.Grade]++
		for _, c := range r.Failed() {
			lost[c.ID]++
		}
		if want, ok := wellKnown[m.name]; ok && fmt.Sprint(r.Score, " ", r.Grade) != want {
			t.Errorf("%s scores %d %s, want %s: it fails %s", m.name, r.Score, r.Grade, want, failed(r))
		}
	}
	t.Logf("grades: %v, failed controls: %v", grades, lost)
	if grades["A"] < 100 || grades["F"] < 20 {
		t.Errorf("grades: %v: the score tells no policies apart", grades)
	}
}

// wellKnown are scores of managed policies that people know.
var wellKnown = map[string]string{
	"AdministratorAccess":         "0 F",
	"PowerUserAccess":             "25 F",
	"ReadOnlyAccess":              "60 D",
	"SecurityAudit":               "80 B",
	"AWSDenyAll":                  "100 none",
	"AWSLambdaBasicExecutionRole": "70 C",
	"IAMFullAccess":               "25 F",
}

// BenchmarkManaged scores all managed policies.
func BenchmarkManaged(b *testing.B) {
	s := newScorer()
	all := managedPolicies(b)
	b.ResetTimer()
	for b.Loop() {
		for _, m := range all {
			scoreOf(b, s, m.document)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*len(all)), "ms/policy")
}
