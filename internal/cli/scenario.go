package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/scenario"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/aegis-iam/aegis/internal/tree"
)

// besides returns a reader of the files that a file names: their paths start at its folder.
func besides(file string) scenario.Open {
	return func(path string) (data []byte, err error) {
		if !filepath.IsAbs(path) && file != "-" {
			path = filepath.Join(filepath.Dir(file), path)
		}
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		// A pipe or a device would never end.
		if !info.Mode().IsRegular() {
			return nil, &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("not a regular file")}
		}
		return readInput(context.Background(), Streams{}, path, tree.MaxSize)
	}
}

// readScenario reads a scenario from a file, or from standard input.
func readScenario(ctx context.Context, s Streams, file string) (*scenario.Scenario, error) {
	data, err := readInput(ctx, s, file, tree.MaxSize)
	if err != nil {
		return nil, err
	}
	return scenario.Parse(shownName(file), data, besides(file))
}

func runScenario(ctx context.Context, s Streams, o evaluateOptions) error {
	world, err := readScenario(ctx, s, o.scenario)
	if err != nil {
		return err
	}
	keys, err := contextOf(o.context)
	if err != nil {
		return err
	}
	verdict, err := app.Authorize(world, scenario.Query{
		Principal: o.principal, Action: o.action, Resource: o.resource, Endpoint: o.endpoint, Context: keys,
	})
	if err != nil {
		return err
	}
	if err := printVerdict(s, o, &verdict); err != nil {
		return err
	}
	if verdict.Authorization.Decision != evaluate.Allowed {
		return errFindings
	}
	return nil
}

func printVerdict(s Streams, o evaluateOptions, v *app.Verdict) error {
	switch {
	case o.quiet:
		return nil
	case o.json:
		return plainjson.WriteIndented(s.Out, v)
	}
	_, err := fmt.Fprint(s.Out, terminal.PrintableText(v.Text()))
	return err
}
