package catalog

import (
	_ "embed" // the table of corrections
	"slices"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/tsv"
)

//go:embed corrections.tsv
var correctionsTSV string

// A Correction says which ARN formats a policy must use for a resource type where
// those of the Service Authorization Reference do not match what IAM compares.
type Correction struct {
	Service  string
	Resource string
	Actions  []string // names without the prefix; empty: all that no earlier correction names
	ARNs     []string
	Reason   string
	Source   string // the page that says so
}

var corrections = sync.OnceValue(func() []Correction {
	var all []Correction
	for _, row := range tsv.Rows(correctionsTSV, 6) {
		c := Correction{
			Service: row[0], Resource: row[1],
			ARNs: strings.Fields(row[3]), Reason: row[4], Source: row[5],
		}
		if row[2] != "*" {
			c.Actions = strings.Split(row[2], ",")
		}
		all = append(all, c)
	}
	return all
})

// Corrections returns the table, in its order.
func Corrections() []Correction { return slices.Clone(corrections()) }

// ARNs returns the formats in which a policy names resources of type t for the
// action: those of the type, or the correction's.
func (a *Action) ARNs(t *ResourceType) []string {
	if c, ok := a.Correction(t); ok {
		return c.ARNs
	}
	return t.ARNs
}

// Correction returns the correction that holds for the action on resources of type t.
func (a *Action) Correction(t *ResourceType) (Correction, bool) {
	for _, c := range corrections() {
		if c.Service == t.Service && strings.EqualFold(c.Resource, t.Name) &&
			(len(c.Actions) == 0 || slices.Contains(c.Actions, a.Name)) {
			return c, true
		}
	}
	return Correction{}, false
}
