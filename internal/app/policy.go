package app

import (
	"context"
	"fmt"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/explain"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/probe"
	"github.com/aegis-iam/aegis/internal/remedy"
)

// Statuses returns the statuses of answers, from the best.
func Statuses() []generate.Status {
	return []generate.Status{generate.Proved, generate.Assumed, generate.Asking}
}

// Explain says in English what a document does as a policy of a kind: in a sentence a statement,
// or in full.
func (a *App) Explain(d *policy.Document, kind policy.Kind, full bool) explain.Explanation {
	register := explain.Short
	if full {
		register = explain.Full
	}
	return explain.Document(d, kind, a.Catalog, register)
}

// Evaluate decides a request by documents of one layer and says why. Without a kind, that of
// each document is told by policy.KindOf. The error says which document cannot be evaluated, counted
// from 1.
func Evaluate(r evaluate.Request, kind policy.Kind, documents ...*policy.Document) (evaluate.Explanation, error) {
	policies, err := compileAll(kind, documents)
	if err != nil {
		return evaluate.Explanation{}, err
	}
	return evaluate.Explain(r, policies...), nil
}

// Remedies returns the smallest changes that would have a request allowed that documents of one
// layer, at least one, deny. The error is that of Evaluate.
func Remedies(r evaluate.Request, kind policy.Kind, documents ...*policy.Document) (Changes, error) {
	policies, err := compileAll(kind, documents)
	if err != nil {
		return Changes{}, err
	}
	var c Changes
	c.Plans, c.Possible = remedy.SmallestInLayer(r, policies[0].Kind(), policies)
	return c, nil
}

// compileAll makes documents ready, each of the kind or else of the one that its elements tell.
func compileAll(kind policy.Kind, documents []*policy.Document) ([]*evaluate.Policy, error) {
	policies := make([]*evaluate.Policy, len(documents))
	for i, d := range documents {
		k := kind
		if k == "" {
			k = policy.KindOf(d)
		}
		p, err := evaluate.Compile(d, k)
		if err != nil {
			return nil, fmt.Errorf("policy %d: %w", i+1, err)
		}
		policies[i] = p
	}
	return policies, nil
}

// Probe has policies written for the cases of a set and judges them. The error is that of a
// context that ends.
func (a *App) Probe(ctx context.Context, cases []probe.Case) (*probe.Report, error) {
	return probe.Run(ctx, cases, a.Catalog, func(ctx context.Context, c probe.Case) ([]probe.Answer, error) {
		var out []probe.Answer
		var talk Talk
		for i, turn := range c.Turns {
			var err error
			if talk, err = a.Chat(ctx, talk, generate.Request{Words: turn.Words, Kind: c.KindOf(i)}); err != nil {
				return nil, err
			}
			out = append(out, probe.Answer{Policy: talk.Answer.Policy, Status: string(talk.Answer.Status)})
		}
		return out, nil
	})
}
