package token

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Cased returns the text of a token as far as its capitals say something: in small letters where
// its whole line is in capitals or begins each word with one.
func (t Token) Cased() string {
	if t.Flat {
		return strings.ToLower(t.Text)
	}
	return t.Text
}

// flatRuns returns the parts of a text, sentence by sentence, in which capitals tell no names from
// words: those that bear a capital on every known word, function words and all.
func (s *scanner) flatRuns() [][2]int {
	var out [][2]int
	for from := 0; from < len(s.text); {
		to := s.runEnd(from)
		if s.flat(s.text[from:to]) {
			out = append(out, [2]int{from, to})
		}
		from = to
	}
	return out
}

// runEnd returns where the sentence that begins at from ends: behind a line's end, or behind a full
// stop and a blank.
func (s *scanner) runEnd(from int) int {
	for i := from; i < len(s.text); i++ {
		switch {
		case s.text[i] == '\n':
			return i + 1
		case strings.IndexByte(".!?;", s.text[i]) >= 0 && i+1 < len(s.text) && s.text[i+1] == ' ':
			return i + 1
		}
	}
	return len(s.text)
}

// flat says that no known word of a run begins with a small letter, and that more of them begin with
// a capital than the first one and the initials of services: three, or two and a function word.
func (s *scanner) flat(run string) bool {
	count, first := 0, true
	for _, w := range strings.Fields(run) {
		w = strings.TrimRight(strings.TrimLeft(w, leftMarks), rightMarks)
		if len(w) < 2 || !IsLetters(w) || !s.known(w) {
			continue
		}
		r, _ := utf8.DecodeRuneInString(w)
		switch {
		case !unicode.IsUpper(r):
			return false
		case first:
			first = false
		case s.lex.Is("stop", strings.ToLower(w)) || s.lex.Is("preposition", strings.ToLower(w)) || s.lex.Is("article", strings.ToLower(w)):
			count += 2
		default:
			count++
		}
	}
	return count >= 2
}

// inFlat says that a place of the text lies in a part without telling capitals.
func (s *scanner) inFlat(at int) bool {
	for len(s.flats) > 0 && s.flats[0][1] <= at {
		s.flats = s.flats[1:]
	}
	return len(s.flats) > 0 && s.flats[0][0] <= at
}
