package evaluate

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// Elements is a set of the elements of a statement that a request is compared with.
type Elements uint8

// The elements that decide whether a statement applies. Each stands for its Not form too.
const (
	ActionElement Elements = 1 << iota
	PrincipalElement
	ResourceElement
	ConditionElement
)

// Has reports whether the set holds an element.
func (e Elements) Has(element Elements) bool { return e&element != 0 }

// An Explanation is a decision with the part that every statement had in it.
type Explanation struct {
	Decision    Decision
	Request     Request
	Statements  []Part   // all statements of all policies, in their order
	MissingKeys []string // sorted: keys that statements with a matching action ask for in vain
}

// A Part is the part of one statement in a decision. If the action does not match, nothing
// else is compared.
type Part struct {
	Policy, Statement int // indexes into the policies given and into the document, from 0
	Sid               string
	Effect            policy.Effect
	Position          policy.Position
	Failed            Elements        // the elements that do not match; none: the statement applies
	Conditions        []ConditionPart // the conditions, in their order
}

// Applies reports whether the whole statement matches the request.
func (p *Part) Applies() bool { return p.Failed == 0 }

// A ConditionPart is how one operator with one key compared with the request.
type ConditionPart struct {
	Operator   string
	Key        string
	Want       []string // the values in the policy; not to be changed
	Have       []string // the values in the request; not to be changed
	Missing    bool     // the request does not have the key
	Holds      bool
	Unresolved []string // keys of variables in Want that have neither a value nor a default
}

// Explain decides a request as Evaluate does, and says why. It may run concurrently.
func Explain(req Request, policies ...*Policy) Explanation {
	var space [96]byte
	action := appendLower(space[:0], req.Action)
	q := newQuery(&req)
	return q.explain(req, action, policies)
}

// explain is decide with the part of every statement.
func (q *query) explain(req Request, action []byte, policies []*Policy) Explanation {
	total := 0
	for _, p := range policies {
		total += len(p.statements)
	}
	e := Explanation{Request: req, Statements: make([]Part, total)}
	next := 0
	for i, p := range policies {
		parts := e.Statements[next : next+len(p.statements)]
		next += len(parts)
		e.add(p, i, parts, q, action)
	}
	slices.Sort(e.MissingKeys)
	return e
}

func (e *Explanation) add(p *Policy, number int, parts []Part, q *query, action []byte) {
	var denySpace, allowSpace [8]uint64
	denies := p.denies.find(q.action, action, denySpace[:0])
	allows := p.allows.find(q.action, action, allowSpace[:0])
	for i := range parts {
		s, part := &p.statements[i], &parts[i]
		part.Policy, part.Statement = number, i
		part.Sid, part.Effect, part.Position = s.sid, s.effect, s.position
		if !has(denies, i) && !has(allows, i) {
			part.Failed = ActionElement
			continue
		}
		e.compare(s, p.kind, part, q)
		switch {
		case !part.Applies():
		case part.Effect == policy.Deny:
			e.Decision = ExplicitDeny
		case e.Decision == ImplicitDeny:
			e.Decision = Allowed
		}
	}
}

// compare fills in all but the action, and does not stop at what fails first.
func (e *Explanation) compare(s *statement, k policy.Kind, part *Part, q *query) {
	if !s.principalMatches(k, q) {
		part.Failed |= PrincipalElement
	}
	if !s.resourceMatches(k, q) {
		part.Failed |= ResourceElement
	}
	for i := range s.resources {
		e.miss(s.resources[i].Unresolved(q.context)...)
	}
	if len(s.clauses) == 0 {
		return
	}
	part.Conditions = make([]ConditionPart, len(s.clauses))
	for i, c := range s.clauses {
		have := q.context.Values(c.Key)
		part.Conditions[i] = ConditionPart{
			Operator:   c.Operator.String(),
			Key:        c.Key,
			Want:       c.Want,
			Have:       have,
			Missing:    len(have) == 0,
			Holds:      c.Holds(q.context),
			Unresolved: c.Unresolved(q.context),
		}
		if !part.Conditions[i].Holds {
			part.Failed |= ConditionElement
		}
		if len(have) == 0 {
			e.miss(c.Key)
		}
		e.miss(part.Conditions[i].Unresolved...)
	}
}

func (e *Explanation) miss(keys ...string) {
	for _, key := range keys {
		same := func(k string) bool { return strings.EqualFold(k, key) }
		if !slices.ContainsFunc(e.MissingKeys, same) {
			e.MissingKeys = append(e.MissingKeys, key)
		}
	}
}

// Deciding returns the parts of the statements that made the decision: those that deny, or
// those that allow if none denies. An implicit deny has none.
func (e *Explanation) Deciding() []Part {
	want := policy.Allow
	if e.Decision == ExplicitDeny {
		want = policy.Deny
	}
	var parts []Part
	for i := range e.Statements {
		if e.Statements[i].Applies() && e.Statements[i].Effect == want {
			parts = append(parts, e.Statements[i])
		}
	}
	return parts
}
