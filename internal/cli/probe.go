package cli

import (
	"context"
	"errors"
	"os"

	"github.com/aegis-iam/aegis/internal/probe"
	"github.com/spf13/cobra"
)

// probeOptions are the flags of the command.
type probeOptions struct {
	catalog      string
	misses, json bool
}

const probeLong = `Has policies written for the requests of a set, judges each by its probes (requests to AWS that must
be allowed or denied) and prints how many are right. A set is a file of JSON Lines, or one in the
format of this project with the ending .probes.

The exit code is 0 if every policy is right, 1 if not.`

func newProbe(s Streams) *cobra.Command {
	o := probeOptions{}
	command := &cobra.Command{
		Use:     "probe file ...",
		Short:   "measure on sets of requests how many policies are right",
		Long:    probeLong,
		Example: "  aegis probe --misses requests.probes",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return runProbe(c.Context(), s, o, args) },
	}
	f := command.Flags()
	f.StringVar(&o.catalog, "catalog", "", "read this catalog `file` of AWS instead of the newest known")
	f.BoolVar(&o.misses, "misses", false, "name every probe that comes out wrong")
	f.BoolVar(&o.json, "json", false, "print JSON")
	return command
}

func runProbe(ctx context.Context, s Streams, o probeOptions, files []string) error {
	var cases []probe.Case
	for _, name := range files {
		more, err := loadCases(name)
		if err != nil {
			return err
		}
		cases = append(cases, more...)
	}
	program, err := (&scope{catalog: o.catalog}).open(s)
	if err != nil {
		return err
	}
	report, err := program.Probe(ctx, cases)
	if err != nil {
		return err
	}
	if o.json {
		err = report.WriteJSON(s.Out)
	} else {
		err = report.WriteText(s.Out, o.misses)
	}
	if err != nil {
		return err
	}
	if report.All.Exact < report.All.Turns {
		return errFindings
	}
	return nil
}

func loadCases(name string) (cases []probe.Case, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return probe.Load(f, name)
}
