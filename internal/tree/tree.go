// Package tree reads JSON and YAML into one tree whose values know where they stand, and tells
// people what is wrong with them and where. It is made for files that are written by hand and
// may come from anybody: their size and depth are bounded, and YAML's aliases are refused.
package tree

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/aegis-iam/aegis/internal/policy"
)

// MaxSize is the length in bytes of the longest text that Read reads.
const MaxSize = 4 << 20

// maxDepth bounds the nesting of lists and maps.
const maxDepth = 64

// Kind is what a Value is.
type Kind uint8

// The kinds of values. A number of YAML is a String: 111122223333 is an account there.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// String returns what to call a value of the kind.
func (k Kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "a text", "a list", "a map"}[k]
}

// A Value is one value of the text with all that it holds.
type Value struct {
	Kind     Kind
	Text     string // of Bool, Number and String
	Items    []*Value
	Fields   []Field // of a Map, in the order of the text; no name is there twice
	Position policy.Position
	file     string
}

// A Field is one name of a map with its value.
type Field struct {
	Name     string
	Position policy.Position
	Value    *Value
}

// An Error says what is wrong with a text, and where.
type Error struct {
	File     string
	Position policy.Position
	Reason   string
}

// Error returns file, line, column and reason.
func (e *Error) Error() string {
	if e.Position == (policy.Position{}) {
		return e.File + ": " + e.Reason
	}
	return fmt.Sprintf("%s:%v: %s", e.File, e.Position, e.Reason)
}

// Read reads a text of the file of a name: JSON if it begins with a brace and the name is not
// that of a YAML file, else YAML. The error is an *Error.
func Read(file string, data []byte) (*Value, error) {
	r := &reader{file: file}
	switch {
	case len(data) > MaxSize:
		return nil, r.fail(policy.Position{}, "the text has more than %d bytes, which are the most that are read", MaxSize)
	case !utf8.Valid(data):
		return nil, r.fail(policy.Position{}, "the text is not UTF-8: save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	text := bytes.TrimLeft(data, " \t\r\n")
	if len(text) == 0 {
		return nil, r.fail(policy.Position{}, "the text is empty")
	}
	if ext := strings.ToLower(path.Ext(file)); text[0] == '{' && ext != ".yaml" && ext != ".yml" {
		return r.readJSON(data)
	}
	return r.readYAML(data)
}

// A reader reads one text.
type reader struct {
	file string
	// Of JSON: where lines begin, so that offsets can be told as positions.
	lines []int
}

func (r *reader) fail(at policy.Position, format string, args ...any) error {
	return &Error{r.file, at, fmt.Sprintf(format, args...)}
}

// Errorf makes an error about a value.
func (v *Value) Errorf(format string, args ...any) error {
	return &Error{v.file, v.Position, fmt.Sprintf(format, args...)}
}

// Field returns the value of a name of a map, or nil.
func (v *Value) Field(name string) *Value {
	for i := range v.Fields {
		if v.Fields[i].Name == name {
			return v.Fields[i].Value
		}
	}
	return nil
}

// Each hands the fields of a map to the readers of their names, in the order of the text. What
// is no map, or has a name without a reader, is an error; thing is what to call the map.
func (v *Value) Each(thing string, readers map[string]func(*Value) error) error {
	if v.Kind != Map {
		return v.Errorf("%s must be a map, not %v", thing, v.Kind)
	}
	for _, f := range v.Fields {
		read, ok := readers[f.Name]
		if !ok {
			return &Error{v.file, f.Position, unknown(thing, f.Name, readers)}
		}
		if err := read(f.Value); err != nil {
			return err
		}
	}
	return nil
}

// Entries hands each name of a map, as a text, and its value to read.
func (v *Value) Entries(thing string, read func(name, value *Value) error) error {
	if v.Kind != Map {
		return v.Errorf("%s must be a map, not %v", thing, v.Kind)
	}
	for _, f := range v.Fields {
		if err := read(&Value{Kind: String, Text: f.Name, Position: f.Position, file: v.file}, f.Value); err != nil {
			return err
		}
	}
	return nil
}

// List hands each value of a list to read; a value that is no list counts as a list of it.
func (v *Value) List(read func(*Value) error) error {
	if v.Kind != List {
		return read(v)
	}
	for _, item := range v.Items {
		if err := read(item); err != nil {
			return err
		}
	}
	return nil
}

// Scalar returns the text of a text, a number, or true or false.
func (v *Value) Scalar(thing string) (string, error) {
	if v.Kind != String && v.Kind != Number && v.Kind != Bool {
		return "", v.Errorf("%s must be a text, not %v", thing, v.Kind)
	}
	return v.Text, nil
}

// Scalars returns the texts of a list, or of one value.
func (v *Value) Scalars(thing string) ([]string, error) {
	texts := []string{}
	err := v.List(func(item *Value) error {
		text, err := item.Scalar(thing)
		texts = append(texts, text)
		return err
	})
	return texts, err
}

// True returns whether a value is true; anything but true and false is an error.
func (v *Value) True(thing string) (bool, error) {
	if v.Kind != Bool {
		return false, v.Errorf("%s must be true or false, not %v", thing, v.Kind)
	}
	return v.Text == "true", nil
}
