package reader

import "slices"

// namedAction is how much surer a whole name makes a reading than the task that it beats.
const namedAction = 0.5

// byName puts an action whose whole name was said before a task that comes as near without it:
// "delete the room" is no moderation of its messages.
func byName(all []match) {
	if all[0].task == nil || slices.ContainsFunc(all, func(m match) bool {
		return m.task == nil && m.exact && m.missing == 0 && slices.Contains(all[0].actions(), m.action.String())
	}) {
		return // the task holds what the verb itself says
	}
	for i, m := range all {
		switch {
		case m.score < all[0].score-0.8:
			return
		case m.score < all[0].score-0.3 && m.exact, len(m.used) < len(all[0].used)-1:
		case m.task == nil && m.service == all[0].service && m.plain && m.whole && m.left == 0 && !slices.Contains(all[0].actions(), m.action.String()):
			m.score = all[0].score + namedAction
			copy(all[1:i+1], all[:i])
			all[0] = m
			return
		}
	}
}
