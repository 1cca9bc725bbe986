package batch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// A lineSource reads one JSON object a line.
type lineSource struct {
	in *bufio.Reader
	n  int
}

// JSONL reads JSON Lines: objects with id, request or turns, and kind. Other fields are left
// aside, so that a set with more in it can be read; empty lines are skipped.
func JSONL(r io.Reader) Source {
	return &lineSource{in: bufio.NewReaderSize(r, 64<<10)}
}

// Next returns the record of the next line that is not empty.
func (s *lineSource) Next() (Record, error) {
	for {
		line, long, err := s.line()
		if err != nil {
			return Record{}, err
		}
		s.n++
		if s.n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		line = bytes.TrimSpace(line)
		if long {
			return Record{Line: s.n, Err: errLong}, nil
		}
		if len(line) > 0 {
			return parseLine(s.n, line), nil
		}
	}
}

// line reads up to the end of a line. Of one that is too long the rest is read and thrown away.
func (s *lineSource) line() (line []byte, long bool, err error) {
	for {
		part, err := s.in.ReadSlice('\n')
		if len(line)+len(part) > MaxLine {
			long, line = true, nil
		} else if !long {
			line = append(line, part...)
		}
		switch {
		case err == nil:
			return line, long, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && (long || len(line) > 0):
			return line, long, nil
		default:
			return nil, false, err
		}
	}
}

func parseLine(n int, line []byte) Record {
	r := Record{Line: n}
	if !utf8.Valid(line) {
		r.Err = errEncoding
		return r
	}
	var fields struct {
		ID      json.RawMessage `json:"id"`
		Kind    string          `json:"kind"`
		Request *string         `json:"request"`
		Turns   []string        `json:"turns"`
	}
	if err := json.Unmarshal(line, &fields); err != nil {
		r.Err = jsonError(err)
		r.ID = idOf(line)
		return r
	}
	r.ID = fields.ID
	r.fill(fields.Request, fields.Turns, fields.Kind)
	return r
}

// idOf returns the id of an object whose other fields have wrong types, if it can be read.
func idOf(line []byte) json.RawMessage {
	var fields struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(line, &fields) != nil {
		return nil
	}
	return fields.ID
}

// jsonError says in the words of the input what package json says in those of Go.
func jsonError(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		if wrong.Field == "" {
			return fmt.Errorf("line is a JSON %s, not an object", wrong.Value)
		}
		return fmt.Errorf("field %q must not be a JSON %s", wrong.Field, wrong.Value)
	}
	return fmt.Errorf("line is not JSON: %w", err)
}
