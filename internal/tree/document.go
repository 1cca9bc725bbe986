package tree

import (
	"errors"
	"strings"

	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Document reads a value as a policy document, whose positions are those of the text, but for
// columns of YAML where the quotes of JSON need more room. The error is an *Error.
func (v *Value) Document() (*policy.Document, error) {
	w := &jsonWriter{line: v.Position.Line, column: v.Position.Column, moved: map[policy.Position]policy.Position{}}
	w.value(v)
	d, err := policy.ParseAt([]byte(w.text.String()), v.Position)
	var syntax *policy.SyntaxError
	if errors.As(err, &syntax) {
		at := syntax.Position
		if from, ok := w.moved[at]; ok {
			at = from
		}
		return nil, &Error{v.file, at, syntax.Reason}
	}
	return d, err
}

// A jsonWriter writes a value as JSON in which everything stands on its line, and in its column
// where there is room.
type jsonWriter struct {
	text         strings.Builder
	line, column int
	moved        map[policy.Position]policy.Position // where a value stood that had no room, by where it stands
}

func (w *jsonWriter) put(text string) {
	w.text.WriteString(text)
	w.column += len(text)
}

// moveTo goes on to a place, if it is not passed already.
func (w *jsonWriter) moveTo(at policy.Position) {
	for ; w.line < at.Line; w.line++ {
		w.text.WriteByte('\n')
		w.column = 1
	}
	for w.line == at.Line && w.column < at.Column {
		w.put(" ")
	}
	if here := (policy.Position{Line: w.line, Column: w.column}); here != at {
		w.moved[here] = at
	}
}

func (w *jsonWriter) value(v *Value) {
	w.moveTo(v.Position)
	switch v.Kind {
	case Null:
		w.put("null")
	case Bool, Number:
		w.put(v.Text)
	case String:
		w.quote(v.Text)
	case List:
		w.put("[")
		for i, item := range v.Items {
			w.comma(i)
			w.value(item)
		}
		w.put("]")
	case Map:
		w.put("{")
		for i, f := range v.Fields {
			w.comma(i)
			w.moveTo(f.Position)
			w.quote(f.Name)
			w.put(":")
			w.value(f.Value)
		}
		w.put("}")
	}
}

func (w *jsonWriter) comma(i int) {
	if i > 0 {
		w.put(",")
	}
}

func (w *jsonWriter) quote(text string) {
	// A text can always be written.
	line, _ := plainjson.Line(text)
	w.put(strings.TrimSuffix(string(line), "\n"))
}
