package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var confusedDeputy = lint.Rule{
	ID:       "confused-deputy",
	Severity: finding.Security,
	Aliases:  []string{"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL"},
	Summary:  "A service may use the resource on behalf of anybody.",
	Kinds:    []policy.Kind{policy.ResourceBased},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if s.Effect != policy.Allow || s.Principal == nil || len(s.Principal.Service) == 0 || len(s.Actions) == 0 {
				continue
			}
			for _, service := range s.Principal.Service {
				if !facts.ActsForOthers(service.Text) || lint.Limits(s, "aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths") {
					continue
				}
				r, ok := p.Find(lint.Query{Action: s.Actions[0].Text, PrincipalType: "Service", Principal: service.Text, Where: p.SourceUnknown()})
				if !ok {
					continue
				}
				f := p.As("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", service.Position, "%s may be told by any account to use the resource", service.Text)
				f.Witness = &r
				if len(s.Conditions) > 0 {
					f.Alias, f.Severity = "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", finding.Suggestion
				}
				f.Note("say for whom by aws:SourceArn, aws:SourceAccount or aws:SourceOrgID")
			}
		}
	},
}
