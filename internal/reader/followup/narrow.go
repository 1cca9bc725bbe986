package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// narrow restricts what is wanted. It never widens: an edit that would is not made.
func (f *followup) narrow() {
	if f.lacksValue() {
		return
	}
	before := f.e.in.Clone()
	done := f.narrowBranch() || f.narrowPrincipals() || f.narrowActions()
	done = f.constrainAll() || done
	if len(f.scannedHere()) == 0 || len(f.TargetsIn(0, len(f.Tokens))) > 0 || f.e.in.Kind == policy.ResourceBased {
		done = f.narrowTargets() || done
	}
	switch {
	case !done && len(f.e.asked) == 0 && len(f.Out.Questions) == 0:
		f.e.ask(f.all(), "What shall it be limited to? These words name nothing that is allowed so far.")
	case done && !f.denying() && !intent.NoWider(f.e.in, before):
		f.e.in = before
		f.e.ask(f.all(), "This would allow something that was not allowed before. Shall it stand in the place of what was said?")
	case done:
		f.e.did("limited: " + strings.TrimSpace(f.Text))
	}
}

func (f *followup) scannedHere() []intent.Constraint {
	var out []intent.Constraint
	for _, s := range f.Where {
		out = append(out, s.Constraint)
	}
	return out
}

// constrainAll puts the conditions of the segment on the grants they are about.
func (f *followup) constrainAll() bool {
	cs := slices.Clone(f.Where)
	if len(cs) == 0 && f.Out.Kind == policy.Trust || f.Out.Kind == policy.ResourceBased {
		for _, c := range f.scanned() {
			if !slices.ContainsFunc(cs, func(s object.Condition) bool { return s.Key == c.Key }) {
				cs = append(cs, object.Condition{Constraint: c})
			}
		}
	}
	if f.Out.Region != f.e.in.Region {
		cs = append(cs, object.Condition{Constraint: intent.Constraint{Key: "aws:RequestedRegion", Values: []string{f.Out.Region}, Span: f.all()}})
	}
	for i := range cs {
		cs[i].Constraint = f.ofResources(cs[i].Constraint)
	}
	done := false
	if f.Out.Account != f.e.in.Account && f.e.in.Account == "" && f.e.in.Kind == policy.IdentityBased {
		f.e.in.Account, done = f.Out.Account, true
	}
	for _, c := range cs {
		done = f.constrainBy(c) || done
	}
	return done
}

// ofResources: "only those tagged stage=qa" speaks of resources, unless the words name callers.
func (f *followup) ofResources(c intent.Constraint) intent.Constraint {
	const caller = "aws:PrincipalTag/"
	if strings.HasPrefix(c.Key, caller) && f.e.in.Kind == policy.IdentityBased && f.has("those", "these", "ones", "them", "resources") && !f.has("principal", "principals", "caller", "callers", "user", "users", "role", "roles", "session", "sessions", "people") {
		c.Key = "aws:ResourceTag/" + strings.TrimPrefix(c.Key, caller)
	}
	return c
}

func (f *followup) constrainBy(c object.Condition) bool {
	concerned := f.concerned(c)
	if c.Key == "aws:RequestedRegion" && c.Test == intent.Is && f.e.in.Region != "" && !slices.Contains(c.Values, f.e.in.Region) && !f.denying() {
		f.e.ask(c.Span, "The resources are in "+f.e.in.Region+". Shall they be in "+strings.Join(c.Values, ", ")+" instead?")
		return false
	}
	if c.Unless {
		return f.e.in.Exempt(c.Constraint, concerned) > 0
	}
	done := false
	for i := range f.e.in.Grants {
		g := &f.e.in.Grants[i]
		if !concerned(*g) {
			continue
		}
		k := slices.IndexFunc(g.Where, func(w intent.Constraint) bool {
			return strings.EqualFold(w.Key, c.Key) && w.Test == c.Test && w.Set == c.Set && c.Test == intent.Is
		})
		if k < 0 {
			g.Where, done = append(g.Where, c.Constraint), true
			continue
		}
		if !allWithin(c.Values, g.Where[k].Values) {
			f.e.ask(c.Span, c.Key+" must be "+strings.Join(g.Where[k].Values, " or ")+" already. Shall "+strings.Join(c.Values, ", ")+" stand in its place?")
			return done
		}
		g.Where[k].Values, g.Where[k].Span, done = slices.Clone(c.Values), c.Span, true
	}
	return done
}

func allWithin(values, of []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool {
		return !slices.ContainsFunc(of, func(w string) bool { return intent.ValueWithin(v, w) })
	})
}

