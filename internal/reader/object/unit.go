package object

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// HasPronoun says that the object of a unit is a word such as "them" or "one".
func (rd *Reading) HasPronoun(u Unit) bool {
	for i := u.From; i < u.To; i++ {
		if rd.Word(i, "it", "them", "one", "ones") || rd.Word(i, "these", "those", "this", "that") && (i+1 >= u.To || rd.LinkAt[i+1] < 0) {
			return true
		}
	}
	return false
}

// FunctionWord says that token i only joins other words.
func (rd *Reading) FunctionWord(i int) bool {
	for _, list := range []string{"stop", "chat", "filler", "common", "namer"} {
		if rd.Is(list, i) {
			return true
		}
	}
	return strings.HasSuffix(rd.Tokens[i].Lower, "ly")
}

// markSubjects notes who acts: what stands before the first verb of a clause, in a heading, or
// after "let" and "give". A function or an instance that acts is no object of its verbs.
func (rd *Reading) markSubjects() {
	rd.Subject = make([]bool, len(rd.Tokens))
	verbAt := map[int]bool{}
	for _, u := range rd.Units {
		for _, v := range u.Verbs {
			verbAt[v.At] = verbAt[v.At] || !u.Aside
		}
	}
	for n, u := range rd.Units {
		c := rd.Clauses[u.Clause]
		switch {
		case u.Label && n+1 < len(rd.Units) && rd.InOneSentence(n, n+1) && len(rd.Units[n+1].Verbs) > 0 && !rd.HasOwnObject(rd.Units[n+1]) && rd.namesResource(c.From, c.To):
			// "function resize: invoke" names what is worked on
		case u.Label:
			rd.markSubject(c.From, c.To, verbAt)
		case len(u.Verbs) > 0 && !u.Aside && !rd.Punct(c.From-1, ")"):
			rd.markSubject(c.From, u.Verbs[0].At, verbAt)
		case len(u.Verbs) == 0 && (rd.Word(c.From, "give", "gives", "let", "allow", "grant") || rd.Word(c.From+1, "needs", "need")):
			rd.markSubject(c.From, min(c.To, c.From+4), verbAt)
		}
	}
	for _, l := range rd.Links {
		if rd.Subject[l.From] && !rd.Is("carrier", l.To) { // "the only EC2 call" is none who acts
			for p, w := range l.Weights {
				if rd.Lexicon.Is("runner", p) {
					rd.Named[p] -= 0.85 * w
				}
			}
		}
	}
}

func (rd *Reading) markSubject(from, to int, verbAt map[int]bool) {
	end := from
	for end < to && !verbAt[end] && (!rd.Is("preposition", end) || rd.Word(end, "as")) {
		end++ // "helper for bucket b:" speaks of the bucket
	}
	if rd.spellsCall(from, end) {
		return
	}
	for i := from; i < end; i++ {
		rd.Subject[i] = true
	}
}

// spellsCall says that the tokens in [from, to) are a service and what follows is the name of a call
// of it, as on a command line: "eks describe cluster".
func (rd *Reading) spellsCall(from, to int) bool {
	if to <= from || to+1 >= len(rd.Tokens) || rd.LinkAt[from] < 0 || rd.Links[rd.LinkAt[from]].To != to || !rd.IsName(rd.Links[rd.LinkAt[from]]) {
		return false
	}
	verb, noun := rd.Tokens[to], rd.Tokens[to+1]
	for _, e := range rd.Links[rd.LinkAt[from]].Entries {
		b := rd.Book(e.Service)
		if e.Kind != lexicon.Name || b == nil {
			continue
		}
		for _, d := range b.Derived {
			if verb.Lower == verb.Stem && d.Verb == verb.Stem && len(d.Nouns) > 0 && d.Nouns[0] == noun.Stem {
				return true
			}
		}
	}
	return false
}

// namesResource says that a resource is named between two tokens.
func (rd *Reading) namesResource(from, to int) bool {
	for i := from; i < to; i++ {
		if rd.NameAt(i) || rd.ServiceOfToken(i) != "" && rd.Tokens[i].Kind == token.Entity {
			return true
		}
	}
	return false
}

// A Unit is one or more verbs with the things they act on.
type Unit struct {
	Clause   int
	Verbs    []sentence.Verb
	From, To int     // tokens of the object scope
	Groups   []Group // the things, one for each member of a list
	Negative bool
	Subject  bool // the objects stand before the verbs ("objects: read and list")
	Aside    bool // in brackets, with the verbs of what stands before
	Shared   bool // the objects are a neighbour's
	Label    bool // a heading: "thumbnailer lambda:"
}

// A Group is one member of a list of objects: its own words, and those that only describe it.
type Group struct {
	Head []int // tokens
	Mods []int // tokens after a preposition
}

