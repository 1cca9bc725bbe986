// Package remedy finds the smallest changes that would have a denied request allowed. Each is
// tried: the request is decided again with the change made.
package remedy

import (
	"maps"
	"slices"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Change is one thing to do, in a policy or about the request.
type Change struct {
	Kind      policy.Kind // layer of the policy to change; empty: the request is to be another
	Level     string      // of control policies
	Policy    string      // name of the policy, where it has one
	Statement int         // from 1: the statement to change; 0: one is to be added
	Key       string      // of a change of the request: the condition key
	Text      string      // what to do, in words

	apply func(*world)
	cost  int
}

// A Plan is a set of changes that together have the request allowed.
type Plan []Change

// Bounds of the search: changes of one plan, plans, and decisions that it may take.
const (
	maxDepth     = 6
	maxPlans     = 5
	maxDecisions = 3000
	maxGreedy    = 200
)

// Smallest returns the plans with the fewest changes that have a request allowed, at most five.
// There are none if the request is allowed already, or if no policy can allow it. If very many
// changes are needed, the only plan may not be the smallest. It may run concurrently.
func Smallest(r evaluate.Request, s *evaluate.Setting) []Plan {
	w := &world{request: r, setting: *s}
	f := &finder{seen: map[string]bool{}}
	for depth := 1; depth <= maxDepth && len(f.plans) == 0 && f.decisions < maxDecisions; depth++ {
		f.search(w, nil, depth)
	}
	if len(f.plans) == 0 {
		if plan := f.greedy(w); plan != nil {
			f.plans = append(f.plans, plan)
		}
	}
	return f.plans
}

// A finder looks for plans.
type finder struct {
	plans     []Plan
	seen      map[string]bool // the texts of plans
	decisions int
}

// search extends a plan by what removes the first obstacle, until the request is allowed or
// the changes that are left are used up. What removes a later obstacle too is among that.
func (f *finder) search(w *world, plan Plan, left int) {
	if f.decisions >= maxDecisions || len(f.plans) >= maxPlans {
		return
	}
	f.decisions++
	a := w.decide()
	if a.Decision == evaluate.Allowed {
		f.keep(plan)
		return
	}
	if left == 0 {
		return
	}
	for _, c := range w.alternatives(&a) {
		if c.cost <= left {
			f.search(w.with(c), append(slices.Clone(plan), c), left-c.cost)
		}
	}
}

// keep adds a plan unless it is there in another order.
func (f *finder) keep(plan Plan) {
	texts := make([]string, 0, len(plan))
	for _, c := range plan {
		texts = append(texts, c.Text)
	}
	slices.Sort(texts)
	key := ""
	for _, t := range texts {
		key += t + "\n"
	}
	if len(plan) > 0 && !f.seen[key] {
		f.seen[key] = true
		f.plans = append(f.plans, plan)
	}
}

// greedy takes the first way past each obstacle.
func (f *finder) greedy(w *world) Plan {
	var plan Plan
	for range maxGreedy {
		a := w.decide()
		if a.Decision == evaluate.Allowed {
			return plan
		}
		choices := w.alternatives(&a)
		if len(choices) == 0 {
			return nil
		}
		plan = append(plan, choices[0])
		w = w.with(choices[0])
	}
	return nil
}

// A world is a request in its setting, with the changes made so far.
type world struct {
	request evaluate.Request
	setting evaluate.Setting
}

func (w *world) decide() evaluate.Authorization { return evaluate.Authorize(w.request, &w.setting) }

// with returns a copy with a change made.
func (w *world) with(c Change) *world {
	next := *w
	next.request.Context = maps.Clone(w.request.Context)
	if next.request.Context == nil {
		next.request.Context = evaluate.Context{}
	}
	layers := &next.setting.Layers
	layers.SCPs, layers.RCPs = slices.Clone(layers.SCPs), slices.Clone(layers.RCPs)
	c.apply(&next)
	return &next
}

// policies returns where the policies of a layer stand.
func (w *world) policies(kind policy.Kind, level string) *[]*evaluate.Policy {
	layers := &w.setting.Layers
	switch kind {
	case policy.IdentityBased:
		return &layers.Identity
	case policy.PermissionsBoundary:
		return &layers.Boundary
	case policy.SessionPolicy:
		return &layers.Session
	case policy.Endpoint:
		return &layers.Endpoint
	case policy.ServiceControl, policy.ResourceControl:
		levels := layers.SCPs
		if kind == policy.ResourceControl {
			levels = layers.RCPs
		}
		for i := range levels {
			if levels[i].Name == level {
				return &levels[i].Policies
			}
		}
	}
	return &layers.Resource
}
