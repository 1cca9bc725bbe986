package permission

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/target"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// levelGrant reads access levels: "read-only on X", "full access to X", "everything in X",
// "all of ec2". A task of the service that says the same comes first.
func (rd *Reading) levelGrant(u object.Unit, v *sentence.Verb) ([]intent.Grant, bool) {
	level, at := rd.accessOf(u, v)
	if level == target.NoAccess {
		return nil, false
	}
	if level != target.FullAccess {
		if gs, ok := rd.levelTask(u, v, level); ok && !(rd.wholeService(u) && rd.fewActions(gs)) {
			rd.Use(at, at+1)
			return gs, true
		}
	}
	prefixes := rd.levelServices(u)
	if len(prefixes) == 0 {
		return nil, false
	}
	var out []intent.Grant
	for _, p := range prefixes {
		if g, ok := rd.levelActions(u, p, level); ok {
			out = append(out, g)
		}
	}
	if len(out) > 0 {
		rd.Use(at, at+1)
		for _, g := range u.Groups {
			for _, i := range g.Head {
				rd.Tokens[i].Used = rd.Tokens[i].Used || rd.wholeThing(i)
			}
		}
		if v != nil {
			rd.Use(v.At, v.End)
		}
	}
	return out, len(out) > 0
}

// longerNoun says that a word only begins a longer noun: "all access points".
func (rd *Reading) longerNoun(i int) bool {
	next := i + 1
	if n := rd.LinkAt[i]; n >= 0 && rd.Links[n].To > next {
		return true
	}
	return rd.Word(i, "access", "api") && next < len(rd.Tokens) && rd.IsContent(next) && !rd.Word(next, "calls", "actions", "operations", "rights") && strings.HasSuffix(rd.Tokens[next].Lower, "s")
}

// accessOf says which level the words of a unit name, and the token that says it.
func (rd *Reading) accessOf(u object.Unit, v *sentence.Verb) (target.AccessWord, int) {
	if v != nil {
		switch {
		case v.In("readonly"):
			return target.ReadAccess, v.At
		case v.Level && v.In("write"):
			return target.WriteAccess, v.At
		case v.Level && v.In("read"):
			return target.ReadAccess, v.At
		case v.Level && v.In("list"):
			return target.ListAccess, v.At
		case v.In("manage") && !rd.tableHas(u):
			return target.FullAccess, v.At
		}
	}
	c := rd.Clauses[u.Clause]
	for i := c.From; i < c.To; i++ {
		switch {
		case rd.Word(i, "read-only", "readonly", "ro") && !rd.Tokens[i].Taken, rd.Word(i, "read") && rd.Word(i+1, "only"):
			return target.ReadAccess, i
		case rd.Word(i, "full", "complete", "unrestricted", "total", "admin", "administrator", "administrative") && rd.Word(i+1, "access", "control", "permissions", "rights", "s3", "admin"):
			return target.FullAccess, i
		case rd.Word(i, "full-access", "fullaccess", "full-control"):
			return target.FullAccess, i
		case rd.Word(i, "everything", "anything", "whatever") && !(v == nil && i >= u.To) && (v == nil || v.In("manage") || rd.Is("auxiliary", v.At)):
			return target.FullAccess, i
		case rd.Word(i, "everything", "anything") && rd.Word(i-1, "gets", "get", "has", "have") && rd.Word(i+1, "on", "in", "with"):
			return target.FullAccess, i // "the team gets everything on bucket b"
		case rd.Word(i, "all", "any") && (rd.Word(i+1, "actions", "operations", "permissions", "access", "api", "calls", "apis", "privileges") && !rd.longerNoun(i+1) || v == nil && rd.Word(i+1, "of", "on")):
			return target.FullAccess, i
		case rd.Word(i, "everything", "anything", "whatever") && v != nil && v.At == i-1 && (rd.Word(v.At, "gets") || rd.Word(v.At, "get") && rd.Is("auxiliary", v.At-1)):
			return target.FullAccess, i // "the team gets everything on b"
		case rd.Word(i, "everything") && v != nil && v.In("read"):
			return target.ReadAccess, i
		}
	}
	return target.NoAccess, -1
}

// wholeService says that a unit names nothing but services: "read-only access to EC2".
func (rd *Reading) wholeService(u object.Unit) bool {
	if !rd.Headed(u.Groups) {
		return false
	}
	for _, g := range u.Groups {
		if len(g.Mods) > 0 {
			return false
		}
		for _, i := range g.Head {
			n := rd.LinkAt[i]
			if n < 0 && !rd.Word(i, "everything", "anything", "all") || n >= 0 && !rd.onlyName(rd.Links[n]) {
				return false
			}
		}
	}
	return true
}

// fewActions says that grants name a handful of actions and no pattern: less than a service.
func (rd *Reading) fewActions(gs []intent.Grant) bool {
	n := 0
	for _, g := range gs {
		for _, a := range g.Actions {
			if n++; n > 3 || strings.Contains(a.Name, "*") {
				return false
			}
		}
	}
	return true
}

// onlyName says that a link is nothing but the name of a service.
func (rd *Reading) onlyName(l sentence.Link) bool {
	for _, e := range l.Entries {
		if e.Kind != lexicon.Name {
			return false
		}
	}
	return true
}

// tableHas says whether the objects of the unit are narrower than a service or named resource,
// so that a task or action name will say it better.
func (rd *Reading) tableHas(u object.Unit) bool {
	for _, g := range u.Groups {
		for _, i := range g.Head {
			if !rd.wholeThing(i) {
				return true
			}
		}
	}
	return false
}

