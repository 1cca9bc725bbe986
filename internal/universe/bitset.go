package universe

import "math/bits"

// A Bitset is a set of small numbers. It stores no words before its first and behind its last
// number, so that sets of actions of one service are short. The zero Bitset is empty. No method
// but Add and Join changes a Bitset.
type Bitset struct {
	first int // number of the first word
	words []uint64
}

// Full returns the set of all numbers below n.
func Full(n int) Bitset {
	b := Bitset{words: make([]uint64, (n+63)/64)}
	for i := range b.words {
		b.words[i] = ^uint64(0)
	}
	if n%64 != 0 {
		b.words[len(b.words)-1] = 1<<(n%64) - 1
	}
	return b
}

// Add adds the numbers from low to high-1.
func (b *Bitset) Add(low, high int) {
	if low >= high {
		return
	}
	b.grow(low/64, (high-1)/64)
	for i := low; i < high; {
		if i%64 == 0 && i+64 <= high {
			b.words[i/64-b.first] = ^uint64(0)
			i += 64
			continue
		}
		b.words[i/64-b.first] |= 1 << (i % 64)
		i++
	}
}

// Join adds the numbers of another set.
func (b *Bitset) Join(c Bitset) {
	if len(c.words) == 0 {
		return
	}
	b.grow(c.first, c.first+len(c.words)-1)
	for i, w := range c.words {
		b.words[c.first+i-b.first] |= w
	}
}

// grow makes room for the words from low to high.
func (b *Bitset) grow(low, high int) {
	if len(b.words) == 0 {
		b.first, b.words = low, make([]uint64, high-low+1, high-low+4)
		return
	}
	if low < b.first {
		b.words = append(make([]uint64, b.first-low, len(b.words)+b.first-low), b.words...)
		b.first = low
	}
	for high >= b.first+len(b.words) {
		b.words = append(b.words, 0)
	}
}

// Has reports whether the set has a number.
func (b Bitset) Has(i int) bool {
	w := i/64 - b.first
	return w >= 0 && w < len(b.words) && b.words[w]&(1<<(i%64)) != 0
}

// word returns a word by its number, also one that the set does not store.
func (b Bitset) word(number int) uint64 {
	if number < b.first || number >= b.first+len(b.words) {
		return 0
	}
	return b.words[number-b.first]
}

// Empty reports whether the set has no number.
func (b Bitset) Empty() bool {
	for _, w := range b.words {
		if w != 0 {
			return false
		}
	}
	return true
}

// Meets reports whether the sets have a number in common.
func (b Bitset) Meets(c Bitset) bool {
	for n := max(b.first, c.first); n < min(b.first+len(b.words), c.first+len(c.words)); n++ {
		if b.words[n-b.first]&c.words[n-c.first] != 0 {
			return true
		}
	}
	return false
}

// Within reports whether c has every number of b.
func (b Bitset) Within(c Bitset) bool {
	for i, w := range b.words {
		if w&^c.word(b.first+i) != 0 {
			return false
		}
	}
	return true
}

// And returns what both sets have.
func (b Bitset) And(c Bitset) Bitset {
	low, high := max(b.first, c.first), min(b.first+len(b.words), c.first+len(c.words))
	if low >= high {
		return Bitset{}
	}
	out := Bitset{low, make([]uint64, high-low)}
	for i := range out.words {
		out.words[i] = b.words[low+i-b.first] & c.words[low+i-c.first]
	}
	return out.trim()
}

// Minus returns what b has and c has not.
func (b Bitset) Minus(c Bitset) Bitset {
	out := Bitset{b.first, make([]uint64, len(b.words))}
	for i := range out.words {
		out.words[i] = b.words[i] &^ c.word(b.first+i)
	}
	return out.trim()
}

// trim drops words without numbers at both ends.
func (b Bitset) trim() Bitset {
	for len(b.words) > 0 && b.words[0] == 0 {
		b.first, b.words = b.first+1, b.words[1:]
	}
	for len(b.words) > 0 && b.words[len(b.words)-1] == 0 {
		b.words = b.words[:len(b.words)-1]
	}
	return b
}

// All calls yield with each number, from the least, until it returns false.
func (b Bitset) All(yield func(int) bool) {
	for i, w := range b.words {
		for ; w != 0; w &= w - 1 {
			if !yield((b.first+i)*64 + bits.TrailingZeros64(w)) {
				return
			}
		}
	}
}

// Count returns how many numbers the set has.
func (b Bitset) Count() int {
	n := 0
	for _, w := range b.words {
		n += bits.OnesCount64(w)
	}
	return n
}
