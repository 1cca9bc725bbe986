package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// Version is the version that the program says it has; a release build sets it.
var Version = "development"

const rootLong = `Aegis turns plain words into AWS IAM policies, and holds each against what it read in the words.
Proved means that the tests pass, that by comparison no more and no less is allowed than was read,
that every word was used and nothing that matters was assumed. It does not mean that the words were
read as they were meant: the sentences beside the policy show that. No AWS account and no network are needed.

Results go to standard output, all else to standard error; - is standard input.
Exit codes: 0 clean or allowed, 1 findings, a question, a failed test or a Deny, 2 the work could not be done.`

const rootExample = `  aegis generate "download objects below 2026/ from the bucket acme-reports"
  aegis generate --kind scp "nobody may stop CloudTrail"
  aegis chat
  aegis explain policy.json
  aegis lint policies/
  aegis score policy.json
  aegis evaluate policy.json --action s3:GetObject --resource arn:aws:s3:::acme-reports/2026/a.csv
  aegis compare old.json new.json`

// Main runs the command line and returns the exit code: 0 clean or allowed, 1 findings,
// differences, questions or a Deny, 2 the work could not be done.
func Main(ctx context.Context, args []string, s Streams) int {
	root := newRoot(s)
	root.SetArgs(args)
	help := &laterError{out: s.Out}
	root.SetOut(help)
	done := make(chan error, 1)
	go func() {
		err := root.ExecuteContext(ctx)
		if err == nil {
			err = help.err
		}
		done <- err
	}()
	select {
	case err := <-done:
		return exit(s, err)
	case <-ctx.Done():
	}
	// Work that does not look at its context, such as reading very many words, is left behind.
	select {
	case err := <-done:
		return exit(s, err)
	case <-time.After(grace):
		return exit(s, ctx.Err())
	}
}

// grace is how long work that was interrupted has to put its output in order.
const grace = 2 * time.Second

func newRoot(s Streams) *cobra.Command {
	root := &cobra.Command{
		Use:           "aegis",
		Short:         "turn plain words into AWS IAM policies, and test them",
		Long:          rootLong,
		Example:       rootExample,
		Version:       Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetIn(s.In)
	root.SetErr(s.Err)
	root.SetVersionTemplate("aegis {{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return &usageError{c.CommandPath(), err} })
	root.AddCommand(newGenerate(s), newChat(s), newExplain(s), newEvaluate(s), newTest(s), newLint(s), newScore(s), newComply(s), newValidate(s), newCompare(s), newCheck(s), newMinimize(s), newSplit(s), newCatalog(s), newProbe(s))
	checkArguments(root)
	return root
}

// knownCommand is reached with arguments only if the first names no command.
func knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf("no command is called %q; did you mean %s?", args[0], strings.Join(near, " or "))
	}
	return fmt.Errorf("no command is called %q", args[0])
}

// checkArguments has wrong arguments of any command reported as such, so that the hint can name
// the command.
func checkArguments(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return &usageError{c.CommandPath(), err}
			}
			return nil
		}
	}
	for _, child := range c.Commands() {
		checkArguments(child)
	}
}
