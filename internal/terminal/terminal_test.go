package terminal

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/explain"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/verify"
)

func TestDiff(t *testing.T) {
	tests := []struct{ name, before, after, want string }{
		{"same", "a\nb", "a\nb", ""},
		{"one line", "a\nb\nc", "a\nx\nc", "  a\n- b\n+ x\n  c\n"},
		{"far lines are left out", "1\n2\n3\n4\n5", "1\n2\n3\n4\nx", "  ...\n  3\n  4\n- 5\n+ x\n"},
		{"two places", "a\n1\n2\n3\n4\n5\nb", "x\n1\n2\n3\n4\n5\ny", "- a\n+ x\n  1\n  2\n  ...\n  4\n  5\n- b\n+ y\n"},
		{"added", "a", "a\nb", "  a\n+ b\n"},
		{"removed", "a\nb", "b", "- a\n  b\n"},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		p := NewPrinter(&out, true)
		p.Diff(tt.before, tt.after)
		if out.String() != tt.want || p.Err() != nil {
			t.Errorf("%s: Diff(%q, %q) prints\n%swant\n%s", tt.name, tt.before, tt.after, &out, tt.want)
		}
	}
	long := strings.Repeat("x\n", 3000)
	if got := diff(long, long); len(got) != 2*3001 {
		t.Errorf("diff of long texts has %d lines, want all lines gone and come", len(got))
	}
}

func TestAnswer(t *testing.T) {
	a := generate.Answer{
		Status: generate.Asking,
		Policy: &policy.Document{Statements: []policy.Statement{{}}},
		Explanation: explain.Explanation{Statements: []explain.Statement{
			{Text: "Allows \x1b[31mall."},
		}},
		Questions:  []intent.Question{{Text: "Which VPC?", Choices: []string{"vpc-1", "vpc-2"}}},
		Assumed:    []intent.Assumption{{Text: "any bucket", Material: true}, {Text: "any region"}},
		Unread:     []string{"zork", "blub"},
		Notes:      []string{"a note"},
		Provenance: []generate.Provenance{{Sid: "S", Actions: []generate.Reason{{Action: "s3:GetObject", Because: "task", Words: "read"}}, Resources: []string{"b"}}},
	}
	for range 7 {
		a.Failures = append(a.Failures, verify.Failure{Err: errors.New("broken")})
	}
	var out bytes.Buffer
	p := NewPrinter(&out, true)
	p.Status(a)
	p.Statements(a)
	p.Provenance(a)
	p.Open(a)
	want := `aegis: question: 1 question to answer, 1 assumption, 2 words not read, 7 of 0 tests fail

  1. Allows  [31mall.

  S
    s3:GetObject <- "read", task
    resources <- "b"

  Please answer
    ? Which VPC?
        1) vpc-1
        2) vpc-2

  Tests that fail
    - broken
    - broken
    - broken
    - broken
    - broken
    and 2 more

  Assumed
    - any bucket
    - any region

  Not read
    zork, blub

  Notes
    - a note
`
	if out.String() != want {
		t.Errorf("the answer prints as\n%s\nwant\n%s", &out, want)
	}
}

func TestReview(t *testing.T) {
	own := generate.Finding{Finding: finding.Finding{Rule: "statement-idle", Severity: finding.Warning, Message: "it does nothing"}}
	asked := generate.Finding{Finding: finding.Finding{Rule: "action-all", Severity: finding.Security, Message: "everything is allowed"}, RequestedBy: []string{"anything", "at all"}}
	small := generate.Finding{Finding: finding.Finding{Rule: "sid-empty", Severity: finding.Suggestion}}
	a := generate.Answer{
		Findings: []generate.Finding{asked, small, own},
		Score:    &score.Report{Scored: true, Score: 65, Grade: "D", Controls: []score.Result{{Control: &score.Control{Title: "No whole service", Impact: 35}, Failed: true}, {Control: &score.Control{Title: "Not shown"}}}},
		Compliance: []generate.Compliance{
			{Framework: "a", Failed: []generate.FailedControl{{ID: "A1", Message: "too much"}, {ID: "A2", Message: "too much"}}},
			{Framework: "b", Failed: []generate.FailedControl{{ID: "B1", Message: "too much"}}},
		},
	}
	var out bytes.Buffer
	p := NewPrinter(&out, false)
	p.Review(generate.Answer{})
	p.Review(a)
	want := "\n  Score 65 of 100, grade D\n    - No whole service: 35 less\n" +
		"\n  Controls that it breaks\n    - too much (a A1 and 1 more, b B1)\n" +
		"\n  Found by lint\n    - warning: it does nothing (statement-idle)\n" +
		"\n  Found by lint, in what the words ask for\n    - security: everything is allowed (action-all)\n      <- \"anything\", \"at all\"\n"
	if out.String() != want {
		t.Errorf("Review() prints\n%s\nwant\n%s", &out, want)
	}
}

