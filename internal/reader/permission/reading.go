// Package permission reads who may do what: the grants that the units of a request stand for.
package permission

import (
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/wording"
)

// A Reading is a reading that can read permissions.
type Reading struct {
	wording.Reading

	api   *intent.Grant // calls of an API, read as a whole
	verbs []saying      // what every verb was read as
}

// A saying is a verb with what it was read as.
type saying struct {
	verb     sentence.Verb
	sentence int
	aside    bool
	grants   []intent.Grant
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *wording.New(l, text, o)}
}
