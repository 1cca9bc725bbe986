package tsv

import (
	"reflect"
	"testing"
)

func TestRows(t *testing.T) {
	const text = "# name\tnumber\n\none\t1\r\ntwo\t\n"
	want := [][]string{{"one", "1"}, {"two", ""}}
	if got := Rows(text, 2); !reflect.DeepEqual(got, want) {
		t.Errorf("Rows(%q, 2) = %q, want %q", text, got, want)
	}
}

func TestRowsOfAnotherWidth(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Rows(\"one\\ttwo\", 3) did not panic")
		}
	}()
	Rows("one\ttwo", 3)
}
