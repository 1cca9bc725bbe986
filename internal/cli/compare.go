package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/spf13/cobra"
)

// comparing is what the flags of all commands that compare say.
type comparing struct {
	kind, catalog string
	within        []string
	open          bool
	budget        int
}

func (o *comparing) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.kind, "kind", "", "`kind` of the policies (default: told from their elements)")
	f.StringArrayVar(&o.within, "within", nil, "a `file` with a policy that limits both sides, such as a boundary or a control policy; again for more")
	f.BoolVar(&o.open, "open", false, "count requests for actions that AWS may add one day")
	f.IntVar(&o.budget, "budget", 0, "`steps` that may be spent before the answer is unknown (default 4000000)")
	f.StringVar(&o.catalog, "catalog", "", "read this catalog `file` of AWS instead of the newest known")
}

// scope reads the policies that limit both sides.
func (o *comparing) scope(ctx context.Context, s Streams) (*app.App, app.Scope, error) {
	kind, err := generate.ParseKind(o.kind)
	if err != nil {
		return nil, app.Scope{}, err
	}
	shared := app.Scope{Kind: kind, Options: compare.Options{Open: o.open, Budget: o.budget}}
	for _, name := range o.within {
		d, err := readDocument(ctx, s, name)
		if err != nil {
			return nil, app.Scope{}, err
		}
		shared.Within = append(shared.Within, d)
	}
	program, err := (&scope{catalog: o.catalog}).open(s)
	return program, shared, err
}

// compareOptions are the flags of the command.
type compareOptions struct {
	comparing
	format string
	limit  int
	quiet  bool
}

const compareLong = `Says which access is gained and which is lost where a new policy takes the place of an old one, each
with a request that shows it and the statements that make the difference. The answer is exact: what is not
listed is not there. Where that cannot be decided, the answer is unknown, and says why.

The exit code is 0 if both policies allow the same, 1 if they differ, 2 if that is unknown.`

const compareExample = `  aegis compare old.json new.json
  git show HEAD:policy.json | aegis compare --format markdown - policy.json
  aegis compare --within boundary.json old.json new.json`

func newCompare(s Streams) *cobra.Command {
	o := compareOptions{}
	command := &cobra.Command{
		Use:     "compare old new",
		Short:   "say which access one policy gives and another does not",
		Long:    compareLong,
		Example: compareExample,
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if !slices.Contains([]string{"text", "json", "markdown"}, o.format) {
				return usage(c, "--format is text, json or markdown, not %q", o.format)
			}
			if args[0] == "-" && args[1] == "-" {
				return usage(c, "only one of the policies can be standard input")
			}
			return runCompare(c.Context(), s, o, args)
		},
	}
	o.register(command)
	f := command.Flags()
	f.StringVar(&o.format, "format", "text", "`text`, json or markdown")
	f.IntVar(&o.limit, "limit", 20, "list at most so many `differences` each way; 0: all")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print nothing: the exit code says it")
	return command
}

func runCompare(ctx context.Context, s Streams, o compareOptions, files []string) error {
	documents := make([]*policy.Document, len(files))
	for i, name := range files {
		d, err := readDocument(ctx, s, name)
		if err != nil {
			return err
		}
		documents[i] = d
	}
	program, shared, err := o.scope(ctx, s)
	if err != nil {
		return err
	}
	comparison, err := program.Compare(documents[0], documents[1], shared, o.limit)
	if err != nil {
		return err
	}
	if !o.quiet {
		sides := sides{
			{name: files[0], document: documents[0], within: o.within, limits: shared.Within},
			{name: files[1], document: documents[1], within: o.within, limits: shared.Within},
		}
		if err := printComparison(s, o.format, sides, comparison); err != nil {
			return err
		}
	}
	return comparisonCode(comparison)
}

// errUndecided: the outcome, which is printed, is that the answer is unknown, the exit code 2.
var errUndecided = errors.New("undecided")

func comparisonCode(c app.Comparison) error {
	switch {
	case c.Gained.Verdict == compare.Counterexample || c.Lost.Verdict == compare.Counterexample:
		return errFindings
	case c.Gained.Verdict == compare.Unknown || c.Lost.Verdict == compare.Unknown:
		return errUndecided
	}
	return nil
}

// plural writes a number with a noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
