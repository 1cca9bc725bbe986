package followup

import (
	"github.com/aegis-iam/aegis/internal/reader/request"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// A reading is that of words which may be a turn, or a part of one.
type reading struct {
	request.Reading
}

// newReading begins the reading of a text.
func newReading(l *sentence.Library, text string, o sentence.Options) *reading {
	return &reading{Reading: *request.New(l, text, o)}
}
