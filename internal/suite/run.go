package suite

import (
	"fmt"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Result is what became of a test.
type Result struct {
	Test     *Test
	Decision evaluate.Decision
	Layer    policy.Kind // of a scenario: the layer that decided; empty if no policy did
	Passed   bool
	Detail   string // of a test that fails: what was wanted, and how the request was decided
}

// An Outcome is a suite that was run.
type Outcome struct {
	Suite   *Suite
	Results []Result // one a test, in their order
	Failed  int
}

// Run makes the requests of all tests.
func (s *Suite) Run() Outcome {
	o := Outcome{Suite: s, Results: make([]Result, 0, len(s.Tests))}
	for i := range s.Tests {
		r := s.run(&s.Tests[i])
		if !r.Passed {
			o.Failed++
		}
		o.Results = append(o.Results, r)
	}
	return o
}

func (s *Suite) run(t *Test) Result {
	if s.scenario != nil {
		return t.runAll()
	}
	request := evaluate.Request{
		Principal: evaluate.ParsePrincipal(t.Request.Principal), Action: t.Request.Action,
		Resource: t.Request.Resource, Context: t.Request.Context,
	}
	r := Result{Test: t, Decision: evaluate.Evaluate(request, s.policies...)}
	beside := (t.Baseline || s.Kind.OfOrganization()) && !t.Alone
	allowed := r.Decision == evaluate.Allowed || r.Decision == evaluate.ImplicitDeny && beside
	if r.Passed = allowed == t.Allow; !r.Passed {
		e := evaluate.Explain(request, s.policies...)
		r.Detail = t.complaint() + e.String()
	}
	return r
}

// runAll decides by all layers.
func (t *Test) runAll() Result {
	a := evaluate.Authorize(t.situation.Request, &t.situation.Setting)
	r := Result{Test: t, Decision: a.Decision}
	if a.Decided >= 0 {
		r.Layer = a.Layers[a.Decided].Kind
	}
	r.Passed = (a.Decision == evaluate.Allowed) == t.Allow && (t.Layer == "" || t.Layer == r.Layer)
	if !r.Passed {
		r.Detail = t.complaint() + a.String()
		for _, note := range t.situation.Notes {
			r.Detail += "note: " + note + "\n"
		}
	}
	return r
}

func (t *Test) complaint() string {
	text := fmt.Sprintf("the request must be %s", t.want())
	if t.Because != "" {
		text += ": " + t.Because
	}
	return text + "\n"
}
