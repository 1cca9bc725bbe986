package suite

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify"
)

// A Subject is what the tests of a file are about: a document, or the file that it stands in.
// The zero Subject leaves it open: who runs the tests says which policy they are for.
type Subject struct {
	Kind     policy.Kind
	Document *policy.Document
	File     string // instead of the document; its path starts at the file of the tests
}

type fileForm struct {
	Format   int         `json:"format"`
	Kind     policy.Kind `json:"kind,omitempty"`
	Policies []any       `json:"policies,omitempty"`
	Tests    []testForm  `json:"tests"`
}

type testForm struct {
	Name      string              `json:"name"`
	Expect    string              `json:"expect"`
	Because   string              `json:"because,omitempty"`
	Baseline  bool                `json:"baseline,omitempty"`
	Alone     bool                `json:"alone,omitempty"`
	Principal string              `json:"principal,omitempty"`
	Action    string              `json:"action"`
	Resource  string              `json:"resource,omitempty"`
	Context   map[string][]string `json:"context,omitempty"`
}

// Write writes tests of one policy in the form that Parse reads: indented JSON whose bytes
// depend on the subject and the tests alone.
func Write(w io.Writer, s Subject, tests []verify.Test) error {
	f := fileForm{Format: Format, Kind: s.Kind, Tests: []testForm{}}
	switch {
	case s.File != "":
		f.Policies = []any{s.File}
	case s.Document != nil:
		f.Policies = []any{json.RawMessage(s.Document.JSON())}
	}
	for i := range tests {
		t := &tests[i]
		expect := "deny"
		if t.Allow {
			expect = "allow"
		}
		f.Tests = append(f.Tests, testForm{
			Name: t.Name, Expect: expect, Because: t.Because, Baseline: t.Baseline, Alone: t.Alone,
			Principal: t.Request.Principal.String(), Action: t.Request.Action, Resource: t.Request.Resource, Context: t.Request.Context,
		})
	}
	if err := plainjson.WriteIndented(w, f); err != nil {
		return fmt.Errorf("write tests: %w", err)
	}
	return nil
}
