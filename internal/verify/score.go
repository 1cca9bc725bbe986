package verify

import (
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/mutate"
)

// A Tally says how many changes of a document its tests notice.
type Tally struct {
	Killed     int // noticed
	Equivalent int // not noticed, and cannot be: see mutate.Mutant
	Survived   []mutate.Mutant
}

// Share returns the share of the changes that the tests notice, of those that can be; 1 if
// there are none.
func (t Tally) Share() float64 {
	all := t.Killed + len(t.Survived)
	if all == 0 {
		return 1
	}
	return float64(t.Killed) / float64(all)
}

// Add adds the counts of another tally.
func (t *Tally) Add(o Tally) {
	t.Killed += o.Killed
	t.Equivalent += o.Equivalent
	t.Survived = append(t.Survived, o.Survived...)
}

// Score runs the tests against every mutant of a document. A mutant that a rule holds for
// equivalent but that fails a test counts as noticed.
func Score(tests []Test, doc *policy.Document, kind policy.Kind, c *catalog.Catalog) Tally {
	var t Tally
	for _, m := range mutate.Mutants(doc, c) {
		switch {
		case fails(tests, m.Document, kind):
			t.Killed++
		case m.Equivalent != "":
			t.Equivalent++
		default:
			t.Survived = append(t.Survived, m)
		}
	}
	return t
}
