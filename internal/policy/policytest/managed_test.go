package policytest

import (
	"reflect"
	"testing"
)

// Policies are in the order of their names, their versions newest first, whatever they are called.
func TestRead(t *testing.T) {
	got, err := read([]byte(`{
		"Two": {"latestVersionId": "v9", "versions": {"v9": {"document": {"a": 9}, "createdDate": "2024-03-01T00:00:00Z"}}},
		"One": {"latestVersionId": "v3", "versions": {
			"v1": {"document": {"a": 1}, "createdDate": "2024-01-01T00:00:00Z"},
			"v3": {"document": {"a": 3}, "createdDate": "2024-03-01T00:00:00Z"},
			"v2": {"document": {"a": 2}, "createdDate": "2024-02-01T00:00:00Z"}}}}`))
	want := []ManagedPolicy{{"One", []string{`{"a": 3}`, `{"a": 2}`, `{"a": 1}`}}, {"Two", []string{`{"a": 9}`}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read() = %q, %v, want %q", got, err, want)
	}
	if _, err := read([]byte("{")); err == nil {
		t.Error("read() of no JSON: no error")
	}
}
