// Package constrain reads the conditions of a request: one scanner for each kind of condition,
// which takes the tokens that it has read.
package constrain

import (
	"github.com/aegis-iam/aegis/internal/reader/origin"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// A Reading is a reading that can read conditions.
type Reading struct {
	origin.Reading
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *origin.New(l, text, o)}
}
