package automaton

import "unicode/utf8"

// matchPlainly matches a text with one pattern of a set without variables after the other, which
// costs less than an automaton for the few texts that most sets ever see. Sure is false where it
// took too long.
func (t *Set) matchPlainly(text string) (found, sure bool) {
	fuel := 64 * (len(text) + len(t.patterns))
	for _, p := range t.patterns {
		if p.matches(text, &fuel) {
			return true, true
		}
		if fuel < 0 {
			return false, false
		}
	}
	return false, true
}

// matches reports whether the pattern matches a text. It goes back to every run that could take
// more; what it says when the fuel is used up means nothing.
func (p Pattern) matches(text string, fuel *int) bool {
	for i, t := range p {
		if *fuel--; *fuel < 0 {
			return false
		}
		if t.run {
			return p[i+1:].matchesBehind(t.mask, text, fuel)
		}
		r, size := utf8.DecodeRuneInString(text)
		if size == 0 || !t.takes(r) {
			return false
		}
		text = text[size:]
	}
	return text == ""
}

// matchesBehind reports whether the pattern matches a text behind a run of characters of a mask.
func (p Pattern) matchesBehind(m Mask, text string, fuel *int) bool {
	if len(p) == 0 && m == Any {
		return true
	}
	for {
		if p.matches(text, fuel) {
			return true
		}
		r, size := utf8.DecodeRuneInString(text)
		if size == 0 || !m.has(classOf(r)) || *fuel < 0 {
			return false
		}
		text = text[size:]
	}
}

// takes reports whether a token that is no run matches a character.
func (t token) takes(r rune) bool {
	if t.mask != 0 {
		return t.mask.has(classOf(r))
	}
	return t.letter == r
}
