package batch

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrHeader: the first line of CSV does not name the column request.
var ErrHeader = errors.New(`the first line must name the columns: id,request or id,request,kind`)

// A tableSource reads CSV.
type tableSource struct {
	in                *csv.Reader
	id, request, kind int // columns; -1 without one
}

// CSV reads comma-separated values with a header that names the columns id, request and kind,
// in any order; only request is needed and other columns are left aside. The error is
// ErrHeader or the input's.
func CSV(r io.Reader) (Source, error) {
	buffered := bufio.NewReader(r)
	if mark, err := buffered.Peek(3); err == nil && bytes.Equal(mark, []byte("\ufeff")) {
		if _, err := buffered.Discard(3); err != nil {
			return nil, err
		}
	}
	in := csv.NewReader(buffered)
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, ErrHeader
	}
	if err != nil {
		return nil, fmt.Errorf("read header: %w", err)
	}
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(header[i]))
	}
	s := &tableSource{
		in: in, id: slices.Index(header, "id"), request: slices.Index(header, "request"),
		kind: slices.Index(header, "kind"),
	}
	if s.request < 0 {
		return nil, ErrHeader
	}
	return s, nil
}

// Next returns the record of the next row.
func (s *tableSource) Next() (Record, error) {
	row, err := s.in.Read()
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return Record{Line: bad.StartLine, Err: fmt.Errorf("row is not CSV: %w", bad.Err)}, nil
	}
	if err != nil {
		return Record{}, err
	}
	n, _ := s.in.FieldPos(0)
	r := Record{Line: n}
	if id := field(row, s.id); s.id >= 0 && utf8.ValidString(id) {
		if r.ID, err = json.Marshal(id); err != nil {
			return Record{}, err
		}
	}
	if s.request >= len(row) {
		r.Err = errNoRequest
		return r, nil
	}
	request := row[s.request]
	r.fill(&request, nil, field(row, s.kind))
	return r, nil
}

func field(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return row[i]
}
