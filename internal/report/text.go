package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/source"
)

// TextOptions say how Text writes.
type TextOptions struct {
	Frame  bool // with the line of the text and a mark under the place
	Colour bool
}

// Text writes a report for a person: each finding with its place, what shows it and how it can be
// mended, and a last line with the counts.
func Text(w io.Writer, r *Report, o TextOptions) error {
	t := textPrinter{printer{out: w}, o}
	for i := range r.Files {
		f := &r.Files[i]
		if f.Err != nil {
			t.printf("%s: %s: %s\n", t.style("1", f.Name), t.style("31", "not linted"), f.Err)
			continue
		}
		t.findings(f)
	}
	t.printf("%s\n", Summary(r))
	return t.err
}

// TextFindings writes the findings of a file as Text does.
func TextFindings(w io.Writer, f *File, o TextOptions) error {
	t := textPrinter{printer{out: w}, o}
	t.findings(f)
	return t.err
}

func (t *textPrinter) findings(f *File) {
	for k := range f.Findings {
		t.finding(f, &f.Findings[k])
	}
}

type textPrinter struct {
	printer
	options TextOptions
}

func (t *textPrinter) style(code, text string) string {
	if !t.options.Colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

var colours = map[finding.Severity]string{
	finding.Error: "31", finding.Security: "35", finding.Warning: "33", finding.Suggestion: "36",
}

func (t *textPrinter) finding(f *File, x *finding.Finding) {
	place := f.Name
	if x.Position != (policy.Position{}) {
		place += ":" + x.Position.String()
	}
	t.printf("%s: %s %s: %s\n", t.style("1", place), t.style(colours[x.Severity], x.Severity.String()), x.Rule, printable(x.Message))
	if !t.options.Frame {
		return
	}
	indent := t.frame(f, x)
	for _, note := range x.Notes {
		t.printf("%s = %s\n", indent, printable(note))
	}
	if x.Witness != nil {
		t.printf("%s = request: %s\n", indent, printable(x.Witness.String()))
	}
	if x.Fix != nil {
		t.printf("%s = fix: %s\n", indent, printable(x.Fix.Title))
	}
	t.printf("\n")
}

// frameWidth is how much of a long line is shown.
const frameWidth = 110

// frame shows the line of a finding with a mark under the place, and returns the margin.
func (t *textPrinter) frame(f *File, x *finding.Finding) string {
	return t.mark(f.Text, x.Position, colours[x.Severity])
}

// Frame writes the line of a text with a mark under a place, and returns the margin for what is
// written below. The error is that of the writer.
func Frame(w io.Writer, text *source.Text, at policy.Position, o TextOptions) (margin string, err error) {
	t := textPrinter{printer{out: w}, o}
	margin = t.mark(text, at, "31")
	return margin, t.err
}

func (t *textPrinter) mark(text *source.Text, at policy.Position, colour string) string {
	line := text.Line(at.Line)
	if strings.TrimSpace(line) == "" {
		return " "
	}
	number := strconv.Itoa(at.Line)
	margin := strings.Repeat(" ", len(number)+1)
	from := at.Column - 1
	to := text.End(at).Column - 1
	from, to = min(from, len(line)), min(max(to, from+1), len(line)+1)
	before, marked := line[:from], line[from:min(to, len(line))]
	after := line[min(to, len(line)):]
	if utf8.RuneCountInString(line) > frameWidth {
		before, after = tail(before, frameWidth/2), head(after, frameWidth/2)
		marked = head(marked, frameWidth)
	}
	mark := strings.Repeat("^", max(1, utf8.RuneCountInString(marked)))
	t.printf("%s%s %s\n", " "+t.style("2", number), t.style("2", " |"), printable(before+marked+after))
	t.printf("%s %s %s%s\n", margin, t.style("2", "|"), strings.Repeat(" ", utf8.RuneCountInString(before)), t.style(colour, mark))
	return margin
}

func head(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

func tail(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "…" + string(r[len(r)-n:])
	}
	return s
}

// printable takes out of a line what would steer a terminal; a tab becomes one space, so that
// marks stay under their places.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, text)
}

// Summary returns the counts of a report in one line.
func Summary(r *Report) string {
	counts, bad, ignored := r.Count(), 0, 0
	for _, f := range r.Files {
		ignored += f.Ignored
		if f.Err != nil {
			bad++
		}
	}
	var parts []string
	for _, s := range severities {
		if n := counts[s]; n > 0 {
			noun := s.String()
			if s == finding.Security {
				noun = "security warning"
			}
			parts = append(parts, plural(n, noun))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no findings"}
	}
	out := plural(len(r.Files), "document") + ": " + strings.Join(parts, ", ")
	if ignored > 0 {
		out += fmt.Sprintf(", %d ignored", ignored)
	}
	if bad > 0 {
		out += fmt.Sprintf("; %d could not be read", bad)
	}
	return out
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
