// Package oracle answers the questions that the controls of package score ask about the requests
// that documents allow. It stands between package score, which asks, and package compare, which
// searches, because neither may know the other.
package oracle

import (
	"fmt"
	"slices"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/universe"
)

// budget is what one question may cost.
const budget = 1_000_000

// An oracle answers for documents of one kind that are in force together.
type oracle struct {
	comparer  *compare.Comparer
	catalog   *catalog.Catalog
	documents []*policy.Document // with values in the place of variables
	policies  []*evaluate.Policy
	written   []*evaluate.Policy // with variables
	variables []string           // their keys
	kind      policy.Kind

	allows []statement
	denies bool            // some statement denies
	named  universe.Bitset // the actions that allows name
	whole  universe.Bitset // all actions
	world  *universe.Universe
}

// A statement is an Allow statement with the actions that it names.
type statement struct {
	*policy.Statement
	actions universe.Bitset
}

// Open returns a function that prepares documents for questions, for score.Scorer. The error says
// which statement has no meaning.
func Open(c *catalog.Catalog, comparer *compare.Comparer) func([]*policy.Document, policy.Kind) (score.Oracle, error) {
	world := universe.New(c)
	return func(documents []*policy.Document, kind policy.Kind) (score.Oracle, error) {
		o := &oracle{comparer: comparer, catalog: c, kind: kind, world: world}
		o.whole = universe.Full(c.Counts().Actions)
		for _, d := range documents {
			written, err := evaluate.Compile(d, kind)
			if err != nil {
				return nil, fmt.Errorf("score: %w", err)
			}
			p := written
			if filled := o.fill(d); filled != d {
				d = filled
				if p, err = evaluate.Compile(d, kind); err != nil {
					return nil, fmt.Errorf("score: %w", err)
				}
			}
			o.documents, o.written, o.policies = append(o.documents, d), append(o.written, written), append(o.policies, p)
			for i := range d.Statements {
				o.add(&d.Statements[i])
			}
		}
		return o, nil
	}
}

func (o *oracle) add(s *policy.Statement) {
	if s.Effect != policy.Allow {
		o.denies = true
		return
	}
	st := statement{Statement: s}
	texts := s.Actions
	if len(texts) == 0 {
		texts = s.NotActions
	}
	for _, t := range texts {
		o.world.Expand(&st.actions, t.Text)
	}
	if len(s.Actions) == 0 && len(s.NotActions) > 0 {
		st.actions = o.whole.Minus(st.actions)
	}
	o.allows = append(o.allows, st)
	o.named = o.whole.Minus(o.whole.Minus(o.named).Minus(st.actions))
}

// Named implements score.Oracle.
func (o *oracle) Named(do func(*catalog.Action) bool) {
	o.named.All(func(a int) bool { return do(o.catalog.ActionAt(a)) })
}

// Names implements score.Oracle.
func (o *oracle) Names(a *catalog.Action) bool { return o.named.Has(a.Index()) }

// decide says whether the documents allow a request.
func (o *oracle) decide(r finding.Request) bool {
	return evaluate.Evaluate(requestOf(r), o.policies...) == evaluate.Allowed
}

func requestOf(r finding.Request) evaluate.Request {
	return evaluate.Request{
		Principal: evaluate.Principal{Type: r.PrincipalType, ID: r.Principal},
		Action:    r.Action, Resource: r.Resource, Context: evaluate.Context(r.Context),
	}
}

// Find implements score.Oracle.
func (o *oracle) Find(q score.Query) score.Answer {
	if r, ok := o.plainly(q); ok {
		return o.found(r)
	}
	const many, few = 200, 64
	if len(q.Targets) > many {
		part := q
		part.Targets = q.Targets[:few]
		if answer := o.exactly(part); answer.Verdict == score.Found {
			return answer
		}
	}
	return o.exactly(q)
}

// exactly looks for a request of a query by comparison.
func (o *oracle) exactly(q score.Query) score.Answer {
	box, possible := o.box(q)
	if !possible {
		return score.Answer{}
	}
	answer, err := o.comparer.Find(compare.One(o.kind, o.documents...), box, compare.Options{Budget: budget})
	switch {
	case err != nil:
		return score.Answer{Verdict: score.Unknown, Reason: err.Error()}
	case answer.Verdict == compare.Unknown:
		return score.Answer{Verdict: score.Unknown, Reason: answer.Reason}
	case answer.Verdict == compare.Proved:
		return score.Answer{}
	}
	r := answer.Request
	return o.found(finding.Request{
		PrincipalType: r.Principal.Type, Principal: r.Principal.ID,
		Action: r.Action, Resource: r.Resource, Context: r.Context,
	})
}

