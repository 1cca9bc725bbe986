// Package evaluate decides requests as AWS documents it: an explicit deny first, then an
// allow, else an implicit deny. It explains the decision by every statement's part in it.
// Documents are compiled once and evaluated many times, by any number of goroutines.
//
// Evaluate and Explain read the policies they are given as one layer: what any of them
// denies is denied, what any allows is allowed. Authorize decides by all layers together, of
// one account or two: identity-based, resource-based, session, boundary, control and endpoint
// policies, each of which allows or limits in its own way.
package evaluate

import (
	"math/bits"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Decision is the outcome of a request. The zero Decision is ImplicitDeny.
type Decision int

// The decisions of the IAM User Guide, page reference_policies_evaluation-logic.
const (
	ImplicitDeny Decision = iota // no statement applies
	ExplicitDeny                 // a Deny statement applies
	Allowed                      // an Allow statement applies and no Deny
)

// String returns "Allowed", "ExplicitDeny" or "ImplicitDeny".
func (d Decision) String() string {
	switch d {
	case Allowed:
		return "Allowed"
	case ExplicitDeny:
		return "ExplicitDeny"
	}
	return "ImplicitDeny"
}

// Evaluate decides a request by policies of one layer. It may run concurrently.
func Evaluate(req Request, policies ...*Policy) Decision {
	var space [96]byte
	action := appendLower(space[:0], req.Action)
	q := newQuery(&req)
	return q.decide(action, policies)
}

// decide decides a request, whose action is given in lower case, by policies of one layer.
func (q *query) decide(action []byte, policies []*Policy) Decision {
	for _, p := range policies {
		if p.anyApplies(&p.denies, q, action) {
			return ExplicitDeny
		}
	}
	for _, p := range policies {
		if p.anyApplies(&p.allows, q, action) {
			return Allowed
		}
	}
	return ImplicitDeny
}

// A query is a request made ready for matching.
type query struct {
	action  string
	target  condition.SplitARN
	who     identity
	context Context
	gateway bool // the request comes through a gateway endpoint
}

func newQuery(req *Request) query {
	q := query{action: req.Action, context: req.Context}
	resource := req.Resource
	if resource == "" {
		resource = "*"
	}
	q.target = condition.Split(resource)
	q.who = identify(req.Principal)
	return q
}

// appendLower is apart from newQuery, and its result is not kept there, so that the bytes
// can stay on the stack.
func appendLower(to []byte, s string) []byte {
	for i := range len(s) {
		to = append(to, lower(s[i]))
	}
	return to
}

func (p *Policy) anyApplies(x *actionIndex, q *query, action []byte) bool {
	var space [8]uint64
	set := x.find(q.action, action, space[:0])
	for word, bitset := range set {
		for ; bitset != 0; bitset &= bitset - 1 {
			s := &p.statements[word*64+bits.TrailingZeros64(bitset)]
			if s.principalMatches(p.kind, q) && s.resourceMatches(p.kind, q) && s.conditionsHold(q) {
				return true
			}
		}
	}
	return false
}

func (s *statement) resourceMatches(k policy.Kind, q *query) bool {
	switch s.resource {
	case noResource:
		return k == policy.Trust || k == policy.ResourceBased || k == policy.Endpoint
	case notResources:
		return !s.namesResource(q)
	}
	return s.namesResource(q)
}

func (s *statement) namesResource(q *query) bool {
	for i := range s.resources {
		if s.resources[i].MatchSplit(&q.target, q.context) {
			return true
		}
	}
	return false
}

func (s *statement) conditionsHold(q *query) bool {
	for _, c := range s.clauses {
		if !c.Holds(q.context) {
			return false
		}
	}
	return true
}
