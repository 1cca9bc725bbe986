// Package report writes findings: as text for a person, and in the formats that other programs
// read. What it is given it neither filters nor sorts.
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/source"
)

// A File is a text that was linted, with what was found in it.
type File struct {
	Name     string // as the user named it
	Kind     policy.Kind
	Text     *source.Text
	Findings []finding.Finding
	Ignored  int   // findings that the configuration leaves out
	Err      error // why the file could not be linted; then it has no findings
}

// A RuleInfo is what a report says about a rule.
type RuleInfo struct {
	ID       string
	Summary  string
	Severity finding.Severity
	Aliases  []string
}

// A Report is a run over files.
type Report struct {
	Files   []File
	Rules   []RuleInfo // all that ran
	Version string     // of the program
}

// A Format writes a report. The error is that of the writer.
type Format func(io.Writer, *Report) error

// formats are the formats by name, in their order; text has options of its own.
var formats = []struct {
	name  string
	write Format
}{
	{"github", GitHub},
	{"html", HTML},
	{"json", JSON},
	{"junit", JUnit},
	{"markdown", Markdown},
	{"sarif", SARIF},
}

// FormatNamed returns a format by its name. The error names those that there are.
func FormatNamed(name string) (Format, error) {
	for _, f := range formats {
		if f.name == name {
			return f.write, nil
		}
	}
	return nil, fmt.Errorf("no format is called %q; there are %s", name, strings.Join(FormatNames(), ", "))
}

// FormatNames returns the names of the formats, text included.
func FormatNames() []string {
	out := []string{"text"}
	for _, f := range formats {
		out = append(out, f.name)
	}
	slices.Sort(out)
	return out
}

// Count returns how many findings a report has of each severity.
func (r *Report) Count() map[finding.Severity]int {
	out := map[finding.Severity]int{}
	for _, f := range r.Files {
		for _, x := range f.Findings {
			out[x.Severity]++
		}
	}
	return out
}

// Page returns the address of the documentation page of a rule.
func Page(rule string) string {
	return "https://github.com/aegis-iam/aegis/blob/main/docs/rules/" + rule + ".md"
}

var severities = []finding.Severity{finding.Error, finding.Security, finding.Warning, finding.Suggestion}

// A printer writes and keeps the first error.
type printer struct {
	out io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

// Keep leaves out the findings for which keep returns false.
func (r *Report) Keep(keep func(*finding.Finding) bool) {
	for i := range r.Files {
		f := &r.Files[i]
		f.Findings = slices.DeleteFunc(f.Findings, func(x finding.Finding) bool { return !keep(&x) })
	}
}