// found makes the answer of a request that is allowed, with the statements that allow it.
func (o *oracle) found(r finding.Request) score.Answer {
	r, ok := o.real(r)
	if !ok {
		return score.Answer{Verdict: score.Unknown, Reason: "a request was found that depends on a policy variable in a way that is not decided"}
	}
	answer := score.Answer{Verdict: score.Found, Request: r}
	explanation := evaluate.Explain(requestOf(r), o.written...)
	for _, part := range explanation.Deciding() {
		answer.Statements = append(answer.Statements, score.Place{
			Document: part.Policy, Statement: part.Statement + 1, Sid: part.Sid, Position: part.Position,
		})
	}
	return answer
}

// box writes a query as the statement that applies to its requests. It reports false if no Allow
// statement can be about any of them.
func (o *oracle) box(q score.Query) (policy.Statement, bool) {
	s := policy.Statement{Effect: policy.Allow, Conditions: q.Where}
	everywhere := false
	seen := map[string]bool{}
	for _, t := range q.Targets {
		if !o.mayAllow(t) {
			continue
		}
		s.Actions = appendNew(s.Actions, seen, t.Action.String())
		if t.Resource == "" {
			everywhere = true
		} else {
			s.Resources = appendNew(s.Resources, seen, t.Resource)
		}
	}
	if len(q.Targets) > 0 && len(s.Actions) == 0 {
		return s, false
	}
	if everywhere {
		s.Resources = nil
	}
	if q.Principal != "" {
		id := []policy.Text{{Text: q.Principal}}
		switch s.Principal = (&policy.Principal{}); q.PrincipalType {
		case evaluate.Service:
			s.Principal.Service = id
		case evaluate.Federated:
			s.Principal.Federated = id
		default:
			s.Principal.AWS = id
		}
	}
	return s, true
}

func appendNew(to []policy.Text, seen map[string]bool, text string) []policy.Text {
	if seen[text] {
		return to
	}
	seen[text] = true
	return append(to, policy.Text{Text: text})
}

// Allowed implements score.Oracle.
func (o *oracle) Allowed(actions []*catalog.Action) (allowed []*catalog.Action, sure bool) {
	allowed, left := o.apart(actions)
	if len(left) == 0 {
		return allowed, true
	}
	more, sure := o.search(left)
	return append(allowed, more...), sure
}

// AllowsAll implements score.Oracle.
func (o *oracle) AllowsAll(groups [][]*catalog.Action) (group int, sure bool) {
	// One action that is not allowed rules a group out: the first that the plainest request does not
	// show to be allowed is looked for, for all groups at once.
	doubtful := make([]*catalog.Action, len(groups))
	for i, list := range groups {
		at := slices.IndexFunc(list, func(a *catalog.Action) bool { return !o.someRequest(a) })
		if at < 0 {
			return i, true
		}
		doubtful[i] = list[at]
	}
	allowed, sure := o.search(doubtful)
	for i, list := range groups {
		if !slices.Contains(allowed, doubtful[i]) {
			continue
		}
		all, known := o.Allowed(list)
		if len(all) == len(list) {
			return i, true
		}
		sure = sure && known
	}
	return -1, sure
}

// apart parts the actions that are named in those that the plainest request shows to be allowed and
// the others.
func (o *oracle) apart(actions []*catalog.Action) (allowed, left []*catalog.Action) {
	for _, a := range actions {
		switch {
		case !o.Names(a):
		case o.someRequest(a):
			allowed = append(allowed, a)
		default:
			left = append(left, a)
		}
	}
	return allowed, left
}

// search returns which of the actions are allowed in some request.
func (o *oracle) search(actions []*catalog.Action) (allowed []*catalog.Action, sure bool) {
	if len(actions) == 0 {
		return nil, true
	}
	names := make([]policy.Text, len(actions))
	for i, a := range actions {
		names[i].Text = a.String()
	}
	box := policy.Statement{Effect: policy.Allow, Actions: names, Resources: []policy.Text{{Text: "*"}}}
	access := append(compare.One(o.kind, o.documents...), compare.Layer{
		Kind:      policy.IdentityBased,
		Documents: []*policy.Document{{Version: policy.Version2012, Statements: []policy.Statement{box}}},
	})
	report, err := o.comparer.Differences(compare.Nothing(), access, compare.Limits{Options: compare.Options{Budget: budget}})
	if err != nil {
		return nil, false
	}
	found := map[string]bool{}
	for _, d := range report.Differences {
		for _, name := range d.Actions {
			found[name] = true
		}
	}
	for _, a := range actions {
		if found[a.String()] {
			allowed = append(allowed, a)
		}
	}
	return allowed, report.Reason == ""
}
