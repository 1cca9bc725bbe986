package reader

import (
	"slices"
	"strings"
	"unicode"

	"github.com/aegis-iam/aegis/internal/catalog"
)

// apiNames makes action literals of the names of API calls in the words: AdminGetUser,
// describe*, get-object, "aws eks update-kubeconfig". Which service is meant is told by the name
// where only one has it, else by the services that the words around it speak about.
func (rd *reading) apiNames() {
	for i := range rd.tokens {
		if rd.tokens[i].kind != wordToken && rd.tokens[i].kind != nameToken || rd.tokens[i].taken {
			continue
		}
		names := rd.commandActions(i)
		if names == nil && !rd.namesOther(i) {
			if a := rd.apiName(i); a != "" && !rd.nameOfResource(i, a) {
				names = []string{a}
			}
		}
		if names == nil {
			continue
		}
		t := &rd.tokens[i]
		t.kind, t.lit = entityToken, literal{kind: actionLiteral, value: strings.Join(names, " ")}
		rd.linkAt[i] = -1
		prefix, _, _ := strings.Cut(names[0], ":")
		rd.named[prefix] += 8
		rd.strongSet = nil
	}
}

// namesOther says that the word before introduces a name: "named GetItem", "prefix list*".
func (rd *reading) namesOther(i int) bool {
	return rd.word(i-1, "named", "called", "prefix", "with", "tagged", "pattern") || rd.punct(i-1, "=")
}

// nameOfResource says that the noun before a word makes it a name: "the function GetItem". A noun
// of the action's own service, or that service named in the words, leaves it an action.
func (rd *reading) nameOfResource(i int, action string) bool {
	prefix, _, _ := strings.Cut(action, ":")
	if i == 0 || rd.linkAt[i-1] < 0 || rd.strong()[prefix] && !rd.tokens[i].quote {
		return false
	}
	ty := rd.nounEndingAt(i)
	return ty != nil && ty.typ != "" && !ty.main && ty.service != prefix
}

// apiName returns the action, or the pattern of actions, that token i is the name of.
func (rd *reading) apiName(i int) string {
	t := rd.tokens[i]
	switch {
	case strings.HasSuffix(t.text, "*") && isLetters(strings.TrimRight(t.text, "*")):
		return rd.patternAction(i, strings.TrimRight(t.text, "*"))
	case camelCase(t.text):
		return rd.actionNamed(i, t.text)
	case strings.Contains(t.lower, "-") && isLetters(strings.ReplaceAll(t.lower, "-", "")) && len(rd.Lexicon.Classes(t.lower)) == 0:
		if first, _, _ := strings.Cut(t.lower, "-"); len(rd.Lexicon.Classes(first)) > 0 {
			return rd.actionOf(sortedKeys(rd.strong()), strings.ReplaceAll(t.lower, "-", ""))
		}
	}
	return ""
}

// camelCase says that a text has the shape of an API name: GetItem, CreateDBCluster.
func camelCase(text string) bool {
	inner := false
	for i, r := range text {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) || i == 0 && !unicode.IsLetter(r) {
			return false
		}
		inner = inner || i > 0 && unicode.IsUpper(r)
	}
	return inner && strings.ToUpper(text) != text
}

// actionNamed finds the action of a name: of the services that the words speak about, else of the
// only service that has it, else of the best known one.
func (rd *reading) actionNamed(i int, name string) string {
	near := rd.services(max(0, i-6), min(len(rd.tokens), i+7))
	if a := rd.actionOf(rd.ranked(near), name); a != "" {
		return a
	}
	words := catalog.Words(name)
	if len(words) == 0 || len(rd.Lexicon.Classes(catalog.Stem(words[0]))) == 0 && !rd.Lexicon.Is("apiverb", words[0]) {
		return ""
	}
	best, fame, found := "", 0.0, 0
	for _, prefix := range rd.Catalog.Prefixes() {
		if a := rd.actionOf([]string{prefix}, name); a != "" {
			found++
			if f := rd.fame(prefix); f > fame {
				best, fame = a, f
			} else if f == fame {
				best = ""
			}
		}
	}
	if found > 4 {
		return "" // TagResource, ListTags: nearly every service has it
	}
	return best
}

func (rd *reading) actionOf(services []string, name string) string {
	for _, prefix := range services {
		if s, ok := rd.Catalog.Service(prefix); ok {
			if a, ok := s.Action(name); ok {
				return a.String()
			}
		}
	}
	return ""
}

