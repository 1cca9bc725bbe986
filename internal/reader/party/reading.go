// Package party reads whom a request speaks about: services, accounts, roles and users.
package party

import (
	"github.com/aegis-iam/aegis/internal/reader/guard"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// A Reading is a reading that knows whom a request speaks about.
type Reading struct {
	guard.Reading

	Parties      []Party  // trust and resource-based documents: whom the words speak about
	ExtraActions []string // trust: what callers need beside assuming the role
}

// New begins the reading of a text.
func New(l *sentence.Library, text string, o sentence.Options) *Reading {
	return &Reading{Reading: *guard.New(l, text, o)}
}
