// Package origin reads the conditions on where, when and by whom a request to AWS is made, and has
// what all scanners of conditions share.
package origin

import (
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// A Reading is a reading that can read conditions on the origin of a call.
type Reading struct {
	object.Reading
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *object.New(l, text, o)}
}
