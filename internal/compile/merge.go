package compile

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// merge joins drafts that differ only in their actions, then those that differ only in their
// resources, and drops what another draft already says.
func (w *compiler) merge() {
	w.drafts = joinBy(w.drafts, func(d *draft) string {
		return d.key() + "|" + strings.Join(d.resources, ",") + "|" + strings.Join(d.notRes, ",")
	}, func(into, from *draft) {
		for a, r := range from.actions {
			if _, ok := into.actions[a]; !ok {
				into.actions[a] = r
			}
		}
	})
	w.drafts = joinBy(w.drafts, func(d *draft) string {
		return d.key() + "|" + strings.Join(slices.Sorted(maps.Keys(d.actions)), ",") + "|" + strings.Join(d.notRes, ",")
	}, func(into, from *draft) {
		into.resources = append(into.resources, from.resources...)
		sort.Strings(into.resources)
		into.resources = compact(into.resources)
	})
	for _, d := range w.drafts {
		d.absorb()
	}
	w.drafts = joinWider(w.drafts)
}

// key is what drafts that may be joined have in common.
func (d *draft) key() string {
	var b strings.Builder
	fmt.Fprint(&b, d.effect, d.notActions)
	for _, p := range d.principals {
		fmt.Fprint(&b, p.Type, p.ID, ";")
	}
	for _, c := range d.conditions {
		fmt.Fprint(&b, c.Operator, c.Key)
		for _, v := range c.Values {
			fmt.Fprintf(&b, "%q", v.Text)
		}
	}
	return b.String()
}

func joinBy(drafts []*draft, key func(*draft) string, join func(into, from *draft)) []*draft {
	index := map[string]*draft{}
	var out []*draft
	for _, d := range drafts {
		k := key(d)
		if into, ok := index[k]; ok {
			join(into, d)
			into.targets = append(into.targets, d.targets...)
			into.where = append(into.where, d.where...)
			continue
		}
		index[k] = d
		out = append(out, d)
	}
	return out
}

// joinWider drops an action from a draft if a draft with the same conditions grants it on "*".
func joinWider(drafts []*draft) []*draft {
	for _, wide := range drafts {
		if len(wide.resources) != 1 || wide.resources[0] != "*" {
			continue
		}
		for _, d := range drafts {
			if d == wide || d.key() != wide.key() || len(d.notRes) > 0 {
				continue
			}
			for a := range d.actions {
				if _, ok := wide.actions[a]; ok {
					delete(d.actions, a)
				}
			}
		}
	}
	out := drafts[:0]
	for _, d := range drafts {
		if len(d.actions) > 0 || len(d.notActions) > 0 {
			out = append(out, d)
		}
	}
	return out
}

// absorb drops actions that a pattern of the same draft already covers.
func (d *draft) absorb() {
	for p := range d.actions {
		prefix, ok := strings.CutSuffix(p, "*")
		if !ok {
			continue
		}
		for a := range d.actions {
			if a != p && strings.HasPrefix(strings.ToLower(a), strings.ToLower(prefix)) {
				delete(d.actions, a)
			}
		}
	}
}

func compact(list []string) []string {
	out := list[:0]
	for i, s := range list {
		if i == 0 || s != list[i-1] {
			out = append(out, s)
		}
	}
	return out
}

// statement writes a draft as a statement.
func (w *compiler) statement(d *draft) policy.Statement {
	s := policy.Statement{Effect: d.effect, Conditions: mergeConditions(d.conditions)}
	if len(d.notActions) > 0 {
		s.NotActions = texts(d.notActions)
	} else {
		s.Actions = texts(slices.Sorted(maps.Keys(d.actions)))
	}
	if len(d.principals) > 0 {
		s.Principal = principal(d.principals)
	}
	switch {
	case w.in.Kind == policy.Trust:
	case len(d.notRes) > 0:
		s.NotResources = texts(d.notRes)
	default:
		s.Resources = texts(d.resources)
	}
	return s
}

// mergeConditions keeps conditions apart that say the same key with the same operator: both
// must hold, so the values cannot be put together; the narrower list wins if one holds the other.
func mergeConditions(cs []policy.Condition) []policy.Condition {
	var out []policy.Condition
	for _, c := range cs {
		if n := len(out); n > 0 && out[n-1].Operator == c.Operator && out[n-1].Key == c.Key {
			if len(c.Values) < len(out[n-1].Values) {
				out[n-1] = c
			}
			continue
		}
		out = append(out, c)
	}
	return out
}

func principal(ps []intent.Principal) *policy.Principal {
	p := &policy.Principal{}
	for _, x := range ps {
		t := policy.Text{Text: x.ID}
		switch x.Type {
		case "*":
			return &policy.Principal{Any: true}
		case "AWS":
			p.AWS = append(p.AWS, t)
		case "Service":
			p.Service = append(p.Service, t)
		case "Federated":
			p.Federated = append(p.Federated, t)
		case "CanonicalUser":
			p.CanonicalUser = append(p.CanonicalUser, t)
		}
	}
	return p
}

// sid names a statement by what it does: AllowS3Read, DenyEc2Terminate.
func (w *compiler) sid(d *draft, used map[string]bool) string {
	name := string(d.effect)
	services, verbs := map[string]bool{}, map[string]bool{}
	for a := range d.actions {
		prefix, local, _ := strings.Cut(a, ":")
		services[prefix] = true
		if words := catalog.Words(local); len(words) > 0 {
			verbs[words[0]] = true
		}
	}
	switch {
	case len(d.notActions) > 0:
		name += "AllBut"
	case len(services) == 1:
		for s := range services {
			name += camel(s)
		}
		name += sidTail(d, verbs)
	default:
		name += "SeveralServices"
	}
	base := name
	for i := 2; used[name]; i++ {
		name = fmt.Sprintf("%s%d", base, i)
	}
	used[name] = true
	return name
}

func sidTail(d *draft, verbs map[string]bool) string {
	if len(d.actions) == 1 {
		for a := range d.actions {
			_, local, _ := strings.Cut(a, ":")
			return strings.Trim(strings.ReplaceAll(local, "*", "Any"), "?")
		}
	}
	if len(verbs) == 1 {
		for v := range verbs {
			return camel(v)
		}
	}
	return ""
}

func camel(s string) string {
	var b strings.Builder
	up := true
	for _, r := range s {
		switch {
		case r == '-' || r == '*' || r == '?':
			up = true
		case up:
			b.WriteString(strings.ToUpper(string(r)))
			up = false
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
