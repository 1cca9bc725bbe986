package automaton

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A class is a sort of characters that automata tell apart beside the characters they name.
type class uint8

const (
	digits  class = iota // 0-9
	letters              // a-z and -
	colon                // :
	slash                // /
	others
	classes
)

// A Mask is a set of classes of characters.
type Mask uint8

// The masks that patterns and the formats of ARNs need.
const (
	Any      Mask = 1<<classes - 1
	NoColon  Mask = Any &^ (1 << colon)
	NoSlash  Mask = NoColon &^ (1 << slash) // nor a colon
	Digits   Mask = 1 << digits
	Letters  Mask = 1 << letters // a-z and -
	Alphabet Mask = Digits | Letters
)

func (m Mask) has(c class) bool { return m&(1<<c) != 0 }

func classOf(r rune) class {
	switch {
	case '0' <= r && r <= '9':
		return digits
	case 'a' <= r && r <= 'z' || r == '-':
		return letters
	case r == ':':
		return colon
	case r == '/':
		return slash
	}
	return others
}

// markers are letters that no text has: each stands for the value of one policy variable. See
// variable.go.
const markers rune = unicode.MaxRune + 0x1000

// unmatched is a letter that no text and no marker equals: a byte that is not UTF-8.
const unmatched rune = unicode.MaxRune + 1

// A token is one element of a pattern: a character, any one character of a mask, any run of
// characters of a mask, or a marker.
type token struct {
	letter rune // if mask is 0
	mask   Mask
	run    bool
}

// A Pattern is the tokens that a text has to match one after the other. The zero Pattern matches
// the empty text.
type Pattern []token

// Text returns the pattern with a text behind it that stands for itself.
func (p Pattern) Text(s string) Pattern { return appendText(slices.Clip(p), s, false, false) }

// Wild returns the pattern with a text behind it in which * and ? stand for other characters.
func (p Pattern) Wild(s string) Pattern { return appendText(slices.Clip(p), s, true, false) }

// Run returns the pattern with any number of characters of the mask behind it, but at least so
// many.
func (p Pattern) Run(m Mask, least int) Pattern {
	p = slices.Clip(p)
	for range least {
		p = append(p, token{mask: m})
	}
	return append(p, token{mask: m, run: true})
}

// Repeat returns the pattern with exactly n characters of the mask behind it.
func (p Pattern) Repeat(m Mask, n int) Pattern {
	p = slices.Clip(p)
	for range n {
		p = append(p, token{mask: m})
	}
	return p
}

// A Mode is how a text of a policy is read as a pattern.
type Mode uint8

// The modes.
const (
	Exact Mode = iota
	Fold       // the case of letters does not count
	Wild       // with * and ?
	ARN        // with * and ?, field by field
)

// readPattern reads a text of a policy as package condition does; none reports that no text
// at all matches it. Variables are put in as markers by the function given, if there is one.
func readPattern(text string, m Mode, variable func(policy.Variable, bool) rune) (p Pattern, none bool) {
	fold := m == Fold
	wild := m == Wild || m == ARN
	if variable == nil || !strings.Contains(text, "${") {
		if m != ARN {
			return appendText(nil, text, wild, fold), false
		}
		return readFields(text)
	}
	start := 0
	for _, v := range policy.Variables(text) {
		if v.Defect == policy.VariableMissingBrace {
			continue
		}
		p = appendText(p, text[start:v.Start], wild, fold)
		start = v.End
		switch {
		case v.Literal != 0:
			p = append(p, token{letter: rune(v.Literal)})
		case v.Defect != "":
			return nil, true
		default:
			p = append(p, token{letter: variable(v, fold)})
		}
	}
	p = appendText(p, text[start:], wild, fold)
	if m == ARN {
		return splitTokens(p)
	}
	return p, false
}

