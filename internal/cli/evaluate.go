package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/generate"
	"github.com/aegis-iam/aegis/internal/plainjson"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/spf13/cobra"
)

// evaluateOptions are the flags of the command.
type evaluateOptions struct {
	kind, principal, action, resource string
	scenario, endpoint                string
	context                           []string
	json, quiet                       bool
}

const evaluateLong = `Decides whether policies allow a request, as AWS documents it, and says what part every statement
has in the decision. Several files are policies of one layer: a Deny in any of them decides.

With --scenario, a file of principals, resources and an organization, all layers decide: service and
resource control policies, VPC endpoint, resource-based and identity-based policies, permissions
boundary and session policies, of one account or two. A denial names the layer and the statement,
and the smallest changes that would allow the request.

The exit code is 0 if the request is allowed, 1 if it is denied, 2 if that could not be decided.`

const evaluateExample = `  aegis evaluate policy.json --action s3:GetObject --resource arn:aws:s3:::reports/a.csv
  aegis evaluate policy.json --action ec2:RunInstances --resource '*' --context aws:RequestedRegion=eu-west-1
  aegis evaluate trust.json --action sts:AssumeRole --principal lambda.amazonaws.com
  aegis evaluate --scenario org.yaml --principal app --action s3:GetObject --resource arn:aws:s3:::reports/a.csv`

func newEvaluate(s Streams) *cobra.Command {
	o := evaluateOptions{}
	command := &cobra.Command{
		Use:     "evaluate file ...",
		Short:   "decide whether policies allow a request, and say why",
		Long:    evaluateLong,
		Example: evaluateExample,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(c, args); err != nil {
				return err
			}
			if !strings.Contains(o.action, ":") {
				return usage(c, "--action must name an action with its service, such as s3:GetObject")
			}
			if o.scenario != "" {
				return runScenario(c.Context(), s, o)
			}
			return runEvaluate(c.Context(), s, o, args)
		},
	}
	f := command.Flags()
	f.StringVar(&o.action, "action", "", "the `action`, such as s3:GetObject")
	f.StringVar(&o.resource, "resource", "*", "the `ARN` of the resource")
	f.StringArrayVar(&o.context, "context", nil, "a condition key and its value, as `key=value`; again for more values or keys")
	f.StringVar(&o.principal, "principal", "", "`who` asks: a name of the scenario, an ARN, account ID or service, or type=id with the types AWS, Service, Federated, CanonicalUser")
	f.StringVar(&o.scenario, "scenario", "", "decide by all layers of this `file`, JSON or YAML")
	f.StringVar(&o.endpoint, "endpoint", "", "`ID` of the VPC endpoint of the scenario that the request comes through")
	f.StringVar(&o.kind, "kind", "", "`kind` of the policies (default: told from their elements)")
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print nothing: the exit code says it")
	return command
}

// check refuses flags and arguments that contradict each other.
func (o *evaluateOptions) check(c *cobra.Command, files []string) error {
	switch {
	case o.scenario == "" && len(files) == 0:
		return usage(c, "name a policy, or a scenario by --scenario")
	case o.scenario != "" && len(files) > 0:
		return usage(c, "--scenario names its policies itself: leave %s out", files[0])
	case o.scenario != "" && o.kind != "":
		return usage(c, "--kind is for policies without a scenario")
	case o.scenario == "" && o.endpoint != "":
		return usage(c, "--endpoint is for --scenario")
	}
	return nil
}

func runEvaluate(ctx context.Context, s Streams, o evaluateOptions, files []string) error {
	kind, err := generate.ParseKind(o.kind)
	if err != nil {
		return err
	}
	request := evaluate.Request{Action: o.action, Resource: o.resource, Principal: evaluate.ParsePrincipal(o.principal)}
	if request.Context, err = contextOf(o.context); err != nil {
		return err
	}
	var documents []*policy.Document
	for _, name := range files {
		d, err := readDocument(ctx, s, name)
		if err != nil {
			return err
		}
		documents = append(documents, d)
	}
	explanation, err := app.Evaluate(request, kind, documents...)
	if err != nil {
		return err
	}
	var changes app.Changes
	if explanation.Decision != evaluate.Allowed && !o.quiet {
		if changes, err = app.Remedies(request, kind, documents...); err != nil {
			return err
		}
	}
	if err := printDecision(s, o, files, explanation, &changes); err != nil {
		return err
	}
	if explanation.Decision != evaluate.Allowed {
		return errFindings
	}
	return nil
}

// contextOf reads pairs of key and value. A value may hold an equals sign.
func contextOf(pairs []string) (evaluate.Context, error) {
	keys := evaluate.Context{}
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("--context %q is not key=value", pair)
		}
		key = strings.ToLower(key)
		keys[key] = append(keys[key], value)
	}
	return keys, nil
}

// What evaluate prints as JSON.
type (
	decisionOutput struct {
		Decision    string       `json:"decision"`
		Allowed     bool         `json:"allowed"`
		Deciding    []partOutput `json:"deciding"`
		MissingKeys []string     `json:"missingKeys"`
		ToAllow     *app.Changes `json:"toAllow"`
		Text        string       `json:"text"`
	}
	partOutput struct {
		File      string `json:"file"`
		Statement int    `json:"statement"` // from 1
		Sid       string `json:"sid,omitempty"`
		Effect    string `json:"effect"`
		Position  string `json:"position"`
	}
)

func printDecision(s Streams, o evaluateOptions, files []string, e evaluate.Explanation, changes *app.Changes) error {
	if o.quiet {
		return nil
	}
	if !o.json {
		text := e.String()
		if e.Decision != evaluate.Allowed {
			text += changes.Text()
		}
		_, err := fmt.Fprintln(s.Out, strings.TrimRight(text, "\n"))
		return err
	}
	value := decisionOutput{
		Decision: e.Decision.String(), Allowed: e.Decision == evaluate.Allowed,
		Deciding: []partOutput{}, MissingKeys: list(e.MissingKeys), ToAllow: changes, Text: e.String(),
	}
	for _, part := range e.Deciding() {
		value.Deciding = append(value.Deciding, partOutput{
			File: files[part.Policy], Statement: part.Statement + 1, Sid: part.Sid,
			Effect: string(part.Effect), Position: part.Position.String(),
		})
	}
	return plainjson.WriteIndented(s.Out, value)
}
