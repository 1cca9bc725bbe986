package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/atomicfile"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/spf13/cobra"
)

// minimizeOptions are the flags of minimize and split.
type minimizeOptions struct {
	kind, catalog string
	today         bool
	budget        int
	quiet         bool

	quota, out string
}

func (o *minimizeOptions) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.kind, "kind", "", "`kind` of the policy (default: told from its elements)")
	f.BoolVar(&o.today, "today", false, "count requests for the actions that AWS has today only, which may leave more out")
	f.IntVar(&o.budget, "budget", 0, "`steps` that one proof may take (default 4000000)")
	f.StringVar(&o.catalog, "catalog", "", "read this catalog `file` of AWS instead of the newest known")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print the policy and nothing else")
}

// open reads the policy and what the flags say of it.
func (o *minimizeOptions) open(ctx context.Context, s Streams, name string) (*app.App, *policy.Document, app.Scope, error) {
	kind, err := generate.ParseKind(o.kind)
	if err != nil {
		return nil, nil, app.Scope{}, err
	}
	d, err := readDocument(ctx, s, name)
	if err != nil {
		return nil, nil, app.Scope{}, err
	}
	if kind == "" {
		kind = policy.KindOf(d)
	}
	program, err := (&scope{catalog: o.catalog}).open(s)
	return program, d, app.Scope{Kind: kind, Options: compare.Options{Open: !o.today, Budget: o.budget}}, err
}

const minimizeLong = `Prints the smallest policy it finds that allows the same: without statements, patterns, conditions and values
that make no difference, and with statements made one where they can be. Each step is proved, also for actions
that AWS may add one day, unless --today says otherwise.`

func newMinimize(s Streams) *cobra.Command {
	o := minimizeOptions{}
	command := &cobra.Command{
		Use:     "minimize file",
		Short:   "make a policy smaller that allows the same",
		Long:    minimizeLong,
		Example: "  aegis minimize policy.json > small.json",
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return runMinimize(c.Context(), s, o, args[0]) },
	}
	o.register(command)
	return command
}

func runMinimize(ctx context.Context, s Streams, o minimizeOptions, name string) error {
	program, d, shared, err := o.open(ctx, s, name)
	if err != nil {
		return err
	}
	small, complete, err := program.Minimize(d, shared)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.Out, "%s\n", small.JSON()); err != nil || o.quiet {
		return err
	}
	p := terminal.NewPrinter(s.Err, colours())
	switch {
	case small.Size() < d.Size():
		p.Message("%s: it allows the same with %d characters instead of %d", p.Text(terminal.Green, "proved"), small.Size(), d.Size())
	case complete:
		p.Message("nothing can be left out: %d characters", d.Size())
	default:
		p.Message("nothing was found that can be left out: %d characters", d.Size())
	}
	if !complete {
		p.Message("hint: not everything was tried: the policy is too large or too hard; part it, or give a larger --budget")
	}
	return p.Err()
}

const splitLong = `Prints policies within a quota that allow the same together as the policy does, as one JSON list, or writes them
to a folder. That they do is proved, also for actions that AWS may add one day. The quota is one of AWS's, by the kind
of the policy and, after a slash, its holder, such as identity/role.`

func newSplit(s Streams) *cobra.Command {
	o := minimizeOptions{}
	command := &cobra.Command{
		Use:     "split [--quota quota] file",
		Short:   "part a policy that is over its quota",
		Long:    splitLong,
		Example: "  aegis split policy.json\n  aegis split --quota identity/group --out parts policy.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			quota, err := quotaNamed(o.quota)
			if err != nil {
				return &usageError{c.CommandPath(), err}
			}
			return runSplit(c.Context(), s, o, quota, args[0])
		},
	}
	o.register(command)
	f := command.Flags()
	f.StringVar(&o.quota, "quota", "identity/managed", "`quota` that each part must keep, such as identity/role or scp")
	f.StringVar(&o.out, "out", "", "write the parts to this `folder`")
	return command
}

// quotaNamed finds a quota by kind and holder.
func quotaNamed(name string) (policy.Quota, error) {
	kind, holder, _ := strings.Cut(name, "/")
	if q, ok := policy.QuotaOf(policy.Kind(kind), holder); ok {
		return q, nil
	}
	var known []string
	for _, q := range policy.Quotas() {
		known = append(known, strings.TrimSuffix(string(q.Kind)+"/"+q.Holder, "/"))
	}
	return policy.Quota{}, fmt.Errorf("no quota is called %q; there are %s", name, strings.Join(known, ", "))
}

// errOnePolicy: a policy of the kind cannot be parted.
var errOnePolicy = errors.New("there is one policy of this kind: it cannot be parted")

func runSplit(ctx context.Context, s Streams, o minimizeOptions, quota policy.Quota, name string) error {
	program, d, shared, err := o.open(ctx, s, name)
	if err != nil {
		return err
	}
	parts, err := program.Split(d, quota, shared)
	switch {
	case err != nil:
		return err
	case len(parts) > 1 && !quota.Kind.Several():
		return errOnePolicy
	}
	if o.out == "" {
		if err := plainjson.WriteIndented(s.Out, parts); err != nil {
			return err
		}
	}
	if o.out != "" {
		if err := os.MkdirAll(o.out, 0o755); err != nil {
			return err
		}
	}
	for i, part := range parts {
		if o.out == "" {
			break
		}
		file := filepath.Join(o.out, fmt.Sprintf("policy-%d.json", i+1))
		if err := atomicfile.Write(file, func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s\n", part.JSON())
			return err
		}); err != nil {
			return err
		}
	}
	if o.quiet {
		return nil
	}
	p := terminal.NewPrinter(s.Err, colours())
	p.Message("%s: %s within %d %s allow the same as the one of %d", p.Text(terminal.Green, "proved"),
		policies(len(parts)), quota.Limit, quota.Counting, quota.Counting.Size(d.Compact()))
	return p.Err()
}

func policies(n int) string {
	if n == 1 {
		return "1 policy"
	}
	return fmt.Sprintf("%d policies", n)
}
