package app

import (
	"context"
	"runtime"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Checker returns what holds policies to frameworks. The list is the rules of lint that frameworks
// may name, the accounts one's own.
func (a *App) Checker(list []lint.Rule, accounts []string) *comply.Checker {
	return &comply.Checker{
		Catalog: a.Catalog, Comparer: a.comparer, Rules: list, Accounts: accounts,
		Lint: func(some []lint.Rule, text string, kind policy.Kind) []finding.Finding {
			l := a.Linter(some)
			l.Accounts = accounts
			return l.Run(text, kind)
		},
	}
}

// Comply holds a text, a policy of a kind or of the one that its elements tell, to frameworks. The
// error is that of comply.Checker.
func (a *App) Comply(text string, kind policy.Kind, accounts []string, frameworks []*comply.Framework) (*comply.Report, error) {
	return a.Checker(rules.All(), accounts).Run(text, kind, frameworks)
}

// ComplyAll holds texts to frameworks, on all cores, and returns the reports in the order of the
// texts. A text that cannot be read does not stop the others. The error is that of the context.
func ComplyAll(ctx context.Context, c *comply.Checker, texts []LintText, frameworks []*comply.Framework) ([]*comply.Report, error) {
	out := make([]*comply.Report, len(texts))
	var group sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(texts)) {
		group.Go(func() {
			for i := range next {
				out[i] = complyOne(c, texts[i], frameworks)
			}
		})
	}
	err := feed(ctx, next, len(texts))
	group.Wait()
	return out, err
}

func complyOne(c *comply.Checker, t LintText, frameworks []*comply.Framework) *comply.Report {
	r, err := (*comply.Report)(nil), t.Err
	if err == nil {
		r, err = c.Run(t.Text, t.Kind, frameworks)
	}
	if err != nil {
		r = &comply.Report{Kind: t.Kind, Err: err}
	}
	r.Name, r.Start = t.Name, t.start()
	return r
}

// start returns where a document that is a part of a file begins.
func (t *LintText) start() policy.Position {
	before := t.Text[:len(t.Text)-len(strings.TrimLeft(t.Text, " \t\r\n"))]
	if !t.Part {
		return policy.Position{}
	}
	return policy.Position{Line: strings.Count(before, "\n") + 1, Column: len(before) - strings.LastIndexByte(before, '\n')}
}
