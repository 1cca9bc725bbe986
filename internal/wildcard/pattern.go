package wildcard

import "strings"

// A Pattern is a pattern that was looked at once, for matching against many texts. It
// answers the two commonest forms, a literal and a literal with one star at its end,
// without a walk. The zero Pattern matches the empty text only. A Pattern may be used by
// several goroutines.
type Pattern struct {
	text   string
	prefix string // up to the first wildcard
	shape  shape
}

type shape uint8

const (
	literal shape = iota // no wildcard
	open                 // one star, at the end
	general
)

// Compile returns the Pattern of a text. Every text is a pattern.
func Compile(pattern string) Pattern {
	i := strings.IndexAny(pattern, "*?")
	switch {
	case i < 0:
		return Pattern{pattern, pattern, literal}
	case pattern[i] == '*' && i == len(pattern)-1:
		return Pattern{pattern, pattern[:i], open}
	}
	return Pattern{pattern, pattern[:i], general}
}

// Match reports what the function Match reports.
func (p Pattern) Match(text string) bool {
	switch p.shape {
	case literal:
		return p.text == text
	case open:
		// A text that goes on in the middle of a character is no match; only a pattern
		// that is not UTF-8 can end there, and the walk decides about those.
		if !strings.HasPrefix(text, p.prefix) {
			return false
		}
		return len(text) == len(p.prefix) || text[len(p.prefix)] < 0x80 || match(p.text, text, false)
	}
	return strings.HasPrefix(text, p.prefix) && match(p.text, text, false)
}

// MatchFold reports what the function MatchFold reports.
func (p Pattern) MatchFold(text string) bool {
	if p.shape == literal && len(p.text) != len(text) {
		return false
	}
	return match(p.text, text, true)
}

// Literal reports whether the pattern has no wildcard.
func (p Pattern) Literal() bool { return p.shape == literal }

// Prefix returns the text before the first wildcard: every text that the pattern matches
// begins with it, up to case for MatchFold.
func (p Pattern) Prefix() string { return p.prefix }

// String returns the pattern as it was given.
func (p Pattern) String() string { return p.text }
