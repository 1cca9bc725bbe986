package probe

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// maxLine is the longest line that is read: far more than a case with hundreds of probes.
const maxLine = 8 << 20

// A LineError says which line of a set cannot be read, and why.
type LineError struct {
	File   string
	Line   int // from 1
	Reason string
}

// Error returns file, line and reason.
func (e *LineError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason) }

// A reader takes the lines of a set and makes cases of them.
type reader interface {
	line(n int, text string) error
	end() ([]Case, error)
}

// Load reads the cases of a set. A name that ends in .probes is in the project's own format,
// any other is JSONL. Reading stops at the first line that is wrong: the error is then a
// *LineError. The input is read line by line.
func Load(r io.Reader, name string) ([]Case, error) {
	var set reader = &jsonSet{file: name}
	if strings.HasSuffix(name, ".probes") {
		set = &textSet{file: name}
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	n := 0
	for lines.Scan() {
		n++
		if err := set.line(n, strings.TrimRight(lines.Text(), "\r")); err != nil {
			return nil, err
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read %s after line %d: %w", name, n, err)
	}
	return set.end()
}
