package policy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxSize is the length in bytes of the longest text that Parse reads: far more than the
// largest policy of any service.
const MaxSize = 1 << 20

// maxErrors is how many errors ParseAll reports.
const maxErrors = 100

// Parse reads a policy document. The text must be JSON in UTF-8 and follow the grammar of
// the IAM policy language: element names are case-sensitive, none is unknown or given
// twice, values have their types, and what every statement needs is there. What depends on
// the kind of policy (Principal, Resource) or on a catalog (actions, operators, keys) is not
// checked. An error is the first *SyntaxError of the text.
func Parse(data []byte) (*Document, error) {
	d, errs := ParseAll(data)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return d, nil
}

// ParseAt is Parse for a document that stands inside another text, where it begins at start:
// all positions are those in that text.
func ParseAt(data []byte, start Position) (*Document, error) {
	d, errs := parseAll(data, start)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return d, nil
}

// ParseAll is Parse for those who want all errors, in the order of the text, and as much of
// the document as could be read, which is never nil. After a defect in the JSON nothing more
// is read; after 100 errors an error of CodeTooMany ends the list.
func ParseAll(data []byte) (*Document, []*SyntaxError) { return parseAll(data, Position{1, 1}) }

func parseAll(data []byte, start Position) (*Document, []*SyntaxError) {
	p := &parser{document: &Document{Statements: []Statement{}}}
	if err := checkText(data, start); err != nil {
		return p.document, []*SyntaxError{err}
	}
	p.src = string(data)
	p.line, p.lineStart = start.Line-1, 1-start.Column
	p.readText()
	if p.err != nil {
		p.errors = append(p.errors, p.err)
	}
	slices.SortStableFunc(p.errors, func(a, b *SyntaxError) int {
		if a.Position.Line != b.Position.Line {
			return a.Position.Line - b.Position.Line
		}
		return a.Position.Column - b.Position.Column
	})
	return p.document, p.errors
}

// checkText finds what makes a text unreadable before its first token.
func checkText(data []byte, start Position) *SyntaxError {
	switch {
	case len(data) > MaxSize:
		return syntaxError(CodeSize, start, "the text has %d bytes; at most %d are read", len(data), MaxSize)
	case strings.HasPrefix(string(data[:min(3, len(data))]), "\uFEFF"):
		return syntaxError(CodeEncoding, start, "the text begins with a byte order mark; save it as UTF-8 without one")
	case utf8.Valid(data):
		return nil
	}
	at := start
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at.Column += size
		if r == '\n' {
			at = Position{at.Line + 1, 1}
		}
		i += size
	}
	return syntaxError(CodeEncoding, at, "the text is not UTF-8")
}

// A parser reads one document. Defects of the JSON end the reading and are kept by the
// scanner; defects of the grammar are collected.
type parser struct {
	scanner
	document *Document
	errors   []*SyntaxError
}

// report notes a defect of the grammar. It returns false when there are too many.
func (p *parser) report(code Code, at Position, format string, args ...any) bool {
	if len(p.errors) == maxErrors {
		return p.fail(CodeTooMany, at, "too many errors")
	}
	p.errors = append(p.errors, syntaxError(code, at, format, args...))
	return true
}

func (p *parser) readText() bool {
	if p.peek() == 0 && p.pos == len(p.src) {
		return p.fail(CodeJSON, p.here(), "the text is empty")
	}
	p.document.Position = p.here()
	if !p.typed("a policy", p.readDocument, objectType) {
		return false
	}
	if p.peek(); p.pos < len(p.src) {
		return p.unexpected("the end of the policy")
	}
	return true
}

// typed calls read if the next value has one of the types. Otherwise it reports the value
// and skips it.
func (p *parser) typed(what string, read func() bool, types ...jsonType) bool {
	t := p.next()
	switch {
	case t == noValue:
		return false
	case slices.Contains(types, t):
		return read()
	}
	return p.report(CodeDataType, p.here(), "%s must be %s, not %s", what, either(types), t) && p.skip(1)
}

// members reads an object. A name that was there before is reported and its value skipped.
func (p *parser) members(member func(name Text) bool) bool {
	seen := map[string]bool{}
	return p.object(func(name Text) bool {
		if seen[name.Text] {
			return p.report(CodeDuplicate, name.Position, "%q is given twice", name.Text) && p.skip(1)
		}
		seen[name.Text] = true
		return member(name)
	})
}

// unknown reports an element that is none of the known ones, and skips its value.
func (p *parser) unknown(name Text, where string, known []string) bool {
	hint := ""
	for _, k := range known {
		if resembles(name.Text, k) {
			hint = "; write " + k
		}
	}
	return p.report(CodeUnknownElement, name.Position, "%s has no element %q%s", where, name.Text, hint) && p.skip(1)
}

// resembles reports whether a name is an element's, up to case and a plural: then it is
// reported as unknown, and the element is not reported as missing.
func resembles(name, element string) bool {
	return strings.EqualFold(strings.TrimSuffix(name, "s"), element)
}

var documentElements = []string{"Version", "Id", "Statement"}

func (p *parser) readDocument() bool {
	d, statement := p.document, false
	ok := p.members(func(name Text) bool {
		statement = statement || resembles(name.Text, "Statement")
		switch name.Text {
		case "Version":
			return p.readString(name.Text, func(t Text) bool {
				d.Version, d.VersionPosition = t.Text, t.Position
				if t.Text == Version2012 || t.Text == Version2008 {
					return true
				}
				return p.report(CodeInvalidVersion, t.Position, "Version must be %q or %q, not %q",
					Version2012, Version2008, t.Text)
			})
		case "Id":
			return p.readString(name.Text, func(t Text) bool {
				d.ID, d.IDPosition = t.Text, t.Position
				return true
			})
		case "Statement":
			return p.typed("Statement", p.readStatements, objectType, listType)
		}
		return p.unknown(name, "a policy", documentElements)
	})
	if ok && !statement {
		return p.report(CodeMissingStatement, d.Position, "the policy has no Statement")
	}
	return ok
}

// readString reads the string of an element and hands it to use.
func (p *parser) readString(element string, use func(Text) bool) bool {
	return p.typed(element, func() bool {
		t, ok := p.text()
		return ok && use(t)
	}, stringType)
}

// readStrings reads a string or a list of strings into texts, which is not nil afterwards.
func (p *parser) readStrings(element string, texts *[]Text) bool {
	*texts = []Text{}
	item := func() bool {
		return p.readString(element, func(t Text) bool {
			*texts = append(*texts, t)
			return true
		})
	}
	return p.typed(element, func() bool {
		if p.next() == listType {
			return p.list(item)
		}
		return item()
	}, stringType, listType)
}
