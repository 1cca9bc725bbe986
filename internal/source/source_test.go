package source

import (
	"errors"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
)

const text = `{"Version": "x",
 "Statement": [{"Action": ["a", "b",
   "c"], "Effect": "Allow"},
  {"Condition": {"Bool": {"k": true}}}]}`

// position finds where a piece of the text begins.
func position(piece string) policy.Position {
	before, _, _ := strings.Cut(text, piece)
	return policy.Position{Line: strings.Count(before, "\n") + 1, Column: len(before) - strings.LastIndexByte(before, '\n')}
}

func TestPath(t *testing.T) {
	s := New(text)
	tests := []struct {
		piece, path string
		statement   int
	}{
		{`"x"`, "Version", -1}, {`"b"`, "Statement[0].Action[1]", 0}, {`"c"`, "Statement[0].Action[2]", 0}, {`"Allow"`, "Statement[0].Effect", 0},
		{`"k"`, "Statement[1].Condition.Bool.k", 1}, {`{"Action`, "Statement[0]", 0}, {`{"Version`, "", -1},
	}
	for _, tt := range tests {
		if path, statement := s.Path(position(tt.piece)); path != tt.path || statement != tt.statement {
			t.Errorf("Path(%s) = %q, %d, want %q, %d", tt.piece, path, statement, tt.path, tt.statement)
		}
	}
	if path, statement := New(`{"Statement": {"Effect": "Deny"}}`).Path(policy.Position{Line: 1, Column: 26}); path != "Statement.Effect" || statement != 0 {
		t.Errorf("Path() of a single statement = %q, %d", path, statement)
	}
	if path, statement := s.Path(policy.Position{}); path != "" || statement != -1 {
		t.Errorf("Path(nowhere) = %q, %d", path, statement)
	}
}

func TestEnd(t *testing.T) {
	s := New("{\"a\\\"b\": 12.5, \"ö\n")
	for column, want := range map[int]int{1: 2, 2: 8, 10: 14, 16: 19} {
		if got := s.End(policy.Position{Line: 1, Column: column}); got.Column != want {
			t.Errorf("End(1:%d) = %s, want 1:%d", column, got, want)
		}
	}
}

func TestApply(t *testing.T) {
	edit := func(op finding.Op, piece, to string) finding.Edit {
		return finding.Edit{Position: position(piece), Op: op, Text: to}
	}
	tests := []struct {
		name  string
		edits []finding.Edit
		want  string // what changes: old => new
	}{
		{"replace a value", []finding.Edit{edit(finding.Replace, `"b"`, `q"`)}, `"b" => "q\""`},
		{"replace a name", []finding.Edit{edit(finding.Replace, `"Bool"`, "Null")}, `"Bool" => "Null"`},
		{"remove the first item", []finding.Edit{edit(finding.Remove, `"a"`, "")}, `"a",  => `},
		{"remove the last item", []finding.Edit{edit(finding.Remove, `"c"`, "")}, ",\n   \"c\" => "},
		{"remove two items", []finding.Edit{edit(finding.Remove, `"a"`, ""), edit(finding.Remove, `"c"`, "")}, "[\"a\", \"b\",\n   \"c\"] => [\"b\"]"},
		{"remove a member by its value", []finding.Edit{edit(finding.Remove, `"Allow"`, "")}, `, "Effect": "Allow" => `},
		{"remove a statement", []finding.Edit{edit(finding.Remove, `{"Condition`, "")}, ",\n  {\"Condition\": {\"Bool\": {\"k\": true}}} => "},
		{"insert", []finding.Edit{edit(finding.Insert, `{"Version`, `"Id": "i"`)}, `{"Version => {"Id": "i", "Version`},
		{"insert into a condition", []finding.Edit{edit(finding.Insert, `{"Bool`, `"Null": {}`)}, `{"Bool => {"Null": {}, "Bool`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old, replacement, _ := strings.Cut(tt.want, " => ")
			got, err := New(text).Apply(tt.edits)
			if want := strings.Replace(text, old, replacement, 1); err != nil || got.String() != want {
				t.Errorf("Apply() = %v, %v\nwant %s", got, err, want)
			}
		})
	}
	for _, e := range []finding.Edit{
		{Position: policy.Position{Line: 9, Column: 1}, Op: finding.Replace}, edit(finding.Insert, `"x"`, "y"), edit(finding.Replace, `{"Action`, "y"),
		edit(finding.Remove, `{"Version`, ""), edit("turn", `"x"`, ""),
	} {
		if got, err := New(text).Apply([]finding.Edit{e}); !errors.Is(err, ErrPlace) {
			t.Errorf("Apply(%+v) = %v, %v, want ErrPlace", e, got, err)
		}
	}
}

// Any text has paths and edits without a crash.
func FuzzNew(f *testing.F) {
	f.Add(text, 2, 5)
	f.Add(`[{"": 0`, 1, 7)
	f.Fuzz(func(t *testing.T, text string, line, column int) {
		s := New(text)
		at := policy.Position{Line: line, Column: column}
		s.Path(at)
		if end := s.End(at); end.Line != at.Line || end.Column < at.Column {
			t.Errorf("End(%s) = %s", at, end)
		}
		for _, op := range []finding.Op{finding.Replace, finding.Remove, finding.Insert} {
			if got, err := s.Apply([]finding.Edit{{Position: at, Op: op, Text: "x"}}); err == nil && got == nil {
				t.Error("Apply() gives neither a text nor an error")
			}
		}
	})
}
