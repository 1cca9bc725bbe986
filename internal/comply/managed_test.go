package comply_test

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/policy/policytest"
)

// Of the managed policies of AWS every check is decided, and those fail that are known to.
func TestManagedPolicies(t *testing.T) {
	c := checker()
	fails := map[string]int{}
	failing := map[string]map[string]bool{}
	for _, p := range policytest.Managed(t) {
		name := p.Name
		report, err := c.Run(p.Versions[0], policy.IdentityBased, comply.Frameworks())
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
	all := policytest.Managed(b)
	c := checker()
	for b.Loop() {
		for _, p := range all {
			if _, err := c.Run(p.Versions[0], policy.IdentityBased, comply.Frameworks()); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "µs/policy")
}
