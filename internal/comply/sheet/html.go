package sheet

import (
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/report"
)

var (
	//go:embed page.html
	page string
	//go:embed style.css
	style string
)

// Style returns the style sheet of pages with results.
func Style() template.CSS { return report.Style() + template.CSS(style) }

var pageTemplate = template.Must(template.New("page").Parse(page))

type (
	htmlSheet struct {
		Version   string
		Style     template.CSS
		Counts    []htmlCount
		Documents []htmlDocument
	}
	htmlCount struct {
		Class, Name string
		Count       int
	}
	htmlDocument struct {
		Name       string
		Kind       policy.Kind
		Error      string
		Failures   []htmlFailure
		Frameworks []htmlFramework
	}
	htmlFailure struct {
		comply.Outcome
		Place, Request string
		Before, Marked string
		After          string
	}
	htmlFramework struct {
		Title, Note string
		ThirdParty  bool
		Counts      []htmlCount
		Controls    []htmlControl
	}
	htmlControl struct {
		ID, Title, Class, Result, Reason, Checks, Source string
	}
)

// HTML writes reports as one page that needs nothing else: no scripts, no other files.
func HTML(w io.Writer, reports []*comply.Report, version string) error {
	out := htmlSheet{Version: version, Style: Style(), Counts: counts(Count(reports))}
	for _, r := range reports {
		out.Documents = append(out.Documents, htmlDocumentOf(r))
	}
	return pageTemplate.Execute(w, out)
}

// HTMLResults writes what a document comes to as a part of a page with Style.
func HTMLResults(w io.Writer, r *comply.Report) error {
	return pageTemplate.ExecuteTemplate(w, "document", htmlDocumentOf(r))
}

func htmlDocumentOf(r *comply.Report) htmlDocument {
	d := htmlDocument{Name: comply.NameOf(r.Name, r.Start), Kind: r.Kind}
	if r.Err != nil {
		d.Error = r.Err.Error()
	}
	for _, o := range r.Failures() {
		d.Failures = append(d.Failures, failure(r, o))
	}
	for i := range r.Frameworks {
		d.Frameworks = append(d.Frameworks, htmlFrameworkOf(&r.Frameworks[i]))
	}
	return d
}

// class is how the style sheet calls a result.
func class(r comply.Result) string {
	return map[comply.Result]string{
		comply.Fail: "error", comply.NotAssessable: "warning", comply.Pass: "suggestion", comply.NotApplicable: "soft",
	}[r]
}

func counts(of map[comply.Result]int) []htmlCount {
	var out []htmlCount
	for _, r := range comply.Results() {
		out = append(out, htmlCount{class(r), string(r), of[r]})
	}
	return out
}

func failure(r *comply.Report, o comply.Outcome) htmlFailure {
	out := htmlFailure{Outcome: o}
	if o.Witness != nil {
		out.Request = o.Witness.String()
	}
	if o.Line == 0 {
		return out
	}
	at := policy.Position{Line: o.Line, Column: o.Column}
	out.Place = fmt.Sprintf("%v %s", at, o.Path)
	line := r.Text.Line(at.Line)
	from := min(at.Column-1, len(line))
	to := min(max(r.Text.End(at).Column-1, from), len(line))
	out.Before, out.Marked, out.After = last(strings.TrimLeft(line[:from], " \t")), line[from:to], first(line[to:])
	return out
}

// shownRunes is how much of a line is shown before and after a place.
const shownRunes = 100

func first(s string) string {
	if r := []rune(s); len(r) > shownRunes {
		return string(r[:shownRunes]) + "…"
	}
	return s
}

func last(s string) string {
	if r := []rune(s); len(r) > shownRunes {
		return "…" + string(r[len(r)-shownRunes:])
	}
	return s
}

func htmlFrameworkOf(f *comply.FrameworkResult) htmlFramework {
	out := htmlFramework{Title: f.Framework.Title(), Note: f.Framework.Note, ThirdParty: f.Framework.ThirdParty(), Counts: counts(f.Count())}
	for i := range f.Controls {
		c := &f.Controls[i]
		var checks []string
		for _, o := range c.Outcomes {
			checks = append(checks, o.Check)
		}
		out.Controls = append(out.Controls, htmlControl{
			ID: c.Control.ID, Title: c.Control.Title, Class: class(c.Result), Result: string(c.Result),
			Reason: strings.Join(c.Reasons(), "; "), Checks: strings.Join(checks, ", "), Source: c.Control.Source,
		})
	}
	return out
}
