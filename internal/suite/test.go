package suite

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/scenario"
	"github.com/aegis-iam/aegis/internal/tree"
)

// readTest reads a test; several actions or resources make a test each.
func (r *reader) readTest(v *tree.Value) error {
	t := Test{Position: v.Position}
	expected := false
	var actions, resources []string
	text := func(name string, to *string) func(*tree.Value) error {
		return func(v *tree.Value) (err error) {
			*to, err = v.Scalar(name)
			return err
		}
	}
	truth := func(name string, to *bool) func(*tree.Value) error {
		return func(v *tree.Value) (err error) {
			*to, err = v.True(name)
			return err
		}
	}
	err := v.Each("a test", map[string]func(*tree.Value) error{
		"name":     text("name", &t.Name),
		"because":  text("because", &t.Because),
		"baseline": truth("baseline", &t.Baseline),
		"alone":    truth("alone", &t.Alone),
		"expect": func(v *tree.Value) error {
			expected, t.Allow = true, v.Text == "allow"
			if v.Text != "allow" && v.Text != "deny" {
				return v.Errorf("expect must be allow or deny, not %q", v.Text)
			}
			return nil
		},
		"layer":     func(v *tree.Value) (err error) { t.Layer, err = readKindText(v); return err },
		"principal": text("principal", &t.Request.Principal),
		"endpoint":  text("endpoint", &t.Request.Endpoint),
		"action":    func(v *tree.Value) (err error) { actions, err = v.Scalars("action"); return err },
		"resource":  func(v *tree.Value) (err error) { resources, err = v.Scalars("resource"); return err },
		"context":   func(v *tree.Value) (err error) { t.Request.Context, err = scenario.Context(v); return err },
	})
	switch {
	case err != nil:
		return err
	case !expected:
		return v.Errorf("the test does not say what to expect: allow or deny")
	case len(actions) == 0:
		return v.Errorf("the test has no action")
	case len(resources) == 0:
		resources = []string{""}
	}
	many := len(actions)*len(resources) > 1
	for _, action := range actions {
		for _, resource := range resources {
			if err := r.addTest(v, t, action, resource, many); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) addTest(v *tree.Value, t Test, action, resource string, many bool) error {
	t.Request.Action, t.Request.Resource = action, resource
	switch {
	case !strings.Contains(action, ":"):
		return v.Errorf("action %q must name its service, such as s3:GetObject", action)
	case r.suite.scenario == nil && (t.Layer != "" || t.Request.Endpoint != ""):
		return v.Errorf("layer and endpoint are for tests of a scenario")
	case r.suite.scenario != nil && (t.Baseline || t.Alone):
		return v.Errorf("baseline and alone are for tests of policies: a scenario says itself what else there is")
	case len(r.suite.Tests) == MaxTests:
		return v.Errorf("one file has at most %d tests", MaxTests)
	}
	if s := r.suite.scenario; s != nil {
		var err error
		if t.situation, err = s.Situation(t.Request); err != nil {
			return v.Errorf("%v", err)
		}
	}
	if t.Name == "" || many {
		t.Name = strings.TrimSpace(t.Name + " " + describe(&t))
	}
	r.suite.Tests = append(r.suite.Tests, t)
	return nil
}

// describe names a test by what it asks.
func describe(t *Test) string {
	text := "deny "
	if t.Allow {
		text = "allow "
	}
	text += t.Request.Action
	if t.Request.Resource != "" {
		text += " on " + t.Request.Resource
	}
	if t.Request.Principal != "" {
		text += " by " + t.Request.Principal
	}
	return text
}

// want says what must come out.
func (t *Test) want() string {
	word := "denied"
	if t.Allow {
		word = "allowed"
	}
	if t.Layer != policy.Kind("") {
		return fmt.Sprintf("%s by the layer %s", word, t.Layer)
	}
	return word
}
