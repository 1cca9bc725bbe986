package sentence

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// NegativeAt says that token i stands in a clause that takes away.
func (rd *Reading) NegativeAt(i int) bool {
	n := rd.ClauseOf(i)
	return n >= 0 && rd.Clauses[n].Negative
}

// IsVerbHere says that a verb begins at token i.
func (rd *Reading) IsVerbHere(i int) bool {
	_, ok := rd.VerbAt(i, len(rd.Tokens))
	return ok
}

// A Verb is a word that says what is done.
type Verb struct {
	At      int // token
	End     int // first token after it (particles that stand apart are not counted)
	Stem    string
	Classes []string
	More    []Verb // the same verb with another particle: "switch on and off"
	Batch   bool   // of many things in one call: "batch update"
	Level   bool   // speaks about access as such: "read access", "full access"
}

// In says whether the verb belongs to a class.
func (v Verb) In(class string) bool {
	for _, c := range v.Classes {
		if c == class {
			return true
		}
	}
	return false
}

// VerbAt reads a verb at token i, if the word is one here.
func (rd *Reading) VerbAt(i, limit int) (Verb, bool) {
	t := rd.Tokens[i]
	if rd.beginsName(i) {
		rd.Tokens[i].Used = true
		return Verb{}, false
	}
	if t.Kind != token.Word || t.Taken || rd.Word(i, "give", "gives", "giving", "gimme", "lets", "allow", "allows", "permit", "permits") {
		return Verb{}, false
	}
	if n := rd.LinkAt[i]; n >= 0 && rd.IsNounPhrase(rd.Links[n]) && (rd.Links[n].From < i || rd.Links[n].To > i+1 && rd.ofStrong(rd.Links[n])) {
		return Verb{}, false // the "runs" of "job runs"
	}
	if v, ok := rd.phraseVerb(i, limit); ok {
		return v, true
	}
	stem, classes := rd.VerbClasses(t.Lower)
	if len(classes) == 0 && rd.NegativeAt(i) {
		if stem, classes = rd.Nominal(t.Lower); len(classes) > 0 {
			return Verb{At: i, End: i + 1, Stem: stem, Classes: classes}, true
		}
	}
	if len(classes) == 0 || classes[0] == ownVerb[0] && rd.LinkAt[i] >= 0 && rd.IsNounPhrase(rd.Links[rd.LinkAt[i]]) {
		return Verb{}, false
	}
	if strings.HasSuffix(t.Lower, "ion") && rd.namesAspect(i+1) {
		return Verb{}, false
	}
	v := Verb{At: i, End: i + 1, Stem: stem, Classes: classes}
	if stem == "drop" && !rd.placedAfter(i+1, limit) {
		v.Stem, v.Classes = "delete", []string{"delete"}
	}
	if class := rd.tagVerb(i, v); class != "" {
		v.Stem, v.Classes = class, []string{class}
		return v, true
	}
	if rd.Word(i+1, "access", "permission", "permissions", "rights", "privileges", "privilege", "capability", "capabilities") && i+1 < limit && (rd.LinkAt[i+1] < 0 || rd.Links[rd.LinkAt[i+1]].To == i+2) {
		v.Level, v.End = true, i+2
		return v, true
	}
	if strings.ContainsAny(t.Lower, "/") {
		return Verb{}, false
	}
	if strings.Contains(t.Lower, "-") && rd.LinkAt[i] < 0 && !rd.thirdPerson(i+1) || rd.actsAsVerb(i) {
		return v, true
	}
	return Verb{}, false
}

// beginsName says that token i only says how names begin or end: "secrets that start with db/".
func (rd *Reading) beginsName(i int) bool {
	if !rd.Word(i, "start", "starts", "starting", "begin", "begins", "beginning", "end", "ends", "ending") || !rd.Word(i+1, "with", "in", "by") || i+2 >= len(rd.Tokens) {
		return false
	}
	next := rd.Tokens[i+2]
	return next.Kind == token.Name || next.Kind == token.Entity && next.Lit.Kind == token.PathLiteral || next.Kind == token.Word && rd.Word(i-1, "name", "names", "path", "key", "keys", "prefix", "that", "which")
}

// namesAspect says that the word at token i makes a noun of the one before it: "rotation status",
// "deletion protection".
func (rd *Reading) namesAspect(i int) bool {
	if i >= len(rd.Tokens) || rd.Tokens[i].Kind != token.Word || rd.Boundary(i) || rd.Is("stop", i) {
		return false
	}
	_, classes := rd.VerbClasses(rd.Tokens[i].Lower)
	return len(classes) == 0 || rd.Is("nouny", i) || rd.Word(i, "status")
}

