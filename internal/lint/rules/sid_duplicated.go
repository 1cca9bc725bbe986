package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var sidDuplicated = lint.Rule{
	ID:       "sid-duplicated",
	Severity: finding.Error,
	Aliases:  []string{"UNIQUE_SIDS_REQUIRED", "UNIQUE_SIDS_RECOMMENDED"},
	Summary:  "Two statements have the same Sid.",
	Check: func(p *lint.Pass) {
		seen := map[string]policy.Position{}
		for _, s := range p.Document.Statements {
			first, twice := seen[s.Sid]
			if !twice {
				seen[s.Sid] = s.SidPosition
				continue
			}
			if s.Sid == "" {
				continue
			}
			f := p.As("UNIQUE_SIDS_REQUIRED", s.SidPosition, "the Sid %q is that of the statement at %s too", s.Sid, first)
			if p.Kind == policy.ResourceBased {
				// Services such as Amazon S3 take them; IAM does not.
				f.Alias, f.Severity = "UNIQUE_SIDS_RECOMMENDED", finding.Warning
			}
		}
	},
}
