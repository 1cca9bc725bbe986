package app

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/suite"
)

// TestSuitesPass: the tests that come with a policy say of it, when they are read again, what
// they said when it was written.
func TestSuitesPass(t *testing.T) {
	program := New(catalog.Default())
	noFiles := func(string) ([]byte, error) { return nil, errors.New("no files") }
	run := 0
	for words := range slices.Values(requests()) {
		answer, err := program.Generate(t.Context(), generate.Request{Words: words})
		if err != nil || len(answer.Tests) == 0 {
			continue
		}
		var file bytes.Buffer
		if err := answer.WriteTests(&file); err != nil {
			t.Fatal(err)
		}
		s, err := suite.Parse("tests.json", file.Bytes(), noFiles, nil)
		if err != nil {
			t.Errorf("%s: %v", words, err)
			continue
		}
		if o := s.Run(); o.Failed != len(answer.Failures) || len(o.Results) != len(answer.Tests) {
			t.Errorf("%s: %d of %d tests fail, want %d of %d", words, o.Failed, len(o.Results), len(answer.Failures), len(answer.Tests))
		}
		run++
	}
	if run < 35 {
		t.Errorf("%d suites ran, want at least 35", run)
	}
}
