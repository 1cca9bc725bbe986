package intent

import (
	"reflect"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// Clone returns a copy that shares nothing with the intent.
func (in Intent) Clone() Intent {
	out := in
	out.Grants = make([]Grant, 0, len(in.Grants))
	for _, g := range in.Grants {
		out.Grants = append(out.Grants, g.Clone())
	}
	out.Assumed = slices.Clone(in.Assumed)
	out.Words = slices.Clone(in.Words)
	out.Questions = slices.Clone(in.Questions)
	for i := range out.Questions {
		out.Questions[i].Choices = slices.Clone(out.Questions[i].Choices)
	}
	return out
}

// Clone returns a copy that shares nothing with the grant.
func (g Grant) Clone() Grant {
	g.Principals = slices.Clone(g.Principals)
	g.NotActions = slices.Clone(g.NotActions)
	g.Actions = slices.Clone(g.Actions)
	for i := range g.Actions {
		g.Actions[i].On = slices.Clone(g.Actions[i].On)
	}
	g.Targets, g.Except = cloneTargets(g.Targets), cloneTargets(g.Except)
	g.Where, g.Unless = cloneConstraints(g.Where), cloneConstraints(g.Unless)
	return g
}

// Clone returns a copy that shares nothing with the target.
func (t Target) Clone() Target {
	if t.Vars != nil {
		vars := make(map[string]string, len(t.Vars))
		for k, v := range t.Vars {
			vars[k] = v
		}
		t.Vars = vars
	}
	return t
}

func cloneTargets(ts []Target) []Target {
	out := slices.Clone(ts)
	for i := range out {
		out[i] = out[i].Clone()
	}
	return out
}

func cloneConstraints(cs []Constraint) []Constraint {
	out := slices.Clone(cs)
	for i := range out {
		out[i].Values = slices.Clone(out[i].Values)
		out[i].Actions = slices.Clone(out[i].Actions)
	}
	return out
}

// EachSpan calls f with every span of the intent.
func (in *Intent) EachSpan(f func(*Span)) {
	for i := range in.Grants {
		in.Grants[i].eachSpan(f)
	}
	for i := range in.Assumed {
		f(&in.Assumed[i].Span)
	}
	for i := range in.Questions {
		f(&in.Questions[i].Span)
	}
	for i := range in.Words {
		f(&in.Words[i].Span)
	}
}

func (g *Grant) eachSpan(f func(*Span)) {
	f(&g.Span)
	for i := range g.Principals {
		f(&g.Principals[i].Span)
	}
	for i := range g.Actions {
		f(&g.Actions[i].Span)
	}
	for _, ts := range [][]Target{g.Targets, g.Except} {
		for i := range ts {
			f(&ts[i].Span)
		}
	}
	for _, cs := range [][]Constraint{g.Where, g.Unless} {
		for i := range cs {
			f(&cs[i].Span)
		}
	}
}

// Same says whether two intents want the same. Spans, reasons, the ledger, assumptions and
// questions do not count.
func Same(a, b Intent) bool {
	return reflect.DeepEqual(bare(a), bare(b))
}

func bare(in Intent) Intent {
	out := in.Clone()
	out.Assumed, out.Words, out.Questions = nil, nil, nil
	out.EachSpan(func(s *Span) { *s = Span{} })
	for i := range out.Grants {
		g := &out.Grants[i]
		for j := range g.Actions {
			g.Actions[j].Because, g.Actions[j].Wide = "", false
			g.Actions[j].On = emptyToNil(g.Actions[j].On)
		}
		g.Principals, g.NotActions = emptyToNil(g.Principals), emptyToNil(g.NotActions)
		g.Targets, g.Except = emptyToNil(g.Targets), emptyToNil(g.Except)
		g.Where, g.Unless = emptyToNil(g.Where), emptyToNil(g.Unless)
	}
	return out
}

func emptyToNil[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return s
}

// Rename puts a new name, identifier, account or region in the place of an old one, wherever
// it stands as a whole, and returns in how many places.
func (in *Intent) Rename(from, to string) int {
	n := 0
	set := func(s *string) {
		if out := replaceWhole(*s, from, to); out != *s {
			*s = out
			n++
		}
	}
	set(&in.Account)
	set(&in.Region)
	for i := range in.Grants {
		in.Grants[i].rename(set)
	}
	return n
}

func (g *Grant) rename(set func(*string)) {
	for i := range g.Principals {
		set(&g.Principals[i].ID)
	}
	for _, ts := range [][]Target{g.Targets, g.Except} {
		for i := range ts {
			ts[i].rename(set)
		}
	}
	for _, cs := range [][]Constraint{g.Where, g.Unless} {
		for i := range cs {
			for j := range cs[i].Values {
				set(&cs[i].Values[j])
			}
		}
	}
}

func (t *Target) rename(set func(*string)) {
	set(&t.ARN)
	set(&t.Account)
	set(&t.Region)
	for k, v := range t.Vars {
		set(&v)
		t.Vars[k] = v
	}
}

// Renamed returns a copy of the target with a name replaced, and whether it held the name.
func (t Target) Renamed(from, to string) (Target, bool) {
	out, changed := t.Clone(), false
	out.rename(func(s *string) {
		if v := replaceWhole(*s, from, to); v != *s {
			*s, changed = v, true
		}
	})
	return out, changed
}

// Disjoint says that the two targets bind no variable in common, as if one held a resource's name
// and the other its number.
func (t Target) Disjoint(other Target) bool {
	for v := range t.Vars {
		if _, ok := other.Vars[v]; ok {
			return false
		}
	}
	return true
}

// Names says whether the target holds the name as a whole.
func (t Target) Names(name string) bool {
	_, ok := t.Renamed(name, name+"\x00")
	return ok
}

// replaceWhole replaces occurrences that no character of a name touches.
func replaceWhole(s, from, to string) string {
	if from == "" || s == "" {
		return s
	}
	if s == from {
		return to
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		j := strings.Index(s[i:], from)
		if j < 0 {
			b.WriteString(s[i:])
			break
		}
		j += i
		end := j + len(from)
		b.WriteString(s[i:j])
		if j > 0 && nameByte(s[j-1]) || end < len(s) && nameByte(s[end]) {
			b.WriteString(from)
		} else {
			b.WriteString(to)
		}
		i = end
	}
	return b.String()
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.'
}

// Constrain adds a constraint to every grant that the function chooses, and returns how many
// it was new to. A constraint that is there already is not added twice.
func (in *Intent) Constrain(c Constraint, chosen func(Grant) bool) int {
	n := 0
	for i := range in.Grants {
		g := &in.Grants[i]
		if !chosen(*g) || hasConstraint(g.Where, c) {
			continue
		}
		g.Where = append(g.Where, cloneConstraints([]Constraint{c})[0])
		n++
	}
	return n
}

// Exempt makes the denials that the function chooses spare what the constraint says.
func (in *Intent) Exempt(c Constraint, chosen func(Grant) bool) int {
	n := 0
	for i := range in.Grants {
		g := &in.Grants[i]
		if g.Effect != policy.Deny || !chosen(*g) || hasConstraint(g.Unless, c) {
			continue
		}
		g.Unless = append(g.Unless, cloneConstraints([]Constraint{c})[0])
		n++
	}
	return n
}

func hasConstraint(list []Constraint, c Constraint) bool {
	return slices.ContainsFunc(list, func(x Constraint) bool { return sameConstraint(x, c) })
}

func sameConstraint(a, b Constraint) bool {
	return strings.EqualFold(a.Key, b.Key) && a.Test == b.Test && a.Set == b.Set && a.Optional == b.Optional &&
		slices.Equal(a.Values, b.Values) && slices.Equal(a.Actions, b.Actions)
}

// DropConstraints removes the constraints that the function names and returns how many.
func (in *Intent) DropConstraints(drop func(Constraint) bool) int {
	n := 0
	for i := range in.Grants {
		g := &in.Grants[i]
		before := len(g.Where) + len(g.Unless)
		g.Where = slices.DeleteFunc(g.Where, drop)
		g.Unless = slices.DeleteFunc(g.Unless, drop)
		n += before - len(g.Where) - len(g.Unless)
	}
	return n
}

// DropActions removes the actions that the function names, then the grants left without any,
// with the companions that stood beside them only. It returns how many actions were removed.
func (in *Intent) DropActions(drop func(Grant, Action) bool) int {
	n := 0
	touched, alive := map[Span]bool{}, map[Span]bool{}
	for i := range in.Grants {
		g := &in.Grants[i]
		before := len(g.Actions)
		g.Actions = slices.DeleteFunc(g.Actions, func(a Action) bool { return drop(*g, a) })
		n += before - len(g.Actions)
		touched[g.Span] = touched[g.Span] || before > len(g.Actions)
		for _, a := range g.Actions {
			alive[g.Span] = alive[g.Span] || a.Span != (Span{})
		}
	}
	in.Grants = slices.DeleteFunc(in.Grants, func(g Grant) bool {
		return len(g.Actions) == 0 && len(g.NotActions) == 0 || touched[g.Span] && !alive[g.Span] && len(g.NotActions) == 0
	})
	return n
}

// DropTargets removes the targets that the function names, and the grants that had no other.
// It returns how many targets were removed.
func (in *Intent) DropTargets(drop func(Target) bool) int {
	n := 0
	in.Grants = slices.DeleteFunc(in.Grants, func(g Grant) bool {
		return len(g.Targets) > 0 && !slices.ContainsFunc(g.Targets, func(t Target) bool { return !drop(t) }) && addTo(&n, len(g.Targets))
	})
	for i := range in.Grants {
		g := &in.Grants[i]
		before := len(g.Targets)
		g.Targets = slices.DeleteFunc(g.Targets, drop)
		n += before - len(g.Targets)
	}
	return n
}

func addTo(n *int, k int) bool {
	*n += k
	return true
}

// DropPrincipals removes the principals that the function names, and the grants that had no
// other. It returns how many principals were removed.
func (in *Intent) DropPrincipals(drop func(Principal) bool) int {
	n := 0
	in.Grants = slices.DeleteFunc(in.Grants, func(g Grant) bool {
		return len(g.Principals) > 0 && !slices.ContainsFunc(g.Principals, func(p Principal) bool { return !drop(p) }) && addTo(&n, len(g.Principals))
	})
	for i := range in.Grants {
		g := &in.Grants[i]
		before := len(g.Principals)
		g.Principals = slices.DeleteFunc(g.Principals, drop)
		n += before - len(g.Principals)
	}
	return n
}

// Tidy removes targets that another target of the same grant holds.
func (in *Intent) Tidy() {
	for i := range in.Grants {
		g := &in.Grants[i]
		var kept []Target
		for j, t := range g.Targets {
			held := slices.ContainsFunc(kept, func(k Target) bool { return k.Type == t.Type && k.Holds(t) })
			for _, o := range g.Targets[j+1:] {
				held = held || o.Type == t.Type && o.Holds(t) && !t.Holds(o)
			}
			if !held {
				kept = append(kept, t)
			}
		}
		g.Targets = kept
	}
}
