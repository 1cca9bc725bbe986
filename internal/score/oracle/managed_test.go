package oracle_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

// A managed is a managed policy of AWS.
type managed struct {
	name     string
	document *policy.Document
}

// managedPolicies reads the package that tools/managed pins.
func managedPolicies(tb testing.TB) []managed {
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
		} `json:"versions"`
	}
	if err := json.Unmarshal(data, &all); err != nil {
		tb.Fatal(err)
	}
	var out []managed
	for name, p := range all {
		if d, err := policy.Parse(p.Versions[p.LatestVersionID].Document); err == nil {
			out = append(out, managed{name, d})
		}
	}
	slices.SortFunc(out, func(a, b managed) int { return strings.Compare(a.name, b.name) })
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
