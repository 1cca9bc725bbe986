package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/policy/policytest"
)

// managed returns the newest versions of the managed policies of AWS.
func managed(tb testing.TB) []string {
	tb.Helper()
	var out []string
	for _, p := range policytest.Managed(tb) {
		out = append(out, p.Versions[0])
	}
	return out
}

// What AWS writes itself is mostly right: rules that stand for checks of IAM Access Analyzer find
// errors and security warnings in few of its policies.
func TestManagedPoliciesAreMostlyClean(t *testing.T) {
	all := managed(t)
	l := linter(rules.All())
	dirty := 0
	counts := map[string]int{}
	for _, text := range all {
		found := l.Run(text, policy.IdentityBased)
		serious := slices.DeleteFunc(found, func(f finding.Finding) bool { return f.Alias == "" || f.Severity < finding.Security })
		if len(serious) > 0 {
			dirty++
		}
		for _, f := range serious {
			counts[f.Rule]++
		}
	}
	t.Logf("%d of %d managed policies: %v", dirty, len(all), counts)
	if 10*dirty > len(all) {
		t.Errorf("errors or security warnings in %d of %d managed policies, want at most a tenth: %v", dirty, len(all), counts)
	}
}

// BenchmarkManaged lints all managed policies: with the rules of grammar and catalog, which ask no
// questions about requests, and with all.
func BenchmarkManaged(b *testing.B) {
	all := managed(b)
	plain, full := linter(rules.All()), linter(rules.All())
	plain.Open, plain.Covers = nil, nil
	for _, bench := range []struct {
		name string
		run  func(string)
	}{
		{"plain", func(text string) { plain.Run(text, policy.IdentityBased) }},
		{"all", func(text string) { full.Run(text, policy.IdentityBased) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				for _, text := range all {
					bench.run(text)
				}
			}
			b.ReportMetric(float64(len(all)*b.N)/b.Elapsed().Seconds(), "policies/s")
		})
	}
}

// Any text is linted without a crash, and each finding lies in it.
func FuzzRun(f *testing.F) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range archives {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range strings.Split(string(text), "-- ")[1:] {
			if _, body, ok := strings.Cut(part, " --\n"); ok && strings.HasPrefix(body, "{") {
				f.Add(body, uint8(0))
			}
		}
	}
	kinds := []policy.Kind{
		policy.IdentityBased, policy.Trust, policy.ResourceBased, policy.ServiceControl, policy.ResourceControl, policy.PermissionsBoundary, policy.SessionPolicy,
	}
	l := linter(rules.All())
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		if len(text) > 2000 {
			t.Skip()
		}
		lines := strings.Count(text, "\n") + 1
		for _, x := range l.Run(text, kinds[int(kind)%len(kinds)]) {
			if x.Position.Line > lines || x.Message == "" {
				t.Errorf("finding %+v of a text of %d lines", x, lines)
			}
		}
	})
}
