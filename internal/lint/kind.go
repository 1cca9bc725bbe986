package lint

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// KindOf tells the kind of a document from its elements: it is a trust policy if all its actions
// are of AWS STS and it has principals, or names no resource either; else it is resource-based
// with principals and identity-based without.
func KindOf(d *policy.Document) policy.Kind {
	principal, resource, assumes := false, false, true
	for _, s := range d.Statements {
		principal = principal || s.Principal != nil || s.NotPrincipal != nil
		resource = resource || s.Resources != nil || s.NotResources != nil
		for _, t := range s.Actions {
			assumes = assumes && strings.HasPrefix(strings.ToLower(t.Text), "sts:")
		}
		assumes = assumes && len(s.Actions) > 0
	}
	assumes = assumes && len(d.Statements) > 0
	switch {
	case assumes && (principal || !resource):
		return policy.Trust
	case principal:
		return policy.ResourceBased
	}
	return policy.IdentityBased
}
