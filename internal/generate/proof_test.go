package generate

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify"
)

func TestCompare(t *testing.T) {
	deny := allow("s3:GetObject", "arn:aws:s3:::b/*")
	deny.Effect = policy.Deny
	tests := []struct {
		name          string
		kind          policy.Kind
		before, after []policy.Statement
		want          string
	}{
		{
			"an action for another", policy.IdentityBased,
			[]policy.Statement{allow("s3:GetObject", "arn:aws:s3:::b/*")}, []policy.Statement{allow("s3:PutObject", "arn:aws:s3:::b/*")},
			`{"verdict":"different","gained":[{"action":"s3:PutObject","resource":"arn:aws:s3:::b/x","allowedBy":["S"]}],"lost":[{"action":"s3:GetObject","resource":"arn:aws:s3:::b/x","allowedBy":["S"]}]}`,
		},
		{
			"the same in two statements", policy.IdentityBased,
			[]policy.Statement{allow("s3:GetObject", "arn:aws:s3:::a/*", "arn:aws:s3:::b/*")},
			[]policy.Statement{allow("s3:GetObject", "arn:aws:s3:::b/*"), allow("s3:GetObject", "arn:aws:s3:::a/*")},
			`{"verdict":"equivalent","gained":[],"lost":[]}`,
		},
		{
			"a Deny", policy.IdentityBased,
			[]policy.Statement{allow("s3:GetObject", "arn:aws:s3:::b/*")}, []policy.Statement{allow("s3:GetObject", "arn:aws:s3:::b/*"), deny},
			`{"verdict":"different","gained":[],"lost":[{"action":"s3:GetObject","resource":"arn:aws:s3:::b/x","allowedBy":["S"],"deniedBy":["S"]}]}`,
		},
		{
			"a Deny beside other policies", policy.IdentityBased,
			[]policy.Statement{allow("s3:PutObject", "arn:aws:s3:::b/*")}, []policy.Statement{allow("s3:PutObject", "arn:aws:s3:::b/*"), deny},
			`{"verdict":"different","gained":[],"lost":[{"action":"s3:GetObject","resource":"arn:aws:s3:::b/x","deniedBy":["S"]}]}`,
		},
		{
			"a control policy", policy.ServiceControl, nil, []policy.Statement{deny},
			`{"verdict":"different","gained":[],"lost":[{"action":"s3:GetObject","resource":"arn:aws:s3:::b/x","deniedBy":["S"]}]}`,
		},
	}
	g := scripted(intent.Intent{}, policy.IdentityBased, nil)
	for _, tt := range tests {
		answer := func(s []policy.Statement) *Answer {
			return &Answer{Kind: tt.kind, Policy: &policy.Document{Version: policy.Version2012, Statements: s}}
		}
		text, err := json.Marshal(g.Compare(answer(tt.before), answer(tt.after)))
		if err != nil || string(text) != tt.want {
			t.Errorf("%s: Compare() = %s, %v\nwant %s", tt.name, text, err, tt.want)
		}
	}
	if c := g.Compare(&Answer{Kind: policy.Trust}, &Answer{Kind: policy.IdentityBased}); c != nil {
		t.Errorf("Compare() of two kinds = %v, want nil", c)
	}
}

// An answer that is not proved by comparison is not proved, and says why.
func TestBoundsDecideStatus(t *testing.T) {
	tests := []struct {
		name    string
		proof   verify.Proof
		want    Status
		summary string
		says    string
	}{
		{"proved", verify.Proof{Verdict: compare.Proved}, Proved, "no more and no less is allowed", ""},
		{"unknown", verify.Proof{Reason: "the budget is used up"}, Assumed, "too large to be compared with what was asked", ""},
		{"too much", verify.Proof{Verdict: compare.Counterexample, Excess: true}, Assumed, "a request is not decided as asked", "it is allowed, and nothing that was read asks for it"},
		{"too little", verify.Proof{Verdict: compare.Counterexample}, Assumed, "a request is not decided as asked", "it was asked for, and is not allowed"},
		{"not denied", verify.Proof{Verdict: compare.Counterexample, Excess: true, Beside: true}, Assumed, "a request is not decided as asked", "it was to be denied, and is not"},
		{"denied", verify.Proof{Verdict: compare.Counterexample, Beside: true}, Assumed, "a request is not decided as asked", "it is denied, and nothing that was read asks for that"},
	}
	for _, tt := range tests {
		g := scripted(intent.Intent{}, policy.IdentityBased, []verify.Test{request(true, "s3:GetObject", "arn:aws:s3:::b/x")}, allow("s3:GetObject", "*"))
		tt.proof.Request = evaluate.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::c/x"}
		g.Prove = func(intent.Intent, *policy.Document) verify.Proof { return tt.proof }
		a, err := g.Generate(t.Context(), Request{Words: "w"})
		if err != nil || a.Status != tt.want || !strings.HasSuffix(a.Summary(), tt.summary) || a.Bounds.Says != tt.says {
			t.Errorf("%s: Generate() = %v, %s, %q, %+v", tt.name, err, a.Status, a.Summary(), a.Bounds)
		}
		if got := a.Bounds.Request != nil; got != (tt.says != "") {
			t.Errorf("%s: a request is told = %v", tt.name, got)
		}
	}
}

func TestWithin(t *testing.T) {
	ceiling := func(s ...policy.Statement) Ceiling {
		return Ceiling{"top.json", &policy.Document{Version: policy.Version2012, Statements: s}}
	}
	deny := allow("s3:PutObject", "arn:aws:s3:::b/secret/*")
	deny.Effect, deny.Sid = policy.Deny, "Secret"
	g := scripted(intent.Intent{}, policy.IdentityBased, []verify.Test{request(true, "s3:PutObject", "arn:aws:s3:::b/x")}, allow("s3:PutObject", "arn:aws:s3:::b/*"))
	tests := []struct {
		name    string
		ceiling Ceiling
		want    Status
		summary string
		beyond  string
	}{
		{"within", ceiling(allow("s3:*", "*")), Proved, "within top.json", `[]`},
		{
			"another bucket", ceiling(allow("s3:*", "arn:aws:s3:::c/*")), Assumed, "not within top.json",
			`[{"action":"s3:PutObject","resource":"arn:aws:s3:::b/x","allowedBy":["S"]}]`,
		},
		{
			"a Deny", ceiling(allow("s3:*", "*"), deny), Assumed, "not within top.json",
			`[{"action":"s3:PutObject","resource":"arn:aws:s3:::b/secret/","allowedBy":["S"],"deniedBy":["Secret"]}]`,
		},
	}
	for _, tt := range tests {
		a, err := g.Generate(t.Context(), Request{Words: "w", Within: []Ceiling{tt.ceiling}})
		if err != nil || a.Status != tt.want || !strings.HasSuffix(a.Summary(), ", "+tt.summary) || len(a.Within) != 1 {
			t.Fatalf("%s: Generate() = %v, %s, %q", tt.name, err, a.Status, a.Summary())
		}
		if text, err := json.Marshal(a.Within[0].Beyond); err != nil || string(text) != tt.beyond {
			t.Errorf("%s: beyond the ceiling is %s, %v; want %s", tt.name, text, err, tt.beyond)
		}
	}
	if err := (Request{Within: []Ceiling{ceiling(deny)}}).Check(); !errors.Is(err, ErrCeiling) {
		t.Errorf("Check() of a ceiling without Allow = %v, want ErrCeiling", err)
	}
}
