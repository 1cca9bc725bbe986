package automaton

import (
	"encoding/binary"
	"slices"
	"unicode"
)

// A role is how an automaton reads markers; see variable.go.
type role uint8

const (
	under  role = iota // accepts only what matches whatever the variables stand for
	over               // accepts what may match for some value of the variables
	anchor             // the one whose markers the text has
	roles
)

// An automaton decides a set of patterns. It is a tree of nodes that shares the beginnings of
// patterns, made deterministic as far as it is asked. It is not safe for concurrent use.
type automaton struct {
	role      role
	fold      bool
	variables *Variables
	spent     int // by making states, since the last search took it off
	nodes     []node
	states    []state
	byKey     map[string]int32
	mark      []uint32 // of each node, the number of the closure it was last in
	round     uint32
	space     []int32
	key       []byte
}

type node struct {
	edges   []edge
	any     []maskEdge // on one character of a mask
	stars   []int32    // without reading a character, to a node that loops
	loop    Mask       // characters on which the node stays
	accepts bool
}

type edge struct {
	letter rune
	to     int32
}

type maskEdge struct {
	mask Mask
	to   int32
}

// A state is a set of nodes.
type state struct {
	nodes   []int32
	letters []rune  // that an edge of the state reads, sorted
	on      []int32 // where each letter leads; -1: not known yet
	other   [classes]int32
	split   bool // a mask tells classes of unnamed characters apart
	accepts bool
	full    bool // accepts whatever follows
}

// newAutomaton returns the automaton of the patterns of a set that reads markers as the role says.
func newAutomaton(t *Set, as role, vs *Variables) *automaton {
	a := &automaton{role: as, fold: t.mode == Fold, variables: vs, nodes: make([]node, 1, 64), byKey: map[string]int32{}}
	for _, p := range t.patterns {
		if t.mode == ARN && p.early(vs) {
			if as == under {
				continue
			}
			p = p.relaxed(vs)
		}
		a.add(p)
	}
	a.mark = make([]uint32, len(a.nodes))
	a.intern([]int32{0})
	return a
}

func (a *automaton) add(p Pattern) {
	at := int32(0)
	for _, t := range p {
		if a.role == over && t.letter >= markers {
			t = token{mask: Any, run: true}
		}
		switch {
		case t.run:
			at = a.starFrom(at, t.mask)
		case t.mask != 0:
			at = a.maskFrom(at, t.mask)
		default:
			at = a.letterFrom(at, t.letter)
		}
	}
	a.nodes[at].accepts = true
}

func (a *automaton) newNode() int32 {
	a.nodes = append(a.nodes, node{})
	return int32(len(a.nodes) - 1)
}

func (a *automaton) letterFrom(at int32, r rune) int32 {
	for _, e := range a.nodes[at].edges {
		if e.letter == r {
			return e.to
		}
	}
	to := a.newNode()
	a.nodes[at].edges = append(a.nodes[at].edges, edge{r, to})
	if a.fold && r <= unicode.MaxRune {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			a.nodes[at].edges = append(a.nodes[at].edges, edge{f, to})
		}
	}
	return to
}

func (a *automaton) maskFrom(at int32, m Mask) int32 {
	for _, e := range a.nodes[at].any {
		if e.mask == m {
			return e.to
		}
	}
	to := a.newNode()
	a.nodes[at].any = append(a.nodes[at].any, maskEdge{m, to})
	return to
}

// starFrom returns the node that loops on the characters of a mask. Two runs one after the
// other are one run.
func (a *automaton) starFrom(at int32, m Mask) int32 {
	if a.nodes[at].loop == m {
		return at
	}
	for _, to := range a.nodes[at].stars {
		if a.nodes[to].loop == m {
			return to
		}
	}
	to := a.newNode()
	a.nodes[to].loop = m
	a.nodes[at].stars = append(a.nodes[at].stars, to)
	return to
}

