// Package wording matches the verbs of a request and their objects with the wordings of a service:
// the tasks of the lexicon and the names of its actions.
package wording

import (
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/target"
)

// A Reading is a reading that can match its words with wordings.
type Reading struct {
	target.Reading
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *target.New(l, text, o)}
}