// placedAfter says that the words from i on say where something goes: who drops a file into a
// bucket writes, who drops a table deletes.
func (rd *Reading) placedAfter(i, limit int) bool {
	for ; i < limit && rd.Tokens[i].Kind != token.Punct; i++ {
		if rd.Word(i, "in", "on") && (rd.Tokens[min(i+1, limit-1)].Kind == token.Entity || rd.LinkAt[min(i+1, limit-1)] >= 0 && rd.IsName(rd.Links[rd.LinkAt[min(i+1, limit-1)]])) {
			continue // "in eu-west-1", "in MediaStore"
		}
		if rd.Word(i, "in", "into", "onto", "to", "on", "at", "there", "off", "under", "below") {
			return true
		}
	}
	return false
}

// ownVerb marks a word that only the wordings of a named service use as a verb ("snooze").
var ownVerb = []string{"own"}

// VerbClasses returns the stem of a word and the classes of verbs it belongs to.
func (rd *Reading) VerbClasses(word string) (string, []string) {
	stem := Hyphenated(lexicon.Stems(word))
	if c := rd.Lexicon.Classes(stem); len(c) > 0 {
		return stem, c
	}
	if joined := strings.Replace(stem, "-", "", 1); joined != stem && len(rd.Lexicon.Classes(joined)) > 0 {
		return joined, rd.Lexicon.Classes(joined) // "un-pause", "re-boot"
	}
	if base, ok := strings.CutPrefix(stem, "re-"); ok && len(rd.Lexicon.Classes(base)) > 0 {
		return stem, rd.Lexicon.Classes(base)
	}
	if base, ok := strings.CutPrefix(stem, "re"); ok && len(base) > 3 && len(rd.Lexicon.Classes(base)) > 0 {
		return stem, rd.Lexicon.Classes(base)
	}
	if base, ok := strings.CutSuffix(word, "able"); ok && len(base) > 2 {
		for _, b := range []string{base, base + "e"} {
			if c := rd.Lexicon.Classes(catalog.Stem(b)); len(c) > 0 {
				return catalog.Stem(b), c // "must be readable"
			}
		}
	}
	for service := range rd.Strong() {
		if b := rd.Book(service); b != nil && b.Verbs[stem] && !rd.Lexicon.Is("stop", stem) {
			return stem, ownVerb
		}
	}
	return stem, nil
}

// able says that a word says what may be done to something: "readable".
func (rd *Reading) able(w string) bool {
	return len(w) > 6 && strings.HasSuffix(w, "able") && len(rd.Lexicon.Classes(catalog.Stem(w))) == 0
}

// Nominal reads a noun made of a verb, as in "no deletion" and "bucket creation".
func (rd *Reading) Nominal(word string) (string, []string) {
	stem := catalog.Stem(word)
	for _, suffix := range []string{"al", "ion", "ment", "ation"} {
		if base, ok := strings.CutSuffix(stem, suffix); ok && len(base) > 3 {
			for _, b := range []string{base, base + "e"} {
				if c := rd.Lexicon.Classes(catalog.Stem(b)); len(c) > 0 {
					return catalog.Stem(b), c
				}
			}
		}
	}
	return stem, nil
}

// Particles of verbs of two words, which may stand apart: "turn the cluster off".
var Particles = map[string]bool{"off": true, "on": true, "up": true, "down": true, "out": true, "in": true, "back": true, "away": true, "over": true, "into": true, "at": true, "for": true, "through": true}

// phraseVerb reads verbs of several words: "kick off", "look up", "turn … off".
func (rd *Reading) phraseVerb(i, limit int) (Verb, bool) {
	first := rd.Tokens[i].Stem
	if v, ok := rd.batchVerb(i, limit); ok {
		return v, true
	}
	for n := 3; n >= 2; n-- {
		if i+n > limit {
			continue
		}
		words := make([]string, n)
		ok := true
		for j := 0; j < n; j++ {
			words[j] = rd.Tokens[i+j].Stem
			ok = ok && rd.Tokens[i+j].Kind == token.Word
		}
		key := Hyphenated(words)
		if c := rd.PhraseClasses(key); ok && len(c) > 0 {
			return Verb{At: i, End: i + n, Stem: key, Classes: c}, true
		}
	}
	var v Verb
	depth := 0
	for j := i + 2; j < min(len(rd.Tokens), i+24); j++ {
		if rd.Punct(j, ".\n:") {
			break
		}
		if rd.Punct(j, "(") {
			depth++
		}
		if rd.Punct(j, ")") {
			depth--
		}
		if depth > 0 {
			continue
		}
		if c := rd.Lexicon.Classes(rd.Tokens[j].Stem); len(c) > 0 && rd.Is("conjunction", j-1) && !Particles[rd.Tokens[j].Lower] {
			break // another verb: its particles are its own
		}
		if !Particles[rd.Tokens[j].Lower] {
			continue
		}
		if c := rd.PhraseClasses(first + "-" + rd.Tokens[j].Lower); len(c) > 0 && rd.freeParticle(j) {
			found := Verb{At: i, End: i + 1, Stem: first + "-" + rd.Tokens[j].Lower, Classes: c}
			rd.Tokens[j].Used = true
			if v.Stem == "" {
				v = found
			} else if v.Stem != found.Stem {
				v.More = append(v.More, found)
			}
		} else if v.Stem != "" && !rd.Is("conjunction", j-1) {
			break
		}
	}
	return v, v.Stem != ""
}

