package reader

import (
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// correctTypos replaces words that nothing knows by the one known word that is a single slip
// away. Names, identifiers and whatever stands in quotes are left alone.
func (rd *reading) correctTypos() {
	corrected := false
	for i := range rd.tokens {
		t := &rd.tokens[i]
		if t.kind != wordToken || t.quote || len(t.lower) < 4 || !isLetters(t.lower) || t.text != t.lower && i > 0 || rd.knows(t.lower) || rd.maybeName(i) {
			continue
		}
		fixed, ok := rd.nearest(t.lower)
		if !ok {
			continue
		}
		t.lower, t.stem, t.role = fixed, catalog.Stem(fixed), "read as "+fixed
		corrected = true
	}
	if corrected {
		rd.links, rd.strongSet = nil, nil
		rd.link()
	}
}

// knows says whether a word belongs to the language of requests or of AWS.
func (rd *reading) knows(word string) bool {
	stem := catalog.Stem(word)
	for _, service := range sortedKeys(rd.strong()) {
		if b := rd.book(service); b != nil && (b.vocab[stem] || b.verbs[stem] || b.own[stem]) {
			return true
		}
	}
	return rd.Lexicon.Listed(word) || len(rd.Lexicon.Classes(stem)) > 0 || rd.Lexicon.Spoken(stem) || rd.Catalog.Knows(stem) || rd.Catalog.Knows(word)
}

// maybeName says that a word stands where a name stands: after a noun or after "named".
func (rd *reading) maybeName(i int) bool {
	if i == 0 || rd.word(i-1, "named", "called") {
		return i > 0
	}
	for _, e := range rd.Lexicon.Phrases(rd.tokens[i-1].stem) {
		if e.Kind == lexicon.Noun && len(e.Words) == 1 && rd.tokens[i-1].kind == wordToken {
			return true
		}
	}
	return false
}

// nearest returns the only known word one slip away from a misspelt one.
func (rd *reading) nearest(word string) (string, bool) {
	best, many := "", false
	for _, w := range rd.Lexicon.Spelling(word) {
		if editDistance(word, w, 1) == 1 && (len(word) > 4 || len(w) == len(word) && swapped(word, w) || rd.Lexicon.Is("stop", w) && len(w) > len(word)) {
			if best != "" && catalog.Stem(best) != catalog.Stem(w) {
				many = true
			}
			if best == "" || len(w) > len(best) {
				best = w
			}
		}
	}
	return best, best != "" && !many
}

// editDistance returns the number of edits (insert, delete, replace, swap) between a and b, or
// limit+1 if it is larger than limit.
func editDistance(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	prev2, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := row[0]
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > limit {
			return limit + 1
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}

// swapped says that two words of one length differ by two neighbouring letters that changed places.
func swapped(a, b string) bool {
	for i := 0; i+1 < len(a); i++ {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}
