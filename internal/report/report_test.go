package report

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/source"
)

var update = flag.Bool("update", false, "write the wanted reports")

// sample is a report with what is hard to write: markup, several lines, characters of two bytes.
func sample() *Report {
	text := "{\"Statement\": [\n\t{\"Sid\": \"Größe\", \"Action\": \"s3:*\"}\n]}"
	return &Report{
		Version: "1.2.3",
		Rules: []RuleInfo{
			{ID: "action-service-all", Summary: "A service.", Severity: finding.Security, Aliases: []string{"CODE"}},
			{ID: "sid-invalid", Summary: "A Sid.", Severity: finding.Error},
		},
		Files: []File{
			{Name: "a,b/<p>.json", Kind: policy.IdentityBased, Text: source.New(text), Findings: []finding.Finding{
				{
					Rule: "sid-invalid", Severity: finding.Error, Message: "100% <b>wrong</b> | *x*", Position: policy.Position{Line: 2, Column: 10},
					Path: "Statement[0].Sid", Statement: 1, Sid: "Größe", Notes: []string{"first", "second: `code`"},
					Fix: &finding.Fix{Title: "leave it out", Edits: []finding.Edit{{Position: policy.Position{Line: 2, Column: 10}, Op: finding.Remove}}},
				},
				{
					Rule: "action-service-all", Alias: "CODE", Severity: finding.Suggestion, Message: "all of it", Position: policy.Position{Line: 2, Column: 31},
					Witness: &finding.Request{Action: "s3:GetObject", Resource: "*", Context: map[string][]string{"b": {"2"}, "a": {"1"}}},
				},
			}},
			{Name: "clean.json", Text: source.New("{}"), Kind: policy.Trust},
			{Name: "gone.json", Err: errors.New("no such file"), Text: source.New("")},
		},
	}
}

func TestFormats(t *testing.T) {
	write := map[string]Format{"text": nil}
	for _, f := range formats {
		write[f.name] = f.write
	}
	for name, format := range write {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			var err error
			if format == nil {
				err = Text(&b, sample(), TextOptions{Frame: true})
			} else {
				err = format(&b, sample())
			}
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("%s writes\n%s\nwant\n%s", name, b.String(), want)
			}
		})
	}
}

func TestFormatsAreRead(t *testing.T) {
	for _, name := range []string{"json", "sarif"} {
		format, err := FormatNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := format(&b, sample()); err != nil {
			t.Fatal(err)
		}
		var value map[string]any
		if err := json.Unmarshal([]byte(b.String()), &value); err != nil {
			t.Errorf("%s is no JSON: %v", name, err)
		}
	}
	var b strings.Builder
	if err := JUnit(&b, sample()); err != nil {
		t.Fatal(err)
	}
	var suites junitSuites
	if err := xml.Unmarshal([]byte(b.String()), &suites); err != nil || suites.Tests != 4 || suites.Failures != 1 || suites.Errors != 1 {
		t.Errorf("JUnit() = %d tests, %d failures, %d errors, %v; want 4, 1, 1", suites.Tests, suites.Failures, suites.Errors, err)
	}
}

// A page has nothing of a policy as markup, and loads nothing.
func TestHTMLIsInert(t *testing.T) {
	var b strings.Builder
	if err := HTML(&b, sample()); err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{"<b>wrong", "<p>.json", "<script", "src=", "@import", "<link"} {
		if strings.Contains(b.String(), piece) {
			t.Errorf("the page has %q", piece)
		}
	}
}

func TestFormatNamed(t *testing.T) {
	if _, err := FormatNamed("bogus"); err == nil || !strings.Contains(err.Error(), "github, html, json") {
		t.Errorf("FormatNamed(bogus) = %v, want the names", err)
	}
}
