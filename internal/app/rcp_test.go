package app

import (
	"slices"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// The reader's list of the services that resource control policies reach is that of the catalog,
// which has it from AWS: a service that AWS adds comes with the next catalog and is missed here.
func TestReachOfResourceControlPolicies(t *testing.T) {
	c := catalog.Default()
	var want []string
	for _, prefix := range c.Prefixes() {
		if s, ok := c.Service(prefix); ok && s.RCP {
			want = append(want, prefix)
		}
	}
	slices.Sort(want)
	if got := lexicon.DefaultGuards().List("rcp"); !slices.Equal(got, want) {
		t.Errorf("list rcp of guards.txt = %q,\nwant %q", got, want)
	}
}

// TestServicesOfRCPs: the services that the evaluator takes resource control policies to reach
// are those of the catalog, which package evaluate does not read.
func TestServicesOfRCPs(t *testing.T) {
	reached := 0
	for _, prefix := range catalog.Default().Prefixes() {
		s, ok := catalog.Default().Service(prefix)
		if !ok {
			t.Fatalf("no service %s", prefix)
		}
		if got := evaluate.SupportsRCP(prefix + ":X"); got != s.RCP {
			t.Errorf("SupportsRCP(%s) = %v, the catalog says %v", prefix, got, s.RCP)
		}
		if s.RCP {
			reached++
		}
	}
	if reached < 60 {
		t.Errorf("%d services are reached, want at least 60", reached)
	}
}
