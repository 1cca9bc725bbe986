package resource

import (
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/trust"
)

// A Reading is a reading that can read what a resource shares.
type Reading struct {
	trust.Reading
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *trust.New(l, text, o)}
}
