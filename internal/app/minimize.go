package app

import (
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/minimize"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Minimize returns a document that allows the same as d and from which nothing can be taken away.
// Each step is proved; what is not proved is not done. The error says which statement of d cannot
// be read.
func (a *App) Minimize(d *policy.Document, s Scope) (*policy.Document, error) {
	within, err := a.within(d, s)
	if err != nil {
		return nil, err
	}
	return minimize.Document(d, within), nil
}

// Split returns documents within a quota that allow the same together as d does. The error is one
// of minimize.Split, or says which statement of d cannot be read.
func (a *App) Split(d *policy.Document, quota policy.Quota, s Scope) ([]*policy.Document, error) {
	within, err := a.within(d, s)
	if err != nil {
		return nil, err
	}
	return minimize.Split(d, quota, within)
}

// within returns what proves that documents of the kind of d allow nothing that others do not.
func (a *App) within(d *policy.Document, s Scope) (minimize.Proof, error) {
	kind, err := s.kindOf(d)
	if err != nil {
		return nil, err
	}
	if _, err := a.comparer.Subsumes(compare.Nothing(), compare.One(kind, d), s.Options); err != nil {
		return nil, err
	}
	return func(before, after []*policy.Document) bool {
		answer, err := a.comparer.Subsumes(compare.One(kind, before...), compare.One(kind, after...), s.Options)
		return err == nil && answer.Verdict == compare.Proved
	}, nil
}
