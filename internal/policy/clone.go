package policy

import (
	"bytes"
	"slices"
)

// Equal reports whether two documents have the same canonical text: the same elements with
// the same values in the same order, wherever they stood.
func Equal(a, b *Document) bool {
	return bytes.Equal(a.Compact(), b.Compact())
}

// Clone returns a copy that shares nothing with d, positions included.
func (d *Document) Clone() *Document {
	c := *d
	c.Statements = slices.Clone(d.Statements)
	for i := range c.Statements {
		c.Statements[i] = c.Statements[i].Clone()
	}
	return &c
}

// Clone returns a copy that shares nothing with s.
func (s Statement) Clone() Statement {
	s.Principal = s.Principal.clone()
	s.NotPrincipal = s.NotPrincipal.clone()
	s.Actions = slices.Clone(s.Actions)
	s.NotActions = slices.Clone(s.NotActions)
	s.Resources = slices.Clone(s.Resources)
	s.NotResources = slices.Clone(s.NotResources)
	s.Conditions = slices.Clone(s.Conditions)
	for i := range s.Conditions {
		s.Conditions[i].Values = slices.Clone(s.Conditions[i].Values)
	}
	return s
}

func (p *Principal) clone() *Principal {
	if p == nil {
		return nil
	}
	c := *p
	c.AWS = slices.Clone(p.AWS)
	c.Service = slices.Clone(p.Service)
	c.Federated = slices.Clone(p.Federated)
	c.CanonicalUser = slices.Clone(p.CanonicalUser)
	return &c
}
