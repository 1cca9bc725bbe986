package reader

import (
	"strings"
)

// buildUnits reads the verbs of every clause that forbids, with the things they act on. More
// words count as verbs than in a request for permissions: participles ("be deleted or
// modified"), nouns ("deletion") and everyday words for harm ("tampering").
func (g *guarding) buildUnits() {
	g.units = nil
	for n := range g.clause {
		if g.forbids(n) {
			g.units = append(g.units, g.clauseUnits(n)...)
		}
	}
	for i := range g.units {
		u := &g.units[i]
		u.groups = g.groups(u.from, u.to)
	}
	g.shareGuardObjects()
}

func (g *guarding) clauseUnits(n int) []unit {
	c := g.clause[n]
	var out []unit
	current := -1
	for i := c.from; i < c.to; {
		v, ok := g.guardVerb(i, c)
		if ok && current >= 0 && i == out[current].to0(0) && !g.nominalAt(i) && !strings.HasSuffix(g.lowerAt(i), "ing") && !g.is("auxiliary", i-1) {
			ok = false
		}
		if !ok {
			i++
			continue
		}
		end := c.from
		if current >= 0 {
			end = out[current].to0(0)
		}
		if current < 0 || g.objectsIn(end, i) {
			if current >= 0 {
				out[current].to = i
			} else if g.objectsIn(c.from, i) {
				out = append(out, unit{clause: n, from: c.from, to: i, subject: true, negative: true})
			}
			out = append(out, unit{clause: n, negative: true})
			current = len(out) - 1
		}
		u := &out[current]
		u.verbs = append(u.verbs, v)
		u.from, u.to = v.end, v.end
		i = v.end
	}
	if current < 0 {
		return append(out, unit{clause: n, from: c.from, to: c.to, negative: true})
	}
	out[current].to = c.to
	return out
}

func (g *guarding) objectsIn(from, to int) bool {
	for i := from; i < to; i++ {
		if g.objectWord(i) || g.word(i, "everything", "anything", "nothing", "them", "it") {
			return true
		}
	}
	return false
}

// guardVerb reads a verb at token i.
func (g *guarding) guardVerb(i int, c clause) (verb, bool) {
	t := g.tokens[i]
	if t.kind != wordToken || t.taken || g.listed("forbid", i) || g.listed("oblige", i) || g.listed("permit", i) && !g.word(i, "leave") {
		return verb{}, false
	}
	if g.listed("harm", i) && !g.word(i, "kill") {
		return verb{at: i, end: i + 1, stem: t.stem, classes: []string{"harm", "update", "delete", "detach", "disable"}}, true
	}
	if g.inNoun(i) || g.listedNoun(i) {
		return verb{}, false
	}
	stem, classes := g.verbClasses(t.lower)
	if v, ok := g.reading.verbAt(i, c.to); ok {
		if v.end == i+1 && len(classes) > 0 && v.stem != stem && !strings.Contains(v.stem, "-") {
			v.stem, v.classes = stem, classes
		}
		return v, true
	}
	nominal := len(classes) > 0 && hasNounEnding(t.lower)
	if len(classes) == 0 {
		nominal = true
		stem, classes = g.nominal(t.lower)
	}
	if len(classes) == 0 {
		return verb{}, false
	}
	v := verb{at: i, end: i + 1, stem: stem, classes: classes}
	prev := i - 1
	for prev > c.from && strings.HasSuffix(g.lowerAt(prev), "ly") {
		prev--
	}
	joined := prev >= c.from && (g.punct(prev, ",+") || g.is("conjunction", prev))
	marked := prev >= 0 && g.tokens[prev].role == "what is forbidden"
	switch {
	case nominal:
		return v, true
	case strings.HasSuffix(t.lower, "ed") || strings.HasSuffix(t.lower, "ing"):
		return v, joined || g.is("auxiliary", prev) || g.listed("negation", prev) || g.word(prev, "from", "for", "of", "any", "all") || marked || prev < c.from
	case joined:
		return v, !g.is("nouny", i)
	case strings.HasSuffix(t.lower, "s") && !strings.HasSuffix(t.lower, "ss"):
		return v, g.is("verbal", i) || len(t.lower) > 4 && !g.is("nouny", i) && g.linkAt[i] < 0
	case g.listed("negation", prev) || g.is("modal", prev) || g.is("pronoun", prev) || marked:
		return v, true
	}
	return v, g.listed("generic", prev) && !g.is("nouny", i)
}

