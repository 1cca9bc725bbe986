// Package source knows the text that a document was read from: the lines of it, the extent of
// what stands at a position, the path of an element, and how to edit the text in place.
package source

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aegis-iam/aegis/internal/policy"
)

// A Text is a text of JSON. It may have defects: then it has paths only for what stands before
// the first of them. It does not change and may be used by several goroutines.
type Text struct {
	src   string
	lines []int // the offsets at which lines begin
	root  *node
}

// A node is one value of the text; key is where its name stands if it is a member, else -1.
type node struct {
	start, end int
	key        int
	name       string
	index      int // among the items of a list
	parent     *node
	children   []*node
	open       byte // '{', '[' or 0
}

// New reads a text.
func New(src string) *Text {
	t := &Text{src: src, lines: []int{0}}
	for i := 0; i < len(src); i++ {
		if src[i] == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	r := reader{src: src}
	t.root = r.value(nil, 0)
	return t
}

// String returns the text.
func (t *Text) String() string { return t.src }

// Line returns a line of the text, counted from 1, without its end. A line that the text does
// not have is empty.
func (t *Text) Line(n int) string {
	if n < 1 || n > len(t.lines) {
		return ""
	}
	line := t.src[t.lines[n-1]:]
	if n < len(t.lines) {
		line = t.src[t.lines[n-1]:t.lines[n]]
	}
	return strings.TrimRight(line, "\r\n")
}

// offset returns the place of a position in bytes, and whether the text has it.
func (t *Text) offset(at policy.Position) (int, bool) {
	if at.Line < 1 || at.Line > len(t.lines) || at.Column < 1 {
		return 0, false
	}
	i := t.lines[at.Line-1] + at.Column - 1
	return i, i <= len(t.src)
}

// Byte returns the byte at a position, which tells the type of the value that begins there; 0
// where there is none.
func (t *Text) Byte(at policy.Position) byte {
	if i, ok := t.offset(at); ok && i < len(t.src) {
		return t.src[i]
	}
	return 0
}

// End returns the position behind the string, number or word at a position, on the same line:
// a value that goes on is cut at the end of the line.
func (t *Text) End(at policy.Position) policy.Position {
	i, ok := t.offset(at)
	if !ok || i == len(t.src) {
		return at
	}
	end := i + 1
	if t.src[i] == '"' {
		end = i + quoted(t.src[i:])
	} else if word(t.src[i]) {
		for end < len(t.src) && word(t.src[end]) {
			end++
		}
	} else if r, size := utf8.DecodeRuneInString(t.src[i:]); r != '\n' {
		end = i + size
	}
	return policy.Position{Line: at.Line, Column: at.Column + end - i}
}

func word(b byte) bool {
	return 'a' <= b|0x20 && b|0x20 <= 'z' || '0' <= b && b <= '9' || b == '-' || b == '+' || b == '.'
}

// quoted returns the length of the string at the start of s; of one without an end, the line's.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n':
			return i
		}
	}
	return len(s)
}

// Path returns the path of the element at a position, as Statement[0].Action[1], and the index
// of its statement, -1 where it stands in none.
func (t *Text) Path(at policy.Position) (path string, statement int) {
	statement = -1
	offset, ok := t.offset(at)
	if !ok {
		return "", statement
	}
	var parts []string
	for n := t.find(offset); n != nil && n.parent != nil; n = n.parent {
		if n.key < 0 {
			parts = append(parts, "["+strconv.Itoa(n.index)+"]")
		} else {
			parts = append(parts, n.name)
		}
		switch {
		case n.key < 0 && n.parent.name == "Statement" && n.parent.parent == t.root:
			statement = n.index
		case n.name == "Statement" && n.parent == t.root && n.open == '{':
			statement = 0
		}
	}
	var b strings.Builder
	for i := len(parts) - 1; i >= 0; i-- {
		if b.Len() > 0 && !strings.HasPrefix(parts[i], "[") {
			b.WriteByte('.')
		}
		b.WriteString(parts[i])
	}
	return b.String(), statement
}

// A Range is a part of a text, as bytes.
type Range struct{ Start, End int }

// With returns the objects that have a member of a name, the outermost ones in their order, and
// whether the text as a whole is one of them.
func (t *Text) With(member string) (ranges []Range, whole bool) {
	var walk func(*node)
	walk = func(n *node) {
		if n == nil {
			return
		}
		for _, c := range n.children {
			if n.open == '{' && c.name == member {
				ranges = append(ranges, Range{n.start, n.end})
				return
			}
		}
		for _, c := range n.children {
			walk(c)
		}
	}
	walk(t.root)
	return ranges, len(ranges) == 1 && t.root != nil && ranges[0].Start == t.root.start
}

// find returns the innermost value that holds an offset, its name included.
func (t *Text) find(offset int) *node {
	n := t.root
	for n != nil {
		inner := n.child(offset)
		if inner == nil {
			return n
		}
		n = inner
	}
	return nil
}

func (n *node) child(offset int) *node {
	for _, c := range n.children {
		if c.from() <= offset && offset < c.end {
			return c
		}
	}
	return nil
}

// from is where the node begins, its name included.
func (n *node) from() int {
	if n.key >= 0 {
		return n.key
	}
	return n.start
}

// maxDepth bounds the nesting that is read; a policy has far less.
const maxDepth = 64

// A reader reads the values of a text as far as they are JSON.
type reader struct {
	src string
	pos int
}

func (r *reader) space() byte {
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; c {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return c
		}
	}
	return 0
}

// value reads a value; nil if there is none.
func (r *reader) value(parent *node, depth int) *node {
	c := r.space()
	n := &node{start: r.pos, key: -1, parent: parent}
	switch {
	case depth > maxDepth || c == 0:
		return nil
	case c == '{' || c == '[':
		n.open = c
		r.pos++
		r.children(n, depth)
	case c == '"':
		r.pos += quoted(r.src[r.pos:])
	case word(c):
		for r.pos < len(r.src) && word(r.src[r.pos]) {
			r.pos++
		}
	default:
		return nil
	}
	n.end = r.pos
	return n
}

// children reads the items or members of a node up to its end, or to the first defect.
func (r *reader) children(n *node, depth int) {
	for {
		switch c := r.space(); c {
		case ',':
			r.pos++
			continue
		case '}', ']':
			r.pos++
			return
		}
		key, name := -1, ""
		if n.open == '{' {
			if r.space() != '"' {
				r.pos = len(r.src)
				return
			}
			key = r.pos
			r.pos += quoted(r.src[r.pos:])
			name, _ = strconv.Unquote(r.src[key:r.pos])
			if r.space() != ':' {
				r.pos = len(r.src)
				return
			}
			r.pos++
		}
		child := r.value(n, depth+1)
		if child == nil {
			r.pos = len(r.src)
			return
		}
		child.key, child.name, child.index = key, name, len(n.children)
		n.children = append(n.children, child)
	}
}
