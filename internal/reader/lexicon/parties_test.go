package lexicon

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
)

// TestParties holds the data to the catalog: every action of an owner exists, every provider
// has a host, a name and, unless STS knows it, a way to write subjects.
func TestParties(t *testing.T) {
	p := DefaultParties()
	c := catalog.Default()
	for _, o := range p.Owners {
		s, ok := c.Service(o.Service)
		if !ok {
			t.Errorf("owner %s: no such service", o.Service)
			continue
		}
		if _, ok := s.Resource(o.Type); !ok {
			t.Errorf("owner %s %s: no such resource type", o.Service, o.Type)
		}
		lists := [][]string{o.Any}
		for _, l := range o.Says {
			lists = append(lists, l)
		}
		for _, l := range o.Gives {
			lists = append(lists, l)
		}
		for _, l := range lists {
			for _, a := range l {
				if len(c.Expand(a)) == 0 {
					t.Errorf("owner %s %s: no action %s", o.Service, o.Type, a)
				}
			}
		}
	}
	for _, v := range p.Providers {
		if v.Host == "" || len(v.Names) == 0 || len(v.Subjects) == 0 && !v.Builtin {
			t.Errorf("provider %s: host, name and subject are all needed", v.Name)
		}
	}
}