// SplitUnits reads the verbs of every clause and the objects that follow them.
func (rd *Reading) SplitUnits() {
	rd.Units = nil
	for n := range rd.Clauses {
		rd.clauseUnits(n)
	}
	rd.markSubjects()
	rd.StrongSet = nil
	rd.shareObjects()
}

func (rd *Reading) clauseUnits(n int) {
	c := rd.Clauses[n]
	if c.Closer {
		rd.Use(c.From, c.To)
		return
	}
	first := len(rd.Units)
	var current *Unit
	start := c.From
	for i := c.From; i < c.To; {
		v, ok := rd.VerbAt(i, c.To)
		if ok && current != nil && i == current.AfterVerbs(start) && !strings.HasSuffix(rd.Tokens[i].Lower, "ing") && !rd.Is("auxiliary", i-1) {
			ok = false // what follows a verb at once is its object: "send bounces"
		}
		if ok && current != nil && i > current.AfterVerbs(start) && !rd.mayFollow(i) {
			ok = false // "edits the record sets": no second verb without a word that joins it
		}
		if !ok {
			i++
			continue
		}
		if current == nil || rd.hasContent(current.AfterVerbs(start), i) {
			rd.closeUnit(current, i)
			if current == nil && rd.hasContent(start, i) {
				rd.Units = append(rd.Units, Unit{Clause: n, From: start, To: i, Negative: c.Negative, Subject: true})
			}
			rd.Units = append(rd.Units, Unit{Clause: n, Negative: c.Negative})
			current = &rd.Units[len(rd.Units)-1]
		}
		current.Verbs = append(append(current.Verbs, v), v.More...)
		current.From, current.To = v.End, v.End
		i = v.End
	}
	rd.closeUnit(current, c.To)
	if current == nil && !(rd.Punct(c.From-1, "(") && !rd.hasContent(c.From, c.To)) {
		rd.Units = append(rd.Units, rd.verbless(n)) // "(acct 123456789012)" is no more than a setting
	}
	for i := first; i < len(rd.Units); i++ {
		rd.Units[i].Groups = rd.GroupsOf(rd.Units[i].From, rd.Units[i].To)
		rd.placeOnly(&rd.Units[i])
	}
}

// placeOnly makes what stands behind a preposition the place of what is done where the verb holds its
// own object: "run queries in the work group analysts" is about queries.
func (rd *Reading) placeOnly(u *Unit) {
	if len(u.Verbs) == 0 || len(u.Groups) == 0 || !rd.Word(u.From, "in", "inside", "within", "from", "on", "against", "over") {
		return
	}
	v := u.Verbs[len(u.Verbs)-1]
	if v.In("manage") || v.End-v.At < 2 || v.End != u.From || rd.LinkAt[v.End-1] < 0 {
		return
	}
	g := &u.Groups[0]
	g.Mods, g.Head = append(g.Head, g.Mods...), []int{v.End - 1}
}

// verbless makes the unit of a clause without verbs. In brackets it goes on with what the verbs
// before it act on: "fetches results of jobs (text detection and analysis)".
func (rd *Reading) verbless(n int) Unit {
	c := rd.Clauses[n]
	u := Unit{Clause: n, From: c.From, To: c.To, Negative: c.Negative}
	switch {
	case c.From < c.To && !rd.Fresh(c.From, c.To):
		// a condition has read all of it
	case rd.Punct(c.From-1, "(:") && len(rd.Units) > 0 && len(rd.Units[len(rd.Units)-1].Verbs) > 0:
		before := rd.Units[len(rd.Units)-1]
		if rd.Clauses[before.Clause].Sentence == c.Sentence && !before.Negative {
			u.Verbs, u.Aside = before.Verbs, true
		}
	case rd.Punct(c.To, ":"):
		u.Label = true
	}
	return u
}

// AfterVerbs returns the token behind the last verb of a unit, or start if it has none.
func (u *Unit) AfterVerbs(start int) int {
	if len(u.Verbs) == 0 {
		return start
	}
	return u.Verbs[len(u.Verbs)-1].End
}

func (rd *Reading) closeUnit(u *Unit, to int) {
	if u != nil {
		u.To = to
	}
}

// hasContent says whether tokens in [from, to) hold something a verb can act on.
func (rd *Reading) hasContent(from, to int) bool {
	for i := from; i < to; i++ {
		if rd.IsContent(i) || rd.IsThing(i) || rd.Word(i, "them", "it", "those", "everything", "anything", "all") {
			return true
		}
	}
	return false
}

