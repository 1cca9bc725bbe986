package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// maxWork bounds what is looked up for one document, in actions visited. The largest policies
// of AWS stay far below it; what is above it is counted and not explained.
const maxWork = 3_000_000

// levels are the access levels in the order in which they are told.
var levels = []catalog.AccessLevel{
	catalog.List, catalog.Read, catalog.Write, catalog.Tagging, catalog.PermissionsManagement,
}

// A group is what a list of actions says about one service.
type group struct {
	service string   // the prefix as written, in lower case; with wildcards perhaps
	known   []string // what stands behind the colon, as written
	unknown []string // likewise, of those that match nothing
	actions []*catalog.Action
	all     bool // every action of the service
}

// everything reports whether a pattern is every action of every service.
func everything(pattern string) bool {
	service, name, found := strings.Cut(pattern, ":")
	stars := func(s string) bool { return s != "" && strings.Trim(s, "*") == "" }
	return stars(service) && (!found || stars(name))
}

// anyEverything reports whether a list holds such a pattern.
func anyEverything(list []policy.Text) bool {
	return slices.ContainsFunc(list, func(t policy.Text) bool { return everything(t.Text) })
}

// groups sorts actions by service, in the order in which the services are named first. Rest
// is how many were not looked at, for the document is too large.
func (w *writer) groups(list []policy.Text) (all []*group, rest int) {
	index := make(map[string]*group)
	for i, t := range list {
		if *w.work > maxWork {
			rest = len(list) - i
			break
		}
		service, name, found := strings.Cut(t.Text, ":")
		if !found || service == "" {
			service, name, found = "", t.Text, false
		}
		service = strings.ToLower(service)
		g := index[service]
		if g == nil {
			g = &group{service: service}
			index[service] = g
			all = append(all, g)
		}
		matches := w.catalog.Expand(t.Text)
		*w.work += 200 + len(matches)
		if wildcard.Contains(service) {
			*w.work += w.catalog.Counts().Actions
		}
		g.add(name, matches, found)
	}
	for _, g := range all {
		slices.SortFunc(g.actions, func(a, b *catalog.Action) int { return a.Index() - b.Index() })
		g.actions = slices.Compact(g.actions)
	}
	return all, rest
}

func (g *group) add(name string, matches []*catalog.Action, isAction bool) {
	if len(matches) == 0 || !isAction {
		g.unknown = append(g.unknown, name)
		return
	}
	g.known = append(g.known, name)
	g.all = g.all || strings.Trim(name, "*") == ""
	g.actions = append(g.actions, matches...)
}

// serviceName returns the name of a service in words; unknown ones are called so.
func (w *writer) serviceName(prefix string) string {
	switch name := w.hostName(prefix); {
	case name != "":
		return name
	case prefix == "*":
		return "every service"
	case wildcard.Contains(prefix):
		return "services whose prefix matches " + shown(prefix)
	}
	return "the unknown service " + shown(prefix)
}

// actions says the actions of a statement in one phrase: "the Amazon S3 actions GetObject and
// PutObject".
func (w *writer) actions(s *policy.Statement) string {
	list, except := either(s.Actions, s.NotActions)
	var phrase string
	switch {
	case len(list) == 0:
		phrase = "no action"
	case anyEverything(list):
		phrase = "every action of every service"
	default:
		var parts []string
		all, rest := w.groups(list)
		for _, g := range all {
			parts = append(parts, w.groupPhrase(g)...)
		}
		if rest > 0 {
			parts = append(parts, count(rest, "more pattern"))
		}
		phrase = join(parts, "and", 6)
	}
	if except {
		return "every action of every service except " + phrase
	}
	return phrase
}

// groupPhrase says one service's actions within a sentence.
func (w *writer) groupPhrase(g *group) []string {
	if g.service == "" {
		return quoteAll(g.unknown, "%s (which is no action)")
	}
	name := w.serviceName(g.service)
	if g.all {
		return []string{"every action of " + name}
	}
	var exact, parts []string
	for _, p := range g.known {
		switch {
		case wildcard.Contains(g.service):
			parts = append(parts, "every action that matches "+shown(g.service+":"+p))
		case !wildcard.Contains(p):
			exact = append(exact, shown(p))
		default:
			parts = append(parts, "every "+name+" action "+patternWords(p))
		}
	}
	exact = unique(exact)
	if len(exact) == 1 {
		parts = slices.Insert(parts, 0, "the "+name+" action "+exact[0])
	} else if len(exact) > 1 {
		parts = slices.Insert(parts, 0, "the "+name+" actions "+join(exact, "and", 8))
	}
	for _, p := range g.unknown {
		parts = append(parts, shown(g.service+":"+p)+w.unknownWords(g.service, p))
	}
	return parts
}

