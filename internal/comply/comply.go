// Package comply holds policies to the controls of frameworks. A control comes to one or more
// checks, and a check is decided for a document once: it passes only where it is proved that no
// request shows the opposite, it fails with the place and such a request, and where a policy alone
// cannot tell it is not assessable, with the reason. Frameworks are data: rows of two tables, or
// YAML of a user.
package comply

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/power"
	"github.com/aegis-iam/aegis/internal/source"
)

// A Result is what a control or a check comes to.
type Result string

// The results, from the worst.
const (
	Fail          Result = "fail"
	NotAssessable Result = "not assessable" // a policy alone does not tell
	Pass          Result = "pass"
	NotApplicable Result = "not applicable" // it is not about policies of this kind
)

// Results are the results in their order.
func Results() []Result { return []Result{Fail, NotAssessable, Pass, NotApplicable} }

// An Outcome is what a check comes to for a document.
type Outcome struct {
	Check     string           `json:"check"`
	Result    Result           `json:"result"`
	Message   string           `json:"message,omitempty"` // what was found, or why there is no answer
	Line      int              `json:"line,omitempty"`
	Column    int              `json:"column,omitempty"`
	Path      string           `json:"path,omitempty"`      // the element, as Statement[0].Action[1]
	Statement int              `json:"statement,omitempty"` // from 1; 0: the document as a whole
	Sid       string           `json:"sid,omitempty"`
	Witness   *finding.Request `json:"witness,omitempty"` // a request that shows a failure
}

// A ControlResult is what a control comes to for a document.
type ControlResult struct {
	Control  *Control
	Result   Result
	Outcomes []Outcome // of its checks, in their order
}

// Reasons returns what is said of the checks that have the result of the control, each once.
func (c *ControlResult) Reasons() []string {
	var out []string
	for _, o := range c.Outcomes {
		if o.Result == c.Result && o.Message != "" && !slices.Contains(out, o.Message) {
			out = append(out, o.Message)
		}
	}
	return out
}

// A FrameworkResult is what the controls of a framework come to.
type FrameworkResult struct {
	Framework *Framework
	Controls  []ControlResult
}

// Count returns how many controls have each result.
func (f *FrameworkResult) Count() map[Result]int {
	out := map[Result]int{}
	for i := range f.Controls {
		out[f.Controls[i].Result]++
	}
	return out
}

// A Report is what frameworks come to for one document.
type Report struct {
	Name       string          // of the file; set by the caller
	Start      policy.Position // of the document, where it is a part of the file; set by the caller
	Kind       policy.Kind
	Text       *source.Text
	Frameworks []FrameworkResult
	Err        error // why there is no document; set by the caller
}

// NameOf returns a file with the place of a document that is a part of it.
func NameOf(file string, start policy.Position) string {
	if start == (policy.Position{}) {
		return file
	}
	return file + " at " + start.String()
}

// Fails reports whether a control fails.
func (r *Report) Fails() bool {
	return slices.ContainsFunc(r.Frameworks, func(f FrameworkResult) bool { return f.Count()[Fail] > 0 })
}

