package lexicon

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
)

// TestTasks holds every task to the catalog: what it grants exists, and it says why.
func TestTasks(t *testing.T) {
	l := Default()
	c := catalog.Default()
	tasks := 0
	for _, prefix := range l.Prefixes() {
		s, _ := l.Service(prefix)
		service, ok := c.Service(prefix)
		if !ok {
			t.Errorf("%s: no such service in the catalog", prefix)
			continue
		}
		if _, err := parseTasks(prefix, s.source); err != nil {
			t.Errorf("%s: %v", prefix, err)
		}
		for typ := range s.Nouns {
			if _, ok := service.Resource(typ); !ok {
				t.Errorf("%s: noun of unknown resource type %q", prefix, typ)
			}
		}
		for _, task := range s.Tasks() {
			tasks++
			checkTask(t, c, task)
		}
	}
	if tasks < 600 {
		t.Errorf("the phrasebook has %d tasks, want 600 or more", tasks)
	}
}

func checkTask(t *testing.T, c *catalog.Catalog, task *Task) {
	id := task.Service + "/" + task.Name
	if len(task.Says) == 0 || len(task.Do) == 0 || task.Why == "" || task.Page == "" {
		t.Errorf("%s: say, do, why and page are all needed", id)
	}
	for _, d := range task.Do {
		for _, a := range d.Actions {
			if _, ok := c.Action(a); !ok {
				t.Errorf("%s: unknown action %s", id, a)
			}
		}
	}
	for _, w := range task.With {
		if _, ok := c.Action(w.Action); !ok {
			t.Errorf("%s: unknown companion %s", id, w.Action)
		}
	}
}
