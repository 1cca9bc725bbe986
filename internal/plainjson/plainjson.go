// Package plainjson writes JSON for people and programs, not for the inside of web pages: the
// characters <, > and & stand as they are, where encoding/json would write \u003c, \u003e and \u0026.
package plainjson

import (
	"bytes"
	"encoding/json"
	"io"
)

// Write writes a value on one line, with its line break. The error is that of the value or of the
// writer.
func Write(w io.Writer, value any) error { return encoder(w).Encode(value) }

// WriteIndented writes a value over several lines, two spaces a level, with the line break after
// the last. The error is that of the value or of the writer.
func WriteIndented(w io.Writer, value any) error {
	e := encoder(w)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// Line returns what Write would write. The error is that of the value.
func Line(value any) ([]byte, error) {
	var out bytes.Buffer
	if err := Write(&out, value); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func encoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}
