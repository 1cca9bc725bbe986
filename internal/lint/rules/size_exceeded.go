package rules

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

var sizeExceeded = lint.Rule{
	ID:       "size-exceeded",
	Severity: finding.Error,
	Aliases: []string{
		"POLICY_SIZE_EXCEEDS_SCP_QUOTA",
		"POLICY_SIZE_EXCEEDS_RCP_QUOTA",
		"POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
		"POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
		"POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
	},
	Summary: "The policy is longer than AWS takes.",
	Check: func(p *lint.Pass) {
		var holder, alias, what string
		switch p.Kind {
		case policy.ServiceControl:
			alias, what = "POLICY_SIZE_EXCEEDS_SCP_QUOTA", "a service control policy"
		case policy.ResourceControl:
			alias, what = "POLICY_SIZE_EXCEEDS_RCP_QUOTA", "a resource control policy"
		case policy.Trust:
			alias, what = "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", "a trust policy"
		case policy.ResourceBased:
			holder, alias = holderOf(p), "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"
			what = "a policy of " + p.Catalog.ServiceName(holder)
		case policy.IdentityBased:
			// What may hold it is not known: a role's inline policies may have the most.
			holder, alias, what = "role", "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", "an identity-based policy of any sort"
		default:
			alias, what = "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", "a policy of this kind"
		}
		quota, ok := policy.QuotaOf(p.Kind, holder)
		if !ok || len(p.Syntax) > 0 {
			return
		}
		// Services that count white space count the text that they are sent, which need have none.
		size := quota.Counting.Size(p.Document.Compact())
		if size <= quota.Limit {
			return
		}
		f := p.As(alias, p.Document.Position, "the policy has %d %s, %s at most %d", size, quota.Counting, what, quota.Limit)
		if p.Kind == policy.ResourceBased || p.Kind == policy.Trust || p.Kind == policy.IdentityBased {
			f.Severity = finding.Warning
		}
		if quota.Maximum > quota.Limit {
			f.Note("AWS raises the limit on request, up to %d", quota.Maximum)
		}
	},
}

// holderOf returns the service of a resource-based policy if all its actions are of one.
func holderOf(p *lint.Pass) string {
	holder := ""
	for _, s := range p.Document.Statements {
		for _, t := range s.Actions {
			prefix, _, found := strings.Cut(strings.ToLower(t.Text), ":")
			if !found || wildcard.Contains(prefix) || holder != "" && holder != prefix {
				return ""
			}
			holder = prefix
		}
	}
	return holder
}
