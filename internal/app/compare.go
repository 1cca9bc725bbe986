package app

import (
	"errors"
	"fmt"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/power"
)

// ErrKinds: policies of different kinds cannot be compared.
var ErrKinds = errors.New("policies of different kinds cannot be compared")

// ErrNoPrincipal: a policy has no Principal, so that it gives nobody else access.
var ErrNoPrincipal = errors.New("the policy has no Principal: it gives access to whom it is attached to, and to nobody else")

// A Scope is what two sides of a comparison have in common.
type Scope struct {
	Kind   policy.Kind        // of the policies; empty: told by KindOf
	Within []*policy.Document // each a layer that limits both sides: a boundary, a control policy
	compare.Options
}

// access returns the layers of a side.
func (s Scope) access(kind policy.Kind, d *policy.Document) compare.Access {
	a := compare.One(kind, d)
	for _, limit := range s.Within {
		a = append(a, compare.Layer{Kind: policy.KindOf(limit), Documents: []*policy.Document{limit}})
	}
	return a
}

// kindOf returns the kind that all documents have.
func (s Scope) kindOf(documents ...*policy.Document) (policy.Kind, error) {
	if s.Kind != "" {
		return s.Kind, nil
	}
	kind := policy.KindOf(documents[0])
	for _, d := range documents[1:] {
		if k := policy.KindOf(d); k != kind {
			return "", fmt.Errorf("%w: one is of kind %s, the other of kind %s", ErrKinds, kind, k)
		}
	}
	return kind, nil
}

// A Comparison is what a policy allows and another does not, both ways.
type Comparison struct {
	Gained, Lost compare.Report
}

// Compare says which access is gained and lost where one policy takes the place of another. At
// most limit differences are listed each way; 0: all. The error wraps ErrKinds, or says which
// statement cannot be read.
func (a *App) Compare(before, after *policy.Document, s Scope, limit int) (Comparison, error) {
	kind, err := s.kindOf(before, after)
	if err != nil {
		return Comparison{}, err
	}
	limits := compare.Limits{Options: s.Options, Differences: limit}
	var c Comparison
	if c.Gained, err = a.comparer.Differences(s.access(kind, before), s.access(kind, after), limits); err != nil {
		return Comparison{}, err
	}
	c.Lost, err = a.comparer.Differences(s.access(kind, after), s.access(kind, before), limits)
	return c, err
}

// NoNewAccess answers whether a policy allows anything that a reference does not. The error is
// that of Compare.
func (a *App) NoNewAccess(reference, d *policy.Document, s Scope) (compare.Answer, error) {
	kind, err := s.kindOf(reference, d)
	if err != nil {
		return compare.Answer{}, err
	}
	return a.comparer.Subsumes(s.access(kind, reference), s.access(kind, d), s.Options)
}

// AccessNotGranted answers whether a policy allows any request of a list of boxes: statements
// whose actions, resources, principals and conditions say which access must not be granted. Of
// boxes none of which has a counterexample, one that is not known makes the answer unknown.
func (a *App) AccessNotGranted(d *policy.Document, boxes []policy.Statement, s Scope) (compare.Answer, error) {
	kind, err := s.kindOf(d)
	if err != nil {
		return compare.Answer{}, err
	}
	answer := compare.Answer{Verdict: compare.Proved}
	for i, box := range boxes {
		found, err := a.comparer.Find(s.access(kind, d), box, s.Options)
		switch {
		case err != nil:
			return compare.Answer{}, fmt.Errorf("access %d: %w", i+1, err)
		case found.Verdict == compare.Counterexample:
			return found, nil
		case found.Verdict == compare.Unknown:
			answer = found
		}
	}
	return answer, nil
}

// NoPublicAccess answers whether a policy allows a request of a stranger: of an account that it
// does not name, whose requests come from no network, organization, account or resource that it
// names. The error wraps ErrNoPrincipal for a policy without principals.
func (a *App) NoPublicAccess(d *policy.Document, s Scope) (compare.Answer, error) {
	kind, err := s.kindOf(d)
	if err != nil {
		return compare.Answer{}, err
	}
	if !kind.HasPrincipal() {
		return compare.Answer{}, ErrNoPrincipal
	}
	return a.comparer.Find(s.access(kind, d), power.Stranger(d), s.Options)
}
