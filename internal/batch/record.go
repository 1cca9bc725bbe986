// Package batch answers many requests: it reads them as records, answers them on all cores and
// gives the answers in the order of the records, in constant memory.
package batch

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// MaxLine is the length in bytes of the longest line that is read: a request of the greatest
// length fits into it however its characters are escaped.
const MaxLine = 8 << 20

// A Record is one request of a batch, or a conversation of several turns.
type Record struct {
	ID    json.RawMessage // as it stood in the input; nil if it has none
	Line  int             // where the record starts, from 1
	Kind  policy.Kind     // empty: told from the words
	Turns []string        // one for a request
	Talk  bool            // the record has turns, and so has its answer
	Err   error           // why the record is not one; ID may be known all the same
}

// A Source gives records one after the other, and io.EOF after the last. A line that is no
// record is a Record with Err; any other error ends the input.
type Source interface {
	Next() (Record, error)
}

// The ways in which a line is no record.
var (
	errNoRequest = errors.New(`neither "request" nor "turns"`)
	errBoth      = errors.New(`both "request" and "turns"`)
	errLong      = fmt.Errorf("line longer than %d bytes", MaxLine)
	errEncoding  = errors.New("line is not UTF-8 text")
)

// fill checks the words and the kind of a record and puts them in.
func (r *Record) fill(request *string, turns []string, kind string) {
	switch {
	case request == nil && turns == nil:
		r.Err = errNoRequest
	case request != nil && turns != nil:
		r.Err = errBoth
	case request != nil:
		r.Turns = []string{*request}
	case len(turns) == 0:
		r.Err = errors.New(`"turns" is empty`)
	default:
		r.Turns, r.Talk = turns, true
	}
	if r.Err != nil {
		return
	}
	if r.Kind, r.Err = generate.ParseKind(kind); r.Err != nil {
		return
	}
	for i, words := range r.Turns {
		if err := generate.Check(words); err != nil {
			if r.Talk {
				err = fmt.Errorf("turn %d: %w", i+1, err)
			}
			r.Err = err
			return
		}
	}
}
