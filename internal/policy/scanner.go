package policy

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds the nesting of values that are skipped. The grammar itself needs six.
const maxDepth = 32

// A scanner reads the tokens of strict JSON and knows where each one stands. After the
// first error it reads nothing more.
type scanner struct {
	src       string // valid UTF-8
	pos       int
	line      int // counted from 0
	lineStart int
	err       *SyntaxError
}

// fail notes the first error and returns false, so that callers can return fail(...).
func (s *scanner) fail(code Code, at Position, format string, args ...any) bool {
	if s.err == nil {
		s.err = syntaxError(code, at, format, args...)
		s.pos = len(s.src)
	}
	return false
}

// here returns the position of the next byte.
func (s *scanner) here() Position {
	return Position{Line: s.line + 1, Column: s.pos - s.lineStart + 1}
}

// peek skips white space and returns the next byte, or 0 at the end. A NUL in the text is
// no token either, so that the two need not be told apart here.
func (s *scanner) peek() byte {
	for ; s.pos < len(s.src); s.pos++ {
		switch c := s.src[s.pos]; c {
		case ' ', '\t', '\r':
		case '\n':
			s.line++
			s.lineStart = s.pos + 1
		default:
			return c
		}
	}
	return 0
}

// unexpected fails at the next character. After is what stood before it, or "".
func (s *scanner) unexpected(after string) bool {
	s.peek()
	if after != "" {
		after = " after " + after
	}
	if s.pos == len(s.src) {
		return s.fail(CodeJSON, s.here(), "unexpected end of the text%s", after)
	}
	r, _ := utf8.DecodeRuneInString(s.src[s.pos:])
	return s.fail(CodeJSON, s.here(), "unexpected %s%s", strconv.Quote(string(r)), after)
}

// accept reads the byte c if it is next.
func (s *scanner) accept(c byte) bool {
	if s.peek() != c || s.err != nil {
		return false
	}
	s.pos++
	return true
}

// text reads a string; the opening quote is next.
func (s *scanner) text() (Text, bool) {
	at := s.here()
	s.pos++
	start := s.pos
	var decoded []byte // nil: no escape so far
	for s.pos < len(s.src) {
		switch c := s.src[s.pos]; {
		case c == '"':
			part := s.src[start:s.pos]
			s.pos++
			if decoded == nil {
				return Text{part, at}, true
			}
			return Text{string(append(decoded, part...)), at}, true
		case c < 0x20:
			return Text{}, s.fail(CodeJSON, s.here(), "control character U+%04X in a string", c)
		case c == '\\':
			if decoded == nil {
				decoded = make([]byte, 0, 64)
			}
			decoded = append(decoded, s.src[start:s.pos]...)
			r, ok := s.escape()
			if !ok {
				return Text{}, false
			}
			decoded = utf8.AppendRune(decoded, r)
			start = s.pos
		default:
			s.pos++
		}
	}
	return Text{}, s.fail(CodeJSON, at, "string without a closing quote")
}

// escape reads one escape, for which the backslash is next.
func (s *scanner) escape() (rune, bool) {
	at := s.here()
	if s.pos+1 == len(s.src) {
		return 0, s.fail(CodeJSON, at, "string without a closing quote")
	}
	c := s.src[s.pos+1]
	if c == 'u' {
		return s.unicodeEscape(at)
	}
	i := strings.IndexByte(`"\/nrt`, c)
	if i < 0 {
		if c == 'b' || c == 'f' {
			return 0, s.fail(CodeJSON, at, "a policy cannot hold the control character \\%c", c)
		}
		r, _ := utf8.DecodeRuneInString(s.src[s.pos+1:])
		return 0, s.fail(CodeJSON, at, "unknown escape %s", strconv.Quote(`\`+string(r)))
	}
	s.pos += 2
	return rune("\"\\/\n\r\t"[i]), true
}

func (s *scanner) unicodeEscape(at Position) (rune, bool) {
	r, ok := s.hex()
	if !ok {
		return 0, s.fail(CodeJSON, at, `\u needs four hexadecimal digits`)
	}
	switch {
	case utf16.IsSurrogate(r):
		low, ok := s.hex()
		if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
			return 0, s.fail(CodeJSON, at, "surrogate without its other half")
		}
	case r < 0x20 && r != '\t' && r != '\n' && r != '\r':
		return 0, s.fail(CodeJSON, at, "a policy cannot hold the control character U+%04X", r)
	}
	return r, true
}

// hex reads one \uXXXX, if it is next.
func (s *scanner) hex() (rune, bool) {
	if len(s.src)-s.pos < 6 || s.src[s.pos:s.pos+2] != `\u` {
		return 0, false
	}
	n := rune(0)
	for _, c := range []byte(s.src[s.pos+2 : s.pos+6]) {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return 0, false
		}
		n = n<<4 | rune(digit)
	}
	s.pos += 6
	return n, true
}

// number reads a number as it is written; a digit or a minus is next.
func (s *scanner) number() (Text, bool) {
	at, start := s.here(), s.pos
	if s.src[s.pos] == '-' {
		s.pos++
	}
	if s.pos < len(s.src) && s.src[s.pos] == '0' {
		s.pos++
	} else if !s.digits() {
		return Text{}, s.unexpected(`"-"`)
	}
	if s.pos < len(s.src) && s.src[s.pos] == '.' {
		s.pos++
		if !s.digits() {
			return Text{}, s.unexpected("the point of a number")
		}
	}
	if s.pos < len(s.src) && s.src[s.pos]|0x20 == 'e' {
		s.pos++
		if s.pos < len(s.src) && (s.src[s.pos] == '+' || s.src[s.pos] == '-') {
			s.pos++
		}
		if !s.digits() {
			return Text{}, s.unexpected("the exponent of a number")
		}
	}
	if s.pos < len(s.src) && s.src[s.pos] >= '0' && s.src[s.pos] <= '9' {
		return Text{}, s.unexpected("a leading zero")
	}
	t := Text{s.src[start:s.pos], at}
	if _, err := strconv.ParseFloat(t.Text, 64); err != nil {
		return Text{}, s.fail(CodeJSON, at, "number out of range")
	}
	return t, true
}

func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.src) && '0' <= s.src[s.pos] && s.src[s.pos] <= '9' {
		s.pos++
	}
	return s.pos > start
}

// word returns which of true, false and null is next, or "".
func (s *scanner) word() string {
	for _, w := range []string{"true", "false", "null"} {
		if strings.HasPrefix(s.src[s.pos:], w) {
			return w
		}
	}
	return ""
}
