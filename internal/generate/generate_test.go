package generate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/compile"
	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/explain"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/verify"
)

// allow returns a statement that allows one action on resources.
func allow(action string, resources ...string) policy.Statement {
	s := policy.Statement{Sid: "S", Effect: policy.Allow, Actions: []policy.Text{{Text: action}}}
	for _, r := range resources {
		s.Resources = append(s.Resources, policy.Text{Text: r})
	}
	return s
}

// scripted returns a generator whose parts give what they are told to.
func scripted(in intent.Intent, kind policy.Kind, tests []verify.Test, statements ...policy.Statement) Generator {
	return Generator{
		Read: func(context.Context, Request) (intent.Intent, error) { return in, nil },
		Compile: func(intent.Intent) compile.Result {
			return compile.Result{Kind: kind, Document: &policy.Document{Version: policy.Version2012, Statements: statements}}
		},
		Tests: func(intent.Intent) []verify.Test { return tests },
		Run:   verify.Run,
		Prove: func(intent.Intent, *policy.Document) verify.Proof { return verify.Proof{Verdict: compare.Proved} },
		Explain: func(*policy.Document, policy.Kind) explain.Explanation {
			return explain.Explanation{Summary: "explained"}
		},
		Lint:   func(string, policy.Kind) []finding.Finding { return nil },
		Comply: func(string, policy.Kind) *comply.Report { return nil },
		Given:  func(string) bool { return false },
		Score: func(*policy.Document, policy.Kind) *score.Report {
			return &score.Report{Scored: true, Score: score.Full, Grade: "A"}
		},
		Comparer: compare.New(catalog.Default()),
	}
}

func request(allow bool, action, resource string) verify.Test {
	return verify.Test{Name: action, Allow: allow, Request: evaluate.Request{Action: action, Resource: resource}}
}

func TestStatus(t *testing.T) {
	read := allow("s3:GetObject", "arn:aws:s3:::b/*")
	passes := []verify.Test{request(true, "s3:GetObject", "arn:aws:s3:::b/x"), request(false, "s3:PutObject", "arn:aws:s3:::b/x")}
	fails := []verify.Test{request(false, "s3:GetObject", "arn:aws:s3:::b/x")}
	used := intent.Word{Text: "read", Use: intent.Used}
	tests := []struct {
		name       string
		in         intent.Intent
		tests      []verify.Test
		statements []policy.Statement
		want       Status
		summary    string
	}{
		{"all is well", intent.Intent{Words: []intent.Word{used}}, passes, []policy.Statement{read}, Proved,
			"every word was used and nothing that matters was assumed, 2 tests pass, no more and no less is allowed"},
		{"an open region does not matter", intent.Intent{Assumed: []intent.Assumption{{Text: "any region"}}}, passes, []policy.Statement{read}, Proved,
			"every word was used and nothing that matters was assumed, 2 tests pass, no more and no less is allowed"},
		{"context words do not matter", intent.Intent{Words: []intent.Word{{Text: "team", Use: intent.Context}}}, passes, []policy.Statement{read}, Proved,
			"every word was used and nothing that matters was assumed, 2 tests pass, no more and no less is allowed"},
		{"an assumption", intent.Intent{Assumed: []intent.Assumption{{Text: "any bucket", Material: true}}}, passes, []policy.Statement{read}, Assumed,
			"1 assumption, 2 tests pass, no more and no less is allowed"},
		{"a word not read", intent.Intent{Words: []intent.Word{{Text: "zork", Use: intent.Unread}, {Text: "zork", Use: intent.Unread}}}, passes, []policy.Statement{read}, Assumed,
			"1 word not read, 2 tests pass, no more and no less is allowed"},
		{"a test fails", intent.Intent{}, fails, []policy.Statement{read}, Assumed,
			"every word was used and nothing that matters was assumed, 1 of 1 tests fail"},
		{"no tests", intent.Intent{}, nil, []policy.Statement{read}, Assumed, "every word was used and nothing that matters was assumed, no more and no less is allowed"},
		{"a question", intent.Intent{Questions: []intent.Question{{Text: "which?"}}}, passes, []policy.Statement{read}, Asking,
			"1 question to answer, 2 tests pass"},
		{"nothing", intent.Intent{}, nil, nil, Asking, "1 question to answer, nothing is granted yet"},
	}
	for _, tt := range tests {
		g := scripted(tt.in, policy.IdentityBased, tt.tests, tt.statements...)
		a, err := g.Generate(t.Context(), Request{Words: "words"})
		if err != nil || a.Status != tt.want || a.Summary() != tt.summary {
			t.Errorf("%s: Generate() = %v, %s, %q; want %s, %q", tt.name, err, a.Status, a.Summary(), tt.want, tt.summary)
		}
		if d := a.Policy.Compact(); a.Policy.Statements == nil || !json.Valid(d) {
			t.Errorf("%s: Generate() gives the document %s", tt.name, d)
		}
	}
}

