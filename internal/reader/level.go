package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// An accessWord is what a request says about access as such, rather than about an operation.
type accessWord int

const (
	noAccess accessWord = iota
	readAccess
	listAccess
	writeAccess
	fullAccess
)

// levelGrant reads access levels: "read-only on X", "full access to X", "everything in X",
// "all of ec2". A task of the service that says the same comes first.
func (rd *reading) levelGrant(u unit, v *verb) ([]intent.Grant, bool) {
	level, at := rd.accessOf(u, v)
	if level == noAccess {
		return nil, false
	}
	if level != fullAccess {
		if gs, ok := rd.levelTask(u, v, level); ok && !(rd.wholeService(u) && rd.fewActions(gs)) {
			rd.use(at, at+1)
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
		rd.use(at, at+1)
		if v != nil {
			rd.use(v.at, v.end)
		}
	}
	return out, len(out) > 0
}

// longerNoun says that a word only begins a longer noun: "all access points".
func (rd *reading) longerNoun(i int) bool {
	next := i + 1
	if n := rd.linkAt[i]; n >= 0 && rd.links[n].to > next {
		return true
	}
	return rd.word(i, "access", "api") && next < len(rd.tokens) && rd.isContent(next) && !rd.word(next, "calls", "actions", "operations", "rights") && strings.HasSuffix(rd.tokens[next].lower, "s")
}

// accessOf says which level the words of a unit name, and the token that says it.
func (rd *reading) accessOf(u unit, v *verb) (accessWord, int) {
	if v != nil {
		switch {
		case v.in("readonly"):
			return readAccess, v.at
		case v.level && v.in("write"):
			return writeAccess, v.at
		case v.level && v.in("read"):
			return readAccess, v.at
		case v.level && v.in("list"):
			return listAccess, v.at
		case v.in("manage") && !rd.tableHas(u):
			return fullAccess, v.at
		}
	}
	c := rd.clause[u.clause]
	for i := c.from; i < c.to; i++ {
		switch {
		case rd.word(i, "read-only", "readonly", "ro") && !rd.tokens[i].taken, rd.word(i, "read") && rd.word(i+1, "only"):
			return readAccess, i
		case rd.word(i, "full", "complete", "unrestricted", "total") && rd.word(i+1, "access", "control", "permissions", "rights", "s3", "admin"):
			return fullAccess, i
		case rd.word(i, "full-access", "fullaccess", "full-control"):
			return fullAccess, i
		case rd.word(i, "everything", "anything", "whatever") && (v == nil || v.in("manage") || rd.is("auxiliary", v.at)):
			return fullAccess, i
		case rd.word(i, "all", "any") && (rd.word(i+1, "actions", "operations", "permissions", "access", "api", "calls", "apis", "privileges") && !rd.longerNoun(i+1) || v == nil && rd.word(i+1, "of", "on")):
			return fullAccess, i
		case rd.word(i, "everything") && v != nil && v.in("read"):
			return readAccess, i
		}
	}
	return noAccess, -1
}

// wholeService says that a unit names nothing but services: "read-only access to EC2".
func (rd *reading) wholeService(u unit) bool {
	if !rd.headed(u.groups) {
		return false
	}
	for _, g := range u.groups {
		if len(g.mods) > 0 {
			return false
		}
		for _, i := range g.head {
			n := rd.linkAt[i]
			if n < 0 && !rd.word(i, "everything", "anything", "all") || n >= 0 && !rd.onlyName(rd.links[n]) {
				return false
			}
		}
	}
	return true
}

// fewActions says that grants name a handful of actions and no pattern: less than a service.
func (rd *reading) fewActions(gs []intent.Grant) bool {
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
func (rd *reading) onlyName(l link) bool {
	for _, e := range l.entries {
		if e.Kind != lexicon.Name {
			return false
		}
	}
	return true
}

// tableHas says whether the objects of the unit are narrower than a service or named resource,
// so that a task or action name will say it better.
func (rd *reading) tableHas(u unit) bool {
	for _, g := range u.groups {
		for _, i := range g.head {
			if !rd.wholeThing(i) {
				return true
			}
		}
	}
	return false
}

// wholeThing says that a word names a service or its main resource type, so that managing it
// is managing everything of it.
func (rd *reading) wholeThing(i int) bool {
	n := rd.linkAt[i]
	if n < 0 {
		return rd.word(i, "everything", "all", "anything", "resources", "resource")
	}
	for _, e := range rd.links[n].entries {
		ls, ok := rd.Lexicon.Service(e.Service)
		if e.Kind == lexicon.Name || ok && e.Kind == lexicon.Noun && e.Type == ls.Main && rd.named[e.Service] > 1 {
			return true
		}
	}
	return false
}

// levelTask finds a task of the service that spells the level out.
func (rd *reading) levelTask(u unit, v *verb, level accessWord) ([]intent.Grant, bool) {
	classes := map[accessWord][]string{readAccess: {"readonly", "read"}, listAccess: {"list"}, writeAccess: {"write"}}[level]
	for _, class := range classes {
		said := verb{at: u.from, end: u.from, stem: "", classes: []string{class}}
		if v != nil {
			said.at, said.end = v.at, v.end
		}
		groups := u.groups
		if len(groups) == 0 {
			groups = []group{{}}
		}
		var out []intent.Grant
		for gi := range groups {
			ms, ok := rd.bestMatch(u, &said, groups, gi)
			if !ok || ms[0].task == nil {
				continue
			}
			out = append(out, rd.grantOf(u, &said, ms[0])...)
		}
		if len(out) > 0 {
			return out, true
		}
	}
	return nil, false
}

// levelServices are the services that a unit about access names, the strongest ones.
func (rd *reading) levelServices(u unit) []string {
	c := rd.clause[u.clause]
	for _, r := range [][2]int{{u.from, u.to}, {c.from, c.to}} {
		scores := rd.services(r[0], r[1])
		var out []string
		top := 0.0
		for _, p := range rd.ranked(scores) {
			if !rd.admitted(p, u) {
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
func (rd *reading) linkNames(from, to int, prefix string) bool {
	for _, l := range rd.links {
		if l.from < from || l.to > to {
			continue
		}
		for _, e := range l.entries {
			if e.Service == prefix && e.Kind == 0 {
				return true
			}
		}
	}
	return false
}

// levelActions grants all actions of an access level of one service, on what the unit names.
func (rd *reading) levelActions(u unit, prefix string, level accessWord) (intent.Grant, bool) {
	span := rd.span(u.from, u.to)
	g := intent.Grant{Span: span}
	s, ok := rd.Catalog.Service(prefix)
	if !ok {
		return g, false
	}
	all := []intent.Action{{Name: s.Prefix + ":*", Because: "full access to " + s.Name, Span: span, Wide: true}}
	g.Targets = rd.targetsFor(all, u)
	if level == fullAccess {
		if typ := rd.accessPart(u, s.Prefix, g.Targets); typ != "" {
			all[0].On = []string{typ}
		}
		g.Actions = all
		return g, true
	}
	for _, a := range s.Actions {
		if levelHolds(a.Level, level) && rd.reaches(a, g.Targets) {
			g.Actions = append(g.Actions, intent.Action{Name: a.String(), Because: "access level " + string(a.Level), Span: span, Wide: true})
		}
	}
	return g, len(g.Actions) > 0
}

func levelHolds(l catalog.AccessLevel, level accessWord) bool {
	switch level {
	case readAccess:
		return l == catalog.Read || l == catalog.List
	case listAccess:
		return l == catalog.List
	case writeAccess:
		return l == catalog.Write
	}
	return true
}

// reaches says whether an action can be limited to one of the targets; without targets all can.
func (rd *reading) reaches(a *catalog.Action, targets []intent.Target) bool {
	if len(targets) == 0 {
		return true
	}
	for _, r := range a.Resources {
		for _, t := range targets {
			if rd.fits(t, r.Type) {
				return true
			}
		}
	}
	return false
}

// accessPart returns the resource type that access is limited to where the words name a part of the
// target: "full access to the objects of bucket b".
func (rd *reading) accessPart(u unit, prefix string, targets []intent.Target) string {
	for _, g := range u.groups {
		for _, i := range g.head {
			if rd.linkAt[i] < 0 {
				continue
			}
			for _, e := range rd.links[rd.linkAt[i]].entries {
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
