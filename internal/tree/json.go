package tree

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sort"

	"github.com/aegis-iam/aegis/internal/policy"
)

func (r *reader) readJSON(data []byte) (*Value, error) {
	r.lines = []int{0}
	for i, c := range data {
		if c == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
	j := &jsonReader{reader: r, data: data, decoder: json.NewDecoder(bytes.NewReader(data))}
	j.decoder.UseNumber()
	v, err := j.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := j.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, r.fail(j.next(), "there is more text after the end of the value")
	}
	return v, nil
}

// position tells an offset as line and column.
func (r *reader) position(offset int) policy.Position {
	line := sort.SearchInts(r.lines, offset+1) - 1
	return policy.Position{Line: line + 1, Column: offset - r.lines[line] + 1}
}

type jsonReader struct {
	*reader
	data    []byte
	decoder *json.Decoder
}

// next is where the next token stands.
func (j *jsonReader) next() policy.Position {
	at := int(j.decoder.InputOffset())
	for at < len(j.data) && bytes.IndexByte([]byte(" \t\r\n,:"), j.data[at]) >= 0 {
		at++
	}
	return j.position(at)
}

// token reads a token and where it stands.
func (j *jsonReader) token() (json.Token, policy.Position, error) {
	at := j.next()
	t, err := j.decoder.Token()
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return t, at, nil
	case errors.As(err, &syntax):
		return nil, at, j.fail(at, "%s", syntax.Error())
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, at, j.fail(j.position(len(j.data)), "the text ends before the value does")
	}
	return nil, at, j.fail(at, "%v", err)
}

func (j *jsonReader) value(depth int) (*Value, error) {
	t, at, err := j.token()
	if err != nil {
		return nil, err
	}
	v := &Value{Position: at, file: j.file}
	switch t := t.(type) {
	case json.Delim:
		if depth == maxDepth {
			return nil, j.fail(at, "nested deeper than %d levels", maxDepth)
		}
		if t == '{' {
			v.Kind = Map
			return v, j.fields(v, depth+1)
		}
		v.Kind = List
		return v, j.items(v, depth+1)
	case string:
		v.Kind, v.Text = String, t
	case json.Number:
		v.Kind, v.Text = Number, t.String()
	case bool:
		v.Kind, v.Text = Bool, "false"
		if t {
			v.Text = "true"
		}
	}
	return v, nil
}

func (j *jsonReader) fields(v *Value, depth int) error {
	seen := map[string]bool{}
	for j.decoder.More() {
		t, at, err := j.token()
		if err != nil {
			return err
		}
		name, ok := t.(string)
		if !ok {
			return j.fail(at, "a name must be a text")
		}
		if seen[name] {
			return j.fail(at, "%q is given twice", name)
		}
		seen[name] = true
		value, err := j.value(depth)
		if err != nil {
			return err
		}
		v.Fields = append(v.Fields, Field{name, at, value})
	}
	_, _, err := j.token()
	return err
}

func (j *jsonReader) items(v *Value, depth int) error {
	for j.decoder.More() {
		item, err := j.value(depth)
		if err != nil {
			return err
		}
		v.Items = append(v.Items, item)
	}
	_, _, err := j.token()
	return err
}
