package verify

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify/mutate"
)

// An Idle is a part of a document that can be taken away without any test noticing.
type Idle struct {
	Statement int    // index of the statement
	Part      string // what was taken away: "action s3:GetObject dropped"
	Reason    string // why it changes nothing; empty: the part is not proved to be needed
}

// Ablate takes away each action, resource, condition, value and principal of a document, one
// at a time, and returns those whose absence no test notices. A document is minimal if it has
// no idle part without a reason. Parts with a reason are redundant or imply each other.
func Ablate(doc *policy.Document, tests []Test, kind policy.Kind, c *catalog.Catalog) []Idle {
	var idle []Idle
	for _, m := range mutate.Mutants(doc, c) {
		_, part, _ := strings.Cut(m.Name, ": ")
		if !strings.Contains(part, " dropped") || fails(tests, m.Document, kind) {
			continue
		}
		idle = append(idle, Idle{Statement: m.Statement, Part: part, Reason: m.Equivalent})
	}
	return idle
}
