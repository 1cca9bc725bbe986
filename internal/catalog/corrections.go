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

//go:embed needs.tsv
var needsTSV string

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

// needs are the resource types, as service:action/type in lower case, that a call names although
// the Service Authorization Reference calls them optional.
var needs = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, row := range tsv.Rows(needsTSV, 5) {
		all[strings.ToLower(row[0]+":"+row[1]+"/"+row[2])] = true
	}
	return all
})

// needed says that a call of an action, s3:GetObject, names a resource of the type, whatever the
// Service Authorization Reference says.
func needed(action string, t *ResourceType) bool {
	return needs()[strings.ToLower(action+"/"+t.Name)]
}
