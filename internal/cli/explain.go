package cli

import (
	"context"
	"io"

	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/spf13/cobra"
)

// explainOptions are the flags of the command.
type explainOptions struct {
	kind, catalog string
	short, json   bool
}

func newExplain(s Streams) *cobra.Command {
	o := explainOptions{}
	command := &cobra.Command{
		Use:     "explain file",
		Short:   "say in English what a policy does",
		Example: "  aegis explain policy.json\n  aegis explain --short --kind trust trust.json\n  aws iam get-role ... | aegis explain -",
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return runExplain(c.Context(), s, o, args[0]) },
	}
	f := command.Flags()
	f.StringVar(&o.kind, "kind", "", "`kind` of policy (default: told from its elements)")
	f.StringVar(&o.catalog, "catalog", "", "read this catalog `file` of AWS instead of the newest known")
	f.BoolVar(&o.short, "short", false, "one sentence a statement")
	f.BoolVar(&o.json, "json", false, "print JSON")
	return command
}

func runExplain(ctx context.Context, s Streams, o explainOptions, name string) error {
	kind, err := generate.ParseKind(o.kind)
	if err != nil {
		return err
	}
	document, err := readDocument(ctx, s, name)
	if err != nil {
		return err
	}
	program, err := (&scope{catalog: o.catalog}).open(s)
	if err != nil {
		return err
	}
	if kind == "" {
		kind = policy.KindOf(document)
	}
	explanation := program.Explain(document, kind, !o.short)
	if o.json {
		return plainjson.WriteIndented(s.Out, explanation)
	}
	text := explanation.Text()
	if terminal.Is(s.Out) {
		text = terminal.PrintableText(text)
	}
	_, err = io.WriteString(s.Out, text)
	return err
}
