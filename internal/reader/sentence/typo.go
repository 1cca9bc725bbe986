package sentence

import (
	"strings"

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
		if t.Kind != token.Word || t.Quote || len(t.Lower) < 4 || !token.IsLetters(t.Lower) || t.Cased() != t.Lower && i > 0 || rd.knows(t.Lower) || rd.maybeName(i) {
			continue
		}
		fixed, ok := rd.nearest(i)
		if !ok || rd.nameBeforeNoun(i) && !rd.namesService(fixed) {
			continue
		}
		t.Lower, t.Stem, t.Role = fixed, catalog.Stem(fixed), "read as "+fixed
		corrected = true
	}
	if corrected {
		rd.rejoin()
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
	n := rd.LinkAt[i-1]
	if n < 0 || rd.Links[n].To != i || rd.Tokens[i-1].Lower != rd.Tokens[i-1].Stem {
		return false
	}
	for _, e := range rd.Links[n].Entries {
		if e.Kind == lexicon.Noun {
			return true
		}
	}
	return false
}

// nameBeforeNoun says that a word stands where a name does before its noun: "the orders table".
func (rd *Reading) nameBeforeNoun(i int) bool {
	if i+1 >= len(rd.Tokens) || rd.LinkAt[i+1] < 0 || !rd.Word(i-1, "the", "our", "my", "their", "its") {
		return false
	}
	l := rd.Links[rd.LinkAt[i+1]]
	last := rd.Tokens[l.To-1]
	return rd.IsNounPhrase(l) && last.Lower == last.Stem && !(l.To < len(rd.Tokens) && rd.Tokens[l.To].Start == last.End) // "app/db" is a name itself
}

// namesService says that a word alone is the name of a service.
func (rd *Reading) namesService(word string) bool {
	for _, e := range rd.Lexicon.Phrases(catalog.Stem(word)) {
		if e.Kind == lexicon.Name && len(e.Words) == 1 {
			return true
		}
	}
	return false
}

// nearest returns the only known word one slip away from the misspelt one at token i: from the
// language of requests, or else from what the named services call their things.
func (rd *Reading) nearest(i int) (string, bool) {
	word := rd.Tokens[i].Lower
	if fixed, many := rd.oneSlip(i, rd.Lexicon.Spelling(word)); fixed != "" || many {
		return fixed, !many
	}
	var own []string
	for _, service := range SortedKeys(rd.Strong()) {
		if b := rd.Book(service); b != nil {
			own = append(own, SortedKeys(b.Vocab)...)
		}
	}
	fixed, many := rd.oneSlip(i, own)
	return fixed, fixed != "" && !many
}

// oneSlip returns the word of a list that token i is one slip away from, in the same form of it, and
// whether there are several.
func (rd *Reading) oneSlip(i int, words []string) (string, bool) {
	word := rd.Tokens[i].Lower
	best, many := "", false
	for _, w := range words {
		fixed, ok := slipOf(word, w)
		if !ok || len(fixed) < 4 || len(word) == 4 && !swapped(word, fixed) && !(len(fixed) > 4 && (rd.Lexicon.Is("stop", w) || rd.nounSlot(i))) {
			continue
		}
		if best != "" && catalog.Stem(best) != catalog.Stem(fixed) {
			many = true
		}
		if best == "" || len(fixed) > len(best) {
			best = fixed
		}
	}
	return best, many
}

// slipOf writes a known word as a misspelt one was meant: as it is, or in the plural, if they are one
// slip apart.
func slipOf(word, known string) (string, bool) {
	if EditDistance(word, known, 1) == 1 {
		return known, true
	}
	for _, ending := range []string{"s", "ing"} {
		if base, ok := strings.CutSuffix(word, ending); ok && len(base) > 3 && EditDistance(base, known, 1) == 1 && !strings.HasSuffix(known, "e") || ok && ending == "s" && EditDistance(base, known, 1) == 1 && len(base) > 3 {
			return known + ending, true
		}
	}
	return "", false
}

// nounSlot says that token i stands where a noun does: between an article and a name ("the topc
// alerts-eu"), or in front of what is asked for ("topc policy").
func (rd *Reading) nounSlot(i int) bool {
	if i == 0 && rd.Word(1, "policy", "permissions", "access", "policies") {
		return true
	}
	return rd.Is("article", i-1) && i+1 < len(rd.Tokens) && (rd.Tokens[i+1].Kind == token.Name || rd.Tokens[i+1].Kind == token.Entity)
}

// rejoin makes one name of words that slashes join behind a noun that was misspelt: "the secrt
// crm/token".
func (rd *Reading) rejoin() {
	for i := 1; i+2 < len(rd.Tokens); i++ {
		if rd.Tokens[i-1].Role == "" || rd.Tokens[i].Kind != token.Word || !rd.nounAlone(rd.Tokens[i-1].Stem) {
			continue
		}
		end := i + 1
		for end+1 < len(rd.Tokens) && rd.Punct(end, "+") && rd.Text[rd.Tokens[end].Start] == '/' && rd.Tokens[end].Start == rd.Tokens[end-1].End && rd.Tokens[end+1].Start == rd.Tokens[end].End {
			end += 2
		}
		if end == i+1 {
			continue
		}
		t := &rd.Tokens[i]
		t.End, t.Kind = rd.Tokens[end-1].End, token.Name
		t.Text = rd.Text[t.Start:t.End]
		t.Lower = strings.ToLower(t.Text)
		t.Stem = t.Lower
		rd.Tokens = append(rd.Tokens[:i+1], rd.Tokens[end:]...)
	}
}

// nounAlone says that a stem is a noun of some service by itself.
func (rd *Reading) nounAlone(stem string) bool {
	for _, e := range rd.Lexicon.Phrases(stem) {
		if e.Kind == lexicon.Noun && len(e.Words) == 1 {
			return true
		}
	}
	return false
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
