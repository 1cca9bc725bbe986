package app

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// testdata/readings.txt has pairs of lines: words, then what they must grant and nothing else (\n: a new line), as
// "action action on resource; action on resource".
func TestReadings(t *testing.T) {
	text, err := os.ReadFile("testdata/readings.txt")
	if err != nil {
		t.Fatal(err)
	}
	program := New(catalog.Default())
	words := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		want, isWant := strings.CutPrefix(line, "= ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !isWant:
			words = strings.ReplaceAll(line, `\n`, "\n")
		default:
			a, err := program.Generate(t.Context(), generate.Request{Words: words, Kind: policy.IdentityBased})
			if err != nil {
				t.Fatalf("Generate(%q) = %v", words, err)
			}
			if got := granting(a.Policy); got != want {
				t.Errorf("Generate(%q)\n got %s\nwant %s", words, got, want)
			}
		}
	}
}

// granting writes what a document grants as the test data does.
func granting(d *policy.Document) string {
	byResource := map[string][]string{}
	if d == nil {
		return ""
	}
	for _, s := range d.Statements {
		verb := ""
		if s.Effect == policy.Deny {
			verb = "!"
		}
		for _, r := range s.Resources {
			for _, a := range s.Actions {
				byResource[r.Text] = append(byResource[r.Text], verb+a.Text)
			}
		}
	}
	var parts []string
	for r, actions := range byResource {
		slices.Sort(actions)
		parts = append(parts, strings.Join(actions, " ")+" on "+r)
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}
