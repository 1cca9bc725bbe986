// Package wildcard knows what * and ? mean in IAM policies: * stands for any characters,
// also none, and ? for exactly one character. There is no escape and there are no ranges.
package wildcard

import (
	"strings"
	"unicode/utf8"
)

// Match reports whether pattern matches the whole of text. Case counts, as in Resource
// elements and in StringLike. A character is a UTF-8 sequence; a byte that belongs to none
// counts as one character. The time grows at most with the product of the two lengths.
func Match(pattern, text string) bool {
	return pattern == text || match(pattern, text, false)
}

// MatchFold is Match without regard to the case of ASCII letters, as in Action elements.
func MatchFold(pattern, text string) bool {
	return match(pattern, text, true)
}

// Contains reports whether s holds a * or a ?, so that as a pattern it may match a text
// other than itself.
func Contains(s string) bool {
	return strings.ContainsAny(s, "*?")
}

// match walks over the segments that the stars of the pattern leave: the first one stands
// at the start of the text, the last one at its end, and each one between them is taken
// where it first occurs. The first occurrence suffices, because a star follows it.
func match(pattern, text string, fold bool) bool {
	star := strings.IndexByte(pattern, '*')
	if star < 0 {
		n, ok := prefixLen(pattern, text, fold)
		return ok && n == len(text)
	}
	n, ok := prefixLen(pattern[:star], text, fold)
	if !ok {
		return false
	}
	text = text[n:]
	for {
		pattern = pattern[star+1:]
		if star = strings.IndexByte(pattern, '*'); star < 0 {
			return hasSuffix(pattern, text, fold)
		}
		end := segmentEnd(pattern[:star], text, fold)
		if end < 0 {
			return false
		}
		text = text[end:]
	}
}

// prefixLen returns how many bytes at the start of text a segment without stars matches.
func prefixLen(segment, text string, fold bool) (int, bool) {
	p, t := 0, 0
	for p < len(segment) {
		if t == len(text) {
			return 0, false
		}
		size := 1
		if text[t] >= utf8.RuneSelf {
			_, size = utf8.DecodeRuneInString(text[t:])
		}
		switch {
		case segment[p] == '?':
			p++
		case size == 1 && equalByte(segment[p], text[t], fold):
			p++
		case size > 1 && strings.HasPrefix(segment[p:], text[t:t+size]):
			p += size
		default:
			return 0, false
		}
		t += size
	}
	return t, true
}

// hasSuffix reports whether a segment without stars matches the end of text.
func hasSuffix(segment, text string, fold bool) bool {
	start := len(text)
	for p := 0; p < len(segment); {
		if start == 0 {
			return false
		}
		p += charLen(segment[p:])
		_, size := utf8.DecodeLastRuneInString(text[:start])
		start -= size
	}
	n, ok := prefixLen(segment, text[start:], fold)
	return ok && n == len(text)-start
}

// segmentEnd returns the end of the first place in text where a segment without stars
// matches, or -1.
func segmentEnd(segment, text string, fold bool) int {
	if !fold && plain(segment) {
		i := strings.Index(text, segment)
		if i < 0 {
			return -1
		}
		return i + len(segment)
	}
	for start := 0; ; {
		if n, ok := prefixLen(segment, text[start:], fold); ok {
			return start + n
		}
		if start == len(text) {
			return -1
		}
		start += charLen(text[start:])
	}
}

// plain reports whether a segment is ASCII without ?, so that every occurrence of its bytes
// in a text is a match.
func plain(segment string) bool {
	for i := range len(segment) {
		if segment[i] == '?' || segment[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func charLen(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	_, size := utf8.DecodeRuneInString(s)
	return size
}

func equalByte(a, b byte, fold bool) bool {
	return a == b || fold && lower(a) == lower(b)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
