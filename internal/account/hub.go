// Package account asks an AWS account what it knows beside the documents: which of the published
// controls it has switched on, and which of its resources fail them. Nothing in it writes to an
// account.
package account

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
)

// service is what a report calls it.
const service = "Security Hub"

// patience bounds the reading of an account, all requests together.
const patience = 30 * time.Second

// Options say which account is asked, and where. What is empty is taken from the environment and the
// files of the AWS command line: credentials always are.
type Options struct {
	Region, Profile string
	Endpoint        string // a URL instead of that of AWS
	Excuse          bool   // a control that the account has disabled takes no points

	delay retry.BackoffDelayer // between attempts; nil: as AWS advises
}

// A SecurityHub is the validator that puts beside the report of another one what AWS Security Hub
// says of the published controls. The account is read once, for the first report that has such a
// control; if it cannot be read, the reports stand as they are and say why. It may be used by several
// goroutines if the other one may.
type SecurityHub struct {
	local   score.Validator
	options Options

	reading sync.Mutex
	read    *score.Account // nil: not yet read
}

// NewSecurityHub returns the validator. No request is made before the first validation.
func NewSecurityHub(local score.Validator, o Options) *SecurityHub {
	return &SecurityHub{local: local, options: o}
}

// Validate returns the report of the other validator, merged with what the account says of its
// controls. The error is that of the other validator or of the context.
func (h *SecurityHub) Validate(ctx context.Context, documents []*policy.Document, kind policy.Kind) (score.Report, error) {
	r, err := h.local.Validate(ctx, documents, kind)
	if err != nil || len(r.Published()) == 0 {
		return r, err
	}
	a, err := h.account(ctx, published())
	if err != nil {
		return score.Report{}, err
	}
	r.Merge(a, h.options.Excuse)
	return r, nil
}

// published returns the identifiers of all controls that Security Hub publishes too.
func published() []string {
	var out []string
	for _, kind := range []policy.Kind{policy.IdentityBased, policy.Trust, policy.ResourceBased} {
		for _, c := range score.Controls(kind) {
			if c.SecurityHub != "" {
				out = append(out, c.SecurityHub)
			}
		}
	}
	return out
}

// account reads the account, once. The error is that of the context.
func (h *SecurityHub) account(ctx context.Context, ids []string) (*score.Account, error) {
	h.reading.Lock()
	defer h.reading.Unlock()
	if h.read != nil {
		return h.read, nil
	}
	a, err := Read(ctx, h.options, ids)
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, ctx.Err()
	}
	if err != nil {
		a.Problem, a.Hint, a.Standings = err.Error(), hint(err), nil
	}
	h.read = &a
	return h.read, nil
}

// Read asks Security Hub about controls. The account bears its Region, if that is known, with an error
// too. The error wraps one of the sentinels of this package where the cause is one of them.
func Read(ctx context.Context, o Options, ids []string) (score.Account, error) {
	a := score.Account{Service: service, Region: o.Region}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	settings, err := load(ctx, o)
	if err != nil {
		return a, explain(ctx, err)
	}
	a.Region = settings.Region
	if a.Region == "" {
		return a, ErrRegion
	}
	// Asked for once here, so that what has no credentials is not told as a failed request.
	if _, err := settings.Credentials.Retrieve(ctx); err != nil {
		return a, noCredentials(ctx, err)
	}
	r := reader{client: newClient(settings, o), account: &a}
	if err := r.controls(ctx, ids); err != nil {
		return a, explain(ctx, err)
	}
	return a, nil
}

// load reads the settings of AWS: environment, files, the role of a machine.
func load(ctx context.Context, o Options) (aws.Config, error) {
	var list []func(*config.LoadOptions) error
	if o.Region != "" {
		list = append(list, config.WithRegion(o.Region))
	}
	if o.Profile != "" {
		list = append(list, config.WithSharedConfigProfile(o.Profile))
	}
	if o.Endpoint != "" {
		u, err := url.Parse(o.Endpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return aws.Config{}, fmt.Errorf("%w: %q", ErrEndpoint, o.Endpoint)
		}
		list = append(list, config.WithBaseEndpoint(o.Endpoint))
	}
	settings, err := config.LoadDefaultConfig(ctx, list...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("%w: %w", ErrSettings, err)
	}
	return settings, nil
}
