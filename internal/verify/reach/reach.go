// Package reach finds how far the grants of an intent reach: the ARNs that an action may act on, and
// the constraints that bear on it. It reads the intent and the catalog alone and knows nothing of
// the compiler, so that what is written from it can judge documents.
package reach

import (
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
)

// A Map says how far the grants of one intent reach, and keeps what it found. It is for one
// goroutine.
type Map struct {
	in      *intent.Intent
	catalog *catalog.Catalog
	found   map[placesOf][]Place
}

// New returns the map of an intent. The intent must not change while it is used; the grants that are asked
// about are grants of it.
func New(in *intent.Intent, c *catalog.Catalog) *Map {
	return &Map{in: in, catalog: c, found: map[placesOf][]Place{}}
}
