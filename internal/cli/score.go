package cli

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/lint/config"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/spf13/cobra"
)

// scoreOptions are the flags of the command.
type scoreOptions struct {
	kind, catalog, config string
	validator             validatorOptions
	accounts              []string
	failUnder             int
	json, role, controls  bool
	quiet, noConfig       bool
}

const scoreLong = `Scores policies: 100 less the impacts of the controls that they fail, with a grade from A to F. Each lost
point has a request that the policy allows and should not, the statements that allow it, and the next
step. Policies that allow the same have the same score, however they are written; an Allow more never
makes it better, a Deny more never worse.

Policies that only limit others (service and resource control policies, permissions boundaries, session
and endpoint policies) have no score, and those that allow nothing have no grade.

A path is a file, a folder, a pattern such as 'policies/**/*.json', or - for standard input, as for
"aegis lint". Each policy is scored by itself; with --role they are the policies of one role.

With --validator security-hub, AWS Security Hub is asked what an account says of the controls that it
publishes too (IAM.1, IAM.21): enabled or disabled, and which resources fail them. The score stays that of
the policy, unless --skip-disabled takes the points of disabled controls out.

The exit code is 1 if a score is below --fail-under, 2 if a file or the account could not be read.`

const scoreExample = `  aegis score policy.json
  aegis score --role permissions.json trust.json
  aegis score --fail-under 80 policies/
  aegis score --json policy.json
  aegis score --validator security-hub --region eu-west-1 policy.json
  aegis score --controls`

func newScore(s Streams) *cobra.Command {
	o := scoreOptions{}
	command := &cobra.Command{
		Use:     "score path ...",
		Short:   "say how much policies risk, from 100 to 0, and why",
		Long:    scoreLong,
		Example: scoreExample,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case o.controls:
				return listControls(s, o)
			case len(args) == 0:
				return usage(c, "name the policies: files, folders, patterns, or - for standard input")
			case o.failUnder < 0 || o.failUnder > score.Full:
				return usage(c, "--fail-under must be a number from 0 to %d", score.Full)
			}
			return runScore(c.Context(), s, o, args)
		},
	}
	f := command.Flags()
	f.StringVar(&o.kind, "kind", "", "`kind` of the policies: identity, trust, resource, scp, rcp, boundary, session (default: told from their elements)")
	f.BoolVar(&o.json, "json", false, "print JSON: an object, or a list of them for several policies")
	f.BoolVar(&o.role, "role", false, "score the policies as those of one role: permissions, trust, and both together")
	f.IntVar(&o.failUnder, "fail-under", 0, "make the exit code 1 if a score is below this `number`")
	f.StringSliceVar(&o.accounts, "account", nil, "one's own `account`; again for more (default: lint.accounts of the settings)")
	f.BoolVar(&o.controls, "controls", false, "list the controls")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print nothing: the exit code says it")
	f.StringVar(&o.config, "config", "", "read kinds and accounts from this `file` (default: "+config.Name+" of this folder or one above)")
	f.BoolVar(&o.noConfig, "no-config", false, "read no settings")
	f.StringVar(&o.catalog, "catalog", "", "read this catalog `file` of AWS instead of the newest known")
	o.validator.register(command)
	return command
}

func runScore(ctx context.Context, s Streams, o scoreOptions, paths []string) error {
	kind, err := lintKind(o.kind)
	if err != nil {
		return err
	}
	c, err := lintSettings(lintOptions{config: o.config, noConfig: o.noConfig})
	if err != nil {
		return err
	}
	accounts := o.accounts
	if len(accounts) == 0 {
		accounts = c.Accounts
	}
	for _, a := range accounts {
		if !arn.IsAccountID(a) {
			return fmt.Errorf("--account: %q is no account ID of 12 digits", a)
		}
	}
	texts, err := lintTexts(ctx, s, paths, func(file string) policy.Kind { return cmp.Or(kind, c.Kind(c.relative(file))) })
	if err != nil {
		return err
	}
	program, err := (&scope{catalog: o.catalog}).open(s)
	if err != nil {
		return err
	}
	validator, err := o.validator.open(program, accounts)
	if err != nil {
		return err
	}
	if o.role {
		return runScoreRole(ctx, s, o, validator, texts)
	}
	scored, err := app.ScoreTexts(ctx, validator, texts)
	if err != nil {
		return err
	}
	if !o.quiet {
		if err := printScores(s, o, scored); err != nil {
			return err
		}
	}
	return scoreOutcome(o, scored)
}

// scoreOutcome says how the run ended.
func scoreOutcome(o scoreOptions, scored []app.Scored) error {
	low := false
	for _, x := range scored {
		if x.Err != nil || unreadAccount(&x.Report) {
			return errUnread
		}
		low = low || x.Report.Scored && x.Report.Score < o.failUnder
	}
	if low {
		return errFindings
	}
	return nil
}

func runScoreRole(ctx context.Context, s Streams, o scoreOptions, v score.Validator, texts []app.LintText) error {
	role, err := app.ScoreRole(ctx, v, texts)
	if err != nil {
		return fmt.Errorf("score: %w", err)
	}
	if !o.quiet {
		if err := printRole(s, o, role, texts); err != nil {
			return err
		}
	}
	if unreadAccount(&role.Together) {
		return errUnread
	}
	if role.Together.Scored && role.Together.Score < o.failUnder {
		return errFindings
	}
	return nil
}
