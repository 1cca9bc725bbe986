package cli

import (
	"context"
	"io"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/atomicfile"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint/config"
	"github.com/aegis-iam/aegis/internal/report"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/spf13/cobra"
)

// lintOptions are the flags of the command.
type lintOptions struct {
	kind, catalog, format, failOn, atLeast string
	rules                                  []string
	list, short, quiet                     bool
	explain, out, config                   string
	noConfig, fix, diff                    bool
}

const lintLong = `Finds what is wrong with policies: what AWS refuses, what has no effect, what allows more than it
should, and what could be plainer. Each finding has its place, and where it can be shown a request
that the policy allows; "aegis lint --explain ID" prints the page of a rule.

A path is a file, a folder (all policies below it), a pattern such as 'policies/**/*.json', or - for
standard input. A file may hold several policies, also inside other JSON, as in the output of the AWS
command line. What cannot be read does not stop the others.

The exit code is 1 if there is a finding of at least --fail-on, 2 if a file could not be read.`

const lintExample = `  aegis lint policy.json
  aegis lint policies/ --severity warning
  aegis lint --kind scp guardrail.json
  aws iam get-role-policy ... | aegis lint -
  aegis lint --diff policies/
  aegis lint --explain PASS_ROLE_WITH_STAR_IN_RESOURCE`

func newLint(s Streams) *cobra.Command {
	o := lintOptions{}
	command := &cobra.Command{
		Use:     "lint path ...",
		Short:   "find what is wrong with policies",
		Long:    lintLong,
		Example: lintExample,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case o.list:
				return listRules(s)
			case o.explain != "":
				return explainRule(s, o.explain)
			case len(args) == 0:
				return usage(c, "name the policies: files, folders, patterns, or - for standard input")
			}
			return runLint(c.Context(), s, o, args)
		},
	}
	f := command.Flags()
	f.StringVar(&o.kind, "kind", "", "`kind` of the policies: identity, trust, resource, scp, rcp, boundary, session (default: told from their elements)")
	f.StringVar(&o.format, "format", "text", "`format` of the report: "+strings.Join(report.FormatNames(), ", "))
	f.StringVar(&o.out, "out", "", "write the report to this `file`")
	f.StringVar(&o.failOn, "fail-on", "", "the least `severity` that makes the exit code 1: error, security, warning, suggestion (default: warning)")
	f.StringVar(&o.atLeast, "severity", "suggestion", "the least `severity` that is reported")
	f.StringSliceVar(&o.rules, "rule", nil, "run only these rules, by `ID` or alias; again for more")
	f.BoolVar(&o.short, "short", false, "one line a finding")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print nothing: the exit code says it")
	f.BoolVar(&o.list, "list", false, "list the rules and the codes of IAM Access Analyzer")
	f.StringVar(&o.explain, "explain", "", "print the page of a rule, by `ID` or by code of IAM Access Analyzer")
	f.BoolVar(&o.fix, "fix", false, "mend what a machine can mend, where it is proved that nothing more is allowed then")
	f.BoolVar(&o.diff, "diff", false, "show what --fix would change, and change nothing")
	f.StringVar(&o.config, "config", "", "read the settings from this `file` (default: "+config.Name+" of this folder or one above)")
	f.BoolVar(&o.noConfig, "no-config", false, "read no settings")
	f.StringVar(&o.catalog, "catalog", "", "read this catalog `file` of AWS instead of the newest known")
	return command
}

func runLint(ctx context.Context, s Streams, o lintOptions, paths []string) error {
	write, err := lintFormat(s, o)
	if err != nil {
		return err
	}
	l, err := prepareLint(s, o)
	if err != nil {
		return err
	}
	texts, err := lintTexts(ctx, s, paths, l.kindOf)
	if err != nil {
		return err
	}
	if o.fix || o.diff {
		if err := mendAll(ctx, s, o, l, texts); err != nil {
			return err
		}
	}
	files, err := app.LintAll(ctx, l.linter, texts)
	if err != nil {
		return err
	}
	for i := range files {
		files[i].Findings, files[i].Ignored = l.config.Apply(l.config.relative(files[i].Name), files[i].Findings)
	}
	r := &report.Report{Files: files, Version: Version, Rules: ruleInfos(l.linter.Rules)}
	r.Keep(func(f *finding.Finding) bool { return f.Severity >= l.atLeast })
	if err := writeReport(reportsTo(s, o, r), o, r, write); err != nil {
		return err
	}
	return lintOutcome(r, l.failOn)
}

// writeReport writes a report to the file that is asked for, or prints it.
func writeReport(s Streams, o lintOptions, r *report.Report, write report.Format) error {
	if o.out == "" {
		if o.quiet {
			return nil
		}
		return write(s.Out, r)
	}
	if err := atomicfile.Write(o.out, func(w io.Writer) error { return write(w, r) }); err != nil {
		return err
	}
	if !o.quiet {
		terminal.NewPrinter(s.Err, colours()).Message("%s", report.Summary(r))
	}
	return nil
}

// lintOutcome says how the run ended.
func lintOutcome(r *report.Report, failOn finding.Severity) error {
	found := false
	for _, f := range r.Files {
		if f.Err != nil {
			return errUnread
		}
		for _, x := range f.Findings {
			found = found || x.Severity >= failOn
		}
	}
	if found {
		return errFindings
	}
	return nil
}

// lintFormat returns the writer of the report: text for a person has colours on a terminal.
func lintFormat(s Streams, o lintOptions) (report.Format, error) {
	if o.format != "text" {
		return report.FormatNamed(o.format)
	}
	options := report.TextOptions{Frame: !o.short, Colour: colours() && terminal.Is(s.Out)}
	return func(w io.Writer, r *report.Report) error { return report.Text(w, r, options) }, nil
}
