package app

import (
	"context"
	"runtime"
	"sync"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/report"
	"github.com/aegis-iam/aegis/internal/source"
	"github.com/aegis-iam/aegis/internal/witness"
)

// A LintText is one text to lint.
type LintText struct {
	Name string
	Text string
	Kind policy.Kind // empty: told by KindOf
	Part bool        // the text is a part of a file: it cannot be mended there
	Err  error       // why there is no text
}

// Linter returns the linter of the program with the rules it is given.
func (a *App) Linter(list []lint.Rule) *lint.Linter {
	c := a.comparer
	return &lint.Linter{Catalog: a.Catalog, Rules: list, Open: witness.Open(c), Covers: witness.Covers(c)}
}

// Lint returns what all rules find in a text, which is read as a policy of a kind, or of the kind
// that its elements tell.
func (a *App) Lint(text string, kind policy.Kind) []finding.Finding {
	if kind == "" {
		kind = KindOfText(text)
	}
	return a.Linter(rules.All()).Run(text, kind)
}

// KindOfText tells the kind of a document that may have defects.
func KindOfText(text string) policy.Kind {
	d, _ := policy.ParseAll([]byte(text))
	return policy.KindOf(d)
}

// LintAll lints texts with the rules of a linter, on all cores, and returns the results in the
// order of the texts. A text that cannot be read does not stop the others. The error is that of
// the context.
func LintAll(ctx context.Context, l *lint.Linter, texts []LintText) ([]report.File, error) {
	out := make([]report.File, len(texts))
	var group sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(texts)) {
		group.Go(func() {
			for i := range next {
				out[i] = lintOne(l, texts[i])
			}
		})
	}
	err := feed(ctx, next, len(texts))
	group.Wait()
	return out, err
}

func feed(ctx context.Context, next chan<- int, n int) error {
	defer close(next)
	for i := range n {
		select {
		case next <- i:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func lintOne(l *lint.Linter, t LintText) report.File {
	f := report.File{Name: t.Name, Kind: t.Kind, Text: source.New(t.Text), Err: t.Err}
	if t.Err != nil {
		return f
	}
	if f.Kind == "" {
		f.Kind = KindOfText(t.Text)
	}
	f.Findings = l.Run(t.Text, f.Kind)
	return f
}
