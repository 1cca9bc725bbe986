package reader

import (
	"sort"
	"strings"
)

// A typing says what kind of resource a name belongs to.
type typing struct {
	service string // service prefix
	typ     string // resource type of the catalog; empty if only the service is known
	noun    int    // token of the noun that said so, or -1
	guess   bool   // no noun stood beside the name
	main    bool   // only the service was named: its main resource type is meant
}

// nameTypes decides for every name what kind of resource it is: by the noun before or after
// it, by the list it stands in, or by the shape of its identifier.
func (rd *reading) nameTypes() {
	rd.nameObjects()
	rd.nameLists()
	rd.typeNames()
	rd.strongSet = nil
	for i := range rd.tokens {
		if !rd.tokens[i].taken && rd.plainName(i) {
			rd.tokens[i].kind = nameToken
		}
	}
	rd.typeNames()
	rd.listsBackward()
	rd.strengthen()
	rd.strongSet = nil
}

// typeNames types the names that no step has typed yet.
func (rd *reading) typeNames() {
	for i := range rd.tokens {
		if rd.tokens[i].taken || rd.tokens[i].typed != nil || !rd.mayBeNamed(i) {
			continue
		}
		for _, find := range []func(int) *typing{rd.byNounBefore, rd.byNounAfter, rd.byOtherName, rd.byGlob, rd.byFolder, rd.byShape, rd.byList} {
			if ty := find(i); ty != nil {
				rd.tokens[i].typed = ty
				rd.tokens[i].used = true
				break
			}
		}
	}
}

// strengthen lets a named resource speak for its service in the whole request.
func (rd *reading) strengthen() {
	seen := map[string]bool{}
	for i := range rd.tokens {
		s := rd.serviceOfToken(i)
		if s == "" || seen[s] || rd.tokens[i].guessed() {
			continue
		}
		seen[s] = true
		rd.named[s] += 5
	}
}

func (rd *reading) mayBeNamed(i int) bool {
	t := rd.tokens[i]
	switch t.kind {
	case nameToken:
		return true
	case entityToken:
		k := t.lit.kind
		return k == uuidLiteral || k == pathLiteral || k == numberLiteral && len(t.text) > 5 || k == hostLiteral || k == mailLiteral || k == vpcLiteral || k == vpceLiteral || k == variableLiteral || k == orgLiteral || k == ouLiteral
	}
	return false
}

// plainName recognises an everyday word used as a name: "table users", "the orders queue".
func (rd *reading) plainName(i int) bool {
	t := rd.tokens[i]
	if t.kind != wordToken || t.taken || rd.is("negator", i) && !rd.quotedBefore(i) || rd.Lexicon.Is("notname", t.lower) && !rd.properCase(i) && !rd.quotedBefore(i) && !rd.plainNoun(i) || rd.Lexicon.Is("stop", t.lower) || rd.Lexicon.Is("common", t.lower) || rd.Lexicon.Is("chat", t.lower) && !rd.plainNoun(i) || len(t.lower) < 2 {
		return false
	}
	if rd.quotedBefore(i) || rd.plainNoun(i) {
		return true
	}
	if rd.word(i, "lives", "sits", "stays", "belongs", "carries", "carry", "begins", "starts", "ends") {
		return false
	}
	if rd.punct(i-1, ":") && len(rd.Lexicon.Classes(t.stem)) > 0 {
		return false // "rag bot: Retrieve from …"
	}
	ty := rd.nounEndingAt(i)
	if ty == nil || ty.typ == "" || ty.main && (rd.phraseContinues(i) || rd.linkAt[i] >= 0 || len(t.lower) < 4) {
		return rd.nameBeforeNoun(i)
	}
	if rd.tokens[ty.noun].lower != rd.tokens[ty.noun].stem && !rd.properCase(i) {
		return false // a plural noun introduces a name only by its capital
	}
	if rd.properCase(i) && !rd.isNounOf(i, ty.service) {
		return true
	}
	if rd.indefinite(ty.noun) || rd.verbFormAt(i) {
		return false
	}
	if len(rd.strong()) > 0 && !rd.strong()[ty.service] && rd.vocabulary(i, ty.service) {
		return false
	}
	if !rd.boundary(i+1) || nominalEnding(t.lower) && !rd.Lexicon.Is("adjective", t.lower) || rd.clauseStart(ty.noun) && !rd.properCase(i) && !(rd.punct(ty.noun-1, "(") && rd.punct(i+1, "),")) || rd.ownVocabulary(i, ty.service) && !rd.properCase(i) || rd.Lexicon.Is("adjective", t.lower) && rd.phraseContinues(i) || rd.Lexicon.Is("filler", t.lower) || rd.Lexicon.Is("verbal", t.lower) {
		return false
	}
	if _, ok := rd.verbAt(i, len(rd.tokens)); ok && !rd.verbBefore(i) && !(rd.boundary(i+1) && !rd.verbJoined(i+1)) {
		return false
	}
	return rd.linkAt[i] < 0 || !rd.linkedTo(i, ty.service) && !(rd.tokens[i].lower == rd.tokens[i].stem && rd.isName(rd.links[rd.linkAt[i]]))
}