func TestChanges(t *testing.T) {
	get := generate.Access{
		Action: "s3:GetObject", Resource: "arn:aws:s3:::b/x", Actions: []string{"s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTagging"},
		Principal: &evaluate.Principal{Type: "AWS", ID: "111122223333"}, Context: evaluate.Context{"aws:SourceIp": {"10.0.0.1"}},
	}
	list := generate.Access{Action: "ec2:DescribeVpcs", Resource: "*"}
	tests := []struct {
		changes *generate.Changes
		want    string
	}{
		{nil, ""},
		{&generate.Changes{Verdict: generate.Equivalent}, "  no access gained or lost: both policies are proved to allow the same\n"},
		{&generate.Changes{Verdict: generate.Unknown, Reason: "too large"}, "  not known whether access is gained or lost: too large\n"},
		{
			&generate.Changes{Verdict: generate.Different, Gained: []generate.Access{get}, Lost: []generate.Access{list}, More: true},
			"  gained s3:GetObject and 2 other actions on arn:aws:s3:::b/x\n         by AWS 111122223333\n         with aws:SourceIp \"10.0.0.1\"\n" +
				"  lost ec2:DescribeVpcs\n  and more\n",
		},
		{&generate.Changes{Verdict: generate.Different, Lost: []generate.Access{list}}, "  lost ec2:DescribeVpcs\n  nothing gained: that is proved\n"},
		{
			&generate.Changes{Verdict: generate.Different, Gained: []generate.Access{list}, Reason: "too large"},
			"  gained ec2:DescribeVpcs\n  there may be more: too large\n",
		},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		NewPrinter(&out, false).Changes(tt.changes)
		if out.String() != tt.want {
			t.Errorf("Changes() prints\n%s\nwant\n%s", &out, tt.want)
		}
	}
}

func TestColours(t *testing.T) {
	p := &Printer{colour: true}
	if got := p.Text(Red, "x"); got != "\x1b[31mx\x1b[0m" {
		t.Errorf("Text(Red, x) = %q", got)
	}
	if got := p.Text(Red, ""); got != "" {
		t.Errorf("Text(Red, nothing) = %q", got)
	}
	if got := NewPrinter(&bytes.Buffer{}, true).Text(Red, "x"); got != "x" {
		t.Errorf("Text(Red, x) into a buffer = %q, want no colour", got)
	}
}

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := NewProgress(&out, 10, false)
	if p.out != nil {
		t.Error("NewProgress draws into what is no terminal")
	}
	p.out = &out
	in := p.Watch(strings.NewReader("12345"))
	if _, err := in.Read(make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	for range progressStep {
		p.Add()
	}
	p.End()
	want := "\r\x1b[K[" + strings.Repeat("=", 15) + strings.Repeat(" ", 15) + "] 64\r\x1b[K"
	if out.String() != want {
		t.Errorf("the progress bar draws %q, want %q", &out, want)
	}
}

func TestPrintable(t *testing.T) {
	if got := Printable("a\tb\x1b[0m\u202ec\u009bd é"); got != "a b [0m c d é" {
		t.Errorf("Printable() = %q", got)
	}
	if got := PrintableText("a\nb\rc"); got != "a\nb c" {
		t.Errorf("PrintableText() = %q", got)
	}
	if got := Indent("a\n\nb\n"); got != "  a\n\n  b" {
		t.Errorf("Indent() = %q", got)
	}
}
