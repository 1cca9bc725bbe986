package object

import (
	"slices"
	"strings"
	"unicode"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// NamedInWords is why an action is granted whose name stands in the words.
const NamedInWords = "named in the request"

// ReadAPINames makes action literals of the names of API calls in the words: AdminGetUser,
// describe*, get-object, "aws eks update-kubeconfig". Which service is meant is told by the name
// where only one has it, else by the services that the words around it speak about.
func (rd *Reading) ReadAPINames() {
	for i := range rd.Tokens {
		if rd.Tokens[i].Kind != token.Word && rd.Tokens[i].Kind != token.Name || rd.Tokens[i].Taken {
			continue
		}
		names := rd.commandActions(i)
		if names == nil {
			names = rd.methodActions(i)
		}
		if names == nil && !rd.namesOther(i) {
			if a := rd.apiName(i); a != "" && !rd.nameOfResource(i, a) {
				names = []string{a}
			}
		}
		if names == nil {
			continue
		}
		t := &rd.Tokens[i]
		t.Kind, t.Lit = token.Entity, token.Literal{Kind: token.ActionLiteral, Value: strings.Join(names, " ")}
		rd.LinkAt[i] = -1
		if rd.Is("carrier", i+1) {
			rd.Use(i+1, i+2)
		}
		prefix, _, _ := strings.Cut(names[0], ":")
		rd.Named[prefix] += 8
		rd.StrongSet = nil
	}
}

// httpMethods are the methods of requests that some services name their actions by.
var httpMethods = map[string]string{"GET": "Get", "HEAD": "Head", "POST": "Post", "PUT": "Put", "PATCH": "Patch", "DELETE": "Delete"}

// methodActions reads an HTTP method as the action that a service checks for it: "HTTP GET" on a
// domain of OpenSearch is es:ESHttpGet.
func (rd *Reading) methodActions(i int) []string {
	t := rd.Tokens[i]
	method := httpMethods[strings.TrimSuffix(t.Text, "s")]
	if method == "" && rd.Word(i-1, "http", "https") {
		method = httpMethods[strings.ToUpper(t.Text)]
	}
	if method == "" {
		return nil
	}
	services := []string{"es", "mediapackagev2"}
	forms := []string{"ESHttp" + method, strings.Replace(method+"Object", "HeadObject", "GetHeadObject", 1)}
	for n, service := range services {
		if !rd.Strong()[service] {
			continue
		}
		if a := rd.actionOf([]string{service}, forms[n]); a != "" {
			rd.useMethodWords(i)
			return []string{a}
		}
	}
	return nil
}

// useMethodWords takes the words around a method: "plain HTTP GET requests".
func (rd *Reading) useMethodWords(i int) {
	from := i
	for from > 0 && rd.Word(from-1, "http", "https", "plain", "signed") {
		from--
	}
	rd.Take("HTTP method", from, i)
	if rd.Word(i+1, "request", "requests", "method", "methods", "verb", "verbs") {
		rd.Take("HTTP method", i+1, i+2)
	}
}

// namesOther says that the word before introduces a name: "named GetItem", "prefix list*".
func (rd *Reading) namesOther(i int) bool {
	return rd.Word(i-1, "named", "called", "prefix", "with", "tagged", "pattern") || rd.Punct(i-1, "=")
}

// nameOfResource says that the noun before a word makes it a name: "the function GetItem". A noun
// of the action's own service, or that service named in the words, leaves it an action.
func (rd *Reading) nameOfResource(i int, action string) bool {
	prefix, _, _ := strings.Cut(action, ":")
	if i == 0 || rd.LinkAt[i-1] < 0 || rd.Strong()[prefix] && !rd.Tokens[i].Quote {
		return false
	}
	ty := rd.NounEndingAt(i)
	return ty != nil && ty.Type != "" && !ty.Main && ty.Service != prefix
}

// apiName returns the action, or the pattern of actions, that token i is the name of.
func (rd *Reading) apiName(i int) string {
	t := rd.Tokens[i]
	switch {
	case strings.HasSuffix(t.Text, "*") && token.IsLetters(strings.TrimRight(t.Text, "*")):
		return rd.patternAction(i, strings.TrimRight(t.Text, "*"))
	case rd.Is("carrier", i+1) && rd.Word(i, "describe", "list", "get") && (rd.counted(i) || rd.callsOf(i)):
		return rd.patternAction(i, t.Lower) // "every ec2 describe call"
	case CamelCase(t.Text):
		return rd.actionNamed(i, t.Text)
	case strings.Contains(t.Lower, "-") && token.IsLetters(strings.ReplaceAll(t.Lower, "-", "")) && len(rd.Lexicon.Classes(t.Lower)) == 0:
		if first, _, _ := strings.Cut(t.Lower, "-"); len(rd.Lexicon.Classes(first)) > 0 {
			return rd.actionOf(sentence.SortedKeys(rd.Strong()), strings.ReplaceAll(t.Lower, "-", ""))
		}
	}
	return ""
}

// counted says that all of something is meant: "all the list calls", "every ec2 describe call".
func (rd *Reading) counted(i int) bool {
	for j := i - 1; j >= max(0, i-4) && rd.Tokens[j].Kind == token.Word; j-- {
		if rd.Word(j, "all", "every", "any", "each") {
			return true
		}
	}
	return false
}

// callsOf says that the calls of a service that begin with token i are meant, none of which is named:
// "EC2 describe calls".
func (rd *Reading) callsOf(i int) bool {
	n := -1
	if i > 0 {
		n = rd.LinkAt[i-1]
	}
	return n >= 0 && rd.IsName(rd.Links[n]) && !rd.Ordinary(rd.Links[n]) && strings.HasSuffix(rd.TokenLower(i+1), "s")
}

// CamelCase says that a text has the shape of an API name: GetItem, CreateDBCluster.
func CamelCase(text string) bool {
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
func (rd *Reading) actionNamed(i int, name string) string {
	near := rd.Services(max(0, i-6), min(len(rd.Tokens), i+7))
	if a := rd.actionOf(rd.Ranked(near), name); a != "" {
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
			if f := rd.Fame(prefix); f > fame {
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

func (rd *Reading) actionOf(services []string, name string) string {
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
func (rd *Reading) patternAction(i int, verb string) string {
	if words := catalog.Words(verb); len(words) == 0 || len(rd.Lexicon.Classes(catalog.Stem(words[0]))) == 0 {
		return ""
	}
	pattern := strings.ToUpper(verb[:1]) + verb[1:] + "*"
	best, distance := "", len(rd.Tokens)
	for _, l := range rd.Links {
		d := max(i-l.To+1, l.From-i)
		for _, e := range l.Entries {
			if d < distance && rd.IsName(l) && len(rd.Catalog.Expand(e.Service+":"+pattern)) > 0 {
				best, distance = e.Service+":"+pattern, d
			}
		}
	}
	return best
}

// commandActions reads a command of the AWS command line whose last word is token i: "aws logs
// tail", "aws s3 sync". Some commands make calls of other names.
func (rd *Reading) commandActions(i int) []string {
	if i < 2 || !rd.Word(i-2, "aws") {
		return nil
	}
	service := rd.Tokens[i-1].Lower
	if calls := rd.Lexicon.Pair("cli", service+"."+rd.Tokens[i].Lower); calls != "" {
		return strings.Split(calls, ",")
	}
	if prefix := rd.Lexicon.Pair("cli", service); prefix != "" {
		service = prefix
	}
	if !strings.Contains(rd.Tokens[i].Lower, "-") {
		return nil
	}
	if a := rd.actionOf([]string{service}, strings.ReplaceAll(rd.Tokens[i].Lower, "-", "")); a != "" {
		return []string{a}
	}
	return nil
}

// ActionNames returns the actions that token i names, if it does.
func (rd *Reading) ActionNames(i int) []string {
	v, ok := rd.Literal(i, token.ActionLiteral)
	if !ok {
		return nil
	}
	return strings.Fields(v)
}

// Spelled says that a member of a list names its actions, so that nothing is guessed from its
// words: "ecs RunTask of the task definition".
func (rd *Reading) Spelled(g Group) bool {
	for _, i := range g.Mods {
		if rd.ActionNames(i) != nil {
			return true
		}
	}
	return false
}

// Spells says that a unit names actions.
func (rd *Reading) Spells(u Unit) bool {
	return slices.ContainsFunc(u.Groups, rd.Spelled)
}

// UseSpelled marks the words around the name of an action.
func (rd *Reading) UseSpelled(v *sentence.Verb, g Group) {
	if v != nil {
		rd.Use(v.At, v.End)
	}
	for _, i := range append(append([]int{}, g.Head...), g.Mods...) {
		rd.Tokens[i].Used = rd.Tokens[i].Used || rd.Tokens[i].Kind == token.Word
	}
}

// Glossed says that the actions of a unit are named right before or after it: "look up a user
// (AdminGetUser)", "reading items: GetItem, Query", "GetChange to poll".
func (rd *Reading) Glossed(u Unit) bool {
	if len(u.Verbs) == 0 {
		return false
	}
	if at := u.Verbs[0].At; rd.Word(at-1, "to", "for") && rd.ActionNames(at-2) != nil {
		return true
	}
	c := rd.Clauses[u.Clause]
	if u.To == c.To && u.Clause+1 < len(rd.Clauses) && rd.Punct(c.To, "(:-") && rd.Clauses[u.Clause+1].From == c.To+1 && rd.onlyActions(rd.Clauses[u.Clause+1]) {
		return true
	}
	return u.Clause > 0 && rd.Punct(c.From-1, "(") && rd.ActionNames(c.From-2) != nil
}

// onlyActions says that a clause has nothing but names of actions.
func (rd *Reading) onlyActions(c sentence.Clause) bool {
	found := false
	for i := c.From; i < c.To; i++ {
		switch {
		case rd.ActionNames(i) != nil:
			found = true
		case rd.Tokens[i].Kind == token.Punct || rd.Is("stop", i) || rd.Is("conjunction", i) || rd.Is("carrier", i) || rd.LinkAt[i] >= 0 && rd.IsName(rd.Links[rd.LinkAt[i]]):
		default:
			return found && rd.Is("preposition", i)
		}
	}
	return found
}

// nameObjects makes names of the plain words that a named action works on: "GetItem on orders and
// carts". A word that AWS or the reader knows is none.
func (rd *Reading) nameObjects() {
	for i := range rd.Tokens {
		if !rd.Word(i, "on", "against") || i == 0 || rd.ActionNames(i-1) == nil {
			continue
		}
		for j := i + 1; j < len(rd.Tokens); j++ {
			if t := rd.Tokens[j]; t.Kind == token.Word && !t.Taken && rd.LinkAt[j] < 0 && rd.Boundary(j+1) && !rd.FunctionWord(j) && !rd.Is("notname", j) && !rd.Is("harmless", j) {
				rd.Tokens[j].Kind = token.Name
			} else if t.Kind != token.Name && !rd.Punct(j, ",+") && !rd.Word(j, "and", "or") {
				break
			}
		}
	}
}

// DropNamedTwice takes an action that was named without a resource out where it is named again with
// one: "to run aws eks update-kubeconfig: DescribeCluster on blue".
func (rd *Reading) DropNamedTwice() {
	placed := map[string]bool{}
	for _, g := range rd.Out.Grants {
		for _, a := range g.Actions {
			placed[a.Name] = placed[a.Name] || len(g.Targets) > 0 && a.Because == NamedInWords
		}
	}
	for i := range rd.Out.Grants {
		if g := &rd.Out.Grants[i]; len(g.Targets) == 0 && len(g.Where) == 0 {
			g.Actions = slices.DeleteFunc(g.Actions, func(a intent.Action) bool { return placed[a.Name] && a.Because == NamedInWords })
		}
	}
	rd.DropEmpty()
}

// DropEmpty removes the grants that are left without an action.
func (rd *Reading) DropEmpty() {
	kept := rd.Out.Grants[:0]
	for _, g := range rd.Out.Grants {
		if len(g.Actions) > 0 || len(g.NotActions) > 0 {
			kept = append(kept, g)
		}
	}
	rd.Out.Grants = kept
}
