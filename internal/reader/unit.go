package reader

import "strings"

// A unit is one or more verbs with the things they act on.
type unit struct {
	clause   int
	verbs    []verb
	from, to int     // tokens of the object scope
	groups   []group // the things, one for each member of a list
	negative bool
	subject  bool // the objects stand before the verbs ("objects: read and list")
	aside    bool // in brackets, with the verbs of what stands before
	shared   bool // the objects are a neighbour's
	label    bool // a heading: "thumbnailer lambda:"
}

// A group is one member of a list of objects: its own words, and those that only describe it.
type group struct {
	head []int // tokens
	mods []int // tokens after a preposition
}

// splitUnits reads the verbs of every clause and the objects that follow them.
func (rd *reading) splitUnits() {
	rd.units = nil
	for n := range rd.clause {
		rd.clauseUnits(n)
	}
	rd.markSubjects()
	rd.strongSet = nil
	rd.shareObjects()
}

func (rd *reading) clauseUnits(n int) {
	c := rd.clause[n]
	if c.closer {
		rd.use(c.from, c.to)
		return
	}
	first := len(rd.units)
	var current *unit
	start := c.from
	for i := c.from; i < c.to; {
		v, ok := rd.verbAt(i, c.to)
		if ok && current != nil && i == current.to0(start) && !strings.HasSuffix(rd.tokens[i].lower, "ing") && !rd.is("auxiliary", i-1) {
			ok = false // what follows a verb at once is its object: "send bounces"
		}
		if ok && current != nil && i > current.to0(start) && !rd.mayFollow(i) {
			ok = false // "edits the record sets": no second verb without a word that joins it
		}
		if !ok {
			i++
			continue
		}
		if current == nil || rd.hasContent(current.to0(start), i) {
			rd.closeUnit(current, i)
			if current == nil && rd.hasContent(start, i) {
				rd.units = append(rd.units, unit{clause: n, from: start, to: i, negative: c.negative, subject: true})
			}
			rd.units = append(rd.units, unit{clause: n, negative: c.negative})
			current = &rd.units[len(rd.units)-1]
		}
		current.verbs = append(append(current.verbs, v), v.more...)
		current.from, current.to = v.end, v.end
		i = v.end
	}
	rd.closeUnit(current, c.to)
	if current == nil {
		rd.units = append(rd.units, rd.verbless(n))
	}
	for i := first; i < len(rd.units); i++ {
		rd.units[i].groups = rd.groupsOf(rd.units[i].from, rd.units[i].to)
	}
}

// verbless makes the unit of a clause without verbs. In brackets it goes on with what the verbs
// before it act on: "fetches results of jobs (text detection and analysis)".
func (rd *reading) verbless(n int) unit {
	c := rd.clause[n]
	u := unit{clause: n, from: c.from, to: c.to, negative: c.negative}
	switch {
	case rd.punct(c.from-1, "(:") && len(rd.units) > 0 && len(rd.units[len(rd.units)-1].verbs) > 0:
		before := rd.units[len(rd.units)-1]
		if rd.clause[before.clause].sentence == c.sentence && !before.negative {
			u.verbs, u.aside = before.verbs, true
		}
	case rd.punct(c.to, ":"):
		u.label = true
	}
	return u
}

func (u *unit) to0(start int) int {
	if len(u.verbs) == 0 {
		return start
	}
	return u.verbs[len(u.verbs)-1].end
}

func (rd *reading) closeUnit(u *unit, to int) {
	if u != nil {
		u.to = to
	}
}

// hasContent says whether tokens in [from, to) hold something a verb can act on.
func (rd *reading) hasContent(from, to int) bool {
	for i := from; i < to; i++ {
		if rd.isContent(i) || rd.isThing(i) || rd.word(i, "them", "it", "those", "everything", "anything", "all") {
			return true
		}
	}
	return false
}

// isContent says whether a token is a word that may name an object.
func (rd *reading) isContent(i int) bool {
	t := rd.tokens[i]
	return t.kind == wordToken && !t.taken && !rd.Lexicon.Is("stop", t.lower) && (!rd.Lexicon.Is("filler", t.lower) || rd.endsNoun(i))
}

// endsNoun says that a filler ends a noun that the named services know: "slot type".
func (rd *reading) endsNoun(i int) bool {
	if !rd.word(i, "type", "types", "kind") || rd.word(i+1, "of") || i == 0 || rd.tokens[i-1].kind != wordToken || rd.Lexicon.Is("stop", rd.tokens[i-1].lower) {
		return false
	}
	for _, s := range sortedKeys(rd.strong()) {
		if b := rd.book(s); b != nil && b.vocab[rd.tokens[i].stem] && b.vocab[rd.tokens[i-1].stem] {
			return true
		}
	}
	return false
}