// A document that fails a test is not proved, whatever is wrong with it.
func TestFailureIsNeverProved(t *testing.T) {
	broken := allow("s3:GetObject", "*")
	broken.Conditions = []policy.Condition{{Operator: "Odd", Key: "aws:SourceIp", Values: []policy.Text{{Text: "x"}}}}
	a, err := scripted(intent.Intent{}, policy.IdentityBased, []verify.Test{request(true, "s3:GetObject", "*")}, broken).Generate(t.Context(), Request{Words: "w"})
	if err != nil || a.Status == Proved || len(a.Failures) == 0 {
		t.Errorf("Generate() of a document that cannot be evaluated = %v, %s with %d failures", err, a.Status, len(a.Failures))
	}
}

func TestGenerateRefusesWords(t *testing.T) {
	tests := []struct {
		words string
		want  error
	}{
		{"", ErrEmpty}, {" \t\r\n\ufeff", ErrEmpty}, {strings.Repeat("x", MaxWords+1), ErrTooLong}, {"caf\xe9", ErrEncoding},
		{strings.Repeat("x", MaxWords), nil},
	}
	g := scripted(intent.Intent{}, policy.IdentityBased, nil)
	for _, tt := range tests {
		if _, err := g.Generate(t.Context(), Request{Words: tt.words}); !errors.Is(err, tt.want) {
			t.Errorf("Generate(%.20q) = %v, want %v", tt.words, err, tt.want)
		}
	}
	stopped := errors.New("stopped")
	g.Read = func(context.Context, Request) (intent.Intent, error) { return intent.Intent{}, stopped }
	if _, err := g.Generate(t.Context(), Request{Words: "w"}); !errors.Is(err, stopped) {
		t.Errorf("Generate() = %v, want the error of the reader", err)
	}
}

func TestProvenanceNamesWords(t *testing.T) {
	words := []string{"read bucket b", "only from 10.0.0.0/8"}
	got := provenance([]compile.Provenance{{
		Sid: "S",
		Actions: map[string]compile.Reason{
			"s3:PutObject": {Because: "companion"}, "s3:GetObject": {Because: "task", Span: intent.Span{Start: 0, End: 4}},
		},
		Targets: []intent.Span{{Start: 5, End: 13}, {Start: 5, End: 13}, {Start: 9, End: 99}, {Turn: 7, End: 1}, {Start: 3, End: 1}},
		Where:   []intent.Span{{Turn: 1, Start: 5, End: 20}},
	}}, words)
	want := `[{"sid":"S","actions":[{"action":"s3:GetObject","because":"task","words":"read"},` +
		`{"action":"s3:PutObject","because":"companion"}],"resources":["bucket b"],"conditions":["from 10.0.0.0/8"]}]`
	if text, err := json.Marshal(got); err != nil || string(text) != want {
		t.Errorf("provenance() = %s, %v; want %s", text, err, want)
	}
}

func TestParseKind(t *testing.T) {
	tests := []struct {
		word string
		want policy.Kind
	}{
		{"", ""}, {"identity", policy.IdentityBased}, {"Identity-Based Policy", policy.IdentityBased}, {"permissions", policy.IdentityBased},
		{"TRUST", policy.Trust}, {"assume_role_policy", policy.Trust}, {"resource-based", policy.ResourceBased}, {"bucket policy", policy.ResourceBased},
		{"scp", policy.ServiceControl}, {"Service control policies", policy.ServiceControl}, {"RCP", policy.ResourceControl},
		{"Permissions Boundary", policy.PermissionsBoundary},
	}
	for _, tt := range tests {
		if got, err := ParseKind(tt.word); err != nil || got != tt.want {
			t.Errorf("ParseKind(%q) = %q, %v; want %q", tt.word, got, err, tt.want)
		}
	}
	for _, word := range []string{"bogus", "policy", "scpx"} {
		var unknown *UnknownKindError
		if _, err := ParseKind(word); !errors.As(err, &unknown) || unknown.Word != word {
			t.Errorf("ParseKind(%q) = %v, want an UnknownKindError", word, err)
		}
	}
}