// unknownWords says why a pattern matches nothing.
func (w *writer) unknownWords(service, name string) string {
	switch {
	case !wildcard.Contains(service) && w.catalog.ServiceName(service) == "":
		return " (of a service that is not known)"
	case wildcard.Contains(name), wildcard.Contains(service):
		return " (which matches no known action)"
	}
	return " (which is no known action)"
}

// patternWords says which names a pattern matches.
func patternWords(p string) string {
	inner := strings.Trim(p, "*")
	switch {
	case wildcard.Contains(inner) || inner == "":
	case strings.HasPrefix(p, "*") && strings.HasSuffix(p, "*"):
		return "whose name contains " + shown(inner)
	case strings.HasPrefix(p, "*"):
		return "whose name ends in " + shown(inner)
	default:
		return "whose name begins with " + shown(inner)
	}
	return "whose name matches " + shown(p)
}

// actionList says the actions of a statement one service an entry, by access level.
func (w *writer) actionList(s *policy.Statement) []string {
	list, except := either(s.Actions, s.NotActions)
	var lines []string
	if except {
		lines = append(lines, "every action of every service, known or new, except those below")
	}
	if len(list) == 0 {
		return append(lines, "none: the list is empty")
	}
	if anyEverything(list) {
		return append(lines, "every action of every service, also of services to come: "+
			count(w.catalog.Counts().Actions, "action")+" of "+count(w.catalog.Counts().Services, "service")+" today")
	}
	all, rest := w.groups(list)
	for _, g := range all {
		lines = append(lines, w.groupLines(g)...)
	}
	if rest > 0 {
		lines = append(lines, count(rest, "more pattern")+", not looked at")
	}
	return lines
}

func (w *writer) groupLines(g *group) []string {
	if g.service == "" {
		return quoteAll(g.unknown, "%s (which is no action, because it has no service prefix)")
	}
	var lines []string
	if len(g.actions) > 0 {
		var wild []string
		for _, p := range g.known {
			if wildcard.Contains(p) || wildcard.Contains(g.service) {
				wild = append(wild, shown(g.service+":"+p))
			}
		}
		line := w.serviceName(g.service)
		if g.all {
			line = "every action of " + line
		}
		if len(wild) > 0 {
			line += " (" + join(unique(wild), "and", 8) + ", " + count(len(g.actions), "action") + ")"
		}
		lines = append(lines, line+": "+byLevel(g))
	}
	for _, p := range unique(g.unknown) {
		lines = append(lines, shown(g.service+":"+p)+w.unknownWords(g.service, p))
	}
	return lines
}

// byLevel makes "1 Read action (GetObject) and 1 Write action (PutObject)" of a group.
func byLevel(g *group) string {
	const most = 12
	var parts []string
	for _, level := range levels {
		var names []string
		for _, a := range g.actions {
			if a.Level != level {
				continue
			}
			if wildcard.Contains(g.service) {
				names = append(names, a.String())
			} else {
				names = append(names, a.Name)
			}
		}
		if n := len(names); n > 0 {
			show := most
			if n > most {
				show = 5
			}
			parts = append(parts, count(n, string(level)+" action")+" ("+join(names, "and", show)+")")
		}
	}
	return join(parts, "and", len(levels))
}

func quoteAll(list []string, format string) []string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = fmt.Sprintf(format, shown(s))
	}
	return all
}

// either returns the list of an element or of its Not form, and whether it is the latter.
func either(list, not []policy.Text) ([]policy.Text, bool) {
	if list == nil && not != nil {
		return not, true
	}
	return list, false
}

// unique returns the list without repetitions, in its order.
func unique(list []string) []string {
	seen := make(map[string]bool, len(list))
	var all []string
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	return all
}