// batchVerb reads a verb done to many things in one call: "batch update", "bulk-delete".
func (rd *Reading) batchVerb(i, limit int) (Verb, bool) {
	if !rd.Word(i, "batch", "bulk") || i+1 >= limit || rd.Tokens[i+1].Kind != token.Word || rd.Is("article", i-1) || rd.Is("preposition", i-1) && !rd.Word(i-1, "to") {
		return Verb{}, false
	}
	stem, classes := rd.VerbClasses(rd.Tokens[i+1].Lower)
	if len(classes) == 0 || stem != rd.Tokens[i+1].Lower || rd.Word(i+2, "of", "job", "jobs") || rd.Tokens[i+1].Taken {
		return Verb{}, false
	}
	return Verb{At: i, End: i + 2, Stem: stem, Classes: classes, Batch: true}, true
}

// freeParticle says that the word at j has no object of its own, as a preposition would.
func (rd *Reading) freeParticle(j int) bool {
	next := j + 1
	if next >= len(rd.Tokens) || rd.Tokens[next].Kind == token.Punct {
		return true
	}
	return rd.Word(j, "out") && rd.Word(next, "of") || rd.Word(next, "and", "or", "again", "in", "at", "when", "for", "every", "after", "before", "afterwards", "later", "then", "while", "until", "overnight", "daily", "during", "over", "on", "off", "up", "down", "nightly", "from", "by")
}

// actsAsVerb decides whether a word that may be a verb is one in its place.
func (rd *Reading) actsAsVerb(i int) bool {
	t := rd.Tokens[i]
	prev, next := i-1, i+1
	for prev >= 0 && rd.Tokens[prev].Kind == token.Word && (strings.HasSuffix(rd.Tokens[prev].Lower, "ly") || rd.Word(prev, "only", "just", "also", "then", "even", "still", "so", "thus", "hence", "always")) {
		prev--
	}
	gerund, past := strings.HasSuffix(t.Lower, "ing"), strings.HasSuffix(t.Lower, "ed")
	switch {
	case rd.Is("modal", next) && !rd.Word(next, "to"):
		return false // "admins must …"
	case next < len(rd.Tokens) && rd.Tokens[next].Typed != nil && rd.Tokens[next].Typed.Noun == i && !rd.Is("verbal", i):
		return false // "stream gps-pings"
	case strings.HasSuffix(t.Lower, "yst"), strings.HasSuffix(t.Lower, "ist") && len(t.Lower) > 4:
		return false
	case (prev < 0 || rd.Tokens[prev].Kind == token.Punct) && rd.Is("actor", next) && rd.verbFollows(next):
		return false // "deploy job imports …"
	case rd.ClauseStart(i) && next < len(rd.Tokens) && rd.Tokens[next].Kind == token.Word && rd.LinkAt[next] < 0 && (rd.Is("actor", next) || Doer(rd.Tokens[next].Lower)) && rd.Punct(next+1, ":(-"):
		return false // "inventory scanner: …"
	case rd.Is("titling", i) && rd.Word(next, "role", "policy", "user", "bot", "permissions") && (rd.endsAt(next+1) || rd.Is("preposition", next+1)):
		return false // "deploy role for …"
	case rd.Word(i, "access") && rd.Word(next, "for", "of") && rd.ClauseStart(i):
		return false // "access for the exporter:"
	case rd.Word(next, "path", "side", "replica", "replicas", "capacity", "traffic", "model"):
		return false
	case rd.Is("verbal", i), rd.afterLight(i):
		return true
	case past && rd.Is("conjunction", prev) && rd.Word(prev-2, "be") && prev > 1:
		return true // "may be read and rotated"
	case rd.able(t.Lower):
		return rd.Word(prev, "be", "stay", "remain") || rd.Word(i+1, "by") || rd.Is("conjunction", prev) && prev > 1 && rd.able(rd.TokenLower(prev-1)) && rd.Word(prev-2, "be", "stay", "remain")
	case past:
		return rd.Word(prev, "be", "get", "gets", "getting") || rd.Is("auxiliary", prev) && rd.Word(prev, "is", "are") && rd.NegativeAt(i)
	case rd.Word(prev, "to") || rd.Is("modal", prev) || rd.Is("negator", prev):
		return true
	case rd.Word(prev, "the", "a", "an", "its", "their", "our", "this", "that", "these", "those", "each", "every", "all", "any", "my", "his", "her", "your", "one"):
		return false
	case rd.Is("preposition", prev) && !gerund && !rd.Word(prev, "as"):
		return rd.Word(prev, "about") && false
	case rd.Is("nouny", i) && rd.Is("conjunction", prev) && rd.endsAt(next) && prev > 0:
		_, classes := rd.VerbClasses(rd.Tokens[prev-1].Lower)
		return gerund || len(classes) > 0
	case rd.pluralBeside(i):
		return false // "detect faces and labels"
	case gerund && (prev < 0 || rd.Punct(prev, ".\n")) && (rd.verbFollows(next) || rd.toolActs(next)):
		return false // "tagging admin changes …"
	case prev < 0 || rd.Tokens[prev].Kind == token.Punct || rd.Is("conjunction", prev) || rd.Is("pronoun", prev):
		return gerund || !rd.nounByNeighbour(i, next)
	case gerund:
		return rd.Is("preposition", prev) || rd.Is("stop", prev)
	}
	return rd.verbAfterSubject(i, next)
}

