package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/plainjson"
)

// suiteFormat is the number of the format that WriteSuite writes.
const suiteFormat = 1

// The suite is a JSON object: "format", the number 1, and "tests", a list of objects with
//
//	name       what the test is called; unique names make failures easy to find
//	allow      true: the request must be allowed; false: it must be denied
//	because    why, in words
//	baseline   true: the request is made beside a policy that allows everything
//	alone      true: a control policy, which has that policy beside it always, does without
//	request    principal ({"type", "id"}; left out: whoever holds the policy), action,
//	           resource (left out in trust policies), context (condition keys, each with a list of values)
type suite struct {
	Format int         `json:"format"`
	Tests  []suiteTest `json:"tests"`
}

type suiteTest struct {
	Name     string       `json:"name"`
	Allow    bool         `json:"allow"`
	Because  string       `json:"because,omitempty"`
	Baseline bool         `json:"baseline,omitempty"`
	Alone    bool         `json:"alone,omitempty"`
	Request  suiteRequest `json:"request"`
}

type suiteRequest struct {
	Principal *suitePrincipal     `json:"principal,omitempty"`
	Action    string              `json:"action"`
	Resource  string              `json:"resource,omitempty"`
	Context   map[string][]string `json:"context,omitempty"`
}

type suitePrincipal struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// WriteSuite writes tests in the format that ReadSuite reads: indented JSON whose bytes depend
// on the tests alone.
func WriteSuite(w io.Writer, tests []Test) error {
	s := suite{Format: suiteFormat, Tests: []suiteTest{}}
	for _, t := range tests {
		st := suiteTest{
			Name: t.Name, Allow: t.Allow, Because: t.Because, Baseline: t.Baseline, Alone: t.Alone,
			Request: suiteRequest{Action: t.Request.Action, Resource: t.Request.Resource, Context: t.Request.Context},
		}
		if t.Request.Principal != (evaluate.Principal{}) {
			st.Request.Principal = &suitePrincipal{t.Request.Principal.Type, t.Request.Principal.ID}
		}
		s.Tests = append(s.Tests, st)
	}
	if err := plainjson.WriteIndented(w, s); err != nil {
		return fmt.Errorf("write tests: %w", err)
	}
	return nil
}

// ReadSuite reads tests. A field that the format does not have is an error, as is a test
// without an action: a misspelt field would make a test that proves nothing. The Grant of the
// tests is not kept by the format.
func ReadSuite(r io.Reader) ([]Test, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read tests: %w", err)
	}
	var s suite
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("read tests: %w", err)
	}
	if s.Format != suiteFormat {
		return nil, fmt.Errorf("read tests: format %d is not known, want %d", s.Format, suiteFormat)
	}
	tests := make([]Test, 0, len(s.Tests))
	for i, st := range s.Tests {
		if st.Request.Action == "" {
			return nil, fmt.Errorf("read tests: test %d (%s) has no action", i+1, st.Name)
		}
		t := Test{
			Name: st.Name, Allow: st.Allow, Because: st.Because, Baseline: st.Baseline, Alone: st.Alone,
			Request: evaluate.Request{Action: st.Request.Action, Resource: st.Request.Resource, Context: st.Request.Context},
		}
		if p := st.Request.Principal; p != nil {
			t.Request.Principal = evaluate.Principal{Type: p.Type, ID: p.ID}
		}
		tests = append(tests, t)
	}
	return tests, nil
}
