package intent

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// NoWider says whether one intent allows nothing that another does not: every grant of it lies
// within grants of the other, and no denial of the other is missing or weaker. It may say false
// of intents that are no wider, but never true of one that is.
func NoWider(after, before Intent) bool {
	if !settingHolds(before.Account, after.Account) || !settingHolds(before.Region, after.Region) || !settingHolds(before.Partition, after.Partition) {
		return false
	}
	for _, g := range after.Grants {
		if g.Effect != policy.Deny && !within(g, before.Grants) {
			return false
		}
	}
	for _, d := range before.Grants {
		if d.Effect == policy.Deny && !slices.ContainsFunc(after.Grants, func(g Grant) bool { return denies(g, d) }) {
			return false
		}
	}
	return true
}

// settingHolds: a setting that was left open may be filled, one that was filled stays.
func settingHolds(before, after string) bool { return before == "" || before == after }

// within says whether every action of a grant, on every target, is granted by one of the others.
func within(g Grant, others []Grant) bool {
	if len(g.NotActions) > 0 {
		return slices.ContainsFunc(others, func(o Grant) bool {
			return o.Effect != policy.Deny && subset(o.NotActions, g.NotActions) && len(o.NotActions) > 0 && holds(g, o) && coversAll(o.Targets, g.Targets)
		})
	}
	for _, a := range g.Actions {
		targets := g.Targets
		if len(targets) == 0 {
			targets = []Target{{}}
		}
		for _, t := range targets {
			if !slices.ContainsFunc(others, func(o Grant) bool {
				return o.Effect != policy.Deny && hasAction(o, a) && covers(o.Targets, t) && holds(g, o)
			}) {
				return false
			}
		}
	}
	return true
}

func hasAction(g Grant, a Action) bool {
	if len(g.NotActions) > 0 {
		return !slices.ContainsFunc(g.NotActions, func(p string) bool { return wildcard.MatchFold(p, a.Name) || wildcard.MatchFold(a.Name, p) })
	}
	return slices.ContainsFunc(g.Actions, func(x Action) bool {
		return wildcard.MatchFold(x.Name, a.Name) && (len(x.On) == 0 || len(a.On) > 0 && subset(a.On, x.On))
	})
}

// holds says whether a grant has the principals, the constraints and the exceptions of another.
func holds(g, other Grant) bool {
	for _, p := range g.Principals {
		if !slices.ContainsFunc(other.Principals, func(o Principal) bool {
			return o.Type == p.Type && (o.ID == p.ID || holdsPrincipal(o.ID, p.ID)) || o.Type == "*"
		}) {
			return false
		}
	}
	for _, c := range other.Where {
		if !slices.ContainsFunc(g.Where, func(x Constraint) bool { return implies(x, c) }) {
			return false
		}
	}
	return coversAll(g.Except, other.Except)
}

// holdsPrincipal says whether one principal is an account and the other a role or user of it.
func holdsPrincipal(account, other string) bool {
	base, ok := strings.CutSuffix(account, ":root")
	return ok && (strings.HasPrefix(other, base+":role/") || strings.HasPrefix(other, base+":user/"))
}

// denies says whether a denial takes away all that another one does.
func denies(g, other Grant) bool {
	if g.Effect != policy.Deny || !subset(other.NotActions, g.NotActions) || !subset(g.NotActions, other.NotActions) {
		return false
	}
	for _, a := range other.Actions {
		if !hasAction(g, a) {
			return false
		}
	}
	loose := func(xs, of []Constraint) bool {
		return !slices.ContainsFunc(xs, func(x Constraint) bool {
			return !slices.ContainsFunc(of, func(c Constraint) bool { return sameConstraint(x, c) })
		})
	}
	targets := other.Targets
	if len(targets) == 0 {
		targets = []Target{{}}
	}
	for _, t := range targets {
		if !covers(g.Targets, t) {
			return false
		}
	}
	return loose(g.Where, other.Where) && loose(g.Unless, other.Unless) && coversAll(other.Except, g.Except)
}

func subset(of, list []string) bool {
	return !slices.ContainsFunc(of, func(s string) bool { return !slices.Contains(list, s) })
}

// coversAll says whether each of the targets lies within one of the list.
func coversAll(list, targets []Target) bool {
	return !slices.ContainsFunc(targets, func(t Target) bool { return !covers(list, t) })
}

// covers says whether a target lies within one of the list; an empty list holds everything.
func covers(list []Target, t Target) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(w Target) bool { return w.Holds(t) })
}

// Holds says whether every resource of another target is one of this target too.
func (t Target) Holds(other Target) bool {
	if t.ARN == "*" {
		return true
	}
	if t.ARN != "" {
		return other.ARN != "" && wildcard.Match(t.ARN, other.ARN)
	}
	if other.ARN != "" || t.Service != other.Service || !settingHolds(t.Account, other.Account) || !settingHolds(t.Region, other.Region) {
		return false
	}
	if t.Type != other.Type && len(t.Vars) == 0 {
		return false
	}
	for k, v := range t.Vars {
		if o, ok := other.Vars[k]; !ok && v != "*" || ok && !wildcard.Match(v, o) {
			return false
		}
	}
	return true
}

// implies says whether a request that passes one constraint passes the other as well.
func implies(a, b Constraint) bool {
	if sameConstraint(a, b) {
		return true
	}
	if !strings.EqualFold(a.Key, b.Key) || a.Test != b.Test || a.Set != b.Set || a.Optional && !b.Optional || len(b.Actions) > 0 && !subset(b.Actions, a.Actions) || len(b.Actions) == 0 && len(a.Actions) > 0 {
		return false
	}
	switch a.Test {
	case Is:
		return len(a.Values) > 0 && !slices.ContainsFunc(a.Values, func(v string) bool {
			return !slices.ContainsFunc(b.Values, func(w string) bool { return ValueWithin(v, w) })
		})
	case IsNot:
		return subset(b.Values, a.Values)
	case Exists, Absent:
		return true
	}
	return slices.Equal(a.Values, b.Values)
}

// ValueWithin says whether every value that one value or pattern of a constraint stands for is
// among those of another: equal, matched by its pattern, or a network inside its network.
func ValueWithin(v, of string) bool {
	if v == of || wildcard.Match(of, v) {
		return true
	}
	p, err := netip.ParsePrefix(v)
	if err != nil {
		a, err := netip.ParseAddr(v)
		if err != nil {
			return false
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	q, err := netip.ParsePrefix(of)
	return err == nil && q.Contains(p.Addr()) && q.Bits() <= p.Bits()
}
