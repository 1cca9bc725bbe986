package generate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/aegis-iam/aegis/internal/explain"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/suite"
	"github.com/aegis-iam/aegis/internal/verify"
)

// A Status says how far an answer can be relied on.
type Status string

// The statuses of an answer.
const (
	// Proved: every content word was used, nothing that matters was assumed, and the document
	// passes the tests that follow from what was read in them. By comparison it allows all of that
	// and nothing else, and nothing beyond a ceiling that was given.
	Proved Status = "proved"
	// Assumed: something that matters was assumed, a word was not read, a test fails, a comparison
	// does not come out as it should, or lint finds what the words did not ask for.
	Assumed Status = "assumed"
	// Asking: an answer is needed; the document holds what is certain, which may be nothing.
	Asking Status = "question"
)

// An Answer is what one turn gives.
type Answer struct {
	Status      Status                           `json:"status"`
	Kind        policy.Kind                      `json:"kind"`
	Policy      *policy.Document                 `json:"policy"`               // the document of the asked kind
	Documents   map[policy.Kind]*policy.Document `json:"documents"`            // all documents, by kind
	Parts       []*policy.Document               `json:"parts,omitempty"`      // Policy in pieces, where it is over its quota
	Tests       []verify.Test                    `json:"-"`                    // what the words ask, as requests to AWS
	Failures    []verify.Failure                 `json:"-"`                    // the tests that Policy does not pass
	Bounds      *Bounds                          `json:"bounds,omitempty"`     // whether Policy allows what was read, and nothing else; nil without statements
	Within      []Fit                            `json:"within,omitempty"`     // whether Policy is within the ceilings, one for each
	Findings    []Finding                        `json:"findings"`             // of lint
	Score       *score.Report                    `json:"score,omitempty"`      // nil without statements
	Compliance  []Compliance                     `json:"compliance,omitempty"` // by framework; nil without statements, and in a brief answer
	Explanation explain.Explanation              `json:"explanation"`
	Assumed     []intent.Assumption              `json:"assumed"`
	Questions   []intent.Question                `json:"questions"`
	Unread      []string                         `json:"unread"`
	Words       []intent.Word                    `json:"words"`      // the ledger: every content word and its use
	Provenance  []Provenance                     `json:"provenance"` // one entry for each statement of Policy
	Notes       []string                         `json:"notes,omitempty"`
	Refused     []Access                         `json:"refused,omitempty"` // what a turn that asked for less would have gained; the policy is that of the turn before
	Changes     *Changes                         `json:"changes,omitempty"` // against the turn before; nil in a first turn
}

// WriteTests writes the tests with the policy as a file that package suite reads.
func (a Answer) WriteTests(w io.Writer) error {
	return suite.Write(w, suite.Subject{Kind: a.Kind, Document: a.Policy}, a.Tests)
}

// WriteTestsOf writes the tests beside the policy, which stands in a file of its own.
func (a Answer) WriteTestsOf(w io.Writer, file string) error {
	return suite.Write(w, suite.Subject{Kind: a.Kind, File: file}, a.Tests)
}

// MarshalJSON writes the fields, the tests as a file of tests without its policy, and the failures
// as texts.
func (a Answer) MarshalJSON() ([]byte, error) {
	type fields Answer
	var tests bytes.Buffer
	if err := suite.Write(&tests, suite.Subject{Kind: a.Kind}, a.Tests); err != nil {
		return nil, err
	}
	value := struct {
		fields
		Tests    json.RawMessage `json:"tests"`
		Failures []string        `json:"failures"`
	}{fields(a), tests.Bytes(), []string{}}
	for _, f := range a.Failures {
		value.Failures = append(value.Failures, f.String())
	}
	line, err := plainjson.Line(value)
	if err != nil {
		return nil, fmt.Errorf("write answer: %w", err)
	}
	return line, nil
}

// Summary says in a line why the answer has its status.
func (a Answer) Summary() string {
	var parts []string
	add := func(n int, one, many string) {
		if n == 1 {
			parts = append(parts, "1 "+one)
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d %s", n, many))
		}
	}
	add(len(a.Questions), "question to answer", "questions to answer")
	if len(a.Policy.Statements) == 0 {
		return strings.Join(append(parts, "nothing is granted yet"), ", ")
	}
	add(a.material(), "assumption", "assumptions")
	add(len(a.Unread), "word not read", "words not read")
	add(a.own(), "finding of lint", "findings of lint")
	if len(parts) == 0 {
		parts = append(parts, "every word was used and nothing that matters was assumed")
	}
	if len(a.Failures) > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d tests fail", len(a.Failures), len(a.Tests)))
	} else {
		add(len(a.Tests), "test passes", "tests pass")
	}
	return strings.Join(append(parts, a.compared()...), ", ")
}

// compared says what came of the comparisons.
func (a Answer) compared() []string {
	var parts []string
	switch {
	case a.Bounds == nil, a.Bounds.proved() && len(a.Failures)+len(a.Questions) > 0:
	case a.Bounds.proved():
		parts = append(parts, "no more and no less is allowed")
	case a.Bounds.Request != nil:
		parts = append(parts, "a request is not decided as asked")
	default:
		parts = append(parts, "too large to be compared with what was asked")
	}
	switch n := a.beyond(); {
	case n > 0 && len(a.Within) == 1:
		parts = append(parts, "not within "+a.Within[0].Ceiling)
	case n > 0:
		parts = append(parts, fmt.Sprintf("not within %d of %d ceilings", n, len(a.Within)))
	case len(a.Within) == 1:
		parts = append(parts, "within "+a.Within[0].Ceiling)
	case len(a.Within) > 1:
		parts = append(parts, fmt.Sprintf("within all %d ceilings", len(a.Within)))
	}
	return parts
}

// Fails says that a test fails, or that a comparison does not come out as it should.
func (a Answer) Fails() bool {
	return len(a.Failures) > 0 || a.Bounds != nil && a.Bounds.Request != nil || a.beyond() > 0
}

// material counts the assumptions that matter.
func (a Answer) material() int {
	n := 0
	for _, x := range a.Assumed {
		if x.Material {
			n++
		}
	}
	return n
}

// A Provenance says which words or rules put a statement there.
type Provenance struct {
	Sid        string   `json:"sid"`
	Actions    []Reason `json:"actions"`              // sorted by action
	Resources  []string `json:"resources,omitempty"`  // the words that named the resources
	Conditions []string `json:"conditions,omitempty"` // the words that named the conditions
}

// A Reason is why one action is in a statement.
type Reason struct {
	Action  string `json:"action"`
	Because string `json:"because,omitempty"` // the rule
	Words   string `json:"words,omitempty"`   // the words that asked for it; empty: AWS needs it for another
}
