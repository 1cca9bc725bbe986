// Package cli is the command line: each command decodes its flags, calls what does
// the work, and prints the result.
package cli

import (
	"io"
	"os"
)

// Streams are what a command reads and writes: results go to Out, all else to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// colours says whether colours are wanted: not if NO_COLOR is set to anything, nor on a terminal
// that says it has none.
func colours() bool { return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" }

// A laterError passes on what is written and keeps the first error, for texts whose writer would
// drop it or report it in its own way.
type laterError struct {
	out io.Writer
	err error
}

// Write writes to the stream until that fails. It always succeeds.
func (l *laterError) Write(data []byte) (int, error) {
	if l.err == nil {
		_, l.err = l.out.Write(data)
	}
	return len(data), nil
}