// isThing says whether a token is a name or literal that may be a target.
func (rd *reading) isThing(i int) bool {
	t := rd.tokens[i]
	return !t.taken && (t.kind == nameToken || t.kind == entityToken && t.lit.kind != regionLiteral && t.lit.kind != accountLiteral || t.typed != nil)
}

// groupsOf splits an object scope into the members of its list.
func (rd *reading) groupsOf(from, to int) []group {
	var out []group
	var g group
	mods := false
	flush := func() {
		if len(g.head)+len(g.mods) > 0 {
			out = append(out, g)
		}
		g, mods = group{}, false
	}
	for i := from; i < to; i++ {
		switch {
		case rd.punct(i, ",") && len(out)+len(g.head) > 0 && rd.word(i+1, "any", "every", "all", "each", "whichever"):
			mods = true // "…, any version": says which ones, not what else
		case mods && len(g.head) == 1 && rd.tokens[g.head[0]].stem == "tag" && rd.word(i, "and", "or") && rd.linked(i+1):
			// "create tags on instances and volumes": both are tagged
		case rd.punct(i, ",+") || rd.word(i, "and", "or", "plus", "nor", "as-well-as"):
			flush()
		case rd.is("preposition", i) && len(g.head)+len(out) > 0:
			mods = true
		case rd.isContent(i) && rd.tokens[i].typed == nil:
			if mods {
				g.mods = append(g.mods, i)
			} else {
				g.head = append(g.head, i)
			}
		case rd.isThing(i):
			g.mods = append(g.mods, i)
		}
	}
	flush()
	return out
}

// linked says that a word names something of AWS.
func (rd *reading) linked(i int) bool {
	return i < len(rd.tokens) && rd.linkAt[i] >= 0
}

// shareObjects gives units without objects those of their neighbours: "start and stop X",
// "create (or import) X", "… and look at them".
func (rd *reading) shareObjects() {
	for i := range rd.units {
		u := &rd.units[i]
		if len(u.verbs) == 0 || rd.hasOwnObject(*u) && !(rd.hasPronoun(*u) && !rd.headed(u.groups)) {
			continue
		}
		u.groups = nil
		if j := i + 1; j < len(rd.units) && rd.punct(u.to, "(") && rd.inOneSentence(i, j) && !rd.hasOwnObject(*u) {
			for j < len(rd.units) && rd.inOneSentence(i, j) && (!rd.hasOwnObject(rd.units[j]) || rd.punct(rd.clause[rd.units[j].clause].from-1, "(")) {
				j++
			}
			if j < len(rd.units) && rd.inOneSentence(i, j) {
				u.groups, u.shared = append(u.groups, rd.units[j].groups...), true
				continue
			}
		}
		for j := i - 1; j >= 0; j-- {
			if rd.hasOwnObject(rd.units[j]) && (u.negative || !rd.units[j].negative) {
				u.groups, u.shared = append(u.groups, rd.units[j].groups...), true
				break
			}
		}
	}
}

func (rd *reading) inOneSentence(i, j int) bool {
	return rd.clause[rd.units[i].clause].sentence == rd.clause[rd.units[j].clause].sentence
}

func (rd *reading) hasOwnObject(u unit) bool {
	for _, g := range u.groups {
		if len(g.head) > 0 || len(g.mods) > 0 {
			return true
		}
	}
	return false
}

func (rd *reading) use(from, to int) {
	for i := from; i < to; i++ {
		rd.tokens[i].used = true
	}
}

// mayFollow says that the word before token i can join another verb to a clause.
func (rd *reading) mayFollow(i int) bool {
	j := i - 1
	for j > 0 && rd.tokens[j].kind == wordToken && (strings.HasSuffix(rd.tokens[j].lower, "ly") || rd.word(j, "only", "just", "also", "then", "later", "even")) {
		j--
	}
	switch {
	case j < 0 || rd.tokens[j].kind == punctToken:
		return true
	case rd.is("conjunction", j), rd.is("modal", j), rd.is("pronoun", j), rd.is("negator", j), rd.is("auxiliary", j):
		return true
	case rd.is("preposition", j):
		return rd.word(j, "to", "for", "by", "as") || strings.HasSuffix(rd.tokens[i].lower, "ing")
	}
	if j > 0 && rd.is("article", j-1) && !rd.is("nouny", i) && strings.HasSuffix(rd.tokens[i].lower, "s") {
		return true // "after uploads a lambda refreshes …": a new subject
	}
	return strings.HasSuffix(rd.tokens[i].lower, "ing") && rd.is("stop", j)
}
