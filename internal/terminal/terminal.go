// Package terminal shows a person what an answer says: as text that can be piped, and with
// colours where there is a terminal that has them.
package terminal

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// Is says whether a stream is one that a person looks at.
func Is(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// A Style is the number of a colour or weight of text on a terminal.
type Style string

// The styles in use.
const (
	Bold   Style = "1"
	Dim    Style = "2"
	Red    Style = "31"
	Green  Style = "32"
	Yellow Style = "33"
	Blue   Style = "34"
)

// A Printer writes text and keeps the first error, so that a page of output needs one check.
type Printer struct {
	out    io.Writer
	colour bool
	err    error
}

// NewPrinter returns a printer on a stream. It writes colours only if they are wanted and the
// stream is a terminal.
func NewPrinter(out io.Writer, colour bool) *Printer {
	return &Printer{out: out, colour: colour && Is(out)}
}

// Err returns the first error of writing.
func (p *Printer) Err() error { return p.err }

// Printf writes formatted text.
func (p *Printer) Printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

// Message writes a line in which the program speaks for itself.
func (p *Printer) Message(format string, args ...any) {
	p.Printf("aegis: "+format+"\n", args...)
}

// Text returns text in a style, or as it is where there are no colours.
func (p *Printer) Text(s Style, text string) string {
	if !p.colour || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// Printable takes out of a text of one line what would steer a terminal, such as escape
// sequences in a request that is shown again.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, text)
}

// PrintableText is Printable for a text of several lines.
func PrintableText(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}

// Indent moves every line that is not empty to the right.
func Indent(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "\n")
}

// Count writes a number with its noun, which takes an s for more than one.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
