package guard

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// buildUnits reads the verbs of every clause that forbids, with the things they act on. More
// words count as verbs than in a request for permissions: participles ("be deleted or
// modified"), nouns ("deletion") and everyday words for harm ("tampering").
func (g *guarding) buildUnits() {
	g.Units = nil
	for n := range g.Clauses {
		if g.forbids(n) {
			g.Units = append(g.Units, g.clauseUnits(n)...)
		}
	}
	for i := range g.Units {
		u := &g.Units[i]
		u.Groups = g.groups(u.From, u.To)
	}
	g.shareGuardObjects()
}

func (g *guarding) clauseUnits(n int) []object.Unit {
	c := g.Clauses[n]
	var out []object.Unit
	current := -1
	for i := c.From; i < c.To; {
		v, ok := g.guardVerb(i, c)
		if ok && current >= 0 && i == out[current].AfterVerbs(0) && !g.nominalAt(i) && !strings.HasSuffix(g.lowerAt(i), "ing") && !g.Is("auxiliary", i-1) {
			ok = false
		}
		if !ok {
			i++
			continue
		}
		end := c.From
		if current >= 0 {
			end = out[current].AfterVerbs(0)
		}
		if current < 0 || g.objectsIn(end, i) {
			if current >= 0 {
				out[current].To = i
			} else if g.objectsIn(c.From, i) {
				out = append(out, object.Unit{Clause: n, From: c.From, To: i, Subject: true, Negative: true})
			}
			out = append(out, object.Unit{Clause: n, Negative: true})
			current = len(out) - 1
		}
		u := &out[current]
		u.Verbs = append(u.Verbs, v)
		u.From, u.To = v.End, v.End
		i = v.End
	}
	if current < 0 {
		return append(out, object.Unit{Clause: n, From: c.From, To: c.To, Negative: true})
	}
	out[current].To = c.To
	return out
}

func (g *guarding) objectsIn(from, to int) bool {
	for i := from; i < to; i++ {
		if g.objectWord(i) || g.Word(i, "everything", "anything", "nothing", "them", "it") {
			return true
		}
	}
	return false
}

// guardVerb reads a verb at token i.
func (g *guarding) guardVerb(i int, c sentence.Clause) (sentence.Verb, bool) {
	t := g.Tokens[i]
	if t.Kind != token.Word || t.Taken || g.listed("forbid", i) || g.listed("oblige", i) || g.listed("permit", i) && !g.Word(i, "leave") {
		return sentence.Verb{}, false
	}
	if g.Word(i, "make", "makes", "making") && g.Word(i+1, "it", "sure", "certain", "this") {
		return sentence.Verb{}, false
	}
	if g.Word(i, confiners...) && g.confined(g.ClauseOf(i)) {
		return sentence.Verb{}, false
	}
	if g.listed("harm", i) && !g.Word(i, "kill") {
		return sentence.Verb{At: i, End: i + 1, Stem: t.Stem, Classes: []string{"harm", "update", "delete", "detach", "disable"}}, true
	}
	if g.inNoun(i) || g.listedNoun(i) {
		return sentence.Verb{}, false
	}
	stem, classes := g.VerbClasses(t.Lower)
	if v, ok := g.Reading.VerbAt(i, c.To); ok {
		if v.End == i+1 && len(classes) > 0 && v.Stem != stem && !strings.Contains(v.Stem, "-") {
			v.Stem, v.Classes = stem, classes
		}
		return v, true
	}
	nominal := len(classes) > 0 && hasNounEnding(t.Lower)
	if len(classes) == 0 {
		nominal = true
		stem, classes = g.Nominal(t.Lower)
	}
	if len(classes) == 0 {
		return sentence.Verb{}, false
	}
	v := sentence.Verb{At: i, End: i + 1, Stem: stem, Classes: classes}
	prev := i - 1
	for prev > c.From && strings.HasSuffix(g.lowerAt(prev), "ly") {
		prev--
	}
	joined := prev >= c.From && (g.Punct(prev, ",+") || g.Is("conjunction", prev))
	marked := prev >= 0 && g.Tokens[prev].Role == "what is forbidden"
	switch {
	case nominal:
		return v, true
	case strings.HasSuffix(t.Lower, "ed") || strings.HasSuffix(t.Lower, "ing"):
		return v, joined || g.Is("auxiliary", prev) || g.listed("negation", prev) || g.Word(prev, "from", "for", "of", "any", "all", "however", "but", "though", "whereas", "while", "yet", "even") || marked || prev < c.From
	case joined:
		return v, !g.Is("nouny", i)
	case strings.HasSuffix(t.Lower, "s") && !strings.HasSuffix(t.Lower, "ss"):
		return v, g.Is("verbal", i) || len(t.Lower) > 4 && !g.Is("nouny", i) && g.LinkAt[i] < 0
	case g.listed("negation", prev) || g.Is("modal", prev) || g.Is("pronoun", prev) || marked:
		return v, true
	}
	return v, g.listed("generic", prev) && !g.Is("nouny", i)
}

