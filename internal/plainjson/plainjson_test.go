package plainjson

import (
	"bytes"
	"errors"
	"testing"
)

func TestWrite(t *testing.T) {
	tests := []struct {
		name           string
		value          any
		line, indented string
	}{
		{"markup", map[string]string{"a": "<b> & 'c' \"d\""}, "{\"a\":\"<b> & 'c' \\\"d\\\"\"}\n", "{\n  \"a\": \"<b> & 'c' \\\"d\\\"\"\n}\n"},
		{"levels", []any{1, []string{"x"}, []int{}}, "[1,[\"x\"],[]]\n", "[\n  1,\n  [\n    \"x\"\n  ],\n  []\n]\n"},
		{"nothing", nil, "null\n", "null\n"},
	}
	for _, tt := range tests {
		var indented bytes.Buffer
		if err := WriteIndented(&indented, tt.value); err != nil || indented.String() != tt.indented {
			t.Errorf("%s: WriteIndented() writes %q, %v; want %q", tt.name, &indented, err, tt.indented)
		}
		if got, err := Line(tt.value); err != nil || string(got) != tt.line {
			t.Errorf("%s: Line() = %q, %v; want %q", tt.name, got, err, tt.line)
		}
	}
}

var errDisk = errors.New("disk gone")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errDisk }

func TestErrors(t *testing.T) {
	if err := Write(failing{}, 1); !errors.Is(err, errDisk) {
		t.Errorf("Write() to a writer that fails = %v, want its error", err)
	}
	if err := WriteIndented(failing{}, 1); !errors.Is(err, errDisk) {
		t.Errorf("WriteIndented() to a writer that fails = %v, want its error", err)
	}
	if got, err := Line(func() {}); err == nil {
		t.Errorf("Line() of a function = %q, want an error", got)
	}
}
