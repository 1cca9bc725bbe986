package app

import (
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/minimize"
	"github.com/aegis-iam/aegis/internal/policy"
)

// minimizeBudget is how many comparisons that spend all they may are made before nothing more is
// proved: minimizing asks thousands of questions, most of which cost next to nothing.
const minimizeBudget = 6

// Minimize returns a document that allows the same as d and from which nothing can be taken away.
// Each step is proved; what is not proved is not done. Complete is false if not everything was
// tried, because that would take too long. The error says which statement of d cannot be read, or is
// policy.ErrOutsized.
func (a *App) Minimize(d *policy.Document, s Scope) (smaller *policy.Document, complete bool, err error) {
	within, err := a.within(d, s)
	if err != nil {
		return nil, false, err
	}
	left := minimizeBudget * max(compare.DefaultBudget, s.Budget)
	smaller, complete = minimize.Document(d, func(before, after []*policy.Document) bool {
		if left <= 0 {
			return false
		}
		proved, steps := within(before, after)
		left -= steps
		return proved
	})
	return smaller, complete && left > 0, nil
}

// Split returns documents within a quota that allow the same together as d does. The error is one
// of minimize.Split, policy.ErrOutsized, or says which statement of d cannot be read.
func (a *App) Split(d *policy.Document, quota policy.Quota, s Scope) ([]*policy.Document, error) {
	within, err := a.within(d, s)
	if err != nil {
		return nil, err
	}
	return minimize.Split(d, quota, func(before, after []*policy.Document) bool {
		proved, _ := within(before, after)
		return proved
	})
}

// within returns what proves that documents of the kind of d allow nothing that others do not, and
// counts the steps that it takes.
func (a *App) within(d *policy.Document, s Scope) (func(before, after []*policy.Document) (proved bool, steps int), error) {
	kind, err := s.kindOf(d)
	if err == nil {
		err = d.CheckSearched()
	}
	if err != nil {
		return nil, err
	}
	if _, err := a.comparer.Subsumes(compare.Nothing(), compare.One(kind, d), s.Options); err != nil {
		return nil, err
	}
	return func(before, after []*policy.Document) (bool, int) {
		answer, err := a.comparer.Subsumes(compare.One(kind, before...), compare.One(kind, after...), s.Options)
		return err == nil && answer.Verdict == compare.Proved, answer.Steps
	}, nil
}
