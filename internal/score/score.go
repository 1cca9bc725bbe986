// Package score says how much a policy document risks: 100 less the impacts of the controls that it
// fails. A control is a question about the requests that the document allows, so that documents
// that allow the same have the same score, however they are written; that more access never has
// the better score; and that each lost point has a request that shows it.
//
// The questions are answered by an Oracle, which package oracle makes of evaluation and comparison.
package score

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Full is the score of documents that fail no control.
const Full = 100

// Ungraded is the grade of documents that allow nothing, and of those that only limit what others
// allow: there is nothing to praise.
const Ungraded = "none"

// Grade returns the letter of a score.
func Grade(score int) string {
	for _, g := range []struct {
		least int
		grade string
	}{{90, "A"}, {80, "B"}, {70, "C"}, {60, "D"}} {
		if score >= g.least {
			return g.grade
		}
	}
	return "F"
}

// A Report is the score of documents that are in force together, with what became of each control.
type Report struct {
	Kind     policy.Kind
	Scored   bool   // false: documents of the kind allow nothing by themselves, and Score means nothing
	Score    int    // from 0 to 100
	Grade    string // A, B, C, D, F or Ungraded
	Reason   string // why there is no grade; empty: there is one
	Controls []Result
	Account  *Account // what an account says of the controls; nil: none was asked
}

// A Result is what became of one control.
type Result struct {
	*Control
	Failed     bool
	Undecided  string           // why it is not known whether the control fails; empty: it is known
	Unassessed string           // what has to be known for an assessment; empty: it was assessed
	Witness    *finding.Request // of a failed control: a request that is allowed and should not be
	Statements []Place          // of a failed control: the statements that allow the witness
	Fix        string           // of a failed control: the next step, in words
	InAccount  *Standing        // what an account says of the control; nil: nothing
	Excused    bool             // a failed control takes no points: the account has it disabled
}

// A Place is a statement of one of the documents.
type Place struct {
	Document  int // from 0
	Statement int // from 1
	Sid       string
	Position  policy.Position
}

// MarshalJSON writes the place with its line and column.
func (p Place) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Document  int    `json:"document"`
		Statement int    `json:"statement"`
		Sid       string `json:"sid,omitempty"`
		Line      int    `json:"line"`
		Column    int    `json:"column"`
	}{p.Document, p.Statement, p.Sid, p.Position.Line, p.Position.Column})
}

// MarshalJSON writes the result with its control. A control that did not fail has no witness and
// no fix: both are null.
func (r Result) MarshalJSON() ([]byte, error) {
	out := struct {
		ID         string           `json:"id"`
		Title      string           `json:"title"`
		Severity   Severity         `json:"severity"`
		Impact     int              `json:"impact"`
		Failed     bool             `json:"failed"`
		Witness    *finding.Request `json:"witness"`
		Fix        *string          `json:"fix"`
		Statements []Place          `json:"statements,omitempty"`
		Undecided  string           `json:"undecided,omitempty"`
		Unassessed string           `json:"unassessed,omitempty"`
		InAccount  *Standing        `json:"inAccount,omitempty"`
		Excused    bool             `json:"excused,omitempty"`
	}{r.ID, r.Title, r.Severity, r.Impact, r.Failed, r.Witness, nil, r.Statements, r.Undecided, r.Unassessed, r.InAccount, r.Excused}
	if r.Failed {
		out.Fix = &r.Fix
	}
	return json.Marshal(out)
}

// MarshalJSON writes the report; the score of documents that have none is null.
func (r Report) MarshalJSON() ([]byte, error) {
	out := struct {
		Score    *int        `json:"score"`
		Grade    string      `json:"grade"`
		Kind     policy.Kind `json:"kind,omitempty"`
		Reason   string      `json:"reason,omitempty"`
		Controls []Result    `json:"controls"`
		Account  *Account    `json:"account,omitempty"`
	}{nil, r.Grade, r.Kind, r.Reason, r.Controls, r.Account}
	if r.Scored {
		out.Score = &r.Score
	}
	if out.Controls == nil {
		out.Controls = []Result{}
	}
	return json.Marshal(out)
}

