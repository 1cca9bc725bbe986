package arn

import (
	"errors"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/wildcard"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name, in string
		want     ARN
	}{
		{"bucket", "arn:aws:s3:::reports", ARN{Partition: "aws", Service: "s3", Resource: "reports"}},
		{"role", "arn:aws-cn:iam::111122223333:role/a/b", ARN{"aws-cn", "iam", "", "111122223333", "role/a/b"}},
		{"colons in the resource", "arn:aws:logs:eu-west-1:111122223333:log-group:/a:*",
			ARN{"aws", "logs", "eu-west-1", "111122223333", "log-group:/a:*"}},
		{"empty fields", "arn:::::", ARN{}},
		{"variable", "arn:aws:s3:::b/${aws:username}", ARN{Partition: "aws", Service: "s3", Resource: "b/${aws:username}"}},
		{"variable in the account", "arn:aws:iam::${aws:PrincipalAccount}:user/x",
			ARN{"aws", "iam", "", "${aws:PrincipalAccount}", "user/x"}},
		{"open variable", "arn:aws:s3:::${aws:x", ARN{Partition: "aws", Service: "s3", Resource: "${aws:x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Parse(tt.in)
			if err != nil || got != tt.want {
				t.Errorf("Parse(%q) = %+v, %v, want %+v", tt.in, got, err, tt.want)
			}
			if got.String() != tt.in {
				t.Errorf("Parse(%q).String() = %q", tt.in, got.String())
			}
		})
	}
	for _, in := range []string{"", "*", "arn", "arn:aws:s3::b", "aws:arn:s3:::b", "ARN:aws:s3:::b", " arn:aws:s3:::b"} {
		if got, err := Parse(in); !errors.Is(err, ErrSyntax) {
			t.Errorf("Parse(%q) = %+v, %v, want ErrSyntax", in, got, err)
		}
	}
}

func TestMatchPattern(t *testing.T) {
	const object = "arn:aws:s3:::reports/2024/a.csv"
	const logGroup = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:log-stream:x"
	tests := []struct {
		name, pattern, arn string
		want               bool
	}{
		{"equal", object, object, true},
		{"star alone", "*", object, true},
		{"star alone and no ARN", "*", "anything", true},
		{"star alone and star", "*", "*", true},
		{"resource", "arn:aws:s3:::reports/*", object, true},
		{"star takes slashes", "arn:aws:s3:::*/a.csv", object, true},
		{"other bucket", "arn:aws:s3:::report/*", object, false},
		{"bucket is not its objects", "arn:aws:s3:::reports", object, false},
		{"partition", "arn:*:s3:::reports/*", object, true},
		{"case", "arn:aws:s3:::Reports/*", object, false},
		{"colons in the resource", "arn:aws:logs:*:*:log-group:/aws/*:log-stream:*", logGroup, true},
		{"star takes colons in the resource", "arn:aws:logs:*:*:log-group:*", logGroup, true},
		{"star stays in its field", "arn:aws:logs:*:log-stream:x", logGroup, false},
		{"star for two fields", "arn:aws:logs:*:log-group:*", logGroup, false},
		{"mark", "arn:aws:logs:eu-west-?:*:*", logGroup, true},
		{"mark is no colon", "arn:aws:s3?::reports/*", object, false},
		{"empty field", "arn:aws:s3:*:*:reports/*", object, true},
		{"field must be empty", "arn:aws:logs:::*", logGroup, false},
		{"incomplete", "arn:aws:s3", object, true},
		{"incomplete with star", "arn:aws:s*", object, true},
		{"incomplete of another service", "arn:aws:sqs", object, false},
		{"begins with star", "*/a.csv", object, true},
		{"begins with star, other end", "*/b.csv", object, false},
		{"no ARN in the pattern", "reports", object, false},
		{"no ARN in the text", "arn:aws:s3:::*", "reports", false},
		{"star in the text", "arn:aws:s3:::*", "*", false},
		{"empty pattern", "", object, false},
		{"empty text", "arn:aws:s3:::*", "", false},
		{"variable is text", "arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/${aws:username}", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := MatchPattern(tt.pattern, tt.arn); got != tt.want {
				t.Errorf("MatchPattern(%q, %q) = %v, want %v", tt.pattern, tt.arn, got, tt.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("arn:aws:s3:::reports/*")
	f.Add("arn:aws:iam::${aws:PrincipalAccount}:role/a:b")
	f.Add("arn:${a:${b}:c:::")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		if err != nil {
			return
		}
		if a.String() != s {
			t.Errorf("Parse(%q).String() = %q", s, a.String())
		}
	})
}

// FuzzMatchPattern holds MatchPattern to its definition: for six fields without variables
// it is the conjunction over the fields, and it never matches what the whole does not.
func FuzzMatchPattern(f *testing.F) {
	f.Add("arn:aws:s3:::reports/*", "arn:aws:s3:::reports/a:b")
	f.Add("arn:*:*:*:*:*", "arn:aws:iam::111122223333:role/x")
	f.Add("arn:aws", "arn:aws:sqs:eu-west-1:111122223333:q")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 200 || len(text) > 200 || strings.Contains(pattern, "${") {
			t.Skip()
		}
		got := MatchPattern(pattern, text)
		want, have := strings.SplitN(pattern, ":", 6), strings.SplitN(text, ":", 6)
		if len(want) == 6 {
			all := len(have) == 6
			for i := 0; all && i < 6; i++ {
				all = wildcard.Match(want[i], have[i])
			}
			if got != all {
				t.Errorf("MatchPattern(%q, %q) = %v, want %v", pattern, text, got, all)
			}
			if got && !wildcard.Match(pattern, text) {
				t.Errorf("MatchPattern(%q, %q) = true, but the whole text does not match", pattern, text)
			}
		}
	})
}

func BenchmarkMatchPattern(b *testing.B) {
	for b.Loop() {
		MatchPattern("arn:aws:logs:*:*:log-group:/aws/lambda/*", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f")
	}
}