// afterLight says that a noun made of a verb says what is done, as a verb without a meaning of its
// own stands before it: "does nearest-neighbour lookups", "performs a push".
func (rd *Reading) afterLight(i int) bool { return rd.LightBefore(i) >= 0 }

// LightBefore returns the verb without a meaning before token i, or -1.
func (rd *Reading) LightBefore(i int) int {
	if !rd.endsAt(i+1) && !rd.Is("preposition", i+1) {
		return -1
	}
	for j := i - 1; j >= max(0, i-5) && rd.Tokens[j].Kind != token.Punct; j-- {
		if rd.Word(j, "do", "does", "doing", "perform", "performs", "performing", "conduct", "conducts") && !rd.NegativeAt(j) {
			return j
		}
		if rd.Is("preposition", j) || rd.Is("conjunction", j) || rd.Is("pronoun", j) {
			break
		}
	}
	return -1
}

// nounByNeighbour says that a word at the start of a clause is a noun all the same: a plural
// before a preposition ("reads from"), is a verb; "builds and" is left to be a verb too.
func (rd *Reading) nounByNeighbour(i, next int) bool {
	if next+1 < len(rd.Tokens) && rd.Tokens[next].Kind == token.Word && strings.HasSuffix(rd.Tokens[next].Lower, "s") && rd.Tokens[next+1].Kind == token.Word && !rd.Is("nouny", next+1) {
		if _, classes := rd.VerbClasses(rd.Tokens[next+1].Lower); len(classes) > 0 && !rd.Tokens[next+1].Taken && !strings.HasSuffix(rd.Tokens[next+1].Lower, "ing") && !strings.HasSuffix(rd.Tokens[next+1].Lower, "ed") {
			return true // "broadcast ops start …"
		}
	}
	if (rd.Is("nouny", i) || strings.HasSuffix(rd.Tokens[i].Lower, "s")) && rd.verbFollows(next) {
		return true // "claims uploader writes …"
	}
	if rd.Is("nouny", i) {
		return next < len(rd.Tokens) && (rd.Is("auxiliary", next) || rd.Word(next, "of"))
	}
	return rd.Word(next, "of") && !rd.Is("verbal", i)
}

// tagVerb says that a verb puts on or takes off tags that a condition has read: "put the tag
// CostCode on users", "remove tags from users".
func (rd *Reading) tagVerb(i int, v Verb) string {
	tag := false
	for j := i + 1; j < min(len(rd.Tokens), i+4); j++ {
		tag = tag || rd.Tokens[j].Taken && rd.Word(j, "tag", "tags")
	}
	switch {
	case !tag:
		return ""
	case v.In("delete") || v.In("detach"):
		return "untag"
	case v.In("write") || v.In("attach") || v.In("assign") || v.In("update") || v.In("create"):
		return "tag"
	}
	return ""
}

// pluralObject says that token i is a plural noun and no verb: "agents report profiles".
func (rd *Reading) pluralObject(i int) bool {
	t := rd.Tokens[i]
	return t.Kind == token.Word && t.Lower != t.Stem && strings.HasSuffix(t.Lower, "s") && (len(rd.Lexicon.Classes(t.Stem)) == 0 || rd.Is("nouny", i))
}

// endsAt says that nothing that a verb could act on follows.
func (rd *Reading) endsAt(i int) bool {
	return i >= len(rd.Tokens) || rd.Tokens[i].Kind == token.Punct || rd.Is("conjunction", i)
}