// patternAction reads "describe*" as a pattern of the service that stands nearest.
func (rd *reading) patternAction(i int, verb string) string {
	if words := catalog.Words(verb); len(words) == 0 || len(rd.Lexicon.Classes(catalog.Stem(words[0]))) == 0 {
		return ""
	}
	pattern := strings.ToUpper(verb[:1]) + verb[1:] + "*"
	best, distance := "", len(rd.tokens)
	for _, l := range rd.links {
		d := max(i-l.to+1, l.from-i)
		for _, e := range l.entries {
			if d < distance && rd.isName(l) && len(rd.Catalog.Expand(e.Service+":"+pattern)) > 0 {
				best, distance = e.Service+":"+pattern, d
			}
		}
	}
	return best
}

// commandActions reads a command of the AWS command line whose last word is token i: "aws logs
// tail", "aws s3 sync". Some commands make calls of other names.
func (rd *reading) commandActions(i int) []string {
	if i < 2 || !rd.word(i-2, "aws") {
		return nil
	}
	service := rd.tokens[i-1].lower
	if calls := rd.Lexicon.Pair("cli", service+"."+rd.tokens[i].lower); calls != "" {
		return strings.Split(calls, ",")
	}
	if prefix := rd.Lexicon.Pair("cli", service); prefix != "" {
		service = prefix
	}
	if !strings.Contains(rd.tokens[i].lower, "-") {
		return nil
	}
	if a := rd.actionOf([]string{service}, strings.ReplaceAll(rd.tokens[i].lower, "-", "")); a != "" {
		return []string{a}
	}
	return nil
}

// actionNames returns the actions that token i names, if it does.
func (rd *reading) actionNames(i int) []string {
	v, ok := rd.literal(i, actionLiteral)
	if !ok {
		return nil
	}
	return strings.Fields(v)
}

// spelled says that a member of a list names its actions, so that nothing is guessed from its
// words: "ecs RunTask of the task definition".
func (rd *reading) spelled(g group) bool {
	for _, i := range g.mods {
		if rd.actionNames(i) != nil {
			return true
		}
	}
	return false
}

// spells says that a unit names actions.
func (rd *reading) spells(u unit) bool {
	return slices.ContainsFunc(u.groups, rd.spelled)
}

// useSpelled marks the words around the name of an action.
func (rd *reading) useSpelled(v *verb, g group) {
	if v != nil {
		rd.use(v.at, v.end)
	}
	for _, i := range append(append([]int{}, g.head...), g.mods...) {
		rd.tokens[i].used = rd.tokens[i].used || rd.tokens[i].kind == wordToken
	}
}

// glossed says that the actions of a unit are named right before or after it: "look up a user
// (AdminGetUser)", "reading items: GetItem, Query", "GetChange to poll".
func (rd *reading) glossed(u unit) bool {
	if len(u.verbs) == 0 {
		return false
	}
	if at := u.verbs[0].at; rd.word(at-1, "to", "for") && rd.actionNames(at-2) != nil {
		return true
	}
	c := rd.clause[u.clause]
	if u.to == c.to && u.clause+1 < len(rd.clause) && rd.punct(c.to, "(:-") && rd.clause[u.clause+1].from == c.to+1 && rd.onlyActions(rd.clause[u.clause+1]) {
		return true
	}
	return u.clause > 0 && rd.punct(c.from-1, "(") && rd.actionNames(c.from-2) != nil
}

// onlyActions says that a clause has nothing but names of actions.
func (rd *reading) onlyActions(c clause) bool {
	found := false
	for i := c.from; i < c.to; i++ {
		switch {
		case rd.actionNames(i) != nil:
			found = true
		case rd.tokens[i].kind == punctToken || rd.is("stop", i) || rd.is("conjunction", i) || rd.is("carrier", i) || rd.linkAt[i] >= 0 && rd.isName(rd.links[rd.linkAt[i]]):
		default:
			return found && rd.is("preposition", i)
		}
	}
	return found
}

// nameObjects makes names of the plain words that a named action works on: "GetItem on orders and
// carts". A word that AWS or the reader knows is none.
func (rd *reading) nameObjects() {
	for i := range rd.tokens {
		if !rd.word(i, "on", "against") || i == 0 || rd.actionNames(i-1) == nil {
			continue
		}
		for j := i + 1; j < len(rd.tokens); j++ {
			if t := rd.tokens[j]; t.kind == wordToken && !t.taken && rd.linkAt[j] < 0 && rd.boundary(j+1) && !rd.functionWord(j) && !rd.is("notname", j) && !rd.is("harmless", j) {
				rd.tokens[j].kind = nameToken
			} else if t.kind != nameToken && !rd.punct(j, ",+") && !rd.word(j, "and", "or") {
				break
			}
		}
	}
}
