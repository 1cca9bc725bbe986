package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/spf13/cobra"
)

// A scope holds the flags about what a request is made for, beside its words.
type scope struct {
	kind, account, region, partition string
	catalog                          string
	within                           []string
}

// register adds the flags to a command.
func (o *scope) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.kind, "kind", "", "`kind` of policy: identity, trust, resource, scp, rcp or boundary (default: told from the words)")
	f.StringVar(&o.account, "account", "", "account `ID` of the resources")
	f.StringVar(&o.region, "region", "", "`region` of the resources")
	f.StringVar(&o.partition, "partition", "", "`partition`: aws, aws-cn or aws-us-gov")
	f.StringArrayVar(&o.within, "within", nil, "a `file` with a policy that must allow all that the answer allows, such as a boundary; again for more")
	f.StringVar(&o.catalog, "catalog", "", "read this catalog `file` of AWS instead of the newest known")
}

// request checks the flags and returns a request without words.
func (o *scope) request(c *cobra.Command, s Streams) (generate.Request, error) {
	kind, err := generate.ParseKind(o.kind)
	if err != nil {
		return generate.Request{}, err
	}
	r := generate.Request{Kind: kind, Account: o.account, Region: o.region, Partition: o.partition}
	if r.Within, err = o.ceilings(c, s); err != nil {
		return generate.Request{}, err
	}
	if err := r.Check(); err != nil {
		return generate.Request{}, &usageError{c.CommandPath(), err}
	}
	return r, nil
}

// ceilings reads the policies that the answers have to be within.
func (o *scope) ceilings(c *cobra.Command, s Streams) ([]generate.Ceiling, error) {
	var list []generate.Ceiling
	for _, name := range o.within {
		if name == "-" {
			return nil, usage(c, "--within takes a file; standard input is for the words")
		}
		d, err := readDocument(c.Context(), s, name)
		if err != nil {
			return nil, err
		}
		ceiling := generate.Ceiling{Name: name, Document: d}
		if err := ceiling.Check(); err != nil {
			return nil, err
		}
		list = append(list, ceiling)
	}
	return list, nil
}

// open returns the program over the catalog that the flags ask for.
func (o *scope) open(s Streams) (*app.App, error) {
	c, err := catalogOptions{file: o.catalog}.open(s)
	if err != nil {
		return nil, err
	}
	return app.New(c), nil
}

// generateOptions are the flags of the command.
type generateOptions struct {
	scope
	file, batch, format, out, tests string
	json, explain, why, quiet       bool
	request                         generate.Request
}

const generateLong = `Writes the policy that words ask for to standard output, and to standard error what it allows in
English, what was assumed, what is still asked and which words were not read.

The exit code is 0 if there is a policy, 1 if an answer is needed first, a test fails, or the policy
is not proved to be within the one of --within.

With --batch, every line of a file is a request: a JSON object with "id", "request" and, if you
like, "kind"; or with "turns", a list of requests that make one conversation. Each answer is one
line, in the order of the requests. A line that cannot be read gets an answer with "error"; the
run goes on, and the exit code is 1. CSV has a header line: id,request or id,request,kind.`

const generateExample = `  aegis generate "our lambda reads the dynamodb table orders in eu-west-1"
  aegis generate --why "upload to the bucket media, but not delete"
  aegis generate --kind trust --account 111122223333 "github actions of acme/shop may assume it from the main branch"
  aegis generate --within boundary.json "the deploy role may pass the role app to lambda"
  aegis generate --file request.txt --out policies
  echo "consume messages from the queue acme-jobs" | aegis generate -
  aegis generate --batch requests.jsonl > answers.jsonl
  aegis generate --batch requests.csv --out policies`

func newGenerate(s Streams) *cobra.Command {
	o := generateOptions{}
	command := &cobra.Command{
		Use:     "generate words ...",
		Short:   "write the policy that words ask for",
		Long:    generateLong,
		Example: generateExample,
		RunE: func(c *cobra.Command, args []string) error {
			var err error
			if o.request, err = o.scope.request(c, s); err != nil {
				return err
			}
			if err := o.check(c, args); err != nil {
				return err
			}
			if o.batch != "" {
				return runBatch(c.Context(), s, o)
			}
			return runGenerate(c.Context(), s, o, args)
		},
	}
	o.register(command)
	f := command.Flags()
	f.StringVarP(&o.file, "file", "f", "", "read the words from this `file`")
	f.BoolVar(&o.json, "json", false, "print the whole answer as JSON")
	f.StringVar(&o.tests, "tests", "", "print the tests of the policy as JSON instead of the policy; with a `file`, write them there beside it")
	f.Lookup("tests").NoOptDefVal = "-"
	f.BoolVar(&o.explain, "explain", false, "explain every part of the policy")
	f.BoolVar(&o.why, "why", false, "say which words or which rule put each element there")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print the policy and nothing else")
	f.StringVar(&o.out, "out", "", "write the results as files into this `folder`")
	f.StringVar(&o.batch, "batch", "", "answer all requests of this `file`")
	f.StringVar(&o.format, "format", "", "`format` of the batch: jsonl or csv (default: told from the name)")
	return command
}

// check refuses flags and arguments that contradict each other.
func (o *generateOptions) check(c *cobra.Command, args []string) error {
	switch {
	case o.batch != "" && (len(args) > 0 || o.file != ""):
		return usage(c, "--batch takes its requests from one file, not from words")
	case o.batch != "" && (o.json || o.tests != "" || o.explain || o.why):
		return usage(c, "--batch always prints one answer a line: --json, --tests, --explain and --why are for one request")
	case o.batch == "" && o.format != "":
		return usage(c, "--format is for --batch")
	case o.format != "" && o.format != "jsonl" && o.format != "csv":
		return usage(c, "no format is called %q: there are jsonl and csv", o.format)
	case o.json && o.tests == "-":
		return usage(c, "--json holds the tests already: leave --tests out")
	case o.file != "" && len(args) > 0:
		return usage(c, "the words come from the arguments or from --file, not from both")
	}
	return nil
}

// runGenerate answers one request.
func runGenerate(ctx context.Context, s Streams, o generateOptions, args []string) error {
	words, err := o.words(ctx, s, args)
	if err != nil {
		return err
	}
	program, err := o.open(s)
	if err != nil {
		return err
	}
	o.request.Words = words
	answer, err := program.Generate(ctx, o.request)
	if err != nil {
		return err
	}
	if o.out != "" {
		err = writeFolder(o.out, program, answer)
	} else {
		err = printResult(s, o, answer)
	}
	if err != nil {
		return err
	}
	if !o.quiet {
		if err := printReport(s, o, program, answer); err != nil {
			return err
		}
	}
	if answer.Status == generate.Asking || answer.Fails() {
		return errFindings
	}
	return nil
}

// words returns the words of the request from where the command line says.
func (o *generateOptions) words(ctx context.Context, s Streams, args []string) (string, error) {
	name := o.file
	if len(args) == 1 && args[0] == "-" {
		name = "-"
	}
	if name == "" {
		return strings.Join(args, " "), nil
	}
	data, err := readInput(ctx, s, name, generate.MaxWords)
	if err != nil {
		return "", err
	}
	words := string(data)
	if err := generate.Check(words); errors.Is(err, generate.ErrEmpty) && name != "-" {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return strings.TrimPrefix(words, "\ufeff"), nil
}
