package generate

import (
	"bytes"
	"slices"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/verify"
)

// Changes are the access that a turn gave and took, by comparison of the documents. The verdict is
// equivalent if it is proved that both allow the same, different if a request shows that they do
// not, and unknown if neither was found within the budget.
type Changes struct {
	Verdict string   `json:"verdict"`
	Reason  string   `json:"reason,omitempty"` // why it is not sure that nothing else changed
	Gained  []Access `json:"gained"`
	Lost    []Access `json:"lost"`
	More    bool     `json:"more,omitempty"` // there may be more than is listed
}

// The verdicts of Changes.
const (
	Equivalent = "equivalent"
	Different  = "different"
	Unknown    = "unknown"
)

// What is listed of a difference, and what may be spent on it.
const (
	maxAccesses   = 8
	changesBudget = 200_000
)

// Compare returns what changed from one answer to another; nil if their documents are of
// different kinds. A document that only takes away is compared beside one that allows everything.
func (g Generator) Compare(before, after *Answer) *Changes {
	if before.Kind != after.Kind {
		return nil
	}
	out := &Changes{Verdict: Equivalent, Gained: []Access{}, Lost: []Access{}}
	if bytes.Equal(before.Policy.Compact(), after.Policy.Compact()) {
		return out
	}
	has := func(effect policy.Effect) bool {
		return hasEffect(before.Policy, effect) || hasEffect(after.Policy, effect)
	}
	if has(policy.Allow) {
		g.compare(out, before, after, func(d *policy.Document) *policy.Document { return d })
	}
	if out.Verdict == Equivalent && has(policy.Deny) {
		g.compare(out, before, after, func(d *policy.Document) *policy.Document { return beside(d, after.Kind) })
	}
	return out
}

// compare adds what is gained and lost between two answers, each document put where it works.
func (g Generator) compare(to *Changes, before, after *Answer, put func(*policy.Document) *policy.Document) {
	limits := compare.Limits{Options: compare.Options{Budget: changesBudget}, Differences: maxAccesses}
	one := func(was, is *policy.Document) []Access {
		report, err := g.Comparer.Differences(compare.One(after.Kind, put(was)), compare.One(after.Kind, put(is)), limits)
		if err != nil {
			report.Reason = err.Error()
		}
		if report.Reason != "" {
			to.Reason = report.Reason
		}
		to.More = to.More || report.Stopped
		return accesses(report.Differences, is, was)
	}
	to.Gained = append(to.Gained, one(before.Policy, after.Policy)...)
	to.Lost = append(to.Lost, one(after.Policy, before.Policy)...)
	switch {
	case len(to.Gained)+len(to.Lost) > 0:
		to.Verdict = Different
	case to.Reason != "":
		to.Verdict = Unknown
	}
}

// beside returns a document with a statement behind it that allows everything.
func beside(d *policy.Document, kind policy.Kind) *policy.Document {
	return &policy.Document{Version: d.Version, Statements: append(slices.Clip(d.Statements), verify.Everything(kind))}
}

func hasEffect(d *policy.Document, effect policy.Effect) bool {
	return slices.ContainsFunc(d.Statements, func(s policy.Statement) bool { return s.Effect == effect })
}
