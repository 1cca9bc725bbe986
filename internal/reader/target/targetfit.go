package target

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// Reaches says whether an action can be limited to one of the targets; without targets all can.
func (rd *Reading) Reaches(a *catalog.Action, targets []intent.Target) bool {
	if len(targets) == 0 {
		return true
	}
	for _, r := range a.Resources {
		for _, t := range targets {
			if rd.Fits(t, r.Type) {
				return true
			}
		}
	}
	return false
}

func (rd *Reading) anyFits(targets []intent.Target, rt *catalog.ResourceType) bool {
	for _, t := range targets {
		if t.ARN == "" && rd.Fits(t, rt) {
			return true
		}
	}
	return false
}

func (rd *Reading) bound(targets []intent.Target, service, variable string) bool {
	for _, t := range targets {
		if t.Service == service && t.Vars[variable] != "" {
			return true
		}
	}
	return false
}

// rivals says that a target would bind what a nearer one binds already.
func (rd *Reading) rivals(near []intent.Target, t intent.Target) bool {
	for _, n := range near {
		if n.ARN != "" || t.ARN != "" {
			return true
		}
		if n.Service != t.Service {
			continue
		}
		if n.Type == t.Type && !n.Disjoint(t) {
			return true
		}
		for v := range t.Vars {
			if _, ok := n.Vars[v]; ok {
				return true
			}
		}
	}
	return false
}

// Lacking returns the first resource type that an action requires and no target names.
func (rd *Reading) Lacking(actions []intent.Action, found []intent.Target) *catalog.ResourceType {
	for _, a := range actions {
		for _, ca := range rd.Catalog.Expand(a.Name) {
			for _, r := range ca.Resources {
				if !r.Required || len(r.Type.ARNs) == 0 || len(catalog.ARNVariables(r.Type.ARNs[0])) == 0 {
					continue
				}
				named := false
				for _, t := range found {
					named = named || rd.Fits(t, r.Type)
				}
				if !named {
					return r.Type
				}
			}
		}
	}
	return nil
}

// Mentions says that tokens in [from, to) hold a noun of the resource type.
func (rd *Reading) Mentions(rt *catalog.ResourceType, from, to int) bool {
	for _, l := range rd.Links {
		if l.From < from || l.To > to || rd.Tokens[l.From].Taken || rd.NegativeAt(l.From) || rd.IsName(l) && slices.ContainsFunc(l.Entries, func(e lexicon.Entry) bool { return e.Kind == lexicon.Name && e.Service == rt.Service }) {
			continue
		}
		for _, e := range l.Entries {
			if e.Kind == lexicon.Noun && e.Service == rt.Service && e.Type == rt.Name {
				return true
			}
		}
	}
	return false
}

// complete says whether the targets bind every variable of the resource type.
func (rd *Reading) complete(targets []intent.Target, rt *catalog.ResourceType) bool {
	bound := map[string]bool{}
	for _, t := range targets {
		if t.ARN != "" {
			return true
		}
		if t.Service == rt.Service {
			for v := range t.Vars {
				bound[v] = true
			}
		}
	}
	if len(rt.ARNs) == 0 {
		return true
	}
	for _, v := range catalog.ARNVariables(rt.ARNs[0]) {
		if !bound[v] {
			return false
		}
	}
	return true
}

// TypesOf returns the resource types of the actions, each once, in their order.
func (rd *Reading) TypesOf(actions []intent.Action) []*catalog.ResourceType {
	var out []*catalog.ResourceType
	seen := map[*catalog.ResourceType]bool{}
	for _, a := range actions {
		for _, ca := range rd.Catalog.Expand(a.Name) {
			for _, r := range ca.Resources {
				if !seen[r.Type] {
					seen[r.Type] = true
					out = append(out, r.Type)
				}
			}
		}
	}
	return out
}

// Fits says whether a target can name, or stand above, a resource of the type.
func (rd *Reading) Fits(t intent.Target, rt *catalog.ResourceType) bool {
	if t.ARN != "" {
		return ArnFits(t.ARN, rt)
	}
	if t.Service != rt.Service {
		return rd.sameType(t, rt)
	}
	if t.Type == rt.Name || t.Service == "s3" && t.Type == "object" && rt.Name == "bucket" {
		return true
	}
	for _, format := range rt.ARNs {
		for v := range t.Vars {
			if catalog.Named(format, v) && !rd.homonym(t, v, format) {
				return true
			}
		}
	}
	return false
}

// homonym says that a variable of a target's type means something else in another ARN format: the
// Id of a hosted zone is not that of a change.
func (rd *Reading) homonym(t intent.Target, variable, format string) bool {
	own, ok := rd.ResourceType(&token.Typing{Service: t.Service, Type: t.Type})
	return ok && len(own.ARNs) > 0 && catalog.Named(own.ARNs[0], variable) && !catalog.SamePlace(own.ARNs[0], format, variable)
}

