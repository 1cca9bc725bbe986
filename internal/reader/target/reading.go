package target

import (
	"github.com/aegis-iam/aegis/internal/reader/constrain"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// A Reading is a reading that can tell which resources are meant.
type Reading struct {
	constrain.Reading

	Recall func() // brings in what a conversation already has, before anything is read
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *constrain.New(l, text, o)}
}
