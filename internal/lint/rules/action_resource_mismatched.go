package rules

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var actionResourceMismatched = lint.Rule{
	ID:       "action-resource-mismatched",
	Severity: finding.Warning,
	Aliases:  []string{"UNSUPPORTED_ACTION_IN_POLICY", "UNSUPPORTED_RESOURCE_ARN_IN_POLICY"},
	Summary:  "An action can never be about any of the resources of its statement.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.ResourceBased, policy.PermissionsBoundary, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			if len(s.Resources) == 0 || slices.ContainsFunc(s.Resources, func(t policy.Text) bool { return strings.Trim(t.Text, "*") == "" || !strings.HasPrefix(t.Text, "arn:") }) {
				continue
			}
			for _, t := range s.Actions {
				a, ok := p.Catalog.Action(t.Text)
				if !ok || lint.Reaches(p, a, s.Resources) {
					continue
				}
				reportMismatch(p, s, t, a)
			}
		}
	},
}

func reportMismatch(p *lint.Pass, s *policy.Statement, t policy.Text, a *catalog.Action) {
	f := p.Report(t.Position, "%s is about none of the resources that the statement names, so that it has no effect", a)
	foreign := !slices.ContainsFunc(s.Resources, func(r policy.Text) bool {
		fields, _ := arn.Fields(r.Text)
		return facts.Meet(fields[2], a.Service)
	})
	if p.Kind == policy.ResourceBased && foreign {
		f.Severity, f.Alias = finding.Error, "UNSUPPORTED_ACTION_IN_POLICY"
	} else if p.Kind == policy.ResourceBased {
		f.Alias = "UNSUPPORTED_RESOURCE_ARN_IN_POLICY"
	}
	if len(a.Resources) == 0 {
		f.Note("it takes no resources: it needs a statement with the resource *")
		return
	}
	var forms []string
	for _, r := range a.Resources {
		for _, format := range a.ARNs(r.Type) {
			if len(forms) < 3 {
				forms = append(forms, catalog.FillARN(format, map[string]string{"Partition": "aws"}))
			}
		}
	}
	f.Note("its resources are %s", strings.Join(forms, ", "))
}
