package score

import (
	"context"
	"encoding/json"

	"github.com/aegis-iam/aegis/internal/policy"
)

// A Validator says how much documents risk that are of one kind and in force together. A Scorer is
// the local one, which needs nothing but the documents; others start from its report and add what
// they know. The error is that of the context, or says which statement has no meaning: what else a
// validator could not find out stands in the report.
type Validator interface {
	Validate(ctx context.Context, documents []*policy.Document, kind policy.Kind) (Report, error)
}

// Validate scores documents as Score does, if the context has not ended.
func (s *Scorer) Validate(ctx context.Context, documents []*policy.Document, kind policy.Kind) (Report, error) {
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	return s.Score(documents, kind)
}

// An Account is what an AWS account says of the controls that AWS publishes.
type Account struct {
	Service string // what was asked, such as Security Hub
	ID      string // of the account; empty: unknown
	Region  string // empty: unknown
	Problem string // why the account was not read; empty: it was
	Hint    string // of a problem: the next step, where there is one

	Standings map[string]Standing // by the identifiers of the service; nil with a problem
}

// A State is whether an account has a control switched on.
type State string

// The states.
const (
	Enabled      State = "enabled"
	Disabled     State = "disabled"
	UnknownState State = "unknown" // the service says nothing of the control
)

// A Standing is what an account says of one control.
type Standing struct {
	State     State      `json:"state"`
	Severity  Severity   `json:"severity,omitempty"` // as the account has it
	Reason    string     `json:"reason,omitempty"`   // why it is disabled or unknown, in the words of the account
	Standards []Standard `json:"standards,omitempty"`
	Failing   []string   `json:"failing,omitempty"` // the resources that fail it, ordered
	More      bool       `json:"more,omitempty"`    // more resources fail it than are listed
}

// A Standard is a standard that is switched on in an account and has a control.
type Standard struct {
	ARN    string `json:"arn"`
	State  State  `json:"state"` // of the control in the standard
	Reason string `json:"reason,omitempty"`
}

// MarshalJSON writes the account without the standings: they stand at the controls.
func (a Account) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Service string `json:"service"`
		ID      string `json:"account,omitempty"`
		Region  string `json:"region,omitempty"`
		Read    bool   `json:"read"`
		Problem string `json:"problem,omitempty"`
		Hint    string `json:"hint,omitempty"`
	}{a.Service, a.ID, a.Region, a.Problem == "", a.Problem, a.Hint})
}

// Published returns the identifiers, in Security Hub, of those controls of the report that it
// publishes too.
func (r *Report) Published() []string {
	var out []string
	for _, c := range r.Controls {
		if c.SecurityHub != "" {
			out = append(out, c.SecurityHub)
		}
	}
	return out
}

// Merge puts beside the published controls what an account says of them. If excuse is set, those
// that are disabled in the account take no points: score and grade are made again. The report shares
// its results with none after it.
func (r *Report) Merge(a *Account, excuse bool) {
	r.Account = a
	r.Controls = append([]Result(nil), r.Controls...)
	for i := range r.Controls {
		c := &r.Controls[i]
		standing, known := a.Standings[c.SecurityHub]
		if c.SecurityHub == "" || !known {
			continue
		}
		c.InAccount = &standing
		c.Excused = excuse && c.Failed && standing.State == Disabled
	}
	r.sum()
	if r.Grade != Ungraded {
		r.Grade = Grade(r.Score)
	}
}