// listedNoun: in "delete tables or backups" the second word joins the objects, not the verbs.
func (g *guarding) listedNoun(i int) bool {
	if !g.is("nouny", i) || g.is("verbal", i) || i < 2 || !g.punct(i-1, ",+") && !g.is("conjunction", i-1) {
		return false
	}
	_, classes := g.verbClasses(g.lowerAt(i - 2))
	return len(classes) == 0 || g.is("nouny", i-2) || strings.HasSuffix(g.lowerAt(i), "s")
}

// hasNounEnding says that a word names an act: deletion, removal, enrolment.
func hasNounEnding(word string) bool {
	word = strings.TrimSuffix(word, "s")
	return strings.HasSuffix(word, "ion") || strings.HasSuffix(word, "oval") || strings.HasSuffix(word, "ment") || word == "launch" || word == "change" || word == "closure"
}

func (g *guarding) nominalAt(i int) bool {
	if _, classes := g.verbClasses(g.lowerAt(i)); len(classes) > 0 {
		return hasNounEnding(g.lowerAt(i)) && !g.word(i, "change", "changes", "launch")
	}
	_, classes := g.nominal(g.lowerAt(i))
	return len(classes) > 0
}

// inNoun says that the word is a part of a known noun: the "logs" of "flow logs".
func (g *guarding) inNoun(i int) bool {
	n := g.linkAt[i]
	if n < 0 {
		return false
	}
	l := g.links[n]
	return l.to-l.from > 1 && !(i == l.from && g.is("verbal", i))
}

// groups are the members of an object list, without the words that only say who or that.
func (g *guarding) groups(from, to int) []group {
	var out []group
	for _, x := range g.groupsOf(from, to) {
		kept := group{}
		for _, i := range x.head {
			if g.objectWord(i) {
				kept.head = append(kept.head, i)
			}
		}
		for _, i := range x.mods {
			if g.objectWord(i) {
				kept.mods = append(kept.mods, i)
			}
		}
		if len(kept.head)+len(kept.mods) > 0 {
			out = append(out, kept)
		}
	}
	return out
}

// shareGuardObjects gives verbs without objects those of the unit before, within the sentence,
// or, if there is none, of the unit behind.
func (g *guarding) shareGuardObjects() {
	for i := range g.units {
		u := &g.units[i]
		if len(u.groups) > 0 || len(u.verbs) == 0 || g.saysEverything(u.from, u.to) {
			continue
		}
		for _, j := range neighbours(i, len(g.units)) {
			other := g.units[j]
			if len(other.groups) == 0 || g.clause[other.clause].sentence != g.clause[u.clause].sentence {
				continue
			}
			u.groups = append(u.groups, other.groups...)
			break
		}
	}
}

// neighbours lists the indexes around i: those before it, nearest first, then those behind.
func neighbours(i, n int) []int {
	var out []int
	for j := i - 1; j >= 0; j-- {
		out = append(out, j)
	}
	for j := i + 1; j < n; j++ {
		out = append(out, j)
	}
	return out
}

// saysEverything says that the words are about all actions.
func (g *guarding) saysEverything(from, to int) bool {
	for i := from; i < to; i++ {
		switch {
		case g.word(i, "everything", "anything", "whatever", "whatsoever"):
			return true
		case g.word(i, "nothing") && !g.word(i+1, "else"):
			return true
		case g.word(i, "all", "any", "every", "no") && g.word(i+1, "actions", "action", "access", "requests", "request", "calls", "call", "api", "apis", "activity", "operations", "aws", "services", "service", "other", "traffic"):
			return true
		case g.word(i, "all", "any", "every") && (g.word(i+2, "actions", "action", "access", "requests", "calls", "operations") || g.word(i+3, "actions", "calls", "access")):
			return true
		}
	}
	return false
}
