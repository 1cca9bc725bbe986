package compile

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// split parts a statement where a condition key belongs to some of an action's resource types
// only: ec2:RunInstances carries ec2:InstanceType for the instance, not for the subnet. Of an
// Allow the other types stay without the condition; of a Deny they are left out.
func (w *compiler) split(ca *catalog.Action, d *draft) []*draft {
	drafts := []*draft{d}
	for _, key := range conditionKeys(d.conditions) {
		var next []*draft
		for _, d := range drafts {
			next = append(next, w.splitBy(ca, d, key)...)
		}
		drafts = next
	}
	return drafts
}

func conditionKeys(cs []policy.Condition) []string {
	var out []string
	for _, c := range cs {
		if !contains(out, c.Key) {
			out = append(out, c.Key)
		}
	}
	return out
}

func (w *compiler) splitBy(ca *catalog.Action, d *draft, key string) []*draft {
	carriers := w.carriers(ca, key)
	if len(carriers) == 0 || len(carriers) == len(ca.Resources) || len(d.notRes) > 0 {
		return []*draft{d}
	}
	with, without := *d, *d
	with.resources, without.resources = nil, nil
	for _, a := range d.resources {
		if a == "*" && d.effect == policy.Deny {
			for _, rt := range carriers {
				for _, format := range ca.ARNs(rt) {
					with.resources = append(with.resources, w.write(format, nil, intent.Target{}))
				}
			}
			continue
		}
		if a == "*" || w.carried(ca, carriers, a) {
			with.resources = append(with.resources, a)
		} else {
			without.resources = append(without.resources, a)
		}
	}
	without.conditions = slices.DeleteFunc(slices.Clone(d.conditions), func(c policy.Condition) bool { return c.Key == key })
	switch {
	case len(with.resources) == 0 && d.effect == policy.Allow && len(without.resources) > 0, len(with.resources) == 0:
		return []*draft{d}
	case len(without.resources) == 0 || d.effect == policy.Deny:
		return []*draft{&with}
	}
	return []*draft{&with, &without}
}

func (w *compiler) carried(ca *catalog.Action, carriers []*catalog.ResourceType, a string) bool {
	for _, rt := range carriers {
		if arns := w.fitARN(a, ca, rt); len(arns) == 1 && arns[0] == a {
			return true
		}
	}
	return false
}

// carriers returns the resource types for which a request of the action carries the key, or
// none where it does not depend on the type. What a request tags is what the action is named
// after, whatever else it may tag at the same time.
func (w *compiler) carriers(ca *catalog.Action, key string) []*catalog.ResourceType {
	var out, main []*catalog.ResourceType
	for _, r := range ca.Resources {
		if !slices.ContainsFunc(r.Keys, func(k string) bool { return keyMatches(k, key) }) {
			continue
		}
		out = append(out, r.Type)
		if strings.Contains(strings.ToLower(ca.Name), strings.ReplaceAll(r.Type.Name, "-", "")) {
			main = append(main, r.Type)
		}
	}
	if len(main) > 0 && (strings.HasPrefix(key, "aws:RequestTag/") || key == "aws:TagKeys") {
		return main
	}
	return out
}

// keyMatches says whether a key of the catalog, which may end in a variable, is the key.
func keyMatches(template, key string) bool {
	if base, _, ok := strings.Cut(template, "${"); ok {
		return len(key) > len(base) && strings.EqualFold(key[:len(base)], base)
	}
	return strings.EqualFold(template, key)
}
