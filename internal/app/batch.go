package app

import (
	"context"

	"github.com/aegis-iam/aegis/internal/batch"
	"github.com/aegis-iam/aegis/internal/generate"
)

// A BatchOptions holds what is known of all records of a batch, and where the answers go.
type BatchOptions struct {
	Request generate.Request // Words are not used; Kind stands for records without one
	Emit    func(*batch.Result) error
	Workers int // 0: one a core
}

// Batch answers all records of a source, in their order. The errors are those of batch.Runner.
func (a *App) Batch(ctx context.Context, source batch.Source, o BatchOptions) (batch.Summary, error) {
	runner := batch.Runner{Emit: o.Emit, Workers: o.Workers}
	runner.Answer = func(ctx context.Context, r batch.Record) ([]generate.Answer, error) {
		request := o.Request
		request.Brief = true
		if r.Kind != "" {
			request.Kind = r.Kind
		}
		return a.answer(ctx, r, request)
	}
	return runner.Run(ctx, source)
}

// answer answers one record: its request, or all turns of its conversation.
func (a *App) answer(ctx context.Context, r batch.Record, request generate.Request) ([]generate.Answer, error) {
	if !r.Talk {
		request.Words = r.Turns[0]
		answer, err := a.Generate(ctx, request)
		if err != nil {
			return nil, err
		}
		return []generate.Answer{answer}, nil
	}
	var answers []generate.Answer
	var talk Talk
	for _, words := range r.Turns {
		request.Words = words
		var err error
		if talk, err = a.Chat(ctx, talk, request); err != nil {
			return nil, err
		}
		answers = append(answers, *talk.Answer)
	}
	return answers, nil
}