// listedNoun: in "delete tables or backups" the second word joins the objects, not the verbs.
func (g *guarding) listedNoun(i int) bool {
	if !g.Is("nouny", i) || g.Is("verbal", i) || i < 2 || !g.Punct(i-1, ",+") && !g.Is("conjunction", i-1) {
		return false
	}
	_, classes := g.VerbClasses(g.lowerAt(i - 2))
	return len(classes) == 0 || g.Is("nouny", i-2) || strings.HasSuffix(g.lowerAt(i), "s")
}

// hasNounEnding says that a word names an act: deletion, removal, enrolment.
func hasNounEnding(word string) bool {
	word = strings.TrimSuffix(word, "s")
	return strings.HasSuffix(word, "ion") || strings.HasSuffix(word, "oval") || strings.HasSuffix(word, "ment") || word == "launch" || word == "change" || word == "closure"
}

func (g *guarding) nominalAt(i int) bool {
	if _, classes := g.VerbClasses(g.lowerAt(i)); len(classes) > 0 {
		return hasNounEnding(g.lowerAt(i)) && !g.Word(i, "change", "changes", "launch")
	}
	_, classes := g.Nominal(g.lowerAt(i))
	return len(classes) > 0
}

// inNoun says that the word is a part of a known noun: the "logs" of "flow logs".
func (g *guarding) inNoun(i int) bool {
	n := g.LinkAt[i]
	if n < 0 {
		return false
	}
	l := g.Links[n]
	return l.To-l.From > 1 && !(i == l.From && g.Is("verbal", i))
}

// groups are the members of an object list, without the words that only say who or that.
func (g *guarding) groups(from, to int) []object.Group {
	var out []object.Group
	for _, x := range g.GroupsOf(from, to) {
		kept := object.Group{}
		for _, i := range x.Head {
			if g.objectWord(i) {
				kept.Head = append(kept.Head, i)
			}
		}
		for _, i := range x.Mods {
			if g.objectWord(i) {
				kept.Mods = append(kept.Mods, i)
			}
		}
		if len(kept.Head)+len(kept.Mods) > 0 {
			out = append(out, kept)
		}
	}
	return out
}

// shareGuardObjects gives verbs without objects those of the unit before, within the sentence,
// or, if there is none, of the unit behind.
func (g *guarding) shareGuardObjects() {
	for i := range g.Units {
		u := &g.Units[i]
		if len(u.Groups) > 0 || len(u.Verbs) == 0 || g.saysEverything(u.From, u.To) {
			continue
		}
		for _, j := range neighbours(i, len(g.Units)) {
			other := g.Units[j]
			if len(other.Groups) == 0 || g.Clauses[other.Clause].Sentence != g.Clauses[u.Clause].Sentence {
				continue
			}
			u.Groups = append(u.Groups, other.Groups...)
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
		case g.Word(i, "everything", "anything", "whatever", "whatsoever"):
			return true
		case g.Word(i, "nothing") && !g.Word(i+1, "else"):
			return true
		case g.Word(i, "all", "any", "every", "no") && g.Word(i+1, "actions", "action", "access", "requests", "request", "calls", "call", "api", "apis", "activity", "operations", "aws", "services", "service", "other", "traffic"):
			return true
		case g.Word(i, "all", "any", "every") && (g.Word(i+2, "actions", "action", "access", "requests", "calls", "operations") || g.Word(i+3, "actions", "calls", "access")):
			return true
		}
	}
	return false
}
