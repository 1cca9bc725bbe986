package trust

import (
	"github.com/aegis-iam/aegis/internal/reader/party"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// A Reading is a reading that can read who may assume a role.
type Reading struct {
	party.Reading
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *party.New(l, text, o)}
}
