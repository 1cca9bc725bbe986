package lexicon

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
)

// TestGuards holds the wordings of guards to the catalog.
func TestGuards(t *testing.T) {
	g, err := parseGuards(guardsText)
	if err != nil {
		t.Fatalf("parseGuards: %v", err)
	}
	c := catalog.Default()
	seen := map[string]bool{}
	for _, task := range g.Tasks {
		if seen[task.Name] {
			t.Errorf("task %s stands twice", task.Name)
		}
		seen[task.Name] = true
		checkTask(t, c, task)
		for _, w := range task.Where {
			if _, ok := c.Key(w.Key); !ok {
				t.Errorf("task %s: unknown condition key %s", task.Name, w.Key)
			}
		}
	}
	for key, actions := range g.holds {
		for _, a := range actions {
			if len(c.Expand(a)) == 0 {
				t.Errorf("holds %s: unknown action %s", key, a)
			}
		}
	}
	for _, list := range []string{"forbid", "negation", "oblige", "permit", "exempt", "usage", "generic", "harm", "newly", "global", "rcp"} {
		if len(g.List(list)) == 0 {
			t.Errorf("list %s is empty", list)
		}
	}
}
