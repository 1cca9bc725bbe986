package cli

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/account"
	"github.com/aegis-iam/aegis/internal/app"
	"github.com/aegis-iam/aegis/internal/score"
	"github.com/aegis-iam/aegis/internal/terminal"
	"github.com/spf13/cobra"
)

// validatorOptions are the flags that say by whom policies are scored.
type validatorOptions struct {
	name    string
	account account.Options
}

func (o *validatorOptions) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.name, "validator", app.LocalValidator, "who scores: `name` of "+strings.Join(app.ValidatorNames(), ", ")+", which asks an AWS account too")
	f.StringVar(&o.account.Region, "region", "", "with security-hub: the `Region` that is asked (default: that of the AWS settings)")
	f.StringVar(&o.account.Profile, "profile", "", "with security-hub: the `profile` of the AWS settings")
	f.StringVar(&o.account.Endpoint, "endpoint-url", "", "with security-hub: ask this `URL` instead of that of AWS")
	f.BoolVar(&o.account.Excuse, "skip-disabled", false, "with security-hub: controls that are disabled in the account take no points")
}

// open returns the validator that is asked for.
func (o *validatorOptions) open(program *app.App, accounts []string) (score.Validator, error) {
	if o.name == app.LocalValidator && o.account != (account.Options{}) {
		return nil, fmt.Errorf("--region, --profile, --endpoint-url and --skip-disabled need --validator security-hub")
	}
	v, err := program.ScoreValidator(o.name, accounts, o.account)
	if err != nil {
		return nil, fmt.Errorf("--validator: %w", err)
	}
	return v, nil
}

// unreadAccount reports whether an account was asked for a report and could not be read.
func unreadAccount(r *score.Report) bool {
	return r != nil && r.Account != nil && r.Account.Problem != ""
}

// shownFailing is how many resources that fail a control are named.
const shownFailing = 3

// account prints what an account says of the controls of a report.
func (p scorePrinter) account(r score.Report) {
	a := r.Account
	if a == nil {
		return
	}
	where := a.Service
	if a.ID != "" {
		where += " of " + a.ID
	}
	if a.Region != "" {
		where += " in " + a.Region
	}
	if a.Problem != "" {
		p.Printf("  %s: %s\n", terminal.Printable(where), p.Text(terminal.Yellow, "the account was not read: "+terminal.Printable(a.Problem)))
		if a.Hint != "" {
			p.Printf("       hint: %s\n", a.Hint)
		}
		p.Printf("       the score is that of the policy alone\n")
		return
	}
	p.Printf("  %s:\n", terminal.Printable(where))
	for _, c := range r.Controls {
		if c.InAccount != nil {
			p.Printf("       %s: %s\n", c.SecurityHub, terminal.Printable(standingText(c.InAccount)))
		}
	}
}

// standingText says a standing in a line.
func standingText(s *score.Standing) string {
	out := string(s.State)
	if s.Severity != "" {
		out += " (" + strings.ToLower(string(s.Severity)) + ")"
	}
	if s.Reason != "" {
		out += ": " + s.Reason
	}
	off := 0
	for _, x := range s.Standards {
		if x.State == score.Disabled {
			off++
		}
	}
	if s.State == score.Enabled && off > 0 {
		out += fmt.Sprintf(", though disabled in %d of %s", off, terminal.Count(len(s.Standards), "standard"))
	}
	if n := len(s.Failing); n > 0 {
		count := terminal.Count(n, "resource")
		if s.More {
			count = "at least " + count
		}
		out += "; failing: " + count + ", " + strings.Join(s.Failing[:min(n, shownFailing)], ", ")
		if n > shownFailing {
			out += ", …"
		}
	}
	return out
}
