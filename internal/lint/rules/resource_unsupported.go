package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

var resourceUnsupported = lint.Rule{
	ID:       "resource-unsupported",
	Severity: finding.Error,
	Aliases:  []string{"ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"},
	Summary:  "A trust policy names resources.",
	Kinds:    []policy.Kind{policy.Trust},
	Check: func(p *lint.Pass) {
		for _, s := range p.Document.Statements {
			if s.Resources != nil || s.NotResources != nil {
				f := p.Report(s.ResourcePosition, "a trust policy names no resources: it is about the role that it is attached to")
				f.Fix = &finding.Fix{Title: "remove the element", Edits: []finding.Edit{{Position: s.ResourcePosition, Op: finding.Remove}}}
			}
		}
	},
}
