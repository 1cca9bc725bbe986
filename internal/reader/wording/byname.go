package wording

import (
	"slices"
)

// namedAction is how much surer a whole name makes a reading than the task that it beats.
const namedAction = 0.5

// byName puts an action whose whole name was said before a task that comes as near without it:
// "delete the room" is no moderation of its messages.
func byName(all []Match) {
	if all[0].Task == nil || slices.ContainsFunc(all, func(m Match) bool {
		return m.Task == nil && m.Exact && m.missing == 0 && slices.Contains(all[0].Actions(), m.Action.String())
	}) {
		return // the task holds what the verb itself says
	}
	for i, m := range all {
		switch {
		case m.Score < all[0].Score-0.8:
			return
		case m.Score < all[0].Score-0.3 && m.Exact, len(m.Used) < len(all[0].Used)-1:
		case m.Task == nil && m.Service == all[0].Service && m.plain && m.whole && m.Left == 0 && !slices.Contains(all[0].Actions(), m.Action.String()):
			m.Score = all[0].Score + namedAction
			copy(all[1:i+1], all[:i])
			all[0] = m
			return
		}
	}
}
