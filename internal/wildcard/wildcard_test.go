package wildcard

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		name, pattern, text string
		want, fold          bool
	}{
		{"both empty", "", "", true, true},
		{"empty pattern", "", "a", false, false},
		{"empty text", "a", "", false, false},
		{"star and empty text", "*", "", true, true},
		{"mark and empty text", "?", "", false, false},
		{"literal", "s3:GetObject", "s3:GetObject", true, true},
		{"case", "s3:getobject", "s3:GetObject", false, true},
		{"case in a segment", "S3:*oBJECT*", "s3:GetObjectAcl", false, true},
		{"case of a letter beyond ASCII", "É", "é", false, false},
		{"prefix", "s3:Get*", "s3:GetObject", true, true},
		{"prefix and nothing", "s3:GetObject*", "s3:GetObject", true, true},
		{"prefix too long", "s3:GetObjectX*", "s3:GetObject", false, false},
		{"suffix", "*Object", "s3:GetObject", true, true},
		{"suffix overlaps prefix", "ab*ba", "aba", false, false},
		{"suffix beside prefix", "ab*ba", "abba", true, true},
		{"middle", "arn:*:bucket/*", "arn:aws:s3:::bucket/a", true, true},
		{"middle missing", "a*b*c", "acc", false, false},
		{"order of segments", "*ab*cd*", "cdab", false, false},
		{"segment before the last", "*ab*ab", "ab", false, false},
		{"stars in a row", "a***b", "ab", true, true},
		{"mark", "s3:?etObject", "s3:GetObject", true, true},
		{"mark is not none", "s3:GetObject?", "s3:GetObject", false, false},
		{"mark after star", "a*?", "a", false, false},
		{"mark after star with one", "a*?", "ab", true, true},
		{"marks between stars", "*??*", "a", false, false},
		{"mark takes a slash", "a?b", "a/b", true, true},
		{"star takes a colon", "a*b", "a:x:b", true, true},
		{"mark takes one character", "?", "日", true, true},
		{"two marks", "*??", "日", false, false},
		{"star before a character", "*本", "日本", true, true},
		{"marks in the end", "日*??", "日本語", true, true},
		{"half a character", "\xe6*", "日", false, false},
		{"stray byte", "?", "\xff", true, true},
		{"stray byte as literal", "a\xff", "a\xff", true, true},
		{"no escape", `\*`, `*`, false, false},
		{"no ranges", "[ab]", "a", false, false},
		{"line break", "a*b", "a\nb", true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Match(tt.pattern, tt.text); got != tt.want {
				t.Errorf("Match(%q, %q) = %v, want %v", tt.pattern, tt.text, got, tt.want)
			}
			if got := MatchFold(tt.pattern, tt.text); got != tt.fold {
				t.Errorf("MatchFold(%q, %q) = %v, want %v", tt.pattern, tt.text, got, tt.fold)
			}
			p := Compile(tt.pattern)
			if got := p.Match(tt.text); got != tt.want {
				t.Errorf("Compile(%q).Match(%q) = %v, want %v", tt.pattern, tt.text, got, tt.want)
			}
			if got := p.MatchFold(tt.text); got != tt.fold {
				t.Errorf("Compile(%q).MatchFold(%q) = %v, want %v", tt.pattern, tt.text, got, tt.fold)
			}
		})
	}
}

func TestContains(t *testing.T) {
	for s, want := range map[string]bool{"": false, "s3:GetObject": false, "s3:*": true, "a?": true} {
		if got := Contains(s); got != want {
			t.Errorf("Contains(%q) = %v, want %v", s, got, want)
		}
	}
}

func TestPattern(t *testing.T) {
	tests := []struct {
		pattern, prefix string
		literal         bool
	}{
		{"", "", true},
		{"s3:GetObject", "s3:GetObject", true},
		{"s3:Get*", "s3:Get", false},
		{"s3:?et*", "s3:", false},
		{"*", "", false},
	}
	for _, tt := range tests {
		p := Compile(tt.pattern)
		if p.String() != tt.pattern || p.Prefix() != tt.prefix || p.Literal() != tt.literal {
			t.Errorf("Compile(%q) = %q, prefix %q, literal %v; want prefix %q, literal %v",
				tt.pattern, p.String(), p.Prefix(), p.Literal(), tt.prefix, tt.literal)
		}
	}
}

// TestMatchHostile gives patterns at which a matcher that tries all ways never ends.
func TestMatchHostile(t *testing.T) {
	text := strings.Repeat("a", 20000)
	for _, pattern := range []string{
		strings.Repeat("a*", 5000) + "b",
		strings.Repeat("*a", 5000) + "*b*",
		strings.Repeat("*a?", 200) + "b",
		strings.Repeat("*", 100000) + "b",
		"*" + strings.Repeat("?", 500) + "b*",
	} {
		if Match(pattern, text) || MatchFold(pattern, text) {
			t.Errorf("Match(%.20q..., aaa...) = true, want false", pattern)
		}
	}
}

// characters splits s as the package documents it.
func characters(s string) []string {
	var out []string
	for len(s) > 0 {
		_, size := utf8.DecodeRuneInString(s)
		out, s = append(out, s[:size]), s[size:]
	}
	return out
}

// reference is the definition of Match, written as a table of prefixes.
func reference(pattern, text string) bool {
	p, s := characters(pattern), characters(text)
	row := make([]bool, len(s)+1)
	row[0] = true
	for _, c := range p {
		next := make([]bool, len(s)+1)
		for j := range next {
			switch {
			case c == "*":
				next[j] = row[j] || j > 0 && next[j-1]
			case j > 0:
				next[j] = row[j-1] && (c == "?" || c == s[j-1])
			}
		}
		row = next
	}
	return row[len(s)]
}

// foldASCII lowers the ASCII letters only.
func foldASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

func FuzzMatch(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add("*ab*ab", "abab")
	f.Add("日*?", "日本")
	f.Add("*?\xe6*", "\xe6\x97")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 200 || len(text) > 200 {
			t.Skip()
		}
		want := reference(pattern, text)
		if got := Match(pattern, text); got != want {
			t.Errorf("Match(%q, %q) = %v, want %v", pattern, text, got, want)
		}
		if got := Compile(pattern).Match(text); got != want {
			t.Errorf("Compile(%q).Match(%q) = %v, want %v", pattern, text, got, want)
		}
		want = reference(foldASCII(pattern), foldASCII(text))
		if got := MatchFold(pattern, text); got != want {
			t.Errorf("MatchFold(%q, %q) = %v, want %v", pattern, text, got, want)
		}
		if got := Compile(pattern).MatchFold(text); got != want {
			t.Errorf("Compile(%q).MatchFold(%q) = %v, want %v", pattern, text, got, want)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	const text = "arn:aws:s3:::reports-eu-west-1/2024/06/totals.csv"
	for _, pattern := range []string{
		"arn:aws:s3:::reports-eu-west-1/2024/06/totals.csv",
		"arn:aws:s3:::reports-*",
		"arn:aws:s3:::*/2024/*/*.csv",
		"arn:aws:s3:::reports-??-west-?/*",
	} {
		b.Run("text/"+pattern[13:], func(b *testing.B) {
			for b.Loop() {
				Match(pattern, text)
			}
		})
		p := Compile(pattern)
		b.Run("compiled/"+pattern[13:], func(b *testing.B) {
			for b.Loop() {
				p.Match(text)
			}
		})
	}
}
