package cli

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/atomicfile"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint/config"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/aegis-iam/aegis/internal/validate"
	"github.com/spf13/cobra"
)

// validateOptions are the flags of the command.
type validateOptions struct {
	lintOptions
	frameworks, accounts []string
	within               string
	validator            validatorOptions
	failUnder            int
}

const validateLong = `Says all that is known of policies: the score, what lint finds, the controls of frameworks that fail,
and, with --within, the access that a reference policy does not allow: what your organization allows at
most. Each of them alone is aegis score, lint, comply, and check no-new-access.

A path is a file, a folder, a pattern, or - for standard input, as for aegis lint.
The exit code is 0 if there is nothing to complain of; 1 for findings of at least --fail-on, a control that
fails, a score below --fail-under or access beyond --within; 2 if something could not be read or decided,
or if --validator security-hub could not read the account.`

const validateExample = `  aegis validate policy.json
  aegis validate --within approved.json --fail-under 80 policies/
  aegis validate --framework cis,hipaa --format html --out report.html policies/`

func newValidate(s Streams) *cobra.Command {
	o := validateOptions{}
	command := &cobra.Command{
		Use:     "validate path ...",
		Short:   "say all that is known of policies: score, findings, compliance, and access beyond a reference",
		Long:    validateLong,
		Example: validateExample,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return usage(c, "name the policies: files, folders, patterns, or - for standard input")
			case o.failUnder < 0 || o.failUnder > score.Full:
				return usage(c, "--fail-under must be a number from 0 to %d", score.Full)
			}
			return runValidate(c.Context(), s, o, args)
		},
	}
	f := command.Flags()
	f.StringVar(&o.within, "within", "", "a `file` with a policy that says what may be allowed at most")
	f.StringSliceVar(&o.frameworks, "framework", []string{"fsbp", "cis", "nist", "pci"}, "`frameworks`, or files with frameworks; again, or with commas, for more")
	f.StringSliceVar(&o.accounts, "account", nil, "one's own `account`; again for more (default: lint.accounts of the settings)")
	f.StringVar(&o.kind, "kind", "", "`kind` of the policies: identity, trust, resource, scp, rcp, boundary, session (default: told from their elements)")
	f.StringVar(&o.format, "format", "text", "`format` of the report: text, html, json")
	f.StringVar(&o.out, "out", "", "write the report to this `file`")
	f.StringVar(&o.failOn, "fail-on", "", "the least `severity` of findings that makes the exit code 1: error, security, warning, suggestion (default: warning)")
	f.StringVar(&o.atLeast, "severity", "suggestion", "the least `severity` of findings that is reported")
	f.IntVar(&o.failUnder, "fail-under", 0, "make the exit code 1 if a score is below this `number`")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print nothing: the exit code says it")
	f.StringVar(&o.config, "config", "", "read the settings from this `file` (default: "+config.Name+" of this folder or one above)")
	f.BoolVar(&o.noConfig, "no-config", false, "read no settings")
	f.StringVar(&o.catalog, "catalog", "", "read this catalog `file` of AWS instead of the newest known")
	o.validator.register(command)
	return command
}

func runValidate(ctx context.Context, s Streams, o validateOptions, paths []string) error {
	write, err := validateFormat(o.format)
	if err != nil {
		return err
	}
	l, err := prepareLint(s, o.lintOptions)
	if err != nil {
		return err
	}
	v, err := validator(ctx, s, o, l)
	if err != nil {
		return err
	}
	texts, err := lintTexts(ctx, s, paths, l.kindOf)
	if err != nil {
		return err
	}
	documents, err := v.ValidateAll(ctx, texts)
	if err != nil {
		return err
	}
	limits := validate.Limits{FailOn: l.failOn, FailUnder: o.failUnder}
	for i := range documents {
		f := &documents[i].Lint
		f.Findings, f.Ignored = l.config.Apply(l.config.relative(f.Name), f.Findings)
		f.Findings = slices.DeleteFunc(f.Findings, func(x finding.Finding) bool { return x.Severity < l.atLeast })
	}
	if err := writeValidation(s, o, documents, limits, write); err != nil {
		return err
	}
	return validateOutcome(documents, limits)
}

// validator puts together what the flags and the settings ask for.
func validator(ctx context.Context, s Streams, o validateOptions, l *lintRun) (*app.Validator, error) {
	accounts := o.accounts
	if len(accounts) == 0 {
		accounts = l.config.Accounts
	}
	for _, a := range accounts {
		if !arn.IsAccountID(a) {
			return nil, fmt.Errorf("--account: %q is no account ID of 12 digits", a)
		}
	}
	list := slices.Concat(rules.All(), l.config.Custom)
	frameworks, err := selectFrameworks(ctx, s, o.frameworks, list)
	if err != nil {
		return nil, err
	}
	v := l.app.Validator(l.linter.Rules, accounts, frameworks)
	if v.Scorer, err = o.validator.open(l.app, accounts); err != nil {
		return nil, err
	}
	v.Checker.Rules = list // those that are off in lint too: a framework may name them
	if o.within != "" {
		v.ReferredAs = shown(o.within)
		v.Reference, err = readDocument(ctx, s, o.within)
	}
	return v, err
}

// A validateWriter writes a report.
type validateWriter func(io.Writer, []validate.Document, validate.Limits) error

func validateFormat(name string) (validateWriter, error) {
	switch name {
	case "text":
		return printValidation, nil
	case "json":
		return validate.JSON, nil
	case "html":
		return func(w io.Writer, documents []validate.Document, l validate.Limits) error {
			return validate.HTML(w, documents, l, Version)
		}, nil
	}
	return nil, fmt.Errorf("no format is called %q; there are text, html, json", name)
}

func writeValidation(s Streams, o validateOptions, documents []validate.Document, l validate.Limits, write validateWriter) error {
	if o.out != "" {
		if err := atomicfile.Write(o.out, func(w io.Writer) error { return write(w, documents, l) }); err != nil {
			return err
		}
		if !o.quiet {
			terminal.NewPrinter(s.Err, colours()).Message("%s", validate.Summary(documents, l))
		}
		return nil
	}
	if o.quiet {
		return nil
	}
	return write(s.Out, documents, l)
}

func validateOutcome(documents []validate.Document, l validate.Limits) error {
	if validate.Unread(documents) {
		return errUnread
	}
	for i := range documents {
		if len(documents[i].Complaints(l)) > 0 {
			return errFindings
		}
	}
	return nil
}
