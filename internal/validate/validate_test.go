package validate

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/report"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/source"
)

// documents are one that is good, one that is not, one that is no policy and one that is not there.
func documents() []Document {
	held := func(results ...comply.Result) *comply.Report {
		f := comply.FrameworkResult{Framework: &comply.Framework{ID: "acme", Name: "<Acme>"}}
		for _, r := range results {
			f.Controls = append(f.Controls, comply.ControlResult{Control: &comply.Control{ID: "A"}, Result: r})
		}
		return &comply.Report{Frameworks: []comply.FrameworkResult{f}, Text: source.New("{}")}
	}
	file := func(name string, findings ...finding.Finding) report.File {
		return report.File{Name: name, Kind: policy.IdentityBased, Text: source.New("{}"), Findings: findings}
	}
	return []Document{
		{Lint: file("good.json", finding.Finding{Severity: finding.Suggestion}), Score: &score.Report{Scored: true, Score: 90, Grade: "A"}, Compliance: held(comply.Pass, comply.NotAssessable), Beyond: &Beyond{Reference: "r", Verdict: Within}},
		{Lint: file("bad.json", finding.Finding{Severity: finding.Security}, finding.Finding{Severity: finding.Error}), Score: &score.Report{Scored: true, Score: 40, Grade: "F"}, Compliance: held(comply.Fail), Beyond: &Beyond{Reference: "r", Verdict: Outside, Accesses: make([]Access, 2)}},
		{Lint: file("broken.json", finding.Finding{Severity: finding.Error}), Broken: errors.New("unexpected end")},
		{Lint: report.File{Name: "gone.json", Err: errors.New("no such file")}},
	}
}

func TestComplaints(t *testing.T) {
	d := documents()
	for limits, want := range map[Limits][]string{
		{FailOn: finding.Warning}:                    {"", "2 findings, 1 control fails, 2 accesses beyond r", "1 finding", ""},
		{FailOn: finding.Suggestion, FailUnder: 100}: {"1 finding, a score below 100", "2 findings, a score below 100, 1 control fails, 2 accesses beyond r", "1 finding", ""},
		{FailOn: finding.Error, FailUnder: 40}:       {"", "1 finding, 1 control fails, 2 accesses beyond r", "1 finding", ""},
	} {
		for i := range d {
			if got := strings.Join(d[i].Complaints(limits), ", "); got != want[i] {
				t.Errorf("%s: Complaints(%+v) = %q, want %q", d[i].Lint.Name, limits, got, want[i])
			}
		}
	}
	if Unread(d[:2]) || !Unread(d[:3]) || !Unread(d[3:]) || !Unread([]Document{{Beyond: &Beyond{Verdict: Unknown}}}) || Unread([]Document{{Beyond: &Beyond{Verdict: OtherKind}}}) {
		t.Error("Unread() is true for what was read, or false for what was not")
	}
	if got := Summary(d, Limits{FailOn: finding.Warning}); got != "4 documents, 1 without complaints; 2 could not be read" {
		t.Errorf("Summary() = %s", got)
	}
}

func TestWrite(t *testing.T) {
	var text strings.Builder
	if err := JSON(&text, documents(), Limits{FailOn: finding.Warning}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Documents []struct {
			File, Error string
			Good        bool
			Complaints  []string
			Score       *struct{ Score int }
		}
	}
	if err := json.Unmarshal([]byte(text.String()), &got); err != nil {
		t.Fatal(err)
	}
	if d := got.Documents; len(d) != 4 || !d[0].Good || d[0].Score.Score != 90 || d[1].Good || len(d[1].Complaints) != 3 || d[2].Score != nil || d[2].Error == "" || d[3].Error != "no such file" {
		t.Errorf("JSON() = %+v", got)
	}
	text.Reset()
	if err := HTML(&text, documents(), Limits{FailOn: finding.Warning}, "1.0"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"&lt;Acme&gt;", "40 F", "2 findings, 1 control fails", "Not validated: no such file", "Within r: beyond", "aegis 1.0"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the page has no %q", want)
		}
	}
}
