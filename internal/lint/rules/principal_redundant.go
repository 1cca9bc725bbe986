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
			reportRedundants(p, s.Principal.AWS)
		}
	},
}

// reportRedundants reports the principals of a list that stand in it before, or beside their role.
func reportRedundants(p *lint.Pass, list []policy.Text) {
	roles, listed := map[string]string{}, map[string]bool{}
	for _, t := range list {
		if name, ok := roleName(t.Text); ok {
			roles[name] = t.Text
		}
	}
	for _, t := range list {
		if name, ok := sessionRole(t.Text); ok {
			if role := roles[name]; role != "" {
				reportRedundant(p, t, "the session %q is one of the role %q, which is listed too", role)
			}
		}
		if listed[t.Text] {
			reportRedundant(p, t, "%q is listed twice as %q", t.Text)
		}
		listed[t.Text] = true
	}
}

func reportRedundant(p *lint.Pass, t policy.Text, format, of string) {
	f := p.Report(t.Position, format, t.Text, of)
	f.Fix = &finding.Fix{Title: "remove " + t.Text, Edits: []finding.Edit{{Position: t.Position, Op: finding.Remove}}}
}

// sessionRole returns the account and the name of the role that an ARN of a session is of.
func sessionRole(session string) (string, bool) {
	a, err := arn.Parse(session)
	if err != nil {
		return "", false
	}
	rest, ok := strings.CutPrefix(a.Resource, "assumed-role/")
	name, _, _ := strings.Cut(rest, "/")
	return a.AccountID + " " + name, ok && name != ""
}

// roleName returns the account and the name of a role, without its path.
func roleName(role string) (string, bool) {
	a, err := arn.Parse(role)
	if err != nil || !strings.HasPrefix(a.Resource, "role/") {
		return "", false
	}
	return a.AccountID + " " + a.Resource[strings.LastIndexByte(a.Resource, '/')+1:], true
}
