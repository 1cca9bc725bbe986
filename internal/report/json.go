package report

import (
	"io"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
)

type (
	jsonReport struct {
		Files   []jsonFile     `json:"files"`
		Summary map[string]int `json:"summary"`
	}
	jsonFile struct {
		File     string        `json:"file"`
		Kind     policy.Kind   `json:"kind,omitempty"`
		Error    string        `json:"error,omitempty"`
		Findings []jsonFinding `json:"findings"`
		Ignored  int           `json:"ignored,omitempty"`
	}
	jsonFinding struct {
		Rule      string           `json:"rule"`
		Alias     string           `json:"alias,omitempty"`
		Severity  finding.Severity `json:"severity"`
		Message   string           `json:"message"`
		Line      int              `json:"line,omitempty"`
		Column    int              `json:"column,omitempty"`
		EndColumn int              `json:"endColumn,omitempty"`
		Path      string           `json:"path,omitempty"`
		Statement int              `json:"statement,omitempty"`
		Sid       string           `json:"sid,omitempty"`
		Notes     []string         `json:"notes,omitempty"`
		Witness   *finding.Request `json:"witness,omitempty"`
		Fix       *finding.Fix     `json:"fix,omitempty"`
		Page      string           `json:"page"`
	}
)

// JSON writes a report as one indented JSON value.
func JSON(w io.Writer, r *Report) error {
	out := jsonReport{Files: []jsonFile{}, Summary: map[string]int{"files": len(r.Files)}}
	for _, s := range severities {
		out.Summary[s.String()] = r.Count()[s]
	}
	for i := range r.Files {
		out.Files = append(out.Files, jsonFileOf(&r.Files[i]))
		if r.Files[i].Err != nil {
			out.Summary["unreadable"]++
		}
	}
	return plainjson.WriteIndented(w, out)
}

// FileJSON returns what JSON writes of a file, for reports that hold more.
func FileJSON(f *File) any { return jsonFileOf(f) }

func jsonFileOf(f *File) jsonFile {
	out := jsonFile{File: f.Name, Kind: f.Kind, Findings: []jsonFinding{}, Ignored: f.Ignored}
	if f.Err != nil {
		out.Error = f.Err.Error()
	}
	for i := range f.Findings {
		x := &f.Findings[i]
		out.Findings = append(out.Findings, jsonFinding{
			Rule: x.Rule, Alias: x.Alias, Severity: x.Severity, Message: x.Message,
			Line: x.Position.Line, Column: x.Position.Column, EndColumn: f.Text.End(x.Position).Column,
			Path: x.Path, Statement: x.Statement, Sid: x.Sid, Notes: x.Notes,
			Witness: x.Witness, Fix: x.Fix, Page: Page(x.Rule),
		})
	}
	return out
}
