package report

import (
	_ "embed" // the page
	"html/template"
	"io"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
)

var (
	//go:embed page.html
	page string
	//go:embed style.css
	style string
)

// Style returns the style sheet of pages, for pages about policies that are made elsewhere.
func Style() template.CSS {
	return template.CSS(style)
}

var pageTemplate = template.Must(template.New("page").Parse(page))

type (
	htmlPage struct {
		Summary, Version string
		Style            template.CSS
		Counts           []htmlCount
		Files            []htmlFile
	}
	htmlCount struct {
		Name  string
		Count int
	}
	htmlFile struct {
		Name     string
		Kind     policy.Kind
		Error    string
		Findings []htmlFinding
	}
	htmlFinding struct {
		Severity, Message, Rule, Alias, Page, Position, Path string
		Before, Marked, After                                string
		Notes                                                []string
		Witness, Fix                                         string
	}
)

// HTML writes a report as one page that needs nothing else: no scripts, no other files.
func HTML(w io.Writer, r *Report) error {
	out := htmlPage{Summary: Summary(r), Version: r.Version, Style: Style()}
	counts := r.Count()
	for _, s := range severities {
		out.Counts = append(out.Counts, htmlCount{s.String(), counts[s]})
	}
	for i := range r.Files {
		out.Files = append(out.Files, htmlFileOf(&r.Files[i]))
	}
	return pageTemplate.Execute(w, out)
}

// HTMLFindings writes the findings of a file as a part of a page with Style.
func HTMLFindings(w io.Writer, f *File) error {
	return pageTemplate.ExecuteTemplate(w, "findings", htmlFileOf(f))
}

func htmlFileOf(f *File) htmlFile {
	out := htmlFile{Name: f.Name, Kind: f.Kind}
	if f.Err != nil {
		out.Error = f.Err.Error()
	}
	for k := range f.Findings {
		out.Findings = append(out.Findings, htmlFindingOf(f, &f.Findings[k]))
	}
	return out
}

func htmlFindingOf(f *File, x *finding.Finding) htmlFinding {
	out := htmlFinding{
		Severity: x.Severity.String(), Message: x.Message, Rule: x.Rule, Alias: x.Alias, Page: Page(x.Rule),
		Position: x.Position.String(), Path: x.Path, Notes: x.Notes,
	}
	if line := f.Text.Line(x.Position.Line); strings.TrimSpace(line) != "" {
		from := min(x.Position.Column-1, len(line))
		to := min(max(f.Text.End(x.Position).Column-1, from), len(line))
		out.Before, out.Marked, out.After = tail(strings.TrimLeft(line[:from], " \t"), frameWidth), line[from:to], head(line[to:], frameWidth)
	}
	if x.Witness != nil {
		out.Witness = x.Witness.String()
	}
	if x.Fix != nil {
		out.Fix = x.Fix.Title
	}
	return out
}
