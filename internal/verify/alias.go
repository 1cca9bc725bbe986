package verify

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// byAlias writes what an alias of a KMS key stands for: a request names the key by its id, and says
// in kms:ResourceAliases which aliases the key has. Grants that also name keys otherwise stay as
// they are.
// https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
func byAlias(in intent.Intent) intent.Intent {
	in.Grants = slices.Clone(in.Grants)
	for i, g := range in.Grants {
		var aliases []string
		other := false
		for _, t := range g.Targets {
			alias := keyAlias(t)
			other = other || t.Service == "kms" && alias == "" || strings.Contains(t.ARN, ":kms:")
			if alias != "" {
				aliases = append(aliases, alias)
			}
		}
		if len(aliases) == 0 || other {
			continue
		}
		g = g.Clone()
		for k, t := range g.Targets {
			if keyAlias(t) != "" {
				g.Targets[k].Vars = map[string]string{}
			}
		}
		limit := intent.Constraint{Key: "kms:ResourceAliases", Set: intent.Any, Values: aliases}
		for _, a := range g.Actions {
			if !strings.HasPrefix(a.Name, "kms:") {
				continue
			}
			if limit.Actions = append(limit.Actions, a.Name); strings.Contains(a.Name, "*") {
				limit.Actions = nil // all that the grant holds
				break
			}
		}
		g.Where = append(g.Where, limit)
		in.Grants[i] = g
	}
	return in
}

// keyAlias returns the alias that names a KMS key, or nothing.
func keyAlias(t intent.Target) string {
	if t.Service != "kms" || t.Type != "key" {
		return ""
	}
	for _, v := range t.Vars {
		if strings.HasPrefix(v, "alias/") {
			return v
		}
	}
	return ""
}