// intern returns the state of the nodes and of those that they reach without a character.
func (a *automaton) intern(from []int32) int32 {
	a.round++
	set := a.space[:0]
	for _, n := range from {
		if a.mark[n] != a.round {
			a.mark[n] = a.round
			set = append(set, n)
		}
	}
	for i := 0; i < len(set); i++ {
		for _, to := range a.nodes[set[i]].stars {
			if a.mark[to] != a.round {
				a.mark[to] = a.round
				set = append(set, to)
			}
		}
	}
	a.space = set
	for _, n := range set {
		if a.nodes[n].loop == Any && a.nodes[n].accepts {
			set[0] = a.fullNode(n)
			set = set[:1]
			break
		}
	}
	slices.Sort(set)
	a.key = a.key[:0]
	for _, n := range set {
		a.key = binary.LittleEndian.AppendUint32(a.key, uint32(n))
	}
	if id, ok := a.byKey[string(a.key)]; ok {
		return id
	}
	id := int32(len(a.states))
	a.spent += 2 + len(set)
	a.states = append(a.states, a.newState(slices.Clone(set)))
	a.byKey[string(a.key)] = id
	return id
}

// fullNode returns one node for all states that accept whatever follows, so that they are one.
func (a *automaton) fullNode(n int32) int32 {
	for i := range a.states {
		if a.states[i].full {
			return a.states[i].nodes[0]
		}
	}
	return n
}

func (a *automaton) newState(set []int32) state {
	s := state{nodes: set}
	for i := range s.other {
		s.other[i] = -1
	}
	for _, n := range set {
		nd := &a.nodes[n]
		s.accepts = s.accepts || nd.accepts
		s.full = s.full || nd.accepts && nd.loop == Any
		s.split = s.split || nd.loop != 0 && nd.loop != Any
		for _, e := range nd.edges {
			s.letters = append(s.letters, e.letter)
		}
		for _, e := range nd.any {
			s.split = s.split || e.mask != Any
		}
	}
	slices.Sort(s.letters)
	s.letters = slices.Compact(s.letters)
	s.on = make([]int32, len(s.letters))
	for i := range s.on {
		s.on[i] = -1
	}
	return s
}

// dead reports whether no text is accepted from the state.
func (s *state) dead() bool { return len(s.nodes) == 0 }

// step returns the state that a character leads to.
func (a *automaton) step(from int32, r rune) int32 {
	s := &a.states[from]
	if s.full || s.dead() {
		return from
	}
	if r >= markers {
		return a.intern(a.afterMarker(s, r))
	}
	i, named := slices.BinarySearch(s.letters, r)
	c := classOf(r)
	switch {
	case named && s.on[i] >= 0:
		return s.on[i]
	case !named && s.other[c] >= 0:
		return s.other[c]
	}
	var next []int32
	for _, n := range s.nodes {
		nd := &a.nodes[n]
		if named {
			for _, e := range nd.edges {
				if e.letter == r {
					next = append(next, e.to)
					break
				}
			}
		}
		for _, e := range nd.any {
			if e.mask.has(c) {
				next = append(next, e.to)
			}
		}
		if nd.loop.has(c) {
			next = append(next, n)
		}
	}
	to := a.intern(next)
	if named {
		a.states[from].on[i] = to
	} else {
		a.states[from].other[c] = to
	}
	return to
}

// afterMarker returns the nodes that the value of a variable leads to, by the automaton's role.
func (a *automaton) afterMarker(s *state, r rune) []int32 {
	var next []int32
	for _, n := range s.nodes {
		nd := &a.nodes[n]
		a.spent += len(nd.edges) / 16
		for _, e := range nd.edges {
			if e.letter == r || a.role == under && a.variables.sure(e.letter, r) {
				next = append(next, e.to)
			}
		}
		if a.role == under && (nd.loop == Any || nd.loop == NoColon && a.variables.colonless(r)) {
			next = append(next, n)
		}
	}
	if a.role == over {
		next = a.reachable(s.nodes)
	}
	return next
}

// reachable returns all nodes that some text leads to, the empty one included.
func (a *automaton) reachable(from []int32) []int32 {
	a.round++
	all := slices.Clone(from)
	for _, n := range all {
		a.mark[n] = a.round
	}
	visit := func(n int32) {
		if a.mark[n] != a.round {
			a.mark[n] = a.round
			all = append(all, n)
		}
	}
	for i := 0; i < len(all); i++ {
		nd := &a.nodes[all[i]]
		for _, e := range nd.edges {
			visit(e.to)
		}
		for _, e := range nd.any {
			visit(e.to)
		}
		for _, to := range nd.stars {
			visit(to)
		}
	}
	return all
}

// match reports whether the automaton accepts a text without markers.
func (a *automaton) match(text string) bool {
	at := int32(0)
	for _, r := range text {
		at = a.step(at, r)
	}
	return a.states[at].accepts
}
