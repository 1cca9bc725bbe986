package guard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// mergeGuards joins guards that differ only in their actions.
func mergeGuards(list []intent.Grant) []intent.Grant {
	var out []intent.Grant
	for _, x := range list {
		joined := false
		for i := range out {
			if sameGuard(out[i], x) {
				out[i].Actions = appendActions(out[i].Actions, x.Actions)
				joined = true
				break
			}
		}
		if !joined {
			x.Actions = appendActions(nil, x.Actions)
			out = append(out, x)
		}
	}
	return out
}

func sameGuard(a, b intent.Grant) bool {
	return len(a.NotActions)+len(b.NotActions) == 0 && fmt.Sprint(a.Targets, a.Except, plainConditions(a.Where), plainConditions(a.Unless)) == fmt.Sprint(b.Targets, b.Except, plainConditions(b.Where), plainConditions(b.Unless))
}

func plainConditions(list []intent.Constraint) string {
	var b strings.Builder
	for _, c := range list {
		fmt.Fprint(&b, c.Key, c.Test, c.Values, c.Set, ";")
	}
	return b.String()
}

func appendActions(into, from []intent.Action) []intent.Action {
	for _, a := range from {
		if !slices.ContainsFunc(into, func(x intent.Action) bool { return x.Name == a.Name && slices.Equal(x.On, a.On) }) {
			into = append(into, a)
		}
	}
	return into
}
