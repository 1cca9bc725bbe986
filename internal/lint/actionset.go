package lint

import (
	"math/bits"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
)

// An ActionSet is a set of actions of one catalog. The zero ActionSet is empty.
type ActionSet struct {
	words []uint64
}

// Has reports whether the set holds an action.
func (s ActionSet) Has(a *catalog.Action) bool {
	i := a.Index()
	return i/64 < len(s.words) && s.words[i/64]&(1<<(i%64)) != 0
}

// Len returns how many actions the set holds.
func (s ActionSet) Len() int {
	n := 0
	for _, w := range s.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// Each calls do for the actions of the set in the order of the catalog, until do returns false.
func (s ActionSet) Each(c *catalog.Catalog, do func(*catalog.Action) bool) {
	for i, w := range s.words {
		for ; w != 0; w &= w - 1 {
			if !do(c.ActionAt(i*64 + bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}

// Within reports whether every action of the set is in another.
func (s ActionSet) Within(o ActionSet) bool {
	for i, w := range s.words {
		var other uint64
		if i < len(o.words) {
			other = o.words[i]
		}
		if w&^other != 0 {
			return false
		}
	}
	return true
}

// Set returns the actions that patterns name.
func (p *Pass) Set(patterns []policy.Text) ActionSet {
	s := ActionSet{make([]uint64, (p.Catalog.Counts().Actions+63)/64)}
	for _, t := range patterns {
		for _, a := range p.Expand(t.Text) {
			s.words[a.Index()/64] |= 1 << (a.Index() % 64)
		}
	}
	return s
}

// StatementSet returns the actions of the catalog that a statement is about: those that Action
// names, or those that NotAction leaves.
func (p *Pass) StatementSet(index int) ActionSet { return p.set(&p.Document.Statements[index]) }

// set is StatementSet for a statement of the document, remembered by its place.
func (p *Pass) set(st *policy.Statement) ActionSet {
	if s, ok := p.state.sets[st.Position]; ok {
		return s
	}
	var s ActionSet
	if st.NotActions != nil {
		s = p.Set([]policy.Text{{Text: "*"}})
		for i, w := range p.Set(st.NotActions).words {
			s.words[i] &^= w
		}
	} else {
		s = p.Set(st.Actions)
	}
	if p.state.sets == nil {
		p.state.sets = map[policy.Position]ActionSet{}
	}
	p.state.sets[st.Position] = s
	return s
}
