package rules

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var resourceMissing = lint.Rule{
	ID:       "resource-missing",
	Severity: finding.Error,
	Aliases:  []string{"MISSING_RESOURCE"},
	Summary:  "A statement does not say which resources it is about.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.PermissionsBoundary, policy.SessionPolicy, policy.ServiceControl, policy.ResourceControl, policy.ResourceBased},
	Check: func(p *lint.Pass) {
		if p.Kind == policy.ResourceBased && !anyResource(p.Document) {
			return // a repository policy of Amazon ECR, for one, names none
		}
		for _, s := range p.Document.Statements {
			if s.Resources == nil && s.NotResources == nil {
				p.Report(s.Position, "the statement does not say which resources it is about: it needs a Resource")
			}
		}
	},
}

func anyResource(d *policy.Document) bool {
	return slices.ContainsFunc(d.Statements, func(s policy.Statement) bool { return s.Resources != nil || s.NotResources != nil })
}
