// Package explain says in English what a policy document does. It reads the document alone:
// the same document gives the same text, whoever asked for it in whatever words.
package explain

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Register is how much an explanation says.
type Register int

// The registers. Short is one sentence a statement; Full names who, which actions by access
// level, which resources, every condition with its traps, and what is not granted.
const (
	Short Register = iota
	Full
)

// An Explanation is a document in English. It holds no line breaks outside Text.
type Explanation struct {
	Summary    string      `json:"summary"`
	Statements []Statement `json:"statements"` // one for each statement, in their order
}

// A Statement is one statement in English. Only the register Full fills the parts below Text.
type Statement struct {
	Sid      string          `json:"sid,omitempty"`
	Effect   policy.Effect   `json:"effect"`
	Position policy.Position `json:"position"`
	Text     string          `json:"text"` // one sentence; never empty

	Who        string   `json:"who,omitempty"`        // empty: whom the policy is attached to
	Actions    []string `json:"actions,omitempty"`    // one entry a service, or what is excepted
	Resources  []string `json:"resources,omitempty"`  // one entry a resource
	Conditions []string `json:"conditions,omitempty"` // all must hold
	Notes      []string `json:"notes,omitempty"`      // what a reader may take wrongly
}

// Document explains a document as a policy of the kind, in a register. It explains any
// document, also one with defects, and never changes it. It may run concurrently.
func Document(d *policy.Document, kind policy.Kind, c *catalog.Catalog, r Register) Explanation {
	w := &writer{
		catalog: c, kind: kindOf(kind), register: r,
		variables: d.Version == policy.Version2012, work: new(int),
	}
	e := Explanation{Statements: make([]Statement, len(d.Statements))}
	for i := range d.Statements {
		e.Statements[i] = w.statement(&d.Statements[i])
	}
	e.Summary = w.summary(d)
	return e
}

// Text returns the explanation as plain text: the summary, then the statements, numbered from
// 1, with their parts as indented lists. Lines are not wrapped.
func (e Explanation) Text() string {
	var b strings.Builder
	b.WriteString(e.Summary)
	b.WriteString("\n")
	for i := range e.Statements {
		s := &e.Statements[i]
		fmt.Fprintf(&b, "\n%d. ", i+1)
		if s.Sid != "" {
			b.WriteString(shown(s.Sid) + ": ")
		}
		b.WriteString(s.Text)
		b.WriteString("\n")
		if s.Who != "" {
			b.WriteString("   Who: " + s.Who + "\n")
		}
		writeList(&b, "Actions", s.Actions)
		writeList(&b, "Resources", s.Resources)
		writeList(&b, "Conditions, all of which must hold", s.Conditions)
		writeList(&b, "Note", s.Notes)
	}
	return b.String()
}

func writeList(b *strings.Builder, title string, items []string) {
	if len(items) == 0 {
		return
	}
	b.WriteString("   " + title + ":\n")
	for _, item := range items {
		b.WriteString("   - " + item + "\n")
	}
}

// A writer puts the statements of one document into words.
type writer struct {
	catalog   *catalog.Catalog
	kind      kindWords
	register  Register
	variables bool // the document's version has policy variables
	work      *int // how much was looked up so far
}

// full picks the text of a register.
func (w *writer) full(full, short string) string {
	if w.register == Full {
		return full
	}
	return short
}

// limit is how many items of a list the register names.
func (w *writer) limit() int {
	if w.register == Full {
		return 30
	}
	return 4
}
