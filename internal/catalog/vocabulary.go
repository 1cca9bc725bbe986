package catalog

// Knows reports whether a stem is one of the catalog's search terms: a word that descriptions
// of actions use.
func (c *Catalog) Knows(stem string) bool { return c.known()[stem] }

// vocabulary returns the search terms as a set.
func (c *Catalog) vocabulary() map[string]bool {
	out := make(map[string]bool, len(c.terms()))
	for _, t := range c.terms() {
		out[t] = true
	}
	return out
}
