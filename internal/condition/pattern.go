package condition

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// Keys are the condition keys that a request has.
type Keys interface {
	// Values returns the values of a key, whose case does not count. No value at all
	// means that the request does not have the key.
	Values(key string) []string
}

// A Pattern is one text of a policy that texts of requests are matched with: a value of a
// string or ARN operator, or a Resource. It may hold wildcards and policy variables. A
// variable's value is put in as it is: a * in it is a star and no wildcard. A variable
// without a value and without a default leaves the pattern unable to match. The zero Pattern
// matches the empty text. A Pattern may be used by several goroutines.
type Pattern struct {
	text string
	mode mode
	any  bool // matches every text
	// One of these three, or none for a text that only equals itself:
	fields *[arnFields]wildcard.Pattern // of an ARN
	static wildcard.Pattern             // of a text with wildcards
	pieces []piece                      // of a text with variables
}

type mode uint8

const (
	exactText mode = iota
	foldedText
	wildText
	arnText
)

// CompileARN reads a text as Resource elements and ARN operators do: each of the six fields
// that colons separate matches for itself, the last one with the colons in it. Fields that
// are not written at the end match anything. With variables, policy variables are expanded.
func CompileARN(text string, variables bool) Pattern {
	return compilePattern(text, arnText, variables)
}

func compilePattern(text string, m mode, variables bool) Pattern {
	p := Pattern{text: text, mode: m}
	if variables && strings.Contains(text, "${") {
		p.pieces = splitVariables(text)
		return p
	}
	switch m {
	case wildText:
		p.any = text == "*"
		p.static = wildcard.Compile(text)
	case arnText:
		p.any = text == "*"
		if _, n := arn.Fields(text); n < arnFields && strings.HasPrefix(text, "*") {
			p.mode, p.static = wildText, wildcard.Compile(text)
		} else {
			p.fields = compileFields(text)
		}
	}
	return p
}

// Match reports whether the pattern matches a text of a request that has the keys. Nil keys
// are none.
func (p *Pattern) Match(text string, keys Keys) bool {
	if p.any {
		return true
	}
	if p.pieces != nil {
		return p.expandAndMatch(text, keys)
	}
	switch p.mode {
	case foldedText:
		return strings.EqualFold(p.text, text)
	case wildText:
		return p.static.Match(text)
	case arnText:
		target := Split(text)
		return target.matches(p.fields)
	}
	return p.text == text
}

// MatchSplit is Match for an ARN that was split before, which saves the work when one ARN
// meets many patterns.
func (p *Pattern) MatchSplit(target *SplitARN, keys Keys) bool {
	switch {
	case p.any:
		return true
	case p.fields != nil:
		return target.matches(p.fields)
	}
	return p.Match(target.text, keys)
}

// Unresolved returns the keys of the variables that the request gives no value for and that
// have no default.
func (p *Pattern) Unresolved(keys Keys) []string {
	var missing []string
	for i := range p.pieces {
		if _, ok := p.pieces[i].value(keys); !ok {
			missing = append(missing, p.pieces[i].key)
		}
	}
	return missing
}

// String returns the pattern as it is written in the policy.
func (p *Pattern) String() string { return p.text }

// A piece is a run of plain text of a pattern, or one variable.
type piece struct {
	text       string // as written, wildcards included
	escaped    bool   // ${*}, ${?} or ${$}: text is the character itself
	variable   bool
	broken     bool // a variable that cannot be read
	key        string
	fallback   string
	hasDefault bool
}

// value returns what stands in the place of a variable; ok is false if nothing does.
func (p *piece) value(keys Keys) (text string, ok bool) {
	if !p.variable {
		return p.text, true
	}
	if keys != nil && !p.broken {
		// A key with several values cannot stand in for one text.
		if values := keys.Values(p.key); len(values) == 1 {
			return values[0], true
		}
	}
	return p.fallback, p.hasDefault
}

// Marks in an expanded pattern that no character of a text can equal.
const (
	markStar  rune = -1
	markOne   rune = -2
	badOffset rune = utf8.MaxRune + 1 // bytes that are not UTF-8 stay distinct
)

func (p *Pattern) expandAndMatch(text string, keys Keys) bool {
	var space [160]rune
	expanded := space[:0]
	for i := range p.pieces {
		v, ok := p.pieces[i].value(keys)
		if !ok {
			return false
		}
		wild := p.mode >= wildText && !p.pieces[i].variable && !p.pieces[i].escaped
		expanded = appendRunes(expanded, v, wild)
	}
	if p.mode == arnText {
		return matchExpandedARN(expanded, text)
	}
	return matchRunes(expanded, text, p.mode == foldedText)
}

func appendRunes(to []rune, s string, wild bool) []rune {
	for s != "" {
		r, size := nextRune(s)
		switch {
		case wild && r == '*':
			r = markStar
		case wild && r == '?':
			r = markOne
		}
		to, s = append(to, r), s[size:]
	}
	return to
}

func nextRune(s string) (rune, int) {
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size == 1 {
		r = badOffset + rune(s[0])
	}
	return r, size
}

// matchRunes matches greedily and, on a mismatch, lets the last star take one more character.
// An earlier star never needs to: the later one can take whatever it would.
func matchRunes(pattern []rune, text string, fold bool) bool {
	p, t := 0, 0
	star, restart := -1, 0
	for t < len(text) {
		r, size := nextRune(text[t:])
		switch {
		case p < len(pattern) && pattern[p] == markStar:
			star, restart = p, t
			p++
		case p < len(pattern) && (pattern[p] == r || pattern[p] == markOne || fold && sameFold(pattern[p], r)):
			p++
			t += size
		case star >= 0:
			_, skipped := nextRune(text[restart:])
			restart += skipped
			p, t = star+1, restart
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == markStar {
		p++
	}
	return p == len(pattern)
}

func sameFold(a, b rune) bool {
	if a >= badOffset || b >= badOffset {
		return false
	}
	for r := unicode.SimpleFold(a); r != a; r = unicode.SimpleFold(r) {
		if r == b {
			return true
		}
	}
	return false
}
