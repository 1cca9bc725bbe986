package cli

import (
	"bufio"
	"context"
	"fmt"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/suite"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/aegis-iam/aegis/internal/tree"
	"github.com/spf13/cobra"
)

// testOptions are the flags of the command.
type testOptions struct {
	policies       []string
	format         string
	verbose, quiet bool
}

const testLong = `Runs files of tests, JSON or YAML: requests that must be allowed or denied by policies, or by all
layers of a scenario. 'aegis generate --tests' writes such files.

The exit code is 0 if all tests pass, 1 if one fails, 2 if a file cannot be read.`

const testExample = `  aegis generate --tests=tests.json --quiet "upload to the bucket acme-media" > policy.json
  aegis test tests.json
  aegis test tests.json --policy policy.json
  aegis test tests/*.yaml --format junit > report.xml`

func newTest(s Streams) *cobra.Command {
	o := testOptions{}
	command := &cobra.Command{
		Use:     "test file ...",
		Short:   "run files of requests that must be allowed or denied",
		Long:    testLong,
		Example: testExample,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			switch o.format {
			case "text", "tap", "junit":
				return runTests(c.Context(), s, o, args)
			}
			return usage(c, "no format is called %q: there are text, tap and junit", o.format)
		},
	}
	f := command.Flags()
	f.StringArrayVar(&o.policies, "policy", nil, "test this policy `file` instead of those that the tests name; again for more of one layer")
	f.StringVar(&o.format, "format", "text", "`format` of the outcome: text, tap or junit")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "name the tests that pass, too")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print nothing: the exit code says it")
	return command
}

func runTests(ctx context.Context, s Streams, o testOptions, files []string) error {
	var override []*policy.Document
	for _, name := range o.policies {
		d, err := readDocument(ctx, s, name)
		if err != nil {
			return err
		}
		override = append(override, d)
	}
	var outcomes []suite.Outcome
	failed := 0
	for _, name := range files {
		data, err := readInput(ctx, s, name, tree.MaxSize)
		if err != nil {
			return err
		}
		tests, err := suite.Parse(shownName(name), data, besides(name), override)
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		outcome := tests.Run()
		failed += outcome.Failed
		outcomes = append(outcomes, outcome)
	}
	if err := printOutcomes(s, o, outcomes); err != nil {
		return err
	}
	if failed > 0 {
		return errFindings
	}
	return nil
}

func printOutcomes(s Streams, o testOptions, outcomes []suite.Outcome) error {
	if o.quiet {
		return nil
	}
	out := bufio.NewWriter(s.Out)
	switch o.format {
	case "tap":
		suite.TAP(out, outcomes)
	case "junit":
		if err := suite.JUnit(out, outcomes); err != nil {
			return err
		}
	default:
		text := &printable{out}
		suite.Text(text, outcomes, o.verbose)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write outcome: %w", err)
	}
	return nil
}

// printable lets nothing through that would move the cursor of a terminal.
type printable struct {
	out *bufio.Writer
}

// Write writes the text as a terminal may show it.
func (p *printable) Write(text []byte) (int, error) {
	if _, err := p.out.WriteString(terminal.PrintableText(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}