// concerned chooses the grants that a condition is about: those of the service that the segment
// names, of the resources that it names, else all.
func (f *followup) concerned(c object.Condition) func(intent.Grant) bool {
	services := map[string]bool{}
	in := servicesOf(f.e.in)
	for _, l := range f.Links {
		for _, e := range l.Entries {
			if in[e.Service] && (e.Kind == lexicon.Name || e.Kind == lexicon.Noun && f.onlyServiceOf(l, in)) && !f.Tokens[l.From].Taken {
				services[e.Service] = true
			}
		}
	}
	names, _ := f.namedHere()
	actions := map[string]bool{}
	if f.kind == narrowEdit && f.verbs() > 0 && !f.has("only") {
		actions = f.removable()
	}
	return func(g intent.Grant) bool {
		if !f.ofThisTurn(g) || (g.Effect == policy.Deny) != f.denying() && !c.Unless || onlyCompanion(g) && !strings.HasPrefix(strings.ToLower(c.Key), "aws:") {
			return false
		}
		if len(services) > 0 && !slices.ContainsFunc(g.Actions, func(a intent.Action) bool { p, _, _ := strings.Cut(a.Name, ":"); return services[p] }) {
			return false
		}
		if len(actions) > 0 && !slices.ContainsFunc(g.Actions, func(a intent.Action) bool { return actions[strings.ToLower(a.Name)] }) {
			return false
		}
		for _, i := range names {
			if k, _ := f.knownAt(i); k.target != nil && slices.ContainsFunc(f.e.in.Grants, func(o intent.Grant) bool { return namesTarget(o, f.valueOf(i)) }) && !namesTarget(g, f.valueOf(i)) {
				return false
			}
		}
		return true
	}
}

// ofThisTurn says whether a restriction is about the grant: behind an addition in the same turn
// it is about what was added.
func (f *followup) ofThisTurn(g intent.Grant) bool {
	return !f.e.added || g.Span.Turn == f.e.opt.Turn
}

func namesTarget(g intent.Grant, v string) bool {
	return slices.ContainsFunc(g.Targets, func(t intent.Target) bool { return t.Names(v) })
}

// narrowTargets puts narrower resources in the place of wider ones, or keeps only those named.
func (f *followup) narrowTargets() bool {
	var kept []string
	var fresh []int
	for _, i := range f.things(0, len(f.Tokens)) {
		if f.ActionNames(i) != nil || f.Tokens[i].Taken && (f.e.in.Kind != policy.ResourceBased || f.Tokens[i].Kind != token.Name) {
			continue
		}
		if k, ok := f.knownAt(i); ok && k.target != nil && !f.deeper(i) {
			kept = append(kept, f.valueOf(i))
		} else if !ok || f.deeper(i) {
			fresh = append(fresh, i)
		}
	}
	if len(fresh) > 0 {
		return f.replaceByNarrower(fresh, kept)
	}
	return f.keepOnly(kept)
}

// deeper says that the words at token i name what lies below something.
func (f *followup) deeper(i int) bool {
	return f.Word(i-1, "under", "below", "beneath", "folder", "prefix", "path", "directory") || strings.HasSuffix(f.Tokens[i].Text, "/")
}

// keepOnly removes the other resources of the type of those that are named.
func (f *followup) keepOnly(names []string) bool {
	if len(names) == 0 {
		return false
	}
	types := map[string]bool{}
	for _, g := range f.e.in.Grants {
		for _, t := range g.Targets {
			for _, n := range names {
				if t.Names(n) {
					types[t.Service+"/"+t.Type] = true
				}
			}
		}
	}
	f.e.in.DropTargets(func(t intent.Target) bool {
		return types[t.Service+"/"+t.Type] && !slices.ContainsFunc(names, func(n string) bool { return t.Names(n) })
	})
	return true
}

// replaceByNarrower puts the named resources in the place of those that hold them; of resources
// that the segment names too, only those are narrowed.
func (f *followup) replaceByNarrower(tokens []int, scope []string) bool {
	done := false
	for g := range f.e.in.Grants {
		grant := &f.e.in.Grants[g]
		if (grant.Effect == policy.Deny) != f.denying() || onlyCompanion(*grant) || !f.ofThisTurn(*grant) {
			continue
		}
		if len(grant.Targets) == 0 {
			done = f.nameTargets(grant, tokens) || done
			continue
		}
		joinBuckets(grant)
		within, rest, n := f.narrowed(*grant, tokens, scope)
		done = done || n > 0
		switch {
		case n == 0:
		case len(scope) > 0 && len(rest) > 0:
			other := grant.Clone()
			other.Targets = within
			grant.Targets = rest
			f.e.in.Grants = append(f.e.in.Grants, other)
		default:
			f.e.in.Grants[g].Targets = append(within, rest...)
		}
	}
	return done
}