func TestRequestCheck(t *testing.T) {
	for _, r := range []Request{{}, {Account: "111122223333", Region: "us-gov-west-1", Partition: "aws-us-gov"}} {
		if err := r.Check(); err != nil {
			t.Errorf("%+v.Check() = %v", r, err)
		}
	}
	for _, r := range []Request{{Account: "1"}, {Account: "11112222333*"}, {Region: "*"}, {Region: "eu west 1"}, {Partition: "*"}} {
		if err := r.Check(); err == nil {
			t.Errorf("%+v.Check() = nil, want an error", r)
		}
	}
}

func TestQuota(t *testing.T) {
	var many []string
	for i := range 300 {
		many = append(many, fmt.Sprintf("arn:aws:s3:::bucket-with-a-long-name-%03d/*", i))
	}
	tests := []verify.Test{request(true, "s3:GetObject", "arn:aws:s3:::bucket-with-a-long-name-299/x"), request(false, "s3:GetObject", "arn:aws:s3:::other/x")}
	a, err := scripted(intent.Intent{}, policy.IdentityBased, tests, allow("s3:GetObject", many...)).Generate(t.Context(), Request{Words: "w"})
	if err != nil || a.Status != Proved || len(a.Parts) < 2 || len(a.Notes) != 1 {
		t.Fatalf("Generate() over the quota = %v, %s, %d parts, notes %q", err, a.Status, len(a.Parts), a.Notes)
	}
	quota, _ := policy.QuotaOf(policy.IdentityBased, "managed")
	var got []string
	sids := map[string]bool{}
	for _, p := range a.Parts {
		if size := p.Size(); size > quota.Limit {
			t.Errorf("a part has %d characters, want at most %d", size, quota.Limit)
		}
		for _, s := range p.Statements {
			if sids[s.Sid] {
				t.Errorf("the Sid %q stands twice", s.Sid)
			}
			sids[s.Sid] = true
			for _, r := range s.Resources {
				got = append(got, r.Text)
			}
		}
	}
	if !slices.Equal(got, many) {
		t.Errorf("the parts hold %d resources, want the %d of the whole", len(got), len(many))
	}
	a, err = scripted(intent.Intent{}, policy.PermissionsBoundary, tests, allow("s3:GetObject", many...)).Generate(t.Context(), Request{Words: "w"})
	if err != nil || a.Status != Asking || a.Parts != nil || len(a.Questions) != 1 {
		t.Errorf("Generate() of a boundary over the quota = %v, %s, questions %v; want a question", err, a.Status, a.Questions)
	}
	huge := allow("s3:GetObject", "arn:aws:s3:::"+strings.Repeat("x", 7000))
	a, err = scripted(intent.Intent{}, policy.IdentityBased, nil, huge).Generate(t.Context(), Request{Words: "w"})
	if err != nil || a.Status != Asking {
		t.Errorf("Generate() of one resource over the quota = %v, %s; want a question", err, a.Status)
	}
}

func TestAnswerJSON(t *testing.T) {
	a, err := scripted(intent.Intent{}, policy.IdentityBased, []verify.Test{request(true, "sqs:SendMessage", "*")}, allow("s3:GetObject", "a<b")).Generate(t.Context(), Request{Words: "w"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := a.MarshalJSON()
	if err != nil || !json.Valid(text) {
		t.Fatalf("MarshalJSON() = %s, %v", text, err)
	}
	for _, want := range []string{`"status":"assumed"`, `a<b`, `"tests":{"format":2,`, `"failures":["`, `"questions":[]`, `"summary":"explained"`} {
		if !strings.Contains(strings.ReplaceAll(string(text), `": `, `":`), want) && !strings.Contains(strings.Join(strings.Fields(string(text)), ""), want) {
			t.Errorf("MarshalJSON() = %s\nwant %s in it", text, want)
		}
	}
}
