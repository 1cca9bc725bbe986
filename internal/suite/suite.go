// Package suite reads and runs files of tests: requests that must be allowed or denied by
// policies of one layer, or by all layers of a scenario. It writes such files, and the outcome
// as text, TAP and JUnit.
package suite

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/scenario"
	"github.com/aegis-iam/aegis/internal/tree"
)

// Format is the number of the format that Write writes and Parse reads.
const Format = 2

// MaxTests is the most tests that one file may come to.
const MaxTests = 20000

// A Suite is a file of tests. It does not change, and may be run concurrently.
type Suite struct {
	File     string
	Kind     policy.Kind // of the policies; empty: told from their elements
	Tests    []Test
	policies []*evaluate.Policy // of one layer
	scenario *scenario.Scenario // or all layers
}

// A Test is a request with the outcome that it must have.
type Test struct {
	Name     string
	Allow    bool
	Layer    policy.Kind // of a scenario: the layer that must decide; empty: any
	Because  string      // why, in words
	Baseline bool        // made beside a policy that allows everything
	Alone    bool        // a control policy, which has that policy beside it always, does without
	Request  scenario.Query
	Position policy.Position

	situation scenario.Situation // where there is a scenario
}

// Parse reads a suite. The file names it in errors, and open reads the files that it names.
// if it is not nil. Override, if it is not nil, takes the place of its policies. Errors are *tree.Error.
func Parse(file string, data []byte, open scenario.Open, override []*policy.Document) (*Suite, error) {
	v, err := tree.Read(file, data)
	if err != nil {
		return nil, err
	}
	if open == nil {
		open = func(string) ([]byte, error) { return nil, errors.New("files are not read here") }
	}
	r := &reader{suite: &Suite{File: file}, open: open}
	none := func(*tree.Value) error { return nil }
	err = v.Each("a file of tests", map[string]func(*tree.Value) error{
		"format":      readFormat,
		"description": none,
		"kind":        r.readKind,
		"policies":    r.readPolicies,
		"scenario":    r.readScenario,
		"tests":       none, // last, since they need the others
	})
	if err != nil {
		return nil, err
	}
	if override != nil {
		r.documents = override
	}
	if err := r.compile(v); err != nil {
		return nil, err
	}
	tests := v.Field("tests")
	if tests == nil {
		return nil, v.Errorf("the file has no tests")
	}
	if err := tests.List(r.readTest); err != nil {
		return nil, err
	}
	if len(r.suite.Tests) == 0 {
		return nil, tests.Errorf("the file has no tests")
	}
	return r.suite, nil
}

type reader struct {
	suite     *Suite
	open      scenario.Open
	documents []*policy.Document
}

func readFormat(v *tree.Value) error {
	if v.Text != fmt.Sprint(Format) {
		return v.Errorf("the format of tests is %d, not %q", Format, v.Text)
	}
	return nil
}

// kinds are the kinds of policies that can be tested alone.
var kinds = []policy.Kind{
	policy.IdentityBased, policy.Trust, policy.ResourceBased, policy.ServiceControl, policy.ResourceControl,
	policy.PermissionsBoundary, policy.SessionPolicy, policy.Endpoint,
}

func readKindText(v *tree.Value) (policy.Kind, error) {
	var names []string
	for _, k := range kinds {
		if string(k) == v.Text {
			return k, nil
		}
		names = append(names, string(k))
	}
	return "", v.Errorf("no kind of policy is called %q; there are %s", v.Text, strings.Join(names, ", "))
}

func (r *reader) readKind(v *tree.Value) (err error) {
	r.suite.Kind, err = readKindText(v)
	return err
}

// readPolicies reads documents, and files of them.
func (r *reader) readPolicies(v *tree.Value) error {
	return v.List(func(item *tree.Value) error {
		if item.Kind == tree.String {
			data, err := r.open(item.Text)
			if err != nil {
				return item.Errorf("%v", err)
			}
			if item, err = tree.Read(item.Text, data); err != nil {
				return err
			}
		}
		d, err := item.Document()
		r.documents = append(r.documents, d)
		return err
	})
}

// readScenario reads a scenario that stands here, or the file of one.
func (r *reader) readScenario(v *tree.Value) (err error) {
	if v.Kind == tree.String {
		data, err := r.open(v.Text)
		if err != nil {
			return v.Errorf("%v", err)
		}
		r.suite.scenario, err = scenario.Parse(v.Text, data, r.open)
		return err
	}
	r.suite.scenario, err = scenario.Decode(v, r.open)
	return err
}

// compile makes the policies ready, or sees that there is a scenario.
func (r *reader) compile(v *tree.Value) error {
	s := r.suite
	switch {
	case s.scenario != nil && len(r.documents) > 0:
		return v.Errorf("tests are of policies or of a scenario, not of both")
	case s.scenario != nil:
		return nil
	case len(r.documents) == 0:
		return v.Errorf("the file names neither policies nor a scenario")
	}
	for i, d := range r.documents {
		if s.Kind == "" {
			s.Kind = policy.KindOf(d)
		}
		p, err := evaluate.Compile(d, s.Kind)
		if err != nil {
			return v.Errorf("policy %d: %v", i+1, err)
		}
		s.policies = append(s.policies, p)
	}
	return nil
}
