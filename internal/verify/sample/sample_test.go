package sample

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/intent"
)

func TestSatisfy(t *testing.T) {
	s := Sampler{Catalog: catalog.Default()}
	tests := []struct {
		name  string
		where []intent.Constraint
		ok    bool
	}{
		{"window", []intent.Constraint{
			{Key: "aws:CurrentTime", Test: intent.Greater, Values: []string{"2026-01-01T00:00:00Z"}},
			{Key: "aws:CurrentTime", Test: intent.Less, Values: []string{"2026-02-01T00:00:00Z"}},
		}, true},
		{"empty window", []intent.Constraint{
			{Key: "aws:CurrentTime", Test: intent.Greater, Values: []string{"2026-02-01T00:00:00Z"}},
			{Key: "aws:CurrentTime", Test: intent.Less, Values: []string{"2026-01-01T00:00:00Z"}},
		}, false},
		{"not a network", []intent.Constraint{{Key: "aws:SourceIp", Test: intent.IsNot, Values: []string{"198.51.100.0/24"}}}, true},
		{"age", []intent.Constraint{{Key: "aws:MultiFactorAuthAge", Test: intent.Less, Values: []string{"900"}}}, true},
		{"absent", []intent.Constraint{{Key: "aws:SourceIp", Test: intent.Absent}}, true},
		{"present", []intent.Constraint{{Key: "aws:SourceVpce", Test: intent.Exists}}, true},
		{"variable", []intent.Constraint{{Key: "aws:ResourceTag/Team", Values: []string{"${aws:PrincipalTag/Team}"}}}, true},
		{"all keys", []intent.Constraint{{Key: "aws:TagKeys", Set: intent.All, Values: []string{"A", "B"}}}, true},
		{"contradiction", []intent.Constraint{{Key: "aws:SourceVpc", Values: []string{"vpc-1"}}, {Key: "aws:SourceVpc", Values: []string{"vpc-2"}}}, false},
	}
	for _, test := range tests {
		ctx := Context()
		if got := s.Satisfy(test.where, ctx); got != test.ok {
			t.Errorf("%s: satisfy = %v with %v, want %v", test.name, got, ctx, test.ok)
		}
	}
}

func TestConcrete(t *testing.T) {
	tests := []struct{ pattern, want string }{
		{"*", "*"},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b/alpha"},
		{"arn:aws:sqs:*:*:q-?", "arn:aws:sqs:us-east-1:123456789012:q-k"},
		{"arn:aws:s3:::b/${aws:username}/x", "arn:aws:s3:::b/sample-username/x"},
		{"arn:aws:s3:::b/${aws:PrincipalTag/Team}", "arn:aws:s3:::b/red"},
		{"arn:aws:logs:eu-west-1:111122223333:log-group:g:*", "arn:aws:logs:eu-west-1:111122223333:log-group:g:*"},
	}
	for _, test := range tests {
		ctx := evaluate.Context{"aws:PrincipalTag/Team": {"red"}}
		if got := Concrete(test.pattern, ctx); got != test.want {
			t.Errorf("Concrete(%q) = %q, want %q", test.pattern, got, test.want)
		}
	}
}

func TestStray(t *testing.T) {
	tests := []struct{ pattern, want string }{
		{"maps/*", "maps0alpha"}, {"tmp-*-x", "tmp0alpha-x"}, {"v0*", "v1alpha"}, {"*", ""}, {"*.example.com", "zz-.example.com0"},
	}
	for _, test := range tests {
		if got := Stray(test.pattern); got != test.want {
			t.Errorf("Stray(%q) = %q, want %q", test.pattern, got, test.want)
		}
	}
}
