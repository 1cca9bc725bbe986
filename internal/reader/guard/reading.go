package guard

import (
	"github.com/aegis-iam/aegis/internal/reader/permission"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// A Reading is a reading that can read what is forbidden.
type Reading struct {
	permission.Reading
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *permission.New(l, text, o)}
}
