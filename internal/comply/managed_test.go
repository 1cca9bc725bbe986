package comply_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/policy"
)

// managed returns the documents of the managed policies of AWS by name, in their newest versions,
// from the package that tools/managed pins.
func managed(tb testing.TB) map[string]string {
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
	out := map[string]string{}
	for name, p := range all {
		out[name] = string(p.Versions[p.LatestVersionID].Document)
	}
	return out
}

// Of the managed policies of AWS every check is decided, and those fail that are known to.
func TestManagedPolicies(t *testing.T) {
	c := checker()
	fails := map[string]int{}
	failing := map[string]map[string]bool{}
	for name, text := range managed(t) {
		report, err := c.Run(text, policy.IdentityBased, comply.Frameworks())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		failing[name] = map[string]bool{}
		for _, o := range report.Failures() {
			fails[o.Check]++
			failing[name][o.Check] = true
			if o.Witness == nil || o.Line == 0 {
				t.Errorf("%s fails %s without request or line", name, o.Check)
			}
		}
		eachOutcome(report, func(o comply.Outcome) {
			if len(o.Message) > 11 && o.Message[:11] == "not decided" {
				t.Errorf("%s: %s is %s", name, o.Check, o.Message)
			}
		})
	}
	t.Logf("of %d policies fail: %v", len(failing), fails)
	for name, checks := range map[string][]string{
		"AdministratorAccess":     {"full-admin", "service-wildcard", "kms-decrypt-all", "privilege-escalation"},
		"PowerUserAccess":         {"service-wildcard", "kms-decrypt-all", "cloudtrail-all"},
		"AmazonS3FullAccess":      {"service-wildcard"},
		"AWSCloudShellFullAccess": {"cloudshell-all"},
	} {
		for _, check := range checks {
			if !failing[name][check] {
				t.Errorf("%s does not fail %s", name, check)
			}
		}
	}
	for name, check := range map[string]string{"PowerUserAccess": "full-admin", "AmazonS3ReadOnlyAccess": "service-wildcard", "AWSDenyAll": "full-admin", "IAMFullAccess": "full-admin"} {
		if failing[name][check] {
			t.Errorf("%s fails %s", name, check)
		}
	}
}

func eachOutcome(report *comply.Report, do func(comply.Outcome)) {
	for _, f := range report.Frameworks {
		for _, c := range f.Controls {
			for _, o := range c.Outcomes {
				do(o)
			}
		}
	}
}

func BenchmarkManagedPolicies(b *testing.B) {
	all := managed(b)
	c := checker()
	for b.Loop() {
		for _, text := range all {
			if _, err := c.Run(text, policy.IdentityBased, comply.Frameworks()); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "µs/policy")
}
