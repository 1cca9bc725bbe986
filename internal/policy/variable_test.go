package policy

import (
	"reflect"
	"testing"
)

func TestVariables(t *testing.T) {
	tests := []struct {
		name, in string
		want     []Variable
	}{
		{"none", "arn:aws:s3:::b/*", nil},
		{"dollar and brace apart", "$ {a} {b}", nil},
		{"one", "a/${aws:username}/b", []Variable{{Start: 2, End: 17, Key: "aws:username"}}},
		{"two", "${a:b}${c:d}", []Variable{{Start: 0, End: 6, Key: "a:b"}, {Start: 6, End: 12, Key: "c:d"}}},
		{"tag", "${aws:PrincipalTag/team}", []Variable{{Start: 0, End: 24, Key: "aws:PrincipalTag/team"}}},
		{"default", "${k, 'none'}", []Variable{{Start: 0, End: 12, Key: "k", Default: "none", HasDefault: true}}},
		{"empty default", "${k, ''}x", []Variable{{Start: 0, End: 8, Key: "k", HasDefault: true}}},
		{"default without space", "${k,'v'}", []Variable{{Start: 0, End: 8, Key: "k", Default: "v", HasDefault: true}}},
		{"brace in the default", "${k, 'a}b'}", []Variable{{Start: 0, End: 11, Key: "k", Default: "a}b", HasDefault: true}}},
		{"quote in the default", "${k, 'it's'}", []Variable{{Start: 0, End: 12, Key: "k", Default: "it's", HasDefault: true}}},
		{"comma in the default", "${k, 'a,b'}", []Variable{{Start: 0, End: 11, Key: "k", Default: "a,b", HasDefault: true}}},
		{"literals", "${*}${?}${$}", []Variable{
			{Start: 0, End: 4, Literal: '*'}, {Start: 4, End: 8, Literal: '?'}, {Start: 8, End: 12, Literal: '$'},
		}},
		{"no brace", "x${a", []Variable{{Start: 1, End: 3, Defect: VariableMissingBrace}}},
		{"no quote", "${k, v}", []Variable{{Start: 0, End: 7, Key: "k", Defect: VariableMissingQuote}}},
		{"open quote", "${k, 'v}${b}", []Variable{
			{Start: 0, End: 8, Key: "k", Defect: VariableMissingQuote}, {Start: 8, End: 12, Key: "b"},
		}},
		{"space", "${a b}", []Variable{{Start: 0, End: 6, Key: "a b", Defect: VariableSpace}}},
		{"empty", "${}", []Variable{{Start: 0, End: 3, Defect: VariableEmpty}}},
		{"two dollars", "$${a}", []Variable{{Start: 1, End: 5, Key: "a"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Variables(tt.in); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Variables(%q) = %+v, want %+v", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzVariables(f *testing.F) {
	f.Add("${a, 'b}'}${*}${")
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, v := range Variables(s) {
			if v.Start < end || v.End < v.Start+2 || v.End > len(s) || s[v.Start:v.Start+2] != "${" {
				t.Fatalf("Variables(%q) has %+v", s, v)
			}
			if v.Defect != VariableMissingBrace && s[v.End-1] != '}' {
				t.Fatalf("Variables(%q): %+v does not end with a brace", s, v)
			}
			end = v.End
		}
	})
}
