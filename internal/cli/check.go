package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/spf13/cobra"
)

// checkOptions are the flags of the checks.
type checkOptions struct {
	comparing
	json, quiet bool

	reference          string
	actions, resources []string
	access             string
}

const checkLong = `Proves that a policy does not do what it must not, or shows a request that proves that it does. No AWS
account is needed.

The exit code is 0 if it is proved, 1 if there is a counterexample, 2 if that is unknown.`

func newCheck(s Streams) *cobra.Command {
	command := &cobra.Command{
		Use:   "check",
		Short: "prove that a policy gives no access that it must not give",
		Long:  checkLong,
		Args:  knownCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(newNoNewAccess(s), newAccessNotGranted(s), newNoPublicAccess(s))
	return command
}

func (o *checkOptions) register(c *cobra.Command) {
	o.comparing.register(c)
	c.Flags().BoolVar(&o.json, "json", false, "print JSON")
	c.Flags().BoolVarP(&o.quiet, "quiet", "q", false, "print nothing: the exit code says it")
}

func newNoNewAccess(s Streams) *cobra.Command {
	o := checkOptions{}
	command := &cobra.Command{
		Use:     "no-new-access --reference file file",
		Short:   "a policy allows nothing that a reference does not",
		Example: "  aegis check no-new-access --reference approved.json policy.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if o.reference == "" {
				return usage(c, "--reference must name the policy that says what may be allowed")
			}
			return runCheck(c.Context(), s, o, args[0], noNewAccess)
		},
	}
	o.register(command)
	command.Flags().StringVar(&o.reference, "reference", "", "the `file` of the policy that says what may be allowed")
	return command
}

