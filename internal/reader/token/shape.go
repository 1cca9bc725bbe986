package token

import (
	"strings"
	"unicode"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// opensPath says that a word is the beginning of names, for the mark it ends with: "db/", "jobs-".
// Words that share their end ("read- and write access") and choices ("read/ write") are none.
func (s *scanner) opensPath(text string, end int) bool {
	base := strings.TrimRight(text, "/-")
	if base == "" || base == text {
		return false
	}
	rest := strings.TrimLeft(s.text[end:], " \t")
	for _, word := range []string{"and ", "or ", "und ", "+ ", "& ", "/"} {
		if strings.HasSuffix(text, "-") && strings.HasPrefix(rest, word) {
			next, _, _ := strings.Cut(strings.TrimPrefix(rest, word), " ")
			return !strings.Contains(strings.Trim(next, "-"), "-") && strings.HasSuffix(next, "-")
		}
	}
	return true
}

// lexical says that a word with a hyphen or capitals is a known word all the same.
func (s *scanner) lexical(lower string) bool {
	if s.lex.Is("common", lower) || len(s.lex.Classes(strings.Join(lexicon.Stems(lower), "-"))) > 0 || s.again(lower) {
		return true
	}
	words := lexicon.Stems(lower)
	if len(words) == 0 {
		return true
	}
	for _, e := range s.lex.Phrases(words[0]) {
		if len(e.Words) == len(words) && strings.Join(e.Words, "-") == strings.Join(words, "-") {
			return true
		}
	}
	return false
}

// again says that a word is a verb behind a prefix and a hyphen: "re-enable", "un-mute".
func (s *scanner) again(lower string) bool {
	for _, prefix := range []string{"re-", "un-", "de-"} {
		if base, ok := strings.CutPrefix(lower, prefix); ok && IsLetters(base) {
			return len(s.lex.Classes(catalog.Stem(base))) > 0 || len(s.lex.Classes(catalog.Stem(prefix[:2]+base))) > 0
		}
	}
	return false
}

// LooksLikeName says whether a chunk has the shape of a name: a digit, a hyphen, an underscore,
// a dot, a slash, a wildcard, or a capital inside.
func LooksLikeName(text string) bool {
	for i, r := range text {
		if strings.ContainsRune("-_./*?${}<>@:=+%~^", r) || r >= '0' && r <= '9' {
			return true
		}
		if i > 0 && unicode.IsUpper(r) && strings.ToUpper(text) != text && strings.ToUpper(strings.TrimSuffix(text, "s")) != strings.TrimSuffix(text, "s") {
			return true
		}
	}
	return false
}

// IsLetters says that a text consists of letters and apostrophes alone.
func IsLetters(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && r != '\'' {
			return false
		}
	}
	return s != ""
}

func isNameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '/' || b == '.'
}

// compound says that a word with a hyphen is an everyday compound: "bucket-level", "org-wide".
func compound(lower string) bool {
	i := strings.LastIndexByte(lower, '-')
	if i <= 0 || !IsLetters(strings.ReplaceAll(lower, "-", "")) {
		return false
	}
	switch lower[i+1:] {
	case "level", "wide", "based", "only", "style", "side", "specific", "related", "owned", "managed", "facing", "scoped", "bound", "free", "driven", "defined", "ready", "aware", "encrypted", "approved", "supplied", "provided", "time", "term", "scale", "speed", "minute", "hour", "day", "week", "month", "year", "neighbour", "neighbor":
		return true
	}
	switch lower[:strings.IndexByte(lower, '-')] {
	case "non", "multi", "cross", "self", "anti", "semi":
		return true
	}
	return false
}

// nounBefore says that the last word read is a noun that a name may follow.
func (s *scanner) nounBefore() bool {
	if len(s.out) == 0 || s.out[len(s.out)-1].Kind != Word {
		return false
	}
	for _, e := range s.lex.Phrases(s.out[len(s.out)-1].Stem) {
		if e.Kind == lexicon.Noun && len(e.Words) == 1 {
			return true
		}
	}
	return false
}

// anyVerb says that one of the words is a verb, or a literal of its own.
func (s *scanner) anyVerb(words []string) bool {
	for _, w := range words {
		if _, ok := ParseLiteral(w, s.lex); ok || s.verb(w) {
			return true
		}
	}
	return false
}

// verb says that a word is a verb of the lexicon.
func (s *scanner) verb(word string) bool {
	return len(s.lex.Classes(catalog.Stem(strings.ToLower(word)))) > 0
}
