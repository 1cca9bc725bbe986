package policy

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"
)

// JSON returns the canonical text of the document: the elements in the order of the IAM User
// Guide, two spaces of indentation, a list of one value as the plain value, longer lists with
// one value a line, the conditions grouped by operator, and no line break at the end. Strings
// are written as they are; only what JSON demands is escaped. For a document that Parse read,
// Parse of the text gives the same document up to positions. Conditions that agree in
// operator and key cannot be written as one policy: they come out one after the other, and
// Parse refuses them.
func (d *Document) JSON() []byte {
	p := printer{pretty: true}
	p.document(d)
	return p.out
}

// Compact returns the canonical text without any white space outside strings.
func (d *Document) Compact() []byte {
	p := printer{}
	p.document(d)
	return p.out
}

// MarshalJSON returns Compact, so that a document can be a part of a larger JSON value. Note
// that package json escapes <, > and & in it unless its encoder is told otherwise.
func (d Document) MarshalJSON() ([]byte, error) {
	return d.Compact(), nil
}

// UnmarshalJSON is Parse. Positions count from the start of the document's own text.
func (d *Document) UnmarshalJSON(data []byte) error {
	parsed, err := Parse(data)
	if err != nil {
		return fmt.Errorf("read policy: %w", err)
	}
	*d = *parsed
	return nil
}

var (
	_ json.Marshaler   = Document{}
	_ json.Unmarshaler = (*Document)(nil)
)

// A printer writes canonical JSON.
type printer struct {
	out    []byte
	pretty bool
	depth  int
	filled bool // the open object or list has a member
}

func (p *printer) open(c byte) {
	p.out = append(p.out, c)
	p.depth++
	p.filled = false
}

func (p *printer) close(c byte) {
	p.depth--
	if p.filled {
		p.newLine()
	}
	p.out = append(p.out, c)
	p.filled = true
}

// next begins a member of the open object or list.
func (p *printer) next() {
	if p.filled {
		p.out = append(p.out, ',')
	}
	p.newLine()
	p.filled = true
}

func (p *printer) newLine() {
	if !p.pretty {
		return
	}
	p.out = append(p.out, '\n')
	for range p.depth {
		p.out = append(p.out, "  "...)
	}
}

// name begins a member of the open object.
func (p *printer) name(s string) {
	p.next()
	p.text(s)
	p.out = append(p.out, ':')
	if p.pretty {
		p.out = append(p.out, ' ')
	}
}

func (p *printer) document(d *Document) {
	p.open('{')
	p.optional("Version", d.Version)
	p.optional("Id", d.ID)
	p.name("Statement")
	p.open('[')
	for i := range d.Statements {
		p.next()
		p.statement(&d.Statements[i])
	}
	p.close(']')
	p.close('}')
}

func (p *printer) statement(s *Statement) {
	p.open('{')
	p.optional("Sid", s.Sid)
	p.optional("Effect", string(s.Effect))
	p.principal("Principal", s.Principal)
	p.principal("NotPrincipal", s.NotPrincipal)
	p.texts("Action", s.Actions)
	p.texts("NotAction", s.NotActions)
	p.texts("Resource", s.Resources)
	p.texts("NotResource", s.NotResources)
	if s.Conditions != nil {
		p.name("Condition")
		p.conditions(s.Conditions)
	}
	p.close('}')
}

func (p *printer) optional(name, value string) {
	if value != "" {
		p.name(name)
		p.text(value)
	}
}

// texts writes an element that is a string or a list of strings, if it is there.
func (p *printer) texts(name string, values []Text) {
	if values != nil {
		p.name(name)
		p.values(values)
	}
}

func (p *printer) values(values []Text) {
	if len(values) == 1 {
		p.text(values[0].Text)
		return
	}
	p.open('[')
	for _, v := range values {
		p.next()
		p.text(v.Text)
	}
	p.close(']')
}

func (p *printer) principal(name string, v *Principal) {
	switch {
	case v == nil:
	case v.Any:
		p.name(name)
		p.text("*")
	default:
		p.name(name)
		p.open('{')
		p.texts("AWS", v.AWS)
		p.texts("Service", v.Service)
		p.texts("Federated", v.Federated)
		p.texts("CanonicalUser", v.CanonicalUser)
		p.close('}')
	}
}

func (p *printer) conditions(conditions []Condition) {
	var operators []string
	keys := map[string][]*Condition{}
	for i := range conditions {
		c := &conditions[i]
		if keys[c.Operator] == nil {
			operators = append(operators, c.Operator)
		}
		keys[c.Operator] = append(keys[c.Operator], c)
	}
	p.open('{')
	for _, operator := range operators {
		p.name(operator)
		p.open('{')
		for _, c := range keys[operator] {
			p.name(c.Key)
			p.values(c.Values)
		}
		p.close('}')
	}
	p.close('}')
}

// text writes a string. What is not UTF-8 becomes U+FFFD.
func (p *printer) text(s string) {
	p.out = slices.Grow(p.out, len(s)+2)
	p.out = append(p.out, '"')
	for i, r := range s {
		switch {
		case r == '"' || r == '\\':
			p.out = append(p.out, '\\', byte(r))
		case r == '\n':
			p.out = append(p.out, `\n`...)
		case r == '\r':
			p.out = append(p.out, `\r`...)
		case r == '\t':
			p.out = append(p.out, `\t`...)
		case r < 0x20:
			p.out = fmt.Appendf(p.out, `\u%04x`, r)
		case r < utf8.RuneSelf:
			p.out = append(p.out, s[i])
		default:
			p.out = utf8.AppendRune(p.out, r)
		}
	}
	p.out = append(p.out, '"')
}