// narrowed splits the targets of a grant into what the tokens make of them and what stays; n is
// how many became narrower.
func (f *followup) narrowed(g intent.Grant, tokens []int, scope []string) (within, rest []intent.Target, n int) {
	for _, t := range g.Targets {
		if len(scope) > 0 && !slices.ContainsFunc(scope, func(name string) bool { return t.Names(name) }) {
			rest = append(rest, t)
			continue
		}
		if t.Type == "bucket" && keyed(g, t) {
			within = append(within, t)
			continue
		}
		before := n
		for _, i := range tokens {
			if c := f.below(t, i); t.Holds(c) && !c.Holds(t) {
				within = append(within, c)
				f.Take("narrower", i, i+1)
				n++
			}
		}
		if n == before {
			rest = append(rest, t)
		}
	}
	return within, rest, n
}

// joinBuckets names the bucket in targets that only name what lies in it. The bucket itself then
// needs no target of its own, so that taking away its part never leaves the whole of it.
func joinBuckets(g *intent.Grant) {
	var buckets []string
	loose := func(t intent.Target) bool {
		return t.Service == "s3" && t.Type == "object" && t.ARN == "" && t.Vars["BucketName"] == ""
	}
	for _, t := range g.Targets {
		if t.Service == "s3" && t.Type == "bucket" && t.Vars["BucketName"] != "" {
			buckets = append(buckets, t.Vars["BucketName"])
		}
	}
	if len(buckets) == 0 {
		return
	}
	for _, t := range slices.Clone(g.Targets) {
		if !loose(t) || t.Vars["ObjectName"] == "" {
			continue
		}
		for _, b := range buckets {
			c := t.Clone()
			c.Vars["BucketName"] = b
			g.Targets = append(g.Targets, c)
		}
	}
	whole := g.Clone()
	g.Targets = slices.DeleteFunc(g.Targets, func(t intent.Target) bool {
		return loose(t) || t.Type == "bucket" && t.Service == "s3" && keyed(whole, t)
	})
}

// keyed says that another target of the grant names a part of the bucket.
func keyed(g intent.Grant, bucket intent.Target) bool {
	return slices.ContainsFunc(g.Targets, func(t intent.Target) bool {
		return t.Type == "object" && t.Vars["BucketName"] == bucket.Vars["BucketName"] && t.Vars["ObjectName"] != ""
	})
}

// nameTargets names the resources of a grant that had none.
func (f *followup) nameTargets(g *intent.Grant, tokens []int) bool {
	for _, i := range tokens {
		if f.Tokens[i].Typed == nil {
			if rt := f.Lacking(g.Actions, nil); rt != nil {
				f.Tokens[i].Typed = &token.Typing{Service: rt.Service, Type: rt.Name, Noun: -1, Guess: true}
			}
		}
		t, ok := f.TargetAt(i)
		if !ok {
			continue
		}
		for _, rt := range f.TypesOf(g.Actions) {
			if f.Fits(t, rt) {
				g.Targets = append(g.Targets, t)
				f.Take("resource", i, i+1)
				break
			}
		}
	}
	return len(g.Targets) > 0
}

// below writes the name at token i as a part of a target: a key below a bucket, a name that its
// pattern matches.
func (f *followup) below(t intent.Target, i int) intent.Target {
	value := f.Pattern(f.valueOf(i), i)
	if f.Word(i-1, "folder", "directory", "path") && !strings.HasSuffix(value, "*") {
		value = strings.TrimSuffix(value, "/") + "/*"
	}
	if ty := f.Tokens[i].Typed; ty != nil && ty.Noun >= 0 && ty.Service != t.Service && !f.deeper(i) {
		return intent.Target{}
	}
	if a, ok := f.Literal(i, token.ARNLiteral); ok {
		return intent.Target{ARN: a, Span: f.Span(i, i+1)}
	}
	c := t.Clone()
	c.Span = f.Span(i, i+1)
	if t.ARN != "" {
		base := strings.TrimSuffix(strings.TrimSuffix(t.ARN, "*"), "/")
		c.ARN = base + "/" + strings.TrimPrefix(value, "/")
		return c
	}
	if t.Service == "s3" && (t.Type == "bucket" || t.Type == "object") && t.Vars["BucketName"] != "" {
		if ty := f.Tokens[i].Typed; ty != nil && ty.Noun >= 0 && ty.Type == "bucket" && !f.deeper(i) {
			c.Vars["BucketName"] = f.valueOf(i)
			return c
		}
		c.Type, c.Vars["ObjectName"] = "object", strings.TrimPrefix(value, "/")
		return c
	}
	rt, ok := f.ResourceType(&token.Typing{Service: t.Service, Type: t.Type})
	if !ok {
		return intent.Target{}
	}
	fresh := intent.Target{Service: t.Service, Type: t.Type, Vars: map[string]string{}}
	f.Bind(&fresh, rt, f.valueOf(i), i)
	for k, v := range fresh.Vars {
		c.Vars[k] = v
	}
	return c
}
