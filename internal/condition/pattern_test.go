package condition

import (
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

type keys map[string][]string

func (k keys) Values(key string) []string { return k[key] }

func TestPatternVariables(t *testing.T) {
	have := keys{"aws:username": {"eva"}, "star": {"*"}, "empty": {""}, "two": {"a", "b"}, "colon": {"x:y"}}
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"${aws:username}", "eva", true},
		{"a${aws:username}b*", "aevabc", true},
		{"${star}", "*", true},
		{"${star}", "x", false},
		{"${empty}x", "x", true},
		{"${two}", "a", false},
		{"${two, 'c'}", "c", true},
		{"${none}", "${none}", false},
		{"${none, 'x*'}", "x*", true},
		{"${none, 'x*'}", "xyz", false},
		{"${*}${?}${$}", "*?$", true},
		{"${aws:username", "${aws:username", true},
		{"*${aws:username}", "evaeva", true},
		{"?${aws:username}", "éeva", true},
		{"${}", "", false},
	}
	for _, tt := range tests {
		p := compilePattern(tt.pattern, wildText, true)
		if got := p.Match(tt.text, have); got != tt.want {
			t.Errorf("Match(%q, %q) = %v, want %v", tt.pattern, tt.text, got, tt.want)
		}
	}
	p := CompileARN("arn:aws:s3:::b/${colon}/${none}/${other, 'x'}", true)
	if got := p.Unresolved(have); !slices.Equal(got, []string{"none"}) {
		t.Errorf("Unresolved = %q, want [none]", got)
	}
	if p.Match("arn:aws:s3:::b/x:y/n/x", nil) {
		t.Error("a pattern matches without the keys it needs")
	}
}

func TestFoldedVariable(t *testing.T) {
	o := Operator{Base: StringEqualsIgnoreCase}
	c := o.clause("tag", []string{"Straße-${aws:username}*"}, true)
	for text, want := range map[string]bool{"STRAßE-EVA*": true, "straße-eva*": true, "straße-evab": false} {
		if got := c.Holds(keys{"tag": {text}, "aws:username": {"Eva"}}); got != want {
			t.Errorf("%v with %q = %v, want %v", c, text, got, want)
		}
	}
}

func TestClauseReportsUnresolved(t *testing.T) {
	c, err := Compile(policy.Condition{Operator: "StringLike", Key: "s3:prefix", Values: []policy.Text{{Text: "${aws:username}/*"}, {Text: ""}}}, true)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Unresolved(keys{}); !slices.Equal(got, []string{"aws:username"}) {
		t.Errorf("Unresolved = %q", got)
	}
	if want := `StringLike s3:prefix ["${aws:username}/*" ""]`; c.String() != want {
		t.Errorf("String() = %s, want %s", c, want)
	}
}

// FuzzPattern holds the two ways of matching, with and without variables, to each other and
// to packages wildcard and arn.
func FuzzPattern(f *testing.F) {
	f.Add("arn:aws:s3:::b/*", "arn:aws:s3:::b/k")
	f.Add("*:?", "a:b")
	f.Add("arn:aws:sqs", "arn:aws:sqs:us-east-1:111122223333:q")
	f.Add("a*é?b", "aéxb")
	f.Add("*\xff?", "\xff\xfe")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if strings.Contains(pattern, "${") || strings.HasSuffix(pattern, "$") {
			return
		}
		split := Split(text)
		fixed, open := CompileARN(pattern, true), CompileARN(pattern+"${none, ''}", true)
		if pattern == "" || strings.Count(pattern, ":") < arnFields-1 {
			open = CompileARN("${none, ''}"+pattern, true)
		}
		want := arn.MatchPattern(pattern, text)
		if got := fixed.Match(text, nil); got != want {
			t.Errorf("Match(%q, %q) = %v, want %v", pattern, text, got, want)
		}
		if got := fixed.MatchSplit(&split, nil); got != want {
			t.Errorf("MatchSplit(%q, %q) = %v, want %v", pattern, text, got, want)
		}
		if got := open.Match(text, nil); got != want {
			t.Errorf("Match(%q, %q) with a variable = %v, want %v", pattern, text, got, want)
		}
		want = wildcard.Match(pattern, text)
		like := compilePattern(pattern+"${none, ''}", wildText, true)
		if got := like.Match(text, nil); got != want {
			t.Errorf("StringLike %q, %q with a variable = %v, want %v", pattern, text, got, want)
		}
	})
}