// Failures returns the outcomes of the checks that fail, each once, in the order of the text.
func (r *Report) Failures() []Outcome {
	var out []Outcome
	for _, f := range r.Frameworks {
		for _, c := range f.Controls {
			for _, o := range c.Outcomes {
				known := func(x Outcome) bool { return x.Check == o.Check && x.Message == o.Message && x.Line == o.Line }
				if o.Result == Fail && !slices.ContainsFunc(out, known) {
					out = append(out, o)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Outcome) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return out
}

// A Checker holds documents to frameworks. It may be used by several goroutines if its functions
// may.
type Checker struct {
	Catalog  *catalog.Catalog
	Comparer *compare.Comparer
	Rules    []lint.Rule // those that frameworks may name
	// Lint runs rules over a text that is a policy of a kind.
	Lint     func(rules []lint.Rule, text string, kind policy.Kind) []finding.Finding
	Accounts []string // one's own
}

// Run holds a text, a policy of a kind or of the one that its elements tell, to frameworks. The
// error is a *policy.SyntaxError, or says which statement has no meaning.
func (c *Checker) Run(text string, kind policy.Kind, frameworks []*Framework) (*Report, error) {
	d, err := policy.Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	if kind == "" {
		kind = policy.KindOf(d)
	}
	if err := complete(d, kind); err != nil {
		return nil, err
	}
	holder, err := power.Open(c.Catalog, c.Comparer, d, kind)
	if err != nil {
		return nil, err
	}
	r := &run{checker: c, holder: holder, subject: subjectOf(d, kind), source: source.New(text), done: map[*Check]Outcome{}}
	report := &Report{Kind: kind, Text: r.source}
	for _, f := range frameworks {
		result := FrameworkResult{Framework: f}
		for i := range f.Controls {
			result.Controls = append(result.Controls, r.control(&f.Controls[i]))
		}
		report.Frameworks = append(report.Frameworks, result)
	}
	return report, nil
}

// complete returns an error for what AWS refuses and what would pass because it allows nothing: an
// identity-based policy that does not say what its statements are about.
func complete(d *policy.Document, kind policy.Kind) error {
	for i := range d.Statements {
		s := &d.Statements[i]
		if kind == policy.IdentityBased && len(s.Resources) == 0 && len(s.NotResources) == 0 {
			return &policy.SyntaxError{Position: s.Position, Reason: "the statement has no Resource: AWS refuses the policy"}
		}
	}
	return nil
}

// A run is one document held to frameworks.
type run struct {
	checker *Checker
	holder  *power.Holder
	subject subject
	source  *source.Text
	done    map[*Check]Outcome
}

// control puts the outcomes of the checks of a control together: one that fails is enough, and of
// those that apply all have to pass.
func (r *run) control(c *Control) ControlResult {
	out := ControlResult{Control: c, Result: NotApplicable}
	for _, check := range c.Checks {
		o := r.check(check)
		out.Outcomes = append(out.Outcomes, o)
		if slices.Index(Results(), o.Result) < slices.Index(Results(), out.Result) {
			out.Result = o.Result
		}
	}
	return out
}

// check returns the outcome of a check, which is found out once.
func (r *run) check(c *Check) Outcome {
	o, known := r.done[c]
	if known {
		return o
	}
	o = r.outcome(c)
	o.Check = c.ID
	r.done[c] = o
	return o
}

func (r *run) outcome(c *Check) Outcome {
	if reason, sure := r.subject.outside(c); reason != "" {
		if sure {
			return Outcome{Result: NotApplicable, Message: reason}
		}
		return Outcome{Result: NotAssessable, Message: reason}
	}
	if c.ask == nil {
		return Outcome{Result: NotAssessable, Message: c.Beyond}
	}
	o := c.ask(r)
	if o.Result == Pass && c.Beyond != "" {
		o = Outcome{Result: NotAssessable, Message: "the policy does not break it; " + c.Beyond}
	}
	return o
}

// at writes the place of an outcome.
func (r *run) at(o Outcome, at policy.Position) Outcome {
	if at == (policy.Position{}) {
		return o
	}
	o.Line, o.Column = at.Line, at.Column
	path, statement := r.source.Path(at)
	o.Path = path
	if list := r.holder.Document.Statements; statement >= 0 && statement < len(list) {
		o.Statement, o.Sid = statement+1, list[statement].Sid
	}
	return o
}

// says makes an outcome of an answer: a power that is given is a failure, of which message tells.
// In the message, %a stands for the action of the request.
func (r *run) says(a power.Answer, message string) Outcome {
	switch a.Verdict {
	case compare.Proved:
		return Outcome{Result: Pass}
	case compare.Unknown:
		return Outcome{Result: NotAssessable, Message: "not decided: " + a.Reason}
	case compare.Counterexample:
	}
	o := Outcome{Result: Fail, Message: strings.ReplaceAll(message, "%a", a.Request.Action)}
	if a.Request.Action != "" {
		o.Witness = &a.Request
	}
	return r.at(o, a.Position)
}
