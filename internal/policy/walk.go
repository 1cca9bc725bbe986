package policy

import "strings"

// A jsonType is the type of a JSON value, named as in messages.
type jsonType string

const (
	noValue     jsonType = ""
	objectType  jsonType = "an object"
	listType    jsonType = "a list"
	stringType  jsonType = "a string"
	numberType  jsonType = "a number"
	booleanType jsonType = "a boolean"
	nullType    jsonType = "null"
)

// next returns the type of the next value. If there is none, reading has failed.
func (s *scanner) next() jsonType {
	switch c := s.peek(); c {
	case '{':
		return objectType
	case '[':
		return listType
	case '"':
		return stringType
	case 't', 'f', 'n':
		switch s.word() {
		case "true", "false":
			return booleanType
		case "null":
			return nullType
		}
	default:
		if c == '-' || '0' <= c && c <= '9' {
			return numberType
		}
	}
	s.unexpected("")
	return noValue
}

// object reads an object, whose brace is next. Member reads each value. Like all functions
// that read, object returns false if and only if reading has failed.
func (s *scanner) object(member func(name Text) bool) bool {
	s.accept('{')
	if s.accept('}') {
		return true
	}
	for after := `"{"`; ; after = `","` {
		if s.peek() != '"' {
			return s.unexpected(after)
		}
		name, ok := s.text()
		if !ok {
			return false
		}
		if !s.accept(':') {
			return s.unexpected("the name of a member")
		}
		if !member(name) {
			return false
		}
		if s.accept('}') {
			return true
		}
		if !s.accept(',') {
			return s.unexpected("a value of an object")
		}
	}
}

// list reads a list, whose bracket is next. Item reads each value.
func (s *scanner) list(item func() bool) bool {
	s.accept('[')
	if s.accept(']') {
		return true
	}
	for {
		if !item() {
			return false
		}
		if s.accept(']') {
			return true
		}
		if !s.accept(',') {
			return s.unexpected("a value of a list")
		}
	}
}

// scalar reads a string, a number, a boolean or null.
func (s *scanner) scalar() (Text, bool) {
	switch s.next() {
	case stringType:
		return s.text()
	case numberType:
		return s.number()
	case booleanType, nullType:
		t := Text{s.word(), s.here()}
		s.pos += len(t.Text)
		return t, true
	}
	return Text{}, false
}

// skip reads a value of any type, depth levels below the first skipped one.
func (s *scanner) skip(depth int) bool {
	if depth > maxDepth {
		s.peek()
		return s.fail(CodeDepth, s.here(), "nested deeper than a policy can be")
	}
	switch s.next() {
	case objectType:
		return s.object(func(Text) bool { return s.skip(depth + 1) })
	case listType:
		return s.list(func() bool { return s.skip(depth + 1) })
	}
	_, ok := s.scalar()
	return ok
}

// either joins types for a message.
func either(types []jsonType) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return strings.Join(names, " or ")
}
