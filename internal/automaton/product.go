package automaton

import (
	"encoding/binary"
	"slices"
	"unicode"
)

// A member is an automaton of a conjunction: a text must be accepted, or must not be.
type member struct {
	*automaton
	wanted bool
}

// A product searches for a text that the wanted members accept and the others do not. Shorter
// texts are found first.
type product struct {
	members []member
	anchor  *automaton // whose markers the text may have; or nil
	steps   *int       // what may still be spent

	tuples []int32 // one state of each member, tuple after tuple
	trail  []trail
	seen   map[string]struct{}
	next   []int32
	key    []byte
}

// A trail says which tuple a tuple was reached from, and by which letter.
type trail struct {
	from   int32
	letter rune
}

// fillers are the characters that stand for a class if no pattern names them.
var fillers = [classes]string{
	digits:  "1234567890",
	letters: "xyzabcdefghijklmnopqrstuvw-",
	colon:   ":",
	slash:   "/",
	others:  "XYZABCDEFGHIJKLMNOPQRSTUVW_.,@=+#!%&()[];~^| $'\"<>{}`\\*?",
}

// search returns the shortest text. Of an outcome that is unknown the steps were used up.
func (p *product) search() (string, Outcome) {
	k := len(p.members)
	p.next, p.key = make([]int32, k), make([]byte, 4*k)
	p.seen = map[string]struct{}{}
	if p.push(-1, 0) {
		return "", Some
	}
	current := make([]int32, k)
	var alphabet []rune
	for at := 0; at < len(p.trail); at++ {
		if p.spend(k); *p.steps < 0 {
			return "", Unknown
		}
		copy(current, p.tuples[at*k:])
		alphabet = p.alphabet(current, alphabet[:0])
		for _, letter := range alphabet {
			for i, m := range p.members {
				p.next[i] = m.step(current[i], letter)
			}
			if p.push(int32(at), letter) {
				return p.text(), Some
			}
			if p.spend(0); *p.steps < 0 { // states for markers can be large, and the letters many
				return "", Unknown
			}
		}
	}
	return "", None
}

// spend takes off a number of steps, and what the members needed for new states.
func (p *product) spend(steps int) {
	for _, m := range p.members {
		steps += m.spent
		m.spent = 0
	}
	*p.steps -= steps
}

// push adds the next tuple if it is new and may lead to a text, and reports whether it ends one.
func (p *product) push(from int32, letter rune) bool {
	ends := true
	for i, m := range p.members {
		s := &m.states[p.next[i]]
		if m.wanted && s.dead() || !m.wanted && s.full {
			return false
		}
		ends = ends && s.accepts == m.wanted
		binary.LittleEndian.PutUint32(p.key[4*i:], uint32(p.next[i]))
	}
	if _, known := p.seen[string(p.key)]; known {
		return false
	}
	p.seen[string(p.key)] = struct{}{}
	p.tuples = append(p.tuples, p.next...)
	p.trail = append(p.trail, trail{from, letter})
	return ends
}

// text returns the letters on the way to the last tuple.
func (p *product) text() string {
	var text []rune
	for i := int32(len(p.trail) - 1); p.trail[i].from >= 0; i = p.trail[i].from {
		text = append(text, p.trail[i].letter)
	}
	slices.Reverse(text)
	return string(text)
}

// alphabet returns the letters worth trying: those that a member names, and one for each class
// of the others, or one for them all if no member tells classes apart.
func (p *product) alphabet(states []int32, letters []rune) []rune {
	split := false
	for i, m := range p.members {
		s := &m.states[states[i]]
		split = split || s.split
		for _, r := range s.letters {
			if r <= unicode.MaxRune || m.automaton == p.anchor && r >= markers {
				letters = append(letters, r)
			}
		}
	}
	slices.Sort(letters)
	letters = slices.Compact(letters)
	named := letters
	for _, c := range fillOrder {
		if r, ok := filler(c, named); ok {
			letters = append(letters, r)
			if !split {
				break
			}
		}
	}
	return letters
}

// fillOrder is the order in which classes are preferred in texts.
var fillOrder = [classes]class{letters, digits, others, slash, colon}

// filler returns a character of the class that is not among the sorted letters.
func filler(c class, named []rune) (rune, bool) {
	for _, r := range fillers[c] {
		if _, found := slices.BinarySearch(named, r); !found {
			return r, true
		}
	}
	if c != others {
		return 0, false // every character of the class is named
	}
	for r := rune(0xA1); ; r++ {
		if _, found := slices.BinarySearch(named, r); !found && (r < 0xD800 || r > 0xDFFF) {
			return r, true
		}
	}
}