// adopted returns a target of another service as one of the type's, if it names what stands above
// resources of the type in their ARNs.
func (rd *Reading) adopted(t intent.Target, rt *catalog.ResourceType) intent.Target {
	if t.ARN != "" || t.Service == rt.Service || len(t.Vars) == 0 || len(rt.ARNs) == 0 || rd.sameType(t, rt) {
		return t
	}
	own, ok := rd.ResourceType(&token.Typing{Service: t.Service, Type: t.Type})
	if !ok || len(own.ARNs) == 0 {
		return t
	}
	vars := map[string]string{}
	for v, value := range t.Vars {
		to, ok := catalog.Parent(own.ARNs[0], rt.ARNs[0], v)
		if !ok {
			return t
		}
		vars[to] = value
	}
	t.Service, t.Type, t.Vars = rt.Service, "", vars
	return t
}

// ArnFits says whether an ARN may be of the resource type: same service, same fixed beginning.
func ArnFits(text string, rt *catalog.ResourceType) bool {
	a, n := arn.Fields(text)
	if n < len(a) {
		return text == "*"
	}
	for _, format := range rt.ARNs {
		f, fields := arn.Fields(format)
		if fields < len(f) || f[2] != a[2] && a[2] != "*" {
			continue
		}
		fixed, _, _ := strings.Cut(f[5], "${")
		fixed = strings.TrimSuffix(fixed, "*")
		if strings.HasPrefix(a[5], fixed) || strings.HasPrefix(fixed, strings.TrimRight(a[5], "*")) {
			return true
		}
	}
	return false
}

// sameType says that two services list the same kind of resource, by the same ARN format: roles
// of iam and sts.
func (rd *Reading) sameType(t intent.Target, rt *catalog.ResourceType) bool {
	s, ok := rd.Catalog.Service(t.Service)
	if !ok {
		return false
	}
	own, ok := s.Resource(t.Type)
	return ok && catalog.SameARN(own, rt)
}

// isBucket says whether the request names a bucket so.
func (rd *Reading) isBucket(name string) bool {
	for _, t := range rd.Tokens {
		if t.Typed != nil && t.Typed.Service == "s3" && t.Typed.Type == "bucket" && t.Text == name {
			return true
		}
	}
	return false
}

// bucketFirst says that a path begins with the name of its bucket, "acme-reports/daily/": the
// words name no other bucket, and nothing says that it is only a folder.
func (rd *Reading) bucketFirst(bucket string, i int) bool {
	if rd.Recall != nil || !strings.ContainsAny(bucket, "-.0123456789") || strings.ContainsAny(bucket, "*$") || len(bucket) < 3 || token.IsDigits(bucket) {
		return false
	}
	for j := i - 1; j >= i-3; j-- {
		if rd.Word(j, "folder", "folders", "prefix", "prefixes", "path", "paths", "directory", "subfolder", "below", "under", "beneath", "underneath") {
			return false
		}
	}
	if _, key, _ := strings.Cut(rd.Tokens[i].Text, "/"); strings.Contains(strings.Trim(key, "/*"), "/") || strings.Trim(key, "/*") != "" && rd.Word(i-1, "to", "into", "from") {
		for j := i - 1; j >= 0 && !(rd.Tokens[j].Typed != nil && rd.Tokens[j].Typed.Service == "s3" && rd.Tokens[j].Typed.Type == "bucket"); j-- {
			if rd.IsVerbHere(j) {
				return true // another verb than that of the bucket before
			}
		}
	}
	for j, t := range rd.Tokens {
		if j != i && (t.Typed != nil && t.Typed.Service == "s3" && t.Typed.Type == "bucket" || t.Lit.Kind == token.S3Literal) {
			return false
		}
	}
	return true
}

// everyOne says that the object of a unit is every resource of a type, so that no name from
// elsewhere limits it: "stop the alarms nightly-* and describe every alarm".
func (rd *Reading) everyOne(u object.Unit, rt *catalog.ResourceType) bool {
	for _, g := range u.Groups {
		for _, i := range g.Head {
			if i < u.From || !rd.Word(i-1, "every", "all", "any") || rd.LinkAt[i] < 0 {
				continue
			}
			for _, e := range rd.Links[rd.LinkAt[i]].Entries {
				if e.Kind == lexicon.Noun && e.Service == rt.Service && e.Type == rt.Name {
					return true
				}
			}
		}
	}
	return false
}

// mainType returns the main resource type of the actions' service, where all of their types are
// optional and it stands above one of them: the bucket of s3:GetObject.
func (rd *Reading) mainType(actions []intent.Action) *catalog.ResourceType {
	if len(actions) == 0 {
		return nil
	}
	prefix, _, _ := strings.Cut(actions[0].Name, ":")
	ls, ok := rd.Lexicon.Service(prefix)
	if !ok || ls.Main == "" {
		return nil
	}
	rt, ok := rd.ResourceType(&token.Typing{Service: prefix, Type: ls.Main})
	if !ok || len(rt.ARNs) == 0 {
		return nil
	}
	vars := map[string]string{}
	for _, v := range catalog.ARNVariables(rt.ARNs[0]) {
		vars[v] = "x"
	}
	for _, t := range rd.TypesOf(actions) {
		if rd.Fits(intent.Target{Service: prefix, Type: ls.Main, Vars: vars}, t) {
			return rt
		}
	}
	return nil
}
