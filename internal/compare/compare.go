// Package compare decides what one set of policies allows and another does not, with a request
// that shows it. An answer is exact or unknown: Proved means that there is no such request,
// Counterexample comes with one that package evaluate has decided again, and Unknown says why.
//
//	c := compare.New(catalog.Default())
//	answer, err := c.Subsumes(compare.One(kind, old), compare.One(kind, new), compare.Options{})
//
// asks whether new allows anything that old does not. Find asks whether policies allow any
// request of a box, which is written as a statement: actions, resources, principals and
// conditions. Differences lists what is gained, by statement.
//
// # How it works
//
// A statement is a box: a product of demands on one part of a request each, its action, its
// principal, its resource, the values of one condition key. New policies allow more than old ones
// if an Allow box of the new ones, less their Deny boxes and the Allow boxes of the old ones, is
// not empty, or if what it has in common with a Deny box of the old ones, less the new Deny boxes,
// is not. Taking a box away leaves disjoint boxes, one for each of its demands; a box is empty if
// one part of it is, and for each sort of part that is decided by itself: actions are sets of the
// catalog's, principals sets of representatives, texts are found by automata, numbers, dates and
// addresses by representatives.
//
// # Which requests there are
//
// Requests are those of the catalog: its actions, about resources in one of the action's formats,
// with condition keys that the action's requests can carry, one value for a key that has one. With
// Options.Open, actions may be any that could be added one day, with any resource and any key.
// Nothing else relates the parts of a request: that the account of an ARN is the value of
// aws:ResourceAccount, for example, is not known here. So what is Proved holds for a few requests
// more than there are, and a Counterexample may show such a request.
package compare

import (
	"errors"
	"fmt"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/universe"
)

// A Layer is the documents of one layer of policies: what any of them denies is denied, what any
// allows is allowed.
type Layer struct {
	Kind      policy.Kind // of all documents of the layer
	Documents []*policy.Document
}

// Access is the layers that limit each other: a request is allowed if every layer allows it, as
// an identity-based policy, its permissions boundary and a service control policy together. No
// layers at all allow everything.
type Access []Layer

// One returns the access that documents of one kind give.
func One(kind policy.Kind, documents ...*policy.Document) Access {
	return Access{{Kind: kind, Documents: documents}}
}

// Nothing returns the access that allows nothing.
func Nothing() Access { return Access{{Kind: policy.IdentityBased}} }

// A Verdict is how far an answer is known. The zero Verdict is Unknown.
type Verdict int

// The verdicts.
const (
	Unknown        Verdict = iota // neither of the others, for the reason that the answer gives
	Proved                        // no such request exists
	Counterexample                // one exists, and the answer has it
)

// String returns "Unknown", "Proved" or "Counterexample".
func (v Verdict) String() string {
	switch v {
	case Proved:
		return "Proved"
	case Counterexample:
		return "Counterexample"
	}
	return "Unknown"
}

// A Place is a statement of an Access: the numbers of its layer, of its document in the layer
// and of itself in the document, from 0.
type Place struct {
	Layer, Document, Statement int
}

// An Answer says whether a request exists.
type Answer struct {
	Verdict Verdict
	Reason  string           // why the verdict is Unknown
	Request evaluate.Request // of a Counterexample
	Allowed []Place          // the statements that allow it, one of each layer
	Denied  []Place          // the statement that denies it on the old side, if one is behind it
	Steps   int              // what was spent of the budget
}

// Options say which requests there are and how long may be searched. The zero Options are for
// the requests of the catalog and the usual budget.
type Options struct {
	Open   bool // also actions that the catalog does not have, with any resource and key
	Budget int  // steps that may be spent, of which there are some millions a second; 0: DefaultBudget
}

// DefaultBudget is what a comparison may spend without being told. It suffices for all managed
// policies of AWS; documents that are made to be hard use it up in a few seconds.
const DefaultBudget = 4_000_000

func (o Options) budget() int {
	if o.Budget > 0 {
		return o.Budget
	}
	return DefaultBudget
}

// A Comparer compares policies by what a catalog knows. It may be used by several goroutines.
type Comparer struct {
	requests *universe.Universe
}

// New returns a Comparer.
func New(c *catalog.Catalog) *Comparer { return &Comparer{universe.New(c)} }

// Subsumes answers whether the new policies allow a request that the old ones do not. The error
// says which statement has no meaning: an effect that is neither Allow nor Deny, or an operator
// that IAM does not have.
func (c *Comparer) Subsumes(before, after Access, o Options) (Answer, error) {
	report, err := c.differences(before, after, Limits{Options: o, Differences: 1}, true)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Verdict: report.Verdict, Reason: report.Reason, Steps: report.steps}
	if len(report.Differences) > 0 {
		d := report.Differences[0]
		answer.Request, answer.Allowed, answer.Denied = d.Request, d.Allowed, d.Denied
	}
	return answer, nil
}

// Find answers whether the policies allow a request of a box: one that the statement box applies
// to, whatever its Effect. Elements that the box lacks demand nothing.
func (c *Comparer) Find(a Access, box policy.Statement, o Options) (Answer, error) {
	layer, err := boxLayer(box)
	if err != nil {
		return Answer{}, err
	}
	answer, err := c.Subsumes(Nothing(), append(a[:len(a):len(a)], layer), o)
	if len(answer.Allowed) > len(a) {
		answer.Allowed = answer.Allowed[:len(a)]
	}
	return answer, err
}

var errNoBox = errors.New("the box has an Action and a NotAction or a Resource and a NotResource")

// boxLayer returns a layer that allows the requests of a box.
func boxLayer(box policy.Statement) (Layer, error) {
	if box.Actions != nil && box.NotActions != nil || box.Resources != nil && box.NotResources != nil {
		return Layer{}, fmt.Errorf("find: %w", errNoBox)
	}
	kind := policy.IdentityBased
	if box.Principal != nil || box.NotPrincipal != nil {
		kind = policy.ResourceBased
	}
	box.Effect = policy.Allow
	if len(box.Actions) == 0 && len(box.NotActions) == 0 {
		box.Actions = []policy.Text{{Text: "*"}}
	}
	if len(box.Resources) == 0 && len(box.NotResources) == 0 {
		box.Resources = []policy.Text{{Text: "*"}}
	}
	d := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{box}}
	return Layer{Kind: kind, Documents: []*policy.Document{d}}, nil
}
