package wording

import (
	"slices"
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// Enumerate reads a list of bare API verbs, "(put/update/delete/get/query/scan)": the noun that
// most of them share with action names of one service is what they act on.
func (rd *Reading) Enumerate(u object.Unit) (intent.Grant, bool) {
	if len(u.Verbs) < 2 || !u.Shared || onlyReads(u.Verbs) {
		return intent.Grant{}, false
	}
	var best []*catalog.Action
	for _, service := range sentence.SortedKeys(rd.Strong()) {
		if found := rd.sharedNoun(service, u.Verbs); len(found) > len(best) {
			best = found
		}
	}
	if len(best) < 2 || len(best)*3 < len(u.Verbs)*2 || len(best) < len(u.Verbs) && rd.otherNoun(u, best) {
		return intent.Grant{}, false
	}
	first, last := u.Verbs[0], u.Verbs[len(u.Verbs)-1]
	span := rd.Span(first.At, max(last.End, u.To))
	rd.Use(first.At, last.End)
	g := intent.Grant{Span: span}
	for _, a := range best {
		g.Actions = append(g.Actions, intent.Action{Name: a.String(), Because: "listed in the request", Span: span})
	}
	g.Targets = rd.TargetsFor(g.Actions, u)
	return g, true
}

// otherNoun says that the object of a unit is a thing that the service's actions name, and not what
// the given ones act on: "alarms named x: create, edit, delete" is about no alerts.
func (rd *Reading) otherNoun(u object.Unit, actions []*catalog.Action) bool {
	nouns := map[string]bool{}
	for _, a := range actions {
		for _, n := range sentence.Derive(a).Nouns {
			nouns[n] = true
		}
	}
	b, other := rd.Book(actions[0].Service), false
	for _, g := range u.Groups {
		for _, i := range g.Head {
			if nouns[rd.Tokens[i].Stem] {
				return false
			}
			other = other || b != nil && b.Vocab[rd.Tokens[i].Stem] && rd.LinkedTo(i, actions[0].Service)
		}
	}
	return other
}

// EnumerateFirst reads a list of bare verbs whose last one has an object that is none of the
// others': "queue jobs: receive, delete, get attributes".
func (rd *Reading) EnumerateFirst(u object.Unit) (intent.Grant, bool) {
	n := len(u.Verbs) - 1
	if n < 2 || u.Shared || len(u.Groups) != 1 || !rd.Headed(u.Groups) {
		return intent.Grant{}, false
	}
	for i := range u.Verbs[:n] {
		if m, ok := rd.BestMatch(u, &u.Verbs[i], u.Groups, 0); ok && m[0].Exact && m[0].Left == 0 && m[0].specific > 0 {
			return intent.Grant{}, false
		}
	}
	u.Verbs, u.Shared = u.Verbs[:n], true
	g, ok := rd.Enumerate(u)
	return g, ok && len(g.Actions) == n
}

// sharedNoun returns the actions of a service that the verbs name with the noun that most of
// them have in common: GetItem, PutItem, Query.
func (rd *Reading) sharedNoun(service string, verbs []sentence.Verb) []*catalog.Action {
	b := rd.Book(service)
	if b == nil {
		return nil
	}
	byNoun := map[string]map[string]*catalog.Action{}
	for i := range b.Derived {
		d := &b.Derived[i]
		noun := strings.TrimPrefix(strings.Join(d.Nouns, " "), "batch ")
		for _, v := range verbs {
			if catalog.Stem(d.Verb) != v.Stem && v.Stem != "batch-"+d.Verb {
				continue
			}
			if byNoun[noun] == nil {
				byNoun[noun] = map[string]*catalog.Action{}
			}
			if old := byNoun[noun][v.Stem]; old == nil || len(d.Action.Name) < len(old.Name) {
				byNoun[noun][v.Stem] = d.Action
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
func (rd *Reading) saidAll(words []string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(rd.Tokens, func(t token.Token) bool { return t.Kind == token.Word && t.Stem == w }) {
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

// Refined says that a unit only sums up what follows: "rotates tokens: create one, drop one",
// "reads and writes table t (get/query/put)".
func (rd *Reading) Refined(n int) bool {
	u := rd.Units[n]
	if len(u.Verbs) == 0 || n+1 >= len(rd.Units) {
		return false
	}
	next := rd.Units[n+1]
	if !rd.InOneSentence(n, n+1) || next.Clause == u.Clause || next.Negative || len(next.Verbs) == 0 || next.Aside {
		return false
	}
	c, d := rd.Clauses[u.Clause], rd.Clauses[next.Clause]
	if rd.Punct(c.To, ":") && d.From == c.To+1 && next.Verbs[0].At <= d.From+1 {
		return true
	}
	if rd.Punct(c.To, "(") && d.From == c.To+1 && next.Shared && next.Verbs[0].At == d.From && len(u.Verbs) == 1 && u.Verbs[0].In("manage") && len(next.Verbs) > 1 {
		return true // "manages schedules (create, update, delete)"
	}
	if _, ok := rd.Enumerate(next); !ok {
		return false
	}
	return rd.Punct(c.To, "(") && d.From == c.To+1 && len(next.Verbs) > 1 && next.Shared && next.Verbs[0].At == d.From && (u.Verbs[0].In("read") || u.Verbs[0].In("write"))
}

// Repeated says that a unit in brackets only says again, in general verbs, what stands before:
// "read organizations info (describe/list)", "everything in IAM (get + list)".
func (rd *Reading) Repeated(n int) bool {
	u := rd.Units[n]
	c := rd.Clauses[u.Clause]
	if n == 0 || !rd.Punct(c.From-1, "(") || !u.Shared || len(u.Verbs) == 0 {
		return false
	}
	for _, v := range u.Verbs {
		if !v.In("read") && !v.In("list") && !v.In("describe") {
			return false
		}
	}
	if _, ok := rd.Enumerate(u); ok {
		return false
	}
	rd.Use(c.From, c.To)
	return true
}

// onlyReads says that all verbs are general words for reading.
func onlyReads(verbs []sentence.Verb) bool {
	for _, v := range verbs {
		if !v.In("read") && !v.In("list") && !v.In("describe") {
			return false
		}
	}
	return true
}