// Failed returns the results of the controls that fail.
func (r *Report) Failed() []Result {
	var out []Result
	for _, c := range r.Controls {
		if c.Failed {
			out = append(out, c)
		}
	}
	return out
}

// Join returns the report of a role: what all its documents lose, taken from 100 once. A good trust
// policy does not make up for bad permissions, nor the other way round, and no point that one
// document loses is hidden by another. A control that fails in several reports counts in each.
// Reports without a score add nothing.
func Join(reports ...Report) Report {
	out := Report{Scored: false, Score: Full, Grade: Ungraded, Reason: "no document allows anything by itself"}
	graded := false
	for _, r := range reports {
		out.Scored = out.Scored || r.Scored
		graded = graded || r.Scored && r.Grade != Ungraded
		out.Controls = append(out.Controls, r.Controls...)
		out.Account = cmp.Or(out.Account, r.Account)
	}
	out.sum()
	if graded {
		out.Grade, out.Reason = Grade(out.Score), ""
	}
	return out
}

// sum sets the score.
func (r *Report) sum() {
	r.Score = Full
	for _, c := range r.Controls {
		if c.Failed && !c.Excused {
			r.Score -= c.Impact
		}
	}
	r.Score = max(0, r.Score)
}

// A Scorer scores documents. It may be used by several goroutines if Open may.
type Scorer struct {
	Catalog *catalog.Catalog
	// Open prepares documents that are in force together for questions. The error says which
	// statement has no meaning.
	Open func([]*policy.Document, policy.Kind) (Oracle, error)
	// Accounts are one's own: principals of others are strangers' or partners'. Without any, what
	// depends on it is not assessed.
	Accounts []string

	names strangers
}

// Score returns the score of documents of a kind that are in force together, such as the policies
// of one role. The error is that of Open.
func (s *Scorer) Score(documents []*policy.Document, kind policy.Kind) (Report, error) {
	r := Report{Kind: kind, Score: Full, Grade: Ungraded}
	list := controlsOf(kind)
	if list == nil {
		r.Reason = "a policy of this kind allows nothing by itself: it limits what other policies allow"
		return r, nil
	}
	o, err := s.Open(documents, kind)
	if err != nil {
		return Report{}, err
	}
	r.Scored = true
	q := &inquiry{scorer: s, oracle: o, documents: documents, kind: kind}
	for i := range list {
		r.Controls = append(r.Controls, q.judge(&list[i]))
	}
	r.sum()
	if r.Score == Full && o.Find(Query{}).Verdict == None {
		r.Reason = q.idle()
		return r, nil
	}
	r.Grade = Grade(r.Score)
	return r, nil
}

// idle says why the documents allow nothing.
func (q *inquiry) idle() string {
	for _, d := range q.documents {
		if slices.ContainsFunc(d.Statements, func(s policy.Statement) bool { return s.Effect == policy.Allow }) {
			return "nothing is allowed: no Allow statement has a request that can be made and is not denied; 'aegis lint' says what has no effect"
		}
	}
	return "nothing is allowed: there is no Allow statement"
}

// judge asks about one control.
func (q *inquiry) judge(c *Control) Result {
	r := Result{Control: c}
	v := c.check(q)
	switch {
	case v.unassessed != "":
		r.Unassessed = v.unassessed
	case v.answer.Verdict == Found:
		r.Failed = true
		request := v.answer.Request
		r.Witness, r.Statements = &request, v.answer.Statements
		r.Fix = v.fix
	case v.answer.Verdict == Unknown:
		r.Undecided = v.answer.Reason
	}
	return r
}

// A verdict is what a control found out.
type verdict struct {
	answer     Answer
	fix        string
	unassessed string
}

// first returns the first verdict that a control fails; else one that is not known; else that it
// does not fail.
func first(verdicts ...func() verdict) verdict {
	var out verdict
	for _, ask := range verdicts {
		switch v := ask(); {
		case v.answer.Verdict == Found:
			return v
		case v.answer.Verdict == Unknown && out.answer.Verdict == None:
			out = v
		}
	}
	return out
}

// contains reports whether a list has a text.
func contains(list []string, text string) bool { return slices.Contains(list, text) }
