package wording

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// resourceNoun stands in the names of actions for a resource of any type.
const resourceNoun = "resource"

// MatchDerived holds an action's own name against the scene.
func (rd *Reading) MatchDerived(b *sentence.Phrasebook, d *sentence.Derived, s Scene) (Match, bool) {
	m := Match{Service: b.Service.Prefix, Action: d.Action}
	v, exact := rd.derivedVerb(d, s)
	if v <= 0 {
		return m, false
	}
	m.Score, m.Exact, m.plain = v, exact, exact || rd.firstMeaning(d, s)
	explained := map[int]bool{}
	found := 0
	said := map[string]bool{}
	for _, n := range d.Nouns {
		w, tok := s.find(n)
		if thing, ok := s.thing[b.Service.Prefix]; tok < 0 && ok && n == resourceNoun {
			w, tok = modWord, thing // TagResource: whatever it is
		}
		switch {
		case n == "batch" && s.verb != nil && s.verb.Batch:
			m.Score += modWord
			found++
			m.specific++
		case tok >= 0 && said[n]:
			m.Score -= repeatedWord
		case tok >= 0 && explained[tok] && rd.onlyType(tok, n):
			found++ // "rule" says event and bus only by the name of its type
		case tok >= 0:
			m.Score += s.derivedWeight(w)
			said[n] = true
			explained[tok] = true
			m.Used = append(m.Used, tok)
			if w >= modWord {
				m.specific++
			}
			found++
		case n == "batch":
			m.Score -= 0.4
		case b.Own[n]:
			m.Score -= 0.15
		default:
			m.Score -= missing
			m.missing++
		}
	}
	if len(d.Nouns) > 0 && found == 0 || rd.weakVerb(d, s) && rd.distinct(m.Used) < 2 {
		return m, false
	}
	if n := len(d.Nouns); n > 1 && len(s.Head) > 0 && s.onlyPlace(d.Nouns[n-1]) {
		m.Score -= wrongThing
	}
	m.whole = len(d.Nouns) > 0 && m.specific == len(d.Nouns)
	for w, tok := range s.Head {
		if d.Terms[w] && !explained[tok] {
			m.Score += 0.5
			explained[tok] = true
		}
	}
	if d.Plural && s.plural && len(d.Nouns) > 0 && d.Nouns[len(d.Nouns)-1] == s.last {
		m.Score += 0.35
	}
	m.Left = leftover(b, s, explained)
	m.Score -= leftHead * float64(m.Left)
	return m, true
}

// onlyPlace says that a word stands behind a preposition and nowhere in the object: "create users in
// the user pool p" creates no pool.
func (s Scene) onlyPlace(w string) bool {
	if _, ok := s.Head[w]; ok {
		return false
	}
	_, ok := s.mods[w]
	return ok
}

// weakVerb says that a verb hardly means the first word of an action's name, so that the name of the
// thing alone does not make it one: who shares a secret creates none.
func (rd *Reading) weakVerb(d *sentence.Derived, s Scene) bool {
	if s.verb == nil || catalog.Stem(d.Verb) == s.verb.Stem || slices.Contains(d.Nouns, s.verb.Stem) {
		return false // "snapshot it": CreateSnapshot
	}
	for _, c := range s.verb.Classes {
		for _, api := range rd.Lexicon.APIVerbs(c) {
			if strings.EqualFold(api, d.Verb) && !rd.Lexicon.Is("weak", c+"="+d.Verb) {
				return false
			}
		}
	}
	return true
}

// distinct counts the noun phrases that tokens stand in.
func (rd *Reading) distinct(tokens []int) int {
	phrases, words := map[int]bool{}, map[int]bool{}
	for _, i := range tokens {
		if n := rd.LinkAt[i]; n >= 0 {
			phrases[n] = true
		} else {
			words[i] = true
		}
	}
	return len(phrases) + len(words)
}

// derivedWeight is what a word of an action's name is worth by where it stands: what only
// describes the object, or stands elsewhere, hardly speaks for a longer name.
func (s Scene) derivedWeight(place float64) float64 {
	switch {
	case place >= headWord:
		return place
	case place >= modWord && len(s.Head) == 0:
		return headWord
	case place >= modWord:
		return 0.3
	case place >= nearWord:
		return -0.1
	}
	return -0.4
}

// find returns the weight and token of a word of the scene.
func (s Scene) find(w string) (float64, int) {
	if tok, ok := s.Head[w]; ok {
		return headWord, tok
	}
	if tok, ok := s.mods[w]; ok {
		return modWord, tok
	}
	if tok, ok := s.near[w]; ok {
		return nearWord, tok
	}
	if tok, ok := s.far[w]; ok {
		return farWord, tok
	}
	return 0, -1
}

// derivedVerb says how well the verb of the scene means the first word of an action's name.
func (rd *Reading) derivedVerb(d *sentence.Derived, s Scene) (float64, bool) {
	if s.verb == nil {
		switch d.Verb {
		case "get", "describe", "list":
			return 0.9, false
		}
		return 0, false
	}
	if catalog.Stem(d.Verb) == s.verb.Stem {
		if len(d.Nouns) == 0 {
			return verbWord + wholeName, true
		}
		if !commonVerb[d.Verb] {
			return verbWord + ownWord, true
		}
		return verbWord, true
	}
	best := 0.0
	for place, c := range s.verb.Classes {
		for rank, api := range rd.Lexicon.APIVerbs(c) {
			if strings.EqualFold(api, d.Verb) {
				best = max(best, verbClass-0.07*float64(rank)-classPrice(place))
			}
		}
	}
	if s.plural && d.Verb == "list" && s.verb.In("read") {
		best += 0.3
	}
	return best, false
}