// indefinite says that the noun phrase of a noun speaks of any one of its kind, or of somebody's:
// "how a run went", "the job's outcome". No name follows it.
func (rd *reading) indefinite(noun int) bool {
	if hasPossessive(rd.tokens[noun].text) {
		return true
	}
	i := noun
	if n := rd.linkAt[noun]; n >= 0 {
		i = rd.links[n].from
	}
	for i--; i >= 0 && i >= noun-4 && rd.tokens[i].kind == wordToken; i-- {
		switch {
		case rd.word(i, "a", "an", "any", "every", "each", "some", "no"):
			return true
		case rd.is("stop", i), rd.is("preposition", i):
			return false
		}
	}
	return false
}

// verbFormAt says that a word is a form of a verb that no name has: "kicks off".
func (rd *reading) verbFormAt(i int) bool {
	next := rd.tokenLower(i + 1)
	return particles[next] && len(rd.phraseClasses(rd.tokens[i].stem+"-"+next)) > 0
}

// boundary says that a noun phrase ends before token i.
func (rd *reading) boundary(i int) bool {
	if i >= len(rd.tokens) || rd.tokens[i].kind != wordToken {
		return true
	}
	return rd.is("preposition", i) || rd.is("conjunction", i) || rd.is("modal", i) || rd.is("negator", i) || rd.word(i, "is", "are", "so", "but", "only", "while", "when", "if", "there", "using", "that", "which")
}

// clauseStart says that no word but function words stands before token i in its clause.
func (rd *reading) clauseStart(i int) bool {
	n := rd.clauseOf(i)
	if n < 0 {
		return true
	}
	for j := rd.clause[n].from; j < i; j++ {
		if rd.tokens[j].kind != punctToken && !rd.is("article", j) {
			return false
		}
	}
	return true
}

// nominalEnding says that a word is made from a verb and so hardly a name: creation, handling.
func nominalEnding(w string) bool {
	for _, suffix := range []string{"tion", "sion", "ment", "ing", "ance", "ence", "ness", "ly", "ed"} {
		if len(w) > len(suffix)+2 && strings.HasSuffix(w, suffix) {
			return true
		}
	}
	return false
}

// quotedBefore says that the word before introduces a name: "a table called events".
func (rd *reading) quotedBefore(i int) bool { return rd.word(i-1, "named", "called") }

// phraseContinues says that the next word goes on with the same noun phrase.
func (rd *reading) phraseContinues(i int) bool {
	return i+1 < len(rd.tokens) && rd.tokens[i+1].kind == wordToken && !rd.Lexicon.Is("stop", rd.tokens[i+1].lower)
}

// nameBeforeNoun: "the orders table", "my gps stream".
func (rd *reading) nameBeforeNoun(i int) bool {
	ty := rd.nounStartingAt(i + 1)
	if ty == nil || ty.typ == "" || ty.main || !rd.word(i-1, "the", "our", "my", "their", "its", "from", "to", "in", "on", "of", "and", ",") {
		return false
	}
	if k := ty.noun + 1; k < len(rd.tokens) && rd.mayBeNamed(k) && !rd.tokens[k].taken {
		return false // "the asymmetric key 1a2b…"
	}
	t := rd.tokens[i]
	if rd.linkAt[i] >= 0 || rd.vocabulary(i, ty.service) || rd.Lexicon.Is("adjective", t.lower) || rd.Lexicon.Is("filler", t.lower) || len(rd.Lexicon.Classes(t.stem)) > 0 {
		return false
	}
	return rd.tokens[ty.noun].lower == rd.tokens[ty.noun].stem && !strings.HasSuffix(t.lower, "ing") && !strings.HasSuffix(t.lower, "ed")
}

func (rd *reading) properCase(i int) bool {
	c := rd.tokens[i].text[0]
	return c >= 'A' && c <= 'Z' && i > 0 && !rd.punct(i-1, ".\n-")
}

// ownVocabulary says that the action names of one service use the word.
func (rd *reading) ownVocabulary(i int, service string) bool {
	b := rd.book(service)
	return b != nil && (b.vocab[rd.tokens[i].stem] || b.own[rd.tokens[i].stem])
}

// vocabulary says that the service's own action names use the word.
func (rd *reading) vocabulary(i int, service string) bool {
	for _, s := range append(sortedKeys(rd.strong()), service) {
		if b := rd.book(s); b != nil && (b.vocab[rd.tokens[i].stem] || b.own[rd.tokens[i].stem]) {
			return true
		}
	}
	return false
}

func (rd *reading) linkedTo(i int, service string) bool {
	if rd.linkAt[i] < 0 {
		return false
	}
	for _, e := range rd.links[rd.linkAt[i]].entries {
		if e.Service == service {
			return true
		}
	}
	return false
}

func (rd *reading) isNounOf(i int, service string) bool { return rd.linkedTo(i, service) }

func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// verbBefore says that the clause of token i has a verb before it.
func (rd *reading) verbBefore(i int) bool {
	n := rd.clauseOf(i)
	if n < 0 {
		return false
	}
	for j := rd.clause[n].from; j < i; j++ {
		if _, ok := rd.verbAt(j, i); ok {
			return true
		}
	}
	return false
}

// verbJoined says that a conjunction at token i joins another verb.
func (rd *reading) verbJoined(i int) bool {
	if i+1 >= len(rd.tokens) || !rd.is("conjunction", i) && !rd.punct(i, "+,") {
		return false
	}
	_, classes := rd.verbClasses(rd.tokens[i+1].lower)
	return len(classes) > 0
}
