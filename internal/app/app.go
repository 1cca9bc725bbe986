// Package app holds the use cases of the program: each puts together what the packages below
// can do, and the faces (command line, Go API) call nothing else.
package app

import (
	"context"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/compile"
	"github.com/aegis-iam/aegis/internal/explain"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/verify"
)

// An App is the program without a face. It is safe for concurrent use.
type App struct {
	Catalog   *catalog.Catalog
	reader    *reader.Reader
	generator generate.Generator
	comparer  *compare.Comparer
}

// New returns the program over a catalog.
func New(c *catalog.Catalog) *App {
	a := &App{Catalog: c, reader: reader.Over(c, lexicon.Default()), comparer: compare.New(c)}
	a.generator = generate.Generator{
		Read: func(ctx context.Context, r generate.Request) (intent.Intent, error) {
			return a.reader.Read(ctx, r.Words, options(r))
		},
		Compile: func(in intent.Intent) compile.Result { return compile.Compile(in, c) },
		Tests:   func(in intent.Intent) []verify.Test { return verify.Tests(in, c) },
		Run:     verify.Run,
		Prove: func(in intent.Intent, d *policy.Document) verify.Proof {
			return verify.Prove(in, d, c, a.comparer)
		},
		Explain: func(d *policy.Document, kind policy.Kind) explain.Explanation {
			return explain.Document(d, kind, c, explain.Short)
		},
		Comparer: a.comparer,
	}
	a.review()
	return a
}

func options(r generate.Request) reader.Options {
	return reader.Options{Kind: r.Kind, Partition: r.Partition, Account: r.Account, Region: r.Region}
}

// Generate answers a request.
func (a *App) Generate(ctx context.Context, r generate.Request) (generate.Answer, error) {
	return a.generator.Generate(ctx, r)
}
