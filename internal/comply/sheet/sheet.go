// Package sheet writes what policies come to under frameworks, in the formats that other programs
// and auditors read: JSON, CSV, and a page that stands alone.
package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Format writes reports. The error is that of the writer.
type Format func(w io.Writer, reports []*comply.Report, version string) error

// formats are the formats by name, in their order; text for a person is written elsewhere.
var formats = []struct {
	name  string
	write Format
}{{"csv", CSV}, {"html", HTML}, {"json", JSON}}

// Named returns a format by its name. The error names those that there are.
func Named(name string) (Format, error) {
	names := []string{"text"}
	for _, f := range formats {
		if f.name == name {
			return f.write, nil
		}
		names = append(names, f.name)
	}
	return nil, fmt.Errorf("no format is called %q; there are %s", name, strings.Join(names, ", "))
}

type (
	jsonSheet struct {
		Version   string                `json:"version,omitempty"`
		Documents []jsonDocument        `json:"documents"`
		Summary   map[comply.Result]int `json:"summary"` // of controls, over all documents
	}
	jsonDocument struct {
		File       string           `json:"file"`
		Start      *policy.Position `json:"start,omitempty"` // of a document that is a part of the file
		Kind       policy.Kind      `json:"kind,omitempty"`
		Error      string           `json:"error,omitempty"`
		Frameworks []jsonFramework  `json:"frameworks"`
	}
	jsonFramework struct {
		ID         string                `json:"id"`
		Name       string                `json:"name"`
		Version    string                `json:"version,omitempty"`
		Reading    string                `json:"reading,omitempty"`
		ThirdParty bool                  `json:"thirdParty"`
		Note       string                `json:"note,omitempty"`
		Summary    map[comply.Result]int `json:"summary"`
		Controls   []jsonControl         `json:"controls"`
	}
	jsonControl struct {
		ID      string           `json:"id"`
		Title   string           `json:"title"`
		Result  comply.Result    `json:"result"`
		Reasons []string         `json:"reasons,omitempty"`
		Source  string           `json:"source,omitempty"`
		Checks  []comply.Outcome `json:"checks"`
	}
)

// JSON writes reports as one indented JSON value.
func JSON(w io.Writer, reports []*comply.Report, version string) error {
	out := jsonSheet{Version: version, Documents: []jsonDocument{}, Summary: Count(reports)}
	for _, r := range reports {
		d := jsonDocument{File: r.Name, Kind: r.Kind, Frameworks: frameworksOf(r)}
		if r.Err != nil {
			d.Error = r.Err.Error()
		}
		if r.Start != (policy.Position{}) {
			d.Start = &r.Start
		}
		out.Documents = append(out.Documents, d)
	}
	return plainjson.WriteIndented(w, out)
}

// FrameworksJSON returns what JSON writes of the frameworks of a report, for reports that hold more.
func FrameworksJSON(r *comply.Report) any { return frameworksOf(r) }

func frameworksOf(r *comply.Report) []jsonFramework {
	out := []jsonFramework{}
	for i := range r.Frameworks {
		out = append(out, jsonFrameworkOf(&r.Frameworks[i]))
	}
	return out
}

func jsonFrameworkOf(f *comply.FrameworkResult) jsonFramework {
	out := jsonFramework{
		ID: f.Framework.ID, Name: f.Framework.Name, Version: f.Framework.Version, Reading: f.Framework.Reading,
		ThirdParty: f.Framework.ThirdParty(), Note: f.Framework.Note, Summary: f.Count(), Controls: []jsonControl{},
	}
	for i := range f.Controls {
		c := &f.Controls[i]
		out.Controls = append(out.Controls, jsonControl{
			ID: c.Control.ID, Title: c.Control.Title, Result: c.Result, Reasons: c.Reasons(), Source: c.Control.Source, Checks: c.Outcomes,
		})
	}
	return out
}

// Count returns how many controls have each result in all reports.
func Count(reports []*comply.Report) map[comply.Result]int {
	out := map[comply.Result]int{}
	for _, r := range reports {
		for i := range r.Frameworks {
			for result, n := range r.Frameworks[i].Count() {
				out[result] += n
			}
		}
	}
	return out
}

var columns = []string{
	"file", "kind", "framework", "version", "reading", "control", "title", "result", "checks", "line", "statement", "sid", "reason", "request", "source",
}

// CSV writes reports as a table with a row for each control and document. The result of a document
// that could not be read is "error".
func CSV(w io.Writer, reports []*comply.Report, _ string) error {
	out := csv.NewWriter(w)
	rows := [][]string{columns}
	for _, r := range reports {
		if r.Err != nil {
			row := make([]string, len(columns))
			row[0], row[7], row[12] = comply.NameOf(r.Name, r.Start), "error", r.Err.Error()
			rows = append(rows, row)
		}
		for i := range r.Frameworks {
			for k := range r.Frameworks[i].Controls {
				rows = append(rows, rowOf(r, r.Frameworks[i].Framework, &r.Frameworks[i].Controls[k]))
			}
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			row[i] = plainCell(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func rowOf(r *comply.Report, f *comply.Framework, c *comply.ControlResult) []string {
	var checks []string
	var at comply.Outcome
	request := ""
	for _, o := range c.Outcomes {
		checks = append(checks, o.Check)
		if o.Result == comply.Fail && at.Result == "" {
			at = o
			if o.Witness != nil {
				request = o.Witness.String()
			}
		}
	}
	return []string{
		comply.NameOf(r.Name, r.Start), string(r.Kind), f.ID, f.Version, f.Reading, c.Control.ID, c.Control.Title, string(c.Result), strings.Join(checks, " "),
		number(at.Line), number(at.Statement), at.Sid, strings.Join(c.Reasons(), "; "), request, c.Control.Source,
	}
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// plainCell keeps a spreadsheet from taking a text for a formula: names of files and of a user's
// framework come from others.
func plainCell(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
