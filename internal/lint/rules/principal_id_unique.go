package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalIDUnique = lint.Rule{
	ID:       "principal-id-unique",
	Severity: finding.Warning,
	Aliases:  []string{"INVALID_ROLE_REFERENCE", "INVALID_USER_REFERENCE"},
	Summary:  "A principal is the unique ID of a user or a role, which is left over where it was deleted.",
	Kinds:    []policy.Kind{policy.Trust, policy.ResourceBased},
	Check: func(p *lint.Pass) {
		p.Principals(func(_ *policy.Statement, principalType string, id policy.Text) {
			switch {
			case principalType != "AWS" || len(id.Text) < 16 || strings.Contains(id.Text, ":"):
			case strings.HasPrefix(id.Text, "AROA"):
				p.As("INVALID_ROLE_REFERENCE", id.Position, "%s is the unique ID of a role: name its ARN", id.Text)
			case strings.HasPrefix(id.Text, "AIDA"):
				p.As("INVALID_USER_REFERENCE", id.Position, "%s is the unique ID of a user: name its ARN", id.Text)
			}
		})
	},
}