func newAccessNotGranted(s Streams) *cobra.Command {
	o := checkOptions{}
	command := &cobra.Command{
		Use:   "access-not-granted [--action pattern] [--resource pattern] file",
		Short: "a policy does not allow some access",
		Long: `Proves that a policy allows no request for any of the actions on any of the resources. More than one access, or
access with conditions or principals, is a policy whose statements each say what must not be granted.`,
		Example: `  aegis check access-not-granted --action s3:DeleteObject --resource 'arn:aws:s3:::audit/*' policy.json
  aegis check access-not-granted --action 'iam:*,sts:*' policy.json
  aegis check access-not-granted --access forbidden.json policy.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(o.actions) == 0 && len(o.resources) == 0 && o.access == "" {
				return usage(c, "say which access must not be granted: --action, --resource or --access")
			}
			for _, a := range o.actions {
				if a != "*" && !strings.Contains(a, ":") {
					return usage(c, "--action %q must name an action with its service, such as s3:GetObject", a)
				}
			}
			return runCheck(c.Context(), s, o, args[0], accessNotGranted)
		},
	}
	o.register(command)
	f := command.Flags()
	f.StringSliceVar(&o.actions, "action", nil, "`patterns` of actions, such as s3:Put*; again, or with commas, for more")
	f.StringArrayVar(&o.resources, "resource", nil, "a `pattern` of ARNs; again for more")
	f.StringVar(&o.access, "access", "", "a `file` with a policy; what each of its statements says must not be granted")
	return command
}

func newNoPublicAccess(s Streams) *cobra.Command {
	o := checkOptions{}
	command := &cobra.Command{
		Use:   "no-public-access file",
		Short: "a resource-based or trust policy gives strangers no access",
		Long: `Proves that a policy of a resource, or a trust policy, allows no request of a stranger: of an account that it does
not name, from no network, organization, account or resource that it names.`,
		Example: "  aegis check no-public-access bucket-policy.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return runCheck(c.Context(), s, o, args[0], noPublicAccess)
		},
	}
	o.register(command)
	return command
}

// A checkFunc asks the program.
type checkFunc func(context.Context, Streams, checkOptions, checkInput) (checked, error)

type checkInput struct {
	program  *app.App
	scope    app.Scope
	document *policy.Document
}

// checked is an answer, what it says of the policy if it is proved and if it is not, and the old
// side that it speaks of, if any.
type checked struct {
	compare.Answer
	holds, fails string
	old          side
}

func noNewAccess(ctx context.Context, s Streams, o checkOptions, in checkInput) (checked, error) {
	reference, err := readDocument(ctx, s, o.reference)
	if err != nil {
		return checked{}, err
	}
	answer, err := in.program.NoNewAccess(reference, in.document, in.scope)
	old := side{name: o.reference, document: reference, within: o.within, limits: in.scope.Within}
	return checked{answer, "allows nothing that " + o.reference + " does not", "allows what " + o.reference + " does not", old}, err
}

func accessNotGranted(ctx context.Context, s Streams, o checkOptions, in checkInput) (checked, error) {
	var boxes []policy.Statement
	if len(o.actions)+len(o.resources) > 0 {
		boxes = append(boxes, policy.Statement{Actions: texts(o.actions), Resources: texts(o.resources)})
	}
	if o.access != "" {
		d, err := readDocument(ctx, s, o.access)
		if err != nil {
			return checked{}, err
		}
		boxes = append(boxes, d.Statements...)
	}
	answer, err := in.program.AccessNotGranted(in.document, boxes, in.scope)
	return checked{Answer: answer, holds: "grants none of the access", fails: "grants some of the access"}, err
}

func noPublicAccess(_ context.Context, _ Streams, _ checkOptions, in checkInput) (checked, error) {
	answer, err := in.program.NoPublicAccess(in.document, in.scope)
	return checked{Answer: answer, holds: "gives strangers no access", fails: "gives strangers access"}, err
}

func texts(values []string) []policy.Text {
	var out []policy.Text
	for _, v := range values {
		out = append(out, policy.Text{Text: v})
	}
	return out
}

func runCheck(ctx context.Context, s Streams, o checkOptions, name string, ask checkFunc) error {
	if name == "-" && (o.reference == "-" || o.access == "-") {
		return errors.New("only one of the policies can be standard input")
	}
	document, err := readDocument(ctx, s, name)
	if err != nil {
		return err
	}
	program, shared, err := o.scope(ctx, s)
	if err != nil {
		return err
	}
	answer, err := ask(ctx, s, o, checkInput{program, shared, document})
	if err != nil {
		return err
	}
	own := side{name: name, document: document, within: o.within, limits: shared.Within}
	if !o.quiet {
		if err := printCheck(s, o, own, answer); err != nil {
			return err
		}
	}
	switch answer.Verdict {
	case compare.Proved:
		return nil
	case compare.Counterexample:
		return errFindings
	case compare.Unknown:
	}
	return errUndecided
}

// checkOutput is what a check prints as JSON.
type checkOutput struct {
	Verdict        string            `json:"verdict"` // proved, counterexample or unknown
	Reason         string            `json:"reason,omitempty"`
	Counterexample *differenceOutput `json:"counterexample,omitempty"`
}

func printCheck(s Streams, o checkOptions, own side, a checked) error {
	out := checkOutput{Verdict: strings.ToLower(a.Verdict.String()), Reason: a.Reason}
	if a.Verdict == compare.Counterexample {
		out.Counterexample = &differenceOutput{
			Request: newRequestOutput(a.Request), AllowedBy: own.places(a.Allowed), DeniedBy: []placeOutput{},
		}
		if a.old.document != nil {
			out.Counterexample.DeniedBy = a.old.places(a.Denied)
		}
	}
	if o.json {
		return plainjson.WriteIndented(s.Out, out)
	}
	p := terminal.NewPrinter(s.Out, colours())
	switch a.Verdict {
	case compare.Proved:
		p.Printf("%s: %s %s\n", p.Text(terminal.Green, out.Verdict), shown(own.name), a.holds)
	case compare.Counterexample:
		p.Printf("%s: %s %s\n", p.Text(terminal.Red, out.Verdict), shown(own.name), a.fails)
		printExample(p, *out.Counterexample, a.old.name)
	case compare.Unknown:
		p.Printf("%s: %s\n", p.Text(terminal.Yellow, out.Verdict), a.Reason)
	}
	return p.Err()
}
