package target

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/object"
)

// SplitDescribed keeps a tag to the resources that it describes, where an action has others that
// are named for themselves: "send the document d to instances tagged Env=lab".
func (rd *Reading) SplitDescribed(g intent.Grant) []intent.Grant {
	n := slices.IndexFunc(g.Where, func(c intent.Constraint) bool { return rd.describedTypes(c) != nil })
	if n < 0 || len(g.Except) > 0 {
		return []intent.Grant{g}
	}
	described, tag := rd.describedTypes(g.Where[n]), g.Where[n]
	var plain, tagged []string
	for _, rt := range rd.TypesOf(g.Actions) {
		if !described[rt.Name] && slices.ContainsFunc(g.Targets, func(t intent.Target) bool {
			return t.Type == rt.Name && (len(t.Vars) > 0 || t.ARN != "")
		}) {
			plain = append(plain, rt.Name)
		} else {
			tagged = append(tagged, rt.Name)
		}
	}
	if len(plain) == 0 || !slices.ContainsFunc(tagged, func(t string) bool { return described[t] }) {
		return []intent.Grant{g}
	}
	only, rest := g, g
	only.Actions, rest.Actions = nil, nil
	for _, a := range g.Actions {
		b, other := a, func(t string) bool { return len(a.On) > 0 && !slices.Contains(a.On, t) }
		a.On, b.On = slices.DeleteFunc(slices.Clone(tagged), other), slices.DeleteFunc(slices.Clone(plain), other)
		if strings.Contains(a.Name, "*") || len(a.On) == 0 || len(b.On) == 0 {
			return []intent.Grant{g}
		}
		only.Actions, rest.Actions = append(only.Actions, a), append(rest.Actions, b)
	}
	rest.Where = slices.DeleteFunc(slices.Clone(g.Where), func(c intent.Constraint) bool { return c.Key == tag.Key })
	isPlain := func(t intent.Target) bool { return slices.Contains(plain, t.Type) }
	only.Targets = slices.DeleteFunc(slices.Clone(g.Targets), isPlain)
	rest.Targets = slices.DeleteFunc(slices.Clone(g.Targets), func(t intent.Target) bool { return !isPlain(t) })
	return []intent.Grant{only, rest}
}

// describedTypes returns the resource types of the noun that a tag stands behind.
func (rd *Reading) describedTypes(c intent.Constraint) map[string]bool {
	if !strings.HasPrefix(c.Key, "aws:ResourceTag/") {
		return nil
	}
	for _, s := range rd.Where {
		if !s.Near || s.Span != c.Span || s.At < 1 || rd.LinkAt[s.At-1] < 0 {
			continue
		}
		out := map[string]bool{}
		for _, e := range rd.Links[rd.LinkAt[s.At-1]].Entries {
			out[e.Type] = true
		}
		return out
	}
	return nil
}

// wholeBuckets reads "the bucket" as all of the bucket, although only folders of it were named
// before: "s3://a/in/: read; listing the bucket".
func (rd *Reading) wholeBuckets(u object.Unit, targets []intent.Target) []intent.Target {
	said := slices.ContainsFunc(u.Groups, func(g object.Group) bool {
		return len(g.Head) == 1 && len(g.Mods) == 0 && rd.Word(g.Head[0], "bucket") && rd.Word(g.Head[0]-1, "the", "that", "whole")
	})
	if !said || u.Shared {
		return targets
	}
	out := slices.Clone(targets)
	for i, t := range out {
		if t.Service == "s3" && t.Type == "object" && t.Vars["BucketName"] != "" {
			out[i].Type, out[i].Vars = "bucket", map[string]string{"BucketName": t.Vars["BucketName"]}
		}
	}
	return out
}
