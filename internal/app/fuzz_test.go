package app

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// FuzzGenerate answers any words: the document can be read as IAM reads it, names no action that
// the catalog does not have unless the words name it themselves, and proved means proved.
func FuzzGenerate(f *testing.F) {
	for _, words := range append(requests(), outside...) {
		f.Add(words)
	}
	program := New(catalog.Default())
	f.Fuzz(func(t *testing.T, words string) {
		if len(words) > 2000 {
			t.Skip()
		}
		a, err := program.Generate(t.Context(), generate.Request{Words: words})
		if err != nil {
			if generate.Check(words) == nil {
				t.Fatalf("Generate(%q) = %v", words, err)
			}
			return
		}
		if a.Status == generate.Proved && (len(a.Failures) > 0 || len(a.Unread) > 0 || len(a.Questions) > 0) {
			t.Errorf("Generate(%q) is proved with failures %v, %q not read, questions %v", words, a.Failures, a.Unread, a.Questions)
		}
		if !utf8.Valid(a.Policy.JSON()) {
			t.Errorf("Generate(%q) is no UTF-8", words)
		}
		if _, err := policy.Parse(a.Policy.JSON()); err != nil {
			t.Errorf("Generate(%q) cannot be read: %v\n%s", words, err, a.Policy.JSON())
		}
		for _, s := range a.Policy.Statements {
			for _, list := range [][]policy.Text{s.Actions, s.NotActions} {
				for _, action := range list {
					if len(program.Catalog.Expand(action.Text)) == 0 && !strings.Contains(words, action.Text) {
						t.Errorf("Generate(%q) names %s, which AWS does not have", words, action.Text)
					}
				}
			}
		}
	})
}
