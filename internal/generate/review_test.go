package generate

import (
	"slices"
	"testing"

	"github.com/aegis-iam/aegis/internal/compile"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify"
)

// A finding is of the program's own making unless the words ask for what is found; then nothing is proved.
func TestFindingsDecideStatus(t *testing.T) {
	const words = "download from arn:aws:s3:::media/*"
	star := policy.Position{Line: 8, Column: 19}
	tests := []struct {
		name    string
		finding finding.Finding
		want    Status
		by      []string
	}{
		{"of writing", finding.Finding{Rule: "form", Severity: finding.Warning, Statement: 1}, Assumed, nil},
		{"a suggestion", finding.Finding{Rule: "form", Severity: finding.Suggestion, Statement: 1}, Proved, nil},
		{"of access", finding.Finding{Rule: "access", Severity: finding.Security, Statement: 1, Witness: &finding.Request{Action: "s3:GetObject"}}, Proved, []string{"download"}},
		{"of access that another action gives", finding.Finding{Rule: "access", Severity: finding.Security, Statement: 1, Witness: &finding.Request{Action: "s3:PutObject"}}, Proved, []string{"goes with it"}},
		{"of access of no statement", finding.Finding{Rule: "access", Severity: finding.Security, Statement: 7}, Assumed, nil},
		{"of a text that was said", finding.Finding{Rule: "form", Severity: finding.Error, Statement: 1, Position: star}, Proved, []string{"arn:aws:s3:::media/*"}},
	}
	for _, tt := range tests {
		s := allow("s3:GetObject", "arn:aws:s3:::media/*")
		g := scripted(intent.Intent{}, policy.IdentityBased, []verify.Test{request(true, "s3:GetObject", "arn:aws:s3:::media/x")}, s)
		g.Compile = func(intent.Intent) compile.Result {
			return compile.Result{
				Kind: policy.IdentityBased, Document: &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{s}},
				Provenance: []compile.Provenance{{Sid: "S", Actions: map[string]compile.Reason{
					"s3:GetObject": {Span: intent.Span{Start: 0, End: 8}}, "s3:PutObject": {Because: "goes with it"},
				}}},
			}
		}
		g.Lint = func(string, policy.Kind) []finding.Finding { return []finding.Finding{tt.finding} }
		g.Given = func(rule string) bool { return rule == "access" }
		a, err := g.Generate(t.Context(), Request{Words: words})
		if err != nil || a.Status != tt.want || len(a.Findings) != 1 || !slices.Equal(a.Findings[0].RequestedBy, tt.by) {
			t.Errorf("%s: Generate() = %v, %s with %+v; want %s, requested by %q\n%s", tt.name, err, a.Status, a.Findings, tt.want, tt.by, a.Policy.JSON())
		}
	}
}
