package permission

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// dropWider takes an action out of a grant where another grant has it on the same targets under
// more conditions: "uploads to b only when encrypted. Put only." says the same thing twice, and a
// condition that the second saying undid would be none.
func (rd *Reading) dropWider() {
	grants := rd.Out.Grants
	for i := range grants {
		for j := range grants {
			if i != j && grants[i].Effect != policy.Deny && grants[j].Effect != policy.Deny && widens(grants[j], grants[i]) {
				grants[j].Actions = slices.DeleteFunc(slices.Clone(grants[j].Actions), func(a intent.Action) bool {
					return slices.ContainsFunc(grants[i].Actions, func(b intent.Action) bool {
						return strings.EqualFold(a.Name, b.Name) && slices.Equal(a.On, b.On)
					})
				})
			}
		}
	}
	rd.DropEmpty()
}

// widens says that a grant is on the same targets as another, under some of its conditions only.
func widens(wide, narrow intent.Grant) bool {
	if len(wide.Where) >= len(narrow.Where) || len(wide.Except) > 0 || len(namedTargets(wide)) != len(namedTargets(narrow)) {
		return false
	}
	for _, c := range wide.Where {
		if !slices.ContainsFunc(narrow.Where, func(d intent.Constraint) bool {
			return c.Key == d.Key && c.Test == d.Test && slices.Equal(c.Values, d.Values)
		}) {
			return false
		}
	}
	for _, t := range namedTargets(wide) {
		if !slices.ContainsFunc(narrow.Targets, func(o intent.Target) bool { return sameTarget(t, o) }) {
			return false
		}
	}
	return true
}

// namedTargets are the targets of a grant but for mere resource types.
func namedTargets(g intent.Grant) []intent.Target {
	return slices.DeleteFunc(slices.Clone(g.Targets), func(t intent.Target) bool { return t.ARN == "" && len(t.Vars) == 0 })
}
