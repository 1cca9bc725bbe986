package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var trustRolesanywhereIncomplete = lint.Rule{
	ID:       "trust-rolesanywhere-incomplete",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY"},
	Summary:  "A trust policy for IAM Roles Anywhere lacks an action without which it gives no sessions.",
	Kinds:    []policy.Kind{policy.Trust},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if s.Effect != policy.Allow || s.Principal == nil || !slices.ContainsFunc(s.Principal.Service, isRolesAnywhere) {
				continue
			}
			var missing []string
			for _, action := range []string{"sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"} {
				if !allowsRolesAnywhere(p.Document, action) {
					missing = append(missing, action)
				}
			}
			if len(missing) > 0 {
				p.Report(s.ActionPosition, "IAM Roles Anywhere also needs %s", strings.Join(missing, " and "))
			}
			return
		}
	},
}

func isRolesAnywhere(t policy.Text) bool { return t.Text == "rolesanywhere.amazonaws.com" }

func allowsRolesAnywhere(d *policy.Document, action string) bool {
	for i := range d.Statements {
		s := &d.Statements[i]
		if s.Effect == policy.Allow && s.Principal != nil && slices.ContainsFunc(s.Principal.Service, isRolesAnywhere) {
			if _, ok := lint.Names(s, action); ok {
				return true
			}
		}
	}
	return false
}
