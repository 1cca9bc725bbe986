// Package validate holds all that is known of a policy in one report: what lint finds, the score,
// what frameworks come to, and what a reference policy does not allow; and writes it.
package validate

import (
	"fmt"
	"slices"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/report"
	"github.com/aegis-iam/aegis/internal/score"
)

// A Document is what is known of one policy. With an error in Lint.Err there is nothing else; a text
// that lint can read and that is no policy has findings only.
type Document struct {
	Lint       report.File
	Start      policy.Position // where it begins, if it is a part of a file
	Broken     error           // why there is no score and no compliance: the text is no policy
	Score      *score.Report   // nil: Broken
	Compliance *comply.Report  // nil: Broken
	Beyond     *Beyond         // nil: Broken, or nothing to be within
}

// Beyond is what a policy allows and a reference does not.
type Beyond struct {
	Reference string   `json:"reference"` // the name of its file
	Verdict   string   `json:"verdict"`   // within, beyond, unknown, or other-kind: they are not compared
	Reason    string   `json:"reason,omitempty"`
	More      bool     `json:"more,omitempty"` // there may be more than are listed
	Accesses  []Access `json:"accesses"`
}

// The verdicts of Beyond.
const (
	Within    = "within" // proved
	Outside   = "beyond"
	Unknown   = "unknown"
	OtherKind = "other-kind"
)

// An Access is requests that are allowed by the same statement, with one of them.
type Access struct {
	Request   finding.Request `json:"request"`
	Actions   []string        `json:"actions,omitempty"` // all actions for which there is a request like it
	Statement int             `json:"statement"`         // from 1
	Sid       string          `json:"sid,omitempty"`
	Position  policy.Position `json:"position"`
}

// Limits say from when on a policy is not good enough.
type Limits struct {
	FailOn    finding.Severity // the least severity of a finding
	FailUnder int              // the least score
}

// Complaints returns why a policy is not good enough, in a few words each; none: it is.
func (d *Document) Complaints(l Limits) []string {
	var out []string
	n := 0
	for _, f := range d.Lint.Findings {
		if f.Severity >= l.FailOn {
			n++
		}
	}
	add := func(n int, one, many string) {
		switch {
		case n == 1:
			out = append(out, "1 "+one)
		case n > 1:
			out = append(out, fmt.Sprintf("%d %s", n, many))
		}
	}
	add(n, "finding", "findings")
	if d.Score != nil && d.Score.Scored && d.Score.Score < l.FailUnder {
		out = append(out, fmt.Sprintf("a score below %d", l.FailUnder))
	}
	if d.Compliance != nil {
		add(d.Failing(), "control fails", "controls fail")
	}
	if d.Beyond != nil {
		add(len(d.Beyond.Accesses), "access beyond "+d.Beyond.Reference, "accesses beyond "+d.Beyond.Reference)
	}
	return out
}

// Failing returns how many controls of the frameworks fail.
func (d *Document) Failing() int {
	if d.Compliance == nil {
		return 0
	}
	n := 0
	for i := range d.Compliance.Frameworks {
		n += d.Compliance.Frameworks[i].Count()[comply.Fail]
	}
	return n
}

// Unread reports whether some document could not be read, is no policy, or could not be held to the
// reference, or whether an account was asked that could not be read.
func Unread(documents []Document) bool {
	return slices.ContainsFunc(documents, func(d Document) bool {
		return d.Lint.Err != nil || d.Broken != nil || d.Beyond != nil && d.Beyond.Verdict == Unknown ||
			d.Score != nil && d.Score.Account != nil && d.Score.Account.Problem != ""
	})
}