// wholeThing says that a word names a service or its main resource type, so that managing it
// is managing everything of it.
func (rd *Reading) wholeThing(i int) bool {
	n := rd.LinkAt[i]
	if n < 0 {
		return rd.Word(i, "everything", "all", "anything", "resources", "resource")
	}
	for _, e := range rd.Links[n].Entries {
		ls, ok := rd.Lexicon.Service(e.Service)
		if e.Kind == lexicon.Name || ok && e.Kind == lexicon.Noun && e.Type == ls.Main && rd.Named[e.Service] > 1 {
			return true
		}
	}
	return false
}

// levelTask finds a task of the service that spells the level out.
func (rd *Reading) levelTask(u object.Unit, v *sentence.Verb, level target.AccessWord) ([]intent.Grant, bool) {
	classes := map[target.AccessWord][]string{target.ReadAccess: {"readonly", "read"}, target.ListAccess: {"list"}, target.WriteAccess: {"write"}}[level]
	for _, class := range classes {
		said := sentence.Verb{At: u.From, End: u.From, Stem: "", Classes: []string{class}}
		if v != nil {
			said.At, said.End = v.At, v.End
		}
		groups := u.Groups
		if len(groups) == 0 {
			groups = []object.Group{{}}
		}
		var out []intent.Grant
		for gi := range groups {
			ms, ok := rd.BestMatch(u, &said, groups, gi)
			if !ok || ms[0].Task == nil {
				continue
			}
			out = append(out, rd.GrantOf(u, &said, ms[0])...)
		}
		if len(out) > 0 {
			return out, true
		}
	}
	return nil, false
}

// levelServices are the services that a unit about access names, the strongest ones.
func (rd *Reading) levelServices(u object.Unit) []string {
	c := rd.Clauses[u.Clause]
	for _, r := range [][2]int{{u.From, u.To}, {c.From, c.To}} {
		scores := rd.Services(r[0], r[1])
		var out []string
		top := 0.0
		for _, p := range rd.Ranked(scores) {
			if !rd.Admitted(p, u) {
				continue
			}
			top = max(top, scores[p])
			if top < 1 || scores[p] < 0.6*top || len(out) > 0 && !rd.linkNames(r[0], r[1], p) {
				break
			}
			out = append(out, p)
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// linkNames says whether a service is named by its name in the range.
func (rd *Reading) linkNames(from, to int, prefix string) bool {
	for _, l := range rd.Links {
		if l.From < from || l.To > to {
			continue
		}
		for _, e := range l.Entries {
			if e.Service == prefix && e.Kind == 0 {
				return true
			}
		}
	}
	return false
}

// levelActions grants all actions of an access level of one service, on what the unit names.
func (rd *Reading) levelActions(u object.Unit, prefix string, level target.AccessWord) (intent.Grant, bool) {
	span := rd.Span(u.From, u.To)
	g := intent.Grant{Span: span}
	s, ok := rd.Catalog.Service(prefix)
	if !ok {
		return g, false
	}
	all := []intent.Action{{Name: s.Prefix + ":*", Because: "full access to " + s.Name, Span: span, Wide: true}}
	g.Targets = rd.TargetsFor(all, u)
	if level == target.FullAccess {
		if typ := rd.accessPart(u, s.Prefix, g.Targets); typ != "" {
			all[0].On = []string{typ}
		}
		g.Actions, g.Where = all, rd.regionOf(s, g.Targets)
		return g, true
	}
	for _, a := range s.Actions {
		if target.LevelHolds(a.Level, level) && rd.Reaches(a, g.Targets) {
			g.Actions = append(g.Actions, intent.Action{Name: a.String(), Because: "access level " + string(a.Level), Span: span, Wide: true})
		}
	}
	return g, len(g.Actions) > 0
}

// regionOf returns the region that the words name as a condition on all actions of a service, where
// no resource name can hold it: "full access to SQS in eu-west-1".
func (rd *Reading) regionOf(s *catalog.Service, targets []intent.Target) []intent.Constraint {
	regional := slices.ContainsFunc(s.Resources, func(r *catalog.ResourceType) bool {
		return len(r.ARNs) > 0 && strings.Contains(r.ARNs[0], "${Region}")
	})
	if rd.Out.Region == "" || len(targets) > 0 || !regional && s.Prefix != "s3" || slices.ContainsFunc(rd.Where, func(c object.Condition) bool { return c.Key == "aws:RequestedRegion" }) {
		return nil
	}
	for i := range rd.Tokens {
		if region, ok := rd.Literal(i, token.RegionLiteral); ok && region == rd.Out.Region {
			return []intent.Constraint{{Key: "aws:RequestedRegion", Values: []string{region}, Span: rd.Span(i, i+1)}}
		}
	}
	return nil
}

// accessPart returns the resource type that access is limited to where the words name a part of the
// target: "full access to the objects of bucket b".
func (rd *Reading) accessPart(u object.Unit, prefix string, targets []intent.Target) string {
	for _, g := range u.Groups {
		for _, i := range g.Head {
			if rd.LinkAt[i] < 0 {
				continue
			}
			for _, e := range rd.Links[rd.LinkAt[i]].Entries {
				if e.Kind != lexicon.Noun || e.Service != prefix {
					continue
				}
				for _, t := range targets {
					if t.Type == e.Type {
						return ""
					}
				}
				if len(targets) > 0 {
					return e.Type
				}
			}
		}
	}
	return ""
}
