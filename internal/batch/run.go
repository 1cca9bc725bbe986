package batch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/aegis-iam/aegis/internal/generate"
)

// A Result is what became of a record.
type Result struct {
	Record  Record
	Answers []generate.Answer // one a turn; none if Err is set
	Err     error
	Text    []byte // the line of output, with its line break
}

// A Runner answers batches.
type Runner struct {
	Answer  func(context.Context, Record) ([]generate.Answer, error) // called by several goroutines
	Emit    func(*Result) error                                      // called in order; an error ends the run
	Workers int                                                      // at most this many at a time; 0: one a core
}

// A Summary counts what a batch came to.
type Summary struct {
	Records  int
	Failed   int                     // records with an error
	Statuses map[generate.Status]int // of the last turns
}

// A job is a record on its way: done is closed when the result is there.
type job struct {
	result *Result
	done   chan struct{}
}

// Run answers all records of a source. A record that cannot be answered gives a line with its
// error, and the run goes on. The error is that of the source, of Emit, or of the context.
func (r Runner) Run(ctx context.Context, source Source) (Summary, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	workers := r.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	work := make(chan *job)
	// The queue bounds how far the workers may run ahead of a slow record.
	queue := make(chan *job, 16*workers)
	read := make(chan error, 1)
	go func() {
		defer close(queue)
		defer close(work)
		read <- feed(ctx, source, work, queue)
	}()
	for range workers {
		go func() {
			for j := range work {
				r.do(ctx, j)
			}
		}()
	}
	s, err := r.collect(ctx, queue, cancel)
	if err != nil {
		return s, err
	}
	return s, <-read
}

// feed hands the records to the workers, and in their order to the queue.
func feed(ctx context.Context, source Source, work, queue chan<- *job) error {
	for {
		record, err := source.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read batch: %w", err)
		}
		j := &job{result: &Result{Record: record}, done: make(chan struct{})}
		select {
		case queue <- j:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		select {
		case work <- j:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// collect emits the results in order.
func (r Runner) collect(ctx context.Context, queue <-chan *job, cancel context.CancelCauseFunc) (Summary, error) {
	s := Summary{Statuses: map[generate.Status]int{}}
	for {
		var j *job
		select {
		case next, ok := <-queue:
			if !ok {
				return s, nil
			}
			j = next
		case <-ctx.Done():
			return s, context.Cause(ctx)
		}
		select {
		case <-j.done:
		case <-ctx.Done():
			return s, context.Cause(ctx)
		}
		s.Records++
		if j.result.Err != nil {
			s.Failed++
		} else if n := len(j.result.Answers); n > 0 {
			s.Statuses[j.result.Answers[n-1].Status]++
		}
		if err := r.Emit(j.result); err != nil {
			cancel(err)
			return s, err
		}
	}
}

// do answers one record. A defect of the program that one record shows must not cost the
// answers to all others.
func (r Runner) do(ctx context.Context, j *job) {
	defer close(j.done)
	result := j.result
	defer func() {
		if defect := recover(); defect != nil {
			result.Answers, result.Err = nil, fmt.Errorf("defect of this program: %v", defect)
			result.Text = errorLine(result)
		}
	}()
	if result.Err = result.Record.Err; result.Err == nil {
		result.Answers, result.Err = r.Answer(ctx, result.Record)
	}
	if result.Err == nil {
		result.Text, result.Err = answerLine(result)
	}
	if result.Err != nil {
		result.Text = errorLine(result)
	}
}
