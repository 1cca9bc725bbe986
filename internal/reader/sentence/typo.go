package sentence

import (
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// CorrectTypos replaces words that nothing knows by the one known word that is a single slip
// away. Names, identifiers and whatever stands in quotes are left alone.
func (rd *Reading) CorrectTypos() {
	corrected := false
	for i := range rd.Tokens {
		t := &rd.Tokens[i]
		if t.Kind != token.Word || t.Quote || len(t.Lower) < 4 || !token.IsLetters(t.Lower) || t.Text != t.Lower && i > 0 || rd.knows(t.Lower) || rd.maybeName(i) {
			continue
		}
		fixed, ok := rd.nearest(t.Lower)
		if !ok {
			continue
		}
		t.Lower, t.Stem, t.Role = fixed, catalog.Stem(fixed), "read as "+fixed
		corrected = true
	}
	if corrected {
		rd.Links, rd.StrongSet = nil, nil
		rd.Link()
	}
}

// knows says whether a word belongs to the language of requests or of AWS.
func (rd *Reading) knows(word string) bool {
	stem := catalog.Stem(word)
	for _, service := range SortedKeys(rd.Strong()) {
		if b := rd.Book(service); b != nil && (b.Vocab[stem] || b.Verbs[stem] || b.Own[stem]) {
			return true
		}
	}
	return rd.Lexicon.Listed(word) || len(rd.Lexicon.Classes(stem)) > 0 || rd.Lexicon.Spoken(stem) || rd.Catalog.Knows(stem) || rd.Catalog.Knows(word)
}

// maybeName says that a word stands where a name stands: after a noun or after "named".
func (rd *Reading) maybeName(i int) bool {
	if i == 0 || rd.Word(i-1, "named", "called") {
		return i > 0
	}
	for _, e := range rd.Lexicon.Phrases(rd.Tokens[i-1].Stem) {
		if e.Kind == lexicon.Noun && len(e.Words) == 1 && rd.Tokens[i-1].Kind == token.Word {
			return true
		}
	}
	return false
}

// nearest returns the only known word one slip away from a misspelt one.
func (rd *Reading) nearest(word string) (string, bool) {
	best, many := "", false
	for _, w := range rd.Lexicon.Spelling(word) {
		if EditDistance(word, w, 1) == 1 && (len(word) > 4 || len(w) == len(word) && swapped(word, w) || rd.Lexicon.Is("stop", w) && len(w) > len(word)) {
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

// EditDistance returns the number of edits (insert, delete, replace, swap) between a and b, or
// limit+1 if it is larger than limit.
func EditDistance(a, b string, limit int) int {
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
