package permission

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
)

// longRestatement is how many tokens a clause has at most that only says again what is granted.
const longRestatement = 6

// restates says that a clause only says again, with "only", what is granted already, so that it
// grants nothing without the conditions of before: "… only with SSE-KMS. Upload only."
func (rd *Reading) restates(u object.Unit, grants, before []intent.Grant) bool {
	c := rd.Clauses[u.Clause]
	if len(grants) == 0 || len(before) == 0 || rd.HasOwnObject(u) && !u.Shared || c.To-c.From > longRestatement || !rd.Within(c.From, c.To, "only", "just", "solely", "purely", "strictly", "all") {
		return false
	}
	if slices.ContainsFunc(rd.Where, func(w object.Condition) bool { return w.Clause == u.Clause }) {
		return false
	}
	for _, g := range grants {
		for _, a := range g.Actions {
			if !allowedIn(before, a.Name) {
				return false
			}
		}
	}
	return true
}

func allowedIn(grants []intent.Grant, action string) bool {
	return slices.ContainsFunc(grants, func(g intent.Grant) bool {
		return g.Effect != policy.Deny && slices.ContainsFunc(g.Actions, func(a intent.Action) bool { return a.Name == action })
	})
}

// sameTarget says that two targets are the same resources, wherever they were named.
func sameTarget(a, b intent.Target) bool {
	if a.ARN != b.ARN || a.Service != b.Service || a.Type != b.Type || len(a.Vars) != len(b.Vars) {
		return false
	}
	for k, v := range a.Vars {
		if b.Vars[k] != v {
			return false
		}
	}
	return true
}
