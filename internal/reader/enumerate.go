package reader

import (
	"slices"
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
)

// enumerate reads a list of bare API verbs, "(put/update/delete/get/query/scan)": the noun that
// most of them share with action names of one service is what they act on.
func (rd *reading) enumerate(u unit) (intent.Grant, bool) {
	if len(u.verbs) < 2 || !u.shared || onlyReads(u.verbs) {
		return intent.Grant{}, false
	}
	var best []*catalog.Action
	for _, service := range sortedKeys(rd.strong()) {
		if found := rd.sharedNoun(service, u.verbs); len(found) > len(best) {
			best = found
		}
	}
	if len(best) < 2 || len(best)*3 < len(u.verbs)*2 {
		return intent.Grant{}, false
	}
	first, last := u.verbs[0], u.verbs[len(u.verbs)-1]
	span := rd.span(first.at, max(last.end, u.to))
	rd.use(first.at, last.end)
	g := intent.Grant{Span: span}
	for _, a := range best {
		g.Actions = append(g.Actions, intent.Action{Name: a.String(), Because: "listed in the request", Span: span})
	}
	g.Targets = rd.targetsFor(g.Actions, u)
	return g, true
}

// enumerateFirst reads a list of bare verbs whose last one has an object that is none of the
// others': "queue jobs: receive, delete, get attributes".
func (rd *reading) enumerateFirst(u unit) (intent.Grant, bool) {
	n := len(u.verbs) - 1
	if n < 2 || u.shared || len(u.groups) != 1 || !rd.headed(u.groups) {
		return intent.Grant{}, false
	}
	for i := range u.verbs[:n] {
		if m, ok := rd.bestMatch(u, &u.verbs[i], u.groups, 0); ok && m[0].exact && m[0].left == 0 && m[0].specific > 0 {
			return intent.Grant{}, false
		}
	}
	u.verbs, u.shared = u.verbs[:n], true
	g, ok := rd.enumerate(u)
	return g, ok && len(g.Actions) == n
}

// sharedNoun returns the actions of a service that the verbs name with the noun that most of
// them have in common: GetItem, PutItem, Query.
func (rd *reading) sharedNoun(service string, verbs []verb) []*catalog.Action {
	b := rd.book(service)
	if b == nil {
		return nil
	}
	byNoun := map[string]map[string]*catalog.Action{}
	for i := range b.derived {
		d := &b.derived[i]
		noun := strings.TrimPrefix(strings.Join(d.nouns, " "), "batch ")
		for _, v := range verbs {
			if catalog.Stem(d.verb) != v.stem && v.stem != "batch-"+d.verb {
				continue
			}
			if byNoun[noun] == nil {
				byNoun[noun] = map[string]*catalog.Action{}
			}
			if old := byNoun[noun][v.stem]; old == nil || len(d.action.Name) < len(old.Name) {
				byNoun[noun][v.stem] = d.action
			}
		}
	}
	for n := range byNoun {
		if words := strings.Fields(n); len(words) > 1 && !rd.saidAll(words) {
			delete(byNoun, n)
		}
	}
	return mostVerbs(byNoun)
}

// saidAll says that the request has all of the words.
func (rd *reading) saidAll(words []string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(rd.tokens, func(t token) bool { return t.kind == wordToken && t.stem == w }) {
			return false
		}
	}
	return true
}

// mostVerbs picks the noun with the most verbs and adds the verbs that need no noun.
func mostVerbs(byNoun map[string]map[string]*catalog.Action) []*catalog.Action {
	nouns := make([]string, 0, len(byNoun))
	for n := range byNoun {
		if n != "" {
			nouns = append(nouns, n)
		}
	}
	sort.Strings(nouns)
	best := ""
	for _, n := range nouns {
		if best == "" || len(byNoun[n]) > len(byNoun[best]) {
			best = n
		}
	}
	found := map[string]*catalog.Action{}
	for _, n := range []string{best, ""} {
		for v, a := range byNoun[n] {
			if found[v] == nil {
				found[v] = a
			}
		}
	}
	var out []*catalog.Action
	for _, a := range found {
		out = append(out, a)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// refined says that a unit only sums up what follows: "rotates tokens: create one, drop one",
// "reads and writes table t (get/query/put)".
func (rd *reading) refined(n int) bool {
	u := rd.units[n]
	if len(u.verbs) == 0 || n+1 >= len(rd.units) {
		return false
	}
	next := rd.units[n+1]
	if !rd.inOneSentence(n, n+1) || next.clause == u.clause || next.negative || len(next.verbs) == 0 || next.aside {
		return false
	}
	c, d := rd.clause[u.clause], rd.clause[next.clause]
	if rd.punct(c.to, ":") && d.from == c.to+1 && next.verbs[0].at <= d.from+1 {
		return true
	}
	if _, ok := rd.enumerate(next); !ok {
		return false
	}
	return rd.punct(c.to, "(") && d.from == c.to+1 && len(next.verbs) > 1 && next.shared && next.verbs[0].at == d.from && (u.verbs[0].in("read") || u.verbs[0].in("write"))
}

// repeated says that a unit in brackets only says again, in general verbs, what stands before:
// "read organizations info (describe/list)", "everything in IAM (get + list)".
func (rd *reading) repeated(n int) bool {
	u := rd.units[n]
	c := rd.clause[u.clause]
	if n == 0 || !rd.punct(c.from-1, "(") || !u.shared || len(u.verbs) == 0 {
		return false
	}
	for _, v := range u.verbs {
		if !v.in("read") && !v.in("list") && !v.in("describe") {
			return false
		}
	}
	if _, ok := rd.enumerate(u); ok {
		return false
	}
	rd.use(c.from, c.to)
	return true
}

// onlyReads says that all verbs are general words for reading.
func onlyReads(verbs []verb) bool {
	for _, v := range verbs {
		if !v.in("read") && !v.in("list") && !v.in("describe") {
			return false
		}
	}
	return true
}
