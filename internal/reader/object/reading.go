// Package object reads what the verbs of a request act on: units of verbs and objects, what kind of
// resource a name belongs to, which conditions hold for which unit, and the account and the region
// of the resources.
package object

import (
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// A Reading is a reading that knows what the verbs of a request act on, and its conditions.
type Reading struct {
	sentence.Reading

	Where []Condition
	Units []Unit
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *sentence.New(l, text, o)}
}
