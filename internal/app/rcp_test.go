package app

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
)

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
