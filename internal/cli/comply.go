package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/atomicfile"
	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/comply/sheet"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/config"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/aegis-iam/aegis/internal/tree"
	"github.com/spf13/cobra"
)

// complyOptions are the flags of the command.
type complyOptions struct {
	frameworks, accounts  []string
	kind, catalog, config string
	format, out           string
	list, quiet, noConfig bool
}

const complyLong = `Holds policies to the controls of frameworks. A control passes if it is proved that the policy does
not break it, and fails with the line and a request that shows it. What a policy alone does not tell
is not assessable, with the reason; what is about other kinds of policies is not applicable.

Frameworks: ` + complyNames + `, or a file of your own (see docs/compliance.md).
A name stands for the newest version; cis-5.0 names another, "aegis comply --list" lists all, and
with --framework the controls. Mappings of a third party are marked.

A path is a file, a folder, a pattern, or - for standard input, as for aegis lint.
The exit code is 1 if a control fails, 2 if a file could not be read.`

const complyNames = "fsbp, cis, nist, pci, hipaa, soc2, iso27001, gdpr, all"

const complyExample = `  aegis comply policy.json
  aegis comply --framework cis,hipaa policies/
  aegis comply --account 111122223333 bucket-policy.json
  aegis comply --framework acme.yaml --format html --out compliance.html policies/
  aegis comply --list --framework cis`

func newComply(s Streams) *cobra.Command {
	o := complyOptions{}
	command := &cobra.Command{
		Use:     "comply path ...",
		Short:   "hold policies to the controls of frameworks",
		Long:    complyLong,
		Example: complyExample,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case o.list:
				return listFrameworks(c.Context(), s, o, c.Flags().Changed("framework"))
			case len(args) == 0:
				return usage(c, "name the policies: files, folders, patterns, or - for standard input")
			}
			return runComply(c.Context(), s, o, args)
		},
	}
	f := command.Flags()
	f.StringSliceVar(&o.frameworks, "framework", []string{"fsbp", "cis", "nist", "pci"}, "`frameworks`, or files with frameworks; again, or with commas, for more")
	f.StringSliceVar(&o.accounts, "account", nil, "one's own `account`; again for more (default: lint.accounts of the settings)")
	f.StringVar(&o.kind, "kind", "", "`kind` of the policies: identity, trust, resource, scp, rcp, boundary, session (default: told from their elements)")
	f.StringVar(&o.format, "format", "text", "`format` of the report: text, csv, html, json")
	f.StringVar(&o.out, "out", "", "write the report to this `file`")
	f.BoolVar(&o.list, "list", false, "list the frameworks, or the controls of those that --framework names")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print nothing: the exit code says it")
	f.StringVar(&o.config, "config", "", "read kinds and accounts from this `file` (default: "+config.Name+" of this folder or one above)")
	f.BoolVar(&o.noConfig, "no-config", false, "read no settings")
	f.StringVar(&o.catalog, "catalog", "", "read this catalog `file` of AWS instead of the newest known")
	return command
}

func runComply(ctx context.Context, s Streams, o complyOptions, paths []string) error {
	write, err := complyFormat(o)
	if err != nil {
		return err
	}
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
	list := slices.Concat(rules.All(), c.Custom) // those that are off in lint too: a framework may name them
	frameworks, err := selectFrameworks(ctx, s, o.frameworks, list)
	if err != nil {
		return err
	}
	program, err := (&scope{catalog: o.catalog}).open(s)
	if err != nil {
		return err
	}
	texts, err := lintTexts(ctx, s, paths, func(file string) policy.Kind { return cmp.Or(kind, c.Kind(c.relative(file))) })
	if err != nil {
		return err
	}
	reports, err := app.ComplyAll(ctx, program.Checker(list, accounts), texts, frameworks)
	if err != nil {
		return err
	}
	if err := writeComply(s, o, reports, write); err != nil {
		return err
	}
	return complyOutcome(reports)
}

// selectFrameworks reads the frameworks that are files, which may name rules of the list, and finds
// the others.
func selectFrameworks(ctx context.Context, s Streams, names []string, list []lint.Rule) ([]*comply.Framework, error) {
	var out []*comply.Framework
	for _, name := range names {
		ext := strings.ToLower(filepath.Ext(name))
		if ext != ".yaml" && ext != ".yml" && ext != ".json" {
			selected, err := comply.Select([]string{name})
			if err != nil {
				return nil, fmt.Errorf("--framework: %w", err)
			}
			for _, f := range selected {
				if !slices.Contains(out, f) {
					out = append(out, f)
				}
			}
			continue
		}
		data, err := readInput(ctx, s, name, tree.MaxSize)
		if err != nil {
			return nil, err
		}
		f, err := comply.Read(name, data, list)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// complyFormat returns the writer of the format: text for a person has colours on a terminal.
func complyFormat(o complyOptions) (sheet.Format, error) {
	if o.format == "text" {
		return func(w io.Writer, reports []*comply.Report, _ string) error { return printComply(w, reports) }, nil
	}
	return sheet.Named(o.format)
}

func writeComply(s Streams, o complyOptions, reports []*comply.Report, write sheet.Format) error {
	all := func(w io.Writer) error { return write(w, reports, Version) }
	if o.out != "" {
		if err := atomicfile.Write(o.out, all); err != nil {
			return err
		}
		if !o.quiet {
			terminal.NewPrinter(s.Err, colours()).Message("%s", complySummary(reports))
		}
		return nil
	}
	if o.quiet {
		return nil
	}
	return all(s.Out)
}

func complyOutcome(reports []*comply.Report) error {
	fails := false
	for _, r := range reports {
		if r.Err != nil {
			return errUnread
		}
		fails = fails || r.Fails()
	}
	if fails {
		return errFindings
	}
	return nil
}
