package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var principalRedundant = lint.Rule{
	ID:       "principal-redundant",
	Severity: finding.Suggestion,
	Aliases:  []string{"REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY"},
	Summary:  "A principal is listed beside one that includes it.",
	Kinds:    []policy.Kind{policy.Trust, policy.ResourceBased},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Principal == nil {
				continue
			}
			for i, session := range s.Principal.AWS {
				for k, role := range s.Principal.AWS {
					switch {
					case i == k:
					case sessionOf(session.Text, role.Text):
						reportRedundant(p, session, "the session %q is one of the role %q, which is listed too", role.Text)
					case session.Text == role.Text && k < i:
						reportRedundant(p, session, "%q is listed twice as %q", role.Text)
					}
				}
			}
		}
	},
}

func reportRedundant(p *lint.Pass, t policy.Text, format, of string) {
	f := p.Report(t.Position, format, t.Text, of)
	f.Fix = &finding.Fix{Title: "remove " + t.Text, Edits: []finding.Edit{{Position: t.Position, Op: finding.Remove}}}
}

// sessionOf reports whether an ARN is that of a session of the role that another names.
func sessionOf(session, role string) bool {
	a, err := arn.Parse(session)
	if err != nil || !strings.HasPrefix(a.Resource, "assumed-role/") {
		return false
	}
	b, err := arn.Parse(role)
	if err != nil || a.AccountID != b.AccountID || !strings.HasPrefix(b.Resource, "role/") {
		return false
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(a.Resource, "assumed-role/"), "/")
	return name != "" && name == b.Resource[strings.LastIndexByte(b.Resource, '/')+1:]
}