// GroupsOf splits an object scope into the members of its list.
func (rd *Reading) GroupsOf(from, to int) []Group {
	var out []Group
	var g Group
	mods := false
	flush := func() {
		if len(g.Head)+len(g.Mods) > 0 {
			out = append(out, g)
		}
		g, mods = Group{}, false
	}
	for i := from; i < to; i++ {
		switch {
		case rd.Punct(i, ",") && len(out)+len(g.Head) > 0 && rd.Word(i+1, "any", "every", "all", "each", "whichever"):
			mods = true // "…, any version": says which ones, not what else
		case mods && len(g.Head) == 1 && rd.Tokens[g.Head[0]].Stem == "tag" && rd.Word(i, "and", "or") && rd.linked(i+1):
			// "create tags on instances and volumes": both are tagged
		case rd.Punct(i, ",+") || rd.Word(i, "and", "or", "plus", "nor", "as-well-as"):
			flush()
		case rd.Is("preposition", i) && len(g.Head)+len(out) > 0:
			mods = true
		case rd.Word(i, "named", "called") && rd.IsThing(i+1):
			// says that a name follows
		case rd.IsContent(i) && rd.Tokens[i].Typed == nil:
			if mods {
				g.Mods = append(g.Mods, i)
			} else {
				g.Head = append(g.Head, i)
			}
		case rd.IsThing(i):
			g.Mods = append(g.Mods, i)
		}
	}
	flush()
	return out
}

// linked says that a word names something of AWS.
func (rd *Reading) linked(i int) bool {
	return i < len(rd.Tokens) && rd.LinkAt[i] >= 0
}

// shareObjects gives units without objects those of their neighbours: "start and stop X",
// "create (or import) X", "… and look at them".
func (rd *Reading) shareObjects() {
	for i := range rd.Units {
		u := &rd.Units[i]
		if len(u.Verbs) == 0 || rd.HasOwnObject(*u) && !(rd.HasPronoun(*u) && !rd.Headed(u.Groups)) && !rd.pronounFirst(*u) {
			continue
		}
		u.Groups = nil
		if j := i + 1; j < len(rd.Units) && rd.Punct(u.To, "(") && rd.InOneSentence(i, j) && !rd.HasOwnObject(*u) {
			for j < len(rd.Units) && rd.InOneSentence(i, j) && (!rd.HasOwnObject(rd.Units[j]) || rd.Punct(rd.Clauses[rd.Units[j].Clause].From-1, "(")) {
				j++
			}
			if j < len(rd.Units) && rd.InOneSentence(i, j) {
				u.Groups, u.Shared = append(u.Groups, rd.Units[j].Groups...), true
				continue
			}
		}
		for j := i - 1; j >= 0; j-- {
			if rd.HasOwnObject(rd.Units[j]) && (u.Negative || !rd.Units[j].Negative) {
				u.Groups, u.Shared = append(u.Groups, rd.Units[j].Groups...), true
				break
			}
		}
	}
}

// pronounFirst says that what the verbs act on is a pronoun, whatever stands behind a comma: "each
// of them, whole account".
func (rd *Reading) pronounFirst(u Unit) bool {
	i := u.From
	if rd.Word(i+1, "of") && (rd.Is("article", i) || rd.Word(i, "one")) {
		i += 2
	}
	return rd.Word(i, "it", "them", "those", "these", "one", "ones", "each") && i < u.To && rd.Punct(i+1, ",(")
}

// InOneSentence says that two units stand in one sentence.
func (rd *Reading) InOneSentence(i, j int) bool {
	return rd.Clauses[rd.Units[i].Clause].Sentence == rd.Clauses[rd.Units[j].Clause].Sentence
}

// HasOwnObject says that a unit names something to act on.
func (rd *Reading) HasOwnObject(u Unit) bool {
	for _, g := range u.Groups {
		if len(g.Head) > 0 || len(g.Mods) > 0 {
			return true
		}
	}
	return false
}

// Use marks tokens as read.
func (rd *Reading) Use(from, to int) {
	for i := from; i < to; i++ {
		rd.Tokens[i].Used = true
	}
}

// mayFollow says that the word before token i can join another verb to a clause.
func (rd *Reading) mayFollow(i int) bool {
	j := i - 1
	for j > 0 && rd.Tokens[j].Kind == token.Word && (strings.HasSuffix(rd.Tokens[j].Lower, "ly") || rd.Word(j, "only", "just", "also", "then", "later", "even")) {
		j--
	}
	switch {
	case j < 0 || rd.Tokens[j].Kind == token.Punct:
		return true
	case rd.Is("conjunction", j), rd.Is("modal", j), rd.Is("pronoun", j), rd.Is("negator", j), rd.Is("auxiliary", j):
		return true
	case rd.Is("preposition", j):
		return rd.Word(j, "to", "for", "by", "as") || strings.HasSuffix(rd.Tokens[i].Lower, "ing")
	}
	if j > 0 && rd.Is("article", j-1) && !rd.Is("nouny", i) && strings.HasSuffix(rd.Tokens[i].Lower, "s") {
		return true // "after uploads a lambda refreshes …": a new subject
	}
	return strings.HasSuffix(rd.Tokens[i].Lower, "ing") && rd.Is("stop", j)
}
