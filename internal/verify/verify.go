// Package verify proves that documents say what an intent asks. It writes requests from the
// intent and the catalog alone: such as must be allowed, and near misses that must be denied.
// It finds the ARNs of targets by itself and knows nothing of the compiler, so that a fault of
// either shows when the requests are run against a compiled document.
//
// Mutants and Ablate turn the proof round: a document that is changed, or of which a part is
// taken away, must fail a test, or else the tests, or that part, are idle.
package verify

import (
	"fmt"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Test is a request with the outcome that the documents of an intent must give it.
type Test struct {
	Name    string
	Allow   bool // what must come out: allowed, or denied
	Request evaluate.Request
	// Baseline: the request is made beside a policy that allows everything, because the
	// intent only takes away. Service and resource control policies always have it, unless
	// Alone says that this request does without.
	Baseline bool
	Alone    bool
	Because  string // why this outcome, in words
	Grant    int    // index of the grant that the test is about

	rank uint8 // what is dropped first if there are too many
}

// A Failure is a test that a document does not pass.
type Failure struct {
	Test     Test
	Decision evaluate.Decision
	Err      error // the document cannot be evaluated at all; Test is then the zero Test
}

// String returns the failure in one line.
func (f Failure) String() string {
	if f.Err != nil {
		return f.Err.Error()
	}
	want := "denied"
	if f.Test.Allow {
		want = "allowed"
	}
	return fmt.Sprintf("%s: %s %s must be %s (%s): %s", f.Test.Name, f.Test.Request.Action,
		f.Test.Request.Resource, want, f.Test.Because, f.Decision)
}

// Run makes the requests of the tests to a document of a kind and returns those that come out
// wrong, in the order of the tests. A document that cannot be evaluated gives one failure with
// an error.
func Run(tests []Test, doc *policy.Document, kind policy.Kind) []Failure {
	p, err := evaluate.Compile(doc, kind)
	if err != nil {
		return []Failure{{Err: err}}
	}
	var failures []Failure
	for i := range tests {
		if d, ok := tests[i].passes(p, kind); !ok {
			failures = append(failures, Failure{Test: tests[i], Decision: d})
		}
	}
	return failures
}

// passes makes the request of one test.
func (t *Test) passes(p *evaluate.Policy, kind policy.Kind) (evaluate.Decision, bool) {
	d := evaluate.Evaluate(t.Request, p)
	beside := (t.Baseline || kind.OfOrganization()) && !t.Alone
	allowed := d == evaluate.Allowed || d == evaluate.ImplicitDeny && beside
	return d, allowed == t.Allow
}

// fails says whether any test notices something, which is less work than Run.
func fails(tests []Test, doc *policy.Document, kind policy.Kind) bool {
	p, err := evaluate.Compile(doc, kind)
	if err != nil {
		return true
	}
	for i := range tests {
		if _, ok := tests[i].passes(p, kind); !ok {
			return true
		}
	}
	return false
}
