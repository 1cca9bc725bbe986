package app

import (
	"slices"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
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
