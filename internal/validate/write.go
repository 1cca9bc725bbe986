package validate

import (
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/comply/sheet"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/report"
	"github.com/aegis-iam/aegis/internal/score"
)

type jsonDocument struct {
	File       string           `json:"file"`
	Start      *policy.Position `json:"start,omitempty"`
	Kind       policy.Kind      `json:"kind,omitempty"`
	Error      string           `json:"error,omitempty"`
	Good       bool             `json:"good"` // no complaints
	Complaints []string         `json:"complaints"`
	Score      *score.Report    `json:"score"`
	Lint       any              `json:"lint,omitempty"`
	Compliance any              `json:"compliance,omitempty"`
	Beyond     *Beyond          `json:"beyond,omitempty"`
}

// JSON writes documents as one indented JSON value.
func JSON(w io.Writer, documents []Document, l Limits) error {
	out := struct {
		Documents []jsonDocument `json:"documents"`
	}{[]jsonDocument{}}
	for i := range documents {
		out.Documents = append(out.Documents, jsonOf(&documents[i], l))
	}
	return plainjson.WriteIndented(w, out)
}

func jsonOf(d *Document, l Limits) jsonDocument {
	out := jsonDocument{
		File: d.Lint.Name, Kind: d.Lint.Kind, Complaints: append([]string{}, d.Complaints(l)...), Score: d.Score, Beyond: d.Beyond,
	}
	if d.Start != (policy.Position{}) {
		out.Start = &d.Start
	}
	switch {
	case d.Lint.Err != nil:
		out.Error = d.Lint.Err.Error()
		return out
	case d.Broken != nil:
		out.Error = d.Broken.Error()
	default:
		out.Good = len(out.Complaints) == 0
	}
	out.Lint = report.FileJSON(&d.Lint)
	if d.Compliance != nil {
		out.Compliance = sheet.FrameworksJSON(d.Compliance)
	}
	return out
}

//go:embed page.html
var page string

var pageTemplate = template.Must(template.New("page").Parse(page))

type (
	htmlPage struct {
		Version, Summary string
		Style            template.CSS
		Documents        []htmlDocument
	}
	htmlDocument struct {
		Name                 string
		Kind                 policy.Kind
		Error, Grade, Reason string
		Complaints           string
		Class                string
		Controls             []htmlControl
		Findings, Compliance template.HTML
		Count                int
		Beyond               *Beyond
		Account              *score.Account
	}
	htmlControl struct {
		score.Result
		Request, Place string
	}
)

// HTML writes documents as one page that needs nothing else: no scripts, no other files.
func HTML(w io.Writer, documents []Document, l Limits, version string) error {
	out := htmlPage{Version: version, Summary: Summary(documents, l), Style: sheet.Style()}
	for i := range documents {
		d, err := htmlOf(&documents[i], l)
		if err != nil {
			return err
		}
		out.Documents = append(out.Documents, d)
	}
	return pageTemplate.Execute(w, out)
}

func htmlOf(d *Document, l Limits) (htmlDocument, error) {
	out := htmlDocument{Name: comply.NameOf(d.Lint.Name, d.Start), Kind: d.Lint.Kind, Count: len(d.Lint.Findings), Beyond: d.Beyond, Class: "suggestion"}
	if out.Complaints = strings.Join(d.Complaints(l), ", "); out.Complaints != "" {
		out.Class = "error"
	}
	if d.Lint.Err != nil {
		out.Error = d.Lint.Err.Error()
	} else if d.Broken != nil {
		out.Error = d.Broken.Error()
	}
	if d.Score != nil {
		out.Grade, out.Reason, out.Account = ScoreText(d.Score), d.Score.Reason, d.Score.Account
		for _, c := range d.Score.Failed() {
			h := htmlControl{Result: c, Request: c.Witness.String()}
			if len(c.Statements) > 0 {
				h.Place = fmt.Sprintf("%v, statement %d", c.Statements[0].Position, c.Statements[0].Statement)
			}
			out.Controls = append(out.Controls, h)
		}
	}
	var part strings.Builder
	if err := report.HTMLFindings(&part, &d.Lint); err != nil {
		return out, err
	}
	out.Findings = template.HTML(part.String())
	if d.Compliance == nil {
		return out, nil
	}
	part.Reset()
	err := sheet.HTMLResults(&part, d.Compliance)
	out.Compliance = template.HTML(part.String())
	return out, err
}

// ScoreText returns a score with its grade in a few words.
func ScoreText(r *score.Report) string {
	switch {
	case !r.Scored:
		return "no score"
	case r.Grade == score.Ungraded:
		return fmt.Sprintf("%d, no grade", r.Score)
	}
	return fmt.Sprintf("%d %s", r.Score, r.Grade)
}

// Summary returns in one line how many documents are good enough.
func Summary(documents []Document, l Limits) string {
	good, bad := 0, 0
	for i := range documents {
		d := &documents[i]
		switch {
		case d.Lint.Err != nil || d.Broken != nil:
			bad++
		case len(d.Complaints(l)) == 0:
			good++
		}
	}
	out := fmt.Sprintf("%d documents, %d without complaints", len(documents), good)
	if len(documents) == 1 {
		out = fmt.Sprintf("1 document, %d without complaints", good)
	}
	if bad > 0 {
		out += fmt.Sprintf("; %d could not be read", bad)
	}
	return out
}
