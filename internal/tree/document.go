package tree

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// Document reads a value as a policy document, whose positions are those of the text. The error
// is an *Error.
func (v *Value) Document() (*policy.Document, error) {
	w := &jsonWriter{line: v.Position.Line, column: v.Position.Column}
	w.value(v)
	d, err := policy.ParseAt([]byte(w.text.String()), v.Position)
	var syntax *policy.SyntaxError
	if errors.As(err, &syntax) {
		return nil, &Error{v.file, syntax.Position, syntax.Reason}
	}
	return d, err
}

// A jsonWriter writes a value as JSON in which everything stands on its line, and in its column
// where there is room.
type jsonWriter struct {
	text         strings.Builder
	line, column int
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
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	// A text can always be written.
	_ = e.Encode(text)
	w.put(strings.TrimSuffix(out.String(), "\n"))
}
