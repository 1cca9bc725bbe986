package request

import (
	"github.com/aegis-iam/aegis/internal/reader/resource"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// A Reading is the reading of a whole request of any kind.
type Reading struct {
	resource.Reading

	finished bool // sentence by sentence, each with its ledger
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *resource.New(l, text, o)}
}
