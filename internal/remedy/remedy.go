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

// Bounds of the search: changes of one plan, plans, and what it may cost.
const (
	maxDepth     = 6
	maxPlans     = 5
	maxDecisions = 3000
	maxWork      = 200_000 // decisions times statements

	// MaxChanges is the most changes of a plan.
	MaxChanges = 200
)

// Smallest returns the plans with the fewest changes that have a request allowed, at most five.
// There are none if the request is allowed already, if no policy can allow it, or if more than
// MaxChanges are needed: then possible is true. If very many changes are needed, the only plan
// may not be the smallest. It may run concurrently.
func Smallest(r evaluate.Request, s *evaluate.Setting) (plans []Plan, possible bool) {
	return smallest(&world{request: r, setting: *s})
}

// SmallestInLayer is Smallest for a request that the policies of one layer decide alone.
func SmallestInLayer(r evaluate.Request, kind policy.Kind, policies []*evaluate.Policy) (plans []Plan, possible bool) {
	w := &world{request: r, alone: kind}
	// Control policies of one layer are those of one level.
	w.setting.Layers.SCPs, w.setting.Layers.RCPs = []evaluate.Level{{}}, []evaluate.Level{{}}
	*w.policies(kind, "") = policies
	return smallest(w)
}

func smallest(w *world) ([]Plan, bool) {
	f := &finder{seen: map[string]bool{}, decisions: min(maxDecisions, max(20, maxWork/max(1, w.size())))}
	for depth := 1; depth <= maxDepth && len(f.plans) == 0 && f.decisions > 0; depth++ {
		f.search(w, nil, depth)
	}
	if len(f.plans) > 0 {
		return f.plans, true
	}
	plan, possible := f.greedy(w)
	if len(plan) > 0 {
		return []Plan{plan}, true
	}
	return nil, possible
}

// A finder looks for plans.
type finder struct {
	plans     []Plan
	seen      map[string]bool // the texts of plans
	decisions int             // that it may still take
}

// search extends a plan by what removes the first obstacle, until the request is allowed or
// the changes that are left are used up. What removes a later obstacle too is among that.
func (f *finder) search(w *world, plan Plan, left int) {
	if f.decisions <= 0 || len(f.plans) >= maxPlans {
		return
	}
	f.decisions--
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

// greedy takes the first way past each obstacle. It returns no plan if there is none, or if it
// would be too long: then possible is true.
func (f *finder) greedy(w *world) (plan Plan, possible bool) {
	for range MaxChanges {
		a := w.decide()
		if a.Decision == evaluate.Allowed {
			return plan, true
		}
		choices := w.alternatives(&a)
		if len(choices) == 0 {
			return nil, false
		}
		if choices[0].Key == "" && denials(&a) > MaxChanges {
			return nil, true
		}
		plan = append(plan, choices[0])
		w = w.with(choices[0])
	}
	if a := w.decide(); a.Decision == evaluate.Allowed {
		return plan, true
	}
	return nil, true
}

// denials counts the statements that deny in the layer that decided.
func denials(a *evaluate.Authorization) int {
	if a.Decision != evaluate.ExplicitDeny {
		return 0
	}
	e := a.Layers[a.Decided].Explanation(a.Request)
	return len(e.Deciding())
}

// A world is a request in its setting, with the changes made so far.
type world struct {
	request evaluate.Request
	setting evaluate.Setting
	alone   policy.Kind // the layer that decides alone; empty: all of them
}

// size is the number of statements that decide.
func (w *world) size() int {
	a := w.decide()
	total := 0
	for i := range a.Layers {
		for _, p := range a.Layers[i].Policies {
			total += p.Len()
		}
	}
	return total
}

func (w *world) decide() evaluate.Authorization {
	if w.alone != "" {
		return evaluate.AuthorizeLayer(w.request, w.alone, *w.policies(w.alone, ""))
	}
	return evaluate.Authorize(w.request, &w.setting)
}

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
