package rules

import (
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var serviceLinkedRoleBroad = lint.Rule{
	ID:       "service-linked-role-broad",
	Severity: finding.Warning,
	Aliases: []string{
		"CREATE_SLR_WITH_NOT_RESOURCE",
		"CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
		"CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
		"CREATE_SLR_WITH_STAR_IN_RESOURCE",
		"CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
		"CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
	},
	Summary: "Service-linked roles may be made for any service.",
	Kinds:   []policy.Kind{policy.IdentityBased, policy.SessionPolicy, policy.PermissionsBoundary},
	Check: func(p *lint.Pass) {
		for i := range p.Document.Statements {
			s := &p.Document.Statements[i]
			shape := lint.ShapeOf(s, "iam:CreateServiceLinkedRole", func(r string) bool {
				return facts.Meet(r, "arn:aws:iam::123456789012:role/aws-service-role/service.amazonaws.com/x") && facts.Meet(r, "arn:aws:iam::123456789012:role/aws-service-role/other.amazonaws.com/y")
			})
			if shape.Alias == "" || lint.Limits(s, "iam:AWSServiceName", "iam:PermissionsBoundary") {
				continue
			}
			p.As("CREATE_SLR_"+shape.Alias, shape.Position, "service-linked roles may be made for any service").
				Note("name the roles that are needed, as arn:aws:iam::*:role/aws-service-role/SERVICE.amazonaws.com/*, or the services by iam:AWSServiceName")
		}
	},
}