func appendText(p Pattern, s string, wild, fold bool) Pattern {
	p = slices.Grow(p, len(s))
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch {
		case r == utf8.RuneError && size == 1:
			r = unmatched
		case wild && r == '*':
			p = append(p, token{mask: Any, run: true})
			continue
		case wild && r == '?':
			p = append(p, token{mask: Any})
			continue
		case fold:
			r = folded(r)
		}
		p = append(p, token{letter: r})
	}
	return p
}

// folded returns the least of the characters that differ from r in case only.
func folded(r rune) rune {
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}

// readFields reads a pattern of an ARN without variables: see condition.CompileARN.
func readFields(text string) (p Pattern, none bool) {
	if text == "*" {
		return appendText(nil, text, true, false), false
	}
	fields, n := arn.Fields(text)
	if n < len(fields) && strings.HasPrefix(text, "*") {
		return appendText(nil, text, true, false), false
	}
	parts := make([]Pattern, n)
	for i := range n {
		parts[i] = appendText(nil, fields[i], true, false)
	}
	return joinFields(parts)
}

// splitTokens separates the fields of an ARN at the colons of the text. A colon in the value of
// a variable separates too, which early tells.
func splitTokens(p Pattern) (joined Pattern, none bool) {
	var parts []Pattern
	rest := p
	for len(parts) < arnFields-1 {
		i := 0
		for i < len(rest) && rest[i].letter != ':' {
			i++
		}
		if i == len(rest) {
			break
		}
		parts, rest = append(parts, rest[:i]), rest[i+1:]
	}
	parts = append(parts, rest)
	if len(parts) < arnFields && len(p) > 0 && p[0].run {
		return p, false
	}
	return joinFields(parts)
}

const arnFields = 6 // arn:partition:service:region:account:resource

// joinFields completes the fields with fields of * and keeps the wildcards of all but the last
// from matching colons.
func joinFields(parts []Pattern) (p Pattern, none bool) {
	for len(parts) < arnFields {
		parts = append(parts, Pattern{{mask: Any, run: true}})
	}
	length := arnFields
	for _, part := range parts {
		length += len(part)
	}
	p = make(Pattern, 0, length)
	for i, part := range parts {
		if i > 0 {
			p = append(p, token{letter: ':'})
		}
		for _, t := range part {
			if i < arnFields-1 {
				if t.letter == ':' {
					return nil, true // no field holds a colon
				}
				t.mask &= NoColon
			}
			p = append(p, t)
		}
	}
	return p, false
}

// early reports whether a marker stands before the last field of an ARN pattern, where the value
// of its variable can shift the fields: a colon in it separates like any other.
func (p Pattern) early(vs *Variables) bool { return p.shift(vs) >= 0 }

// relaxed returns a pattern that matches whatever an early one can match.
func (p Pattern) relaxed(vs *Variables) Pattern {
	q := slices.Clone(p[:p.shift(vs)])
	return append(q, token{mask: Any, run: true})
}

// shift returns the place of the first early marker, or -1.
func (p Pattern) shift(vs *Variables) int {
	colons := 0
	for i, t := range p {
		switch {
		case t.letter == ':':
			colons++
		case colons == arnFields-1:
			return -1
		case t.letter >= markers && !vs.colonless(t.letter):
			return i
		}
	}
	return -1
}

// literal returns the text if the pattern matches that one text only.
func (p Pattern) literal() (string, bool) {
	var b strings.Builder
	for _, t := range p {
		if t.mask != 0 || t.letter > unicode.MaxRune {
			return "", false
		}
		b.WriteRune(t.letter)
	}
	return b.String(), true
}

// plainest returns a short text that the pattern matches, if it has no markers.
func (p Pattern) plainest() string {
	var b strings.Builder
	for _, t := range p {
		switch {
		case t.run:
		case t.mask == 0:
			b.WriteRune(t.letter)
		default:
			for _, c := range fillOrder {
				if t.mask.has(c) {
					b.WriteByte(fillers[c][0])
					break
				}
			}
		}
	}
	return b.String()
}

// marked reports whether the pattern has a marker.
func (p Pattern) marked() bool {
	for _, t := range p {
		if t.letter >= markers {
			return true
		}
	}
	return false
}
