package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// A verb is a word that says what is done.
type verb struct {
	at      int // token
	end     int // first token after it (particles that stand apart are not counted)
	stem    string
	classes []string
	more    []verb // the same verb with another particle: "switch on and off"
	level   bool   // speaks about access as such: "read access", "full access"
}

func (v verb) in(class string) bool {
	for _, c := range v.classes {
		if c == class {
			return true
		}
	}
	return false
}

// verbAt reads a verb at token i, if the word is one here.
func (rd *reading) verbAt(i, limit int) (verb, bool) {
	t := rd.tokens[i]
	if t.kind != wordToken || t.taken || rd.word(i, "give", "gives", "giving", "gimme", "lets", "allow", "allows", "permit", "permits") {
		return verb{}, false
	}
	if n := rd.linkAt[i]; n >= 0 && rd.isNounPhrase(rd.links[n]) && (rd.links[n].from < i || rd.links[n].to > i+1 && rd.ofStrong(rd.links[n])) {
		return verb{}, false // the "runs" of "job runs"
	}
	if v, ok := rd.phraseVerb(i, limit); ok {
		return v, true
	}
	stem, classes := rd.verbClasses(t.lower)
	if len(classes) == 0 && rd.negativeAt(i) {
		if stem, classes = rd.nominal(t.lower); len(classes) > 0 {
			return verb{at: i, end: i + 1, stem: stem, classes: classes}, true
		}
	}
	if len(classes) == 0 || classes[0] == ownVerb[0] && rd.linkAt[i] >= 0 && rd.isNounPhrase(rd.links[rd.linkAt[i]]) {
		return verb{}, false
	}
	v := verb{at: i, end: i + 1, stem: stem, classes: classes}
	if stem == "drop" && !rd.placedAfter(i+1, limit) {
		v.classes = []string{"delete"}
	}
	if class := rd.tagVerb(i, v); class != "" {
		v.stem, v.classes = class, []string{class}
		return v, true
	}
	if rd.word(i+1, "access", "permission", "permissions", "rights", "privileges", "privilege", "capability", "capabilities") && i+1 < limit && (rd.linkAt[i+1] < 0 || rd.links[rd.linkAt[i+1]].to == i+2) {
		v.level, v.end = true, i+2
		return v, true
	}
	if strings.ContainsAny(t.lower, "/") {
		return verb{}, false
	}
	if strings.Contains(t.lower, "-") && rd.linkAt[i] < 0 && !rd.thirdPerson(i+1) || rd.actsAsVerb(i) {
		return v, true
	}
	return verb{}, false
}

// placedAfter says that the words from i on say where something goes: who drops a file into a
// bucket writes, who drops a table deletes.
func (rd *reading) placedAfter(i, limit int) bool {
	for ; i < limit && rd.tokens[i].kind != punctToken; i++ {
		if rd.word(i, "in", "into", "onto", "to", "on", "at", "there", "off", "under", "below") {
			return true
		}
	}
	return false
}

// ownVerb marks a word that only the wordings of a named service use as a verb ("snooze").
var ownVerb = []string{"own"}

func (rd *reading) verbClasses(word string) (string, []string) {
	stem := hyphenated(lexicon.Stems(word))
	if c := rd.Lexicon.Classes(stem); len(c) > 0 {
		return stem, c
	}
	if base, ok := strings.CutPrefix(stem, "re-"); ok && len(rd.Lexicon.Classes(base)) > 0 {
		return stem, rd.Lexicon.Classes(base)
	}
	if base, ok := strings.CutPrefix(stem, "re"); ok && len(base) > 3 && len(rd.Lexicon.Classes(base)) > 0 {
		return stem, rd.Lexicon.Classes(base)
	}
	for service := range rd.strong() {
		if b := rd.book(service); b != nil && b.verbs[stem] && !rd.Lexicon.Is("stop", stem) {
			return stem, ownVerb
		}
	}
	return stem, nil
}

// nominal reads a noun made of a verb, as in "no deletion" and "bucket creation".
func (rd *reading) nominal(word string) (string, []string) {
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

// particles of verbs of two words, which may stand apart: "turn the cluster off".
var particles = map[string]bool{"off": true, "on": true, "up": true, "down": true, "out": true, "in": true, "back": true, "away": true, "over": true, "into": true, "at": true, "for": true, "through": true}

// phraseVerb reads verbs of several words: "kick off", "look up", "turn … off".
func (rd *reading) phraseVerb(i, limit int) (verb, bool) {
	first := rd.tokens[i].stem
	for n := 3; n >= 2; n-- {
		if i+n > limit {
			continue
		}
		words := make([]string, n)
		ok := true
		for j := 0; j < n; j++ {
			words[j] = rd.tokens[i+j].stem
			ok = ok && rd.tokens[i+j].kind == wordToken
		}
		key := hyphenated(words)
		if c := rd.phraseClasses(key); ok && len(c) > 0 {
			return verb{at: i, end: i + n, stem: key, classes: c}, true
		}
	}
	var v verb
	depth := 0
	for j := i + 2; j < min(len(rd.tokens), i+24); j++ {
		if rd.punct(j, ".\n:") {
			break
		}
		if rd.punct(j, "(") {
			depth++
		}
		if rd.punct(j, ")") {
			depth--
		}
		if depth > 0 {
			continue
		}
		if c := rd.Lexicon.Classes(rd.tokens[j].stem); len(c) > 0 && rd.is("conjunction", j-1) && !particles[rd.tokens[j].lower] {
			break // another verb: its particles are its own
		}
		if !particles[rd.tokens[j].lower] {
			continue
		}
		if c := rd.phraseClasses(first + "-" + rd.tokens[j].lower); len(c) > 0 && rd.freeParticle(j) {
			found := verb{at: i, end: i + 1, stem: first + "-" + rd.tokens[j].lower, classes: c}
			rd.tokens[j].used = true
			if v.stem == "" {
				v = found
			} else if v.stem != found.stem {
				v.more = append(v.more, found)
			}
		} else if v.stem != "" && !rd.is("conjunction", j-1) {
			break
		}
	}
	return v, v.stem != ""
}

// freeParticle says that the word at j has no object of its own, as a preposition would.
func (rd *reading) freeParticle(j int) bool {
	next := j + 1
	if next >= len(rd.tokens) || rd.tokens[next].kind == punctToken {
		return true
	}
	return rd.word(next, "and", "or", "again", "in", "at", "when", "for", "every", "after", "before", "afterwards", "later", "then", "while", "until", "overnight", "daily", "during", "over", "on", "off", "up", "down", "nightly", "from", "by")
}

// actsAsVerb decides whether a word that may be a verb is one in its place.
func (rd *reading) actsAsVerb(i int) bool {
	t := rd.tokens[i]
	prev, next := i-1, i+1
	for prev >= 0 && rd.tokens[prev].kind == wordToken && (strings.HasSuffix(rd.tokens[prev].lower, "ly") || rd.word(prev, "only", "just", "also", "then", "even", "still", "so", "thus", "hence", "always")) {
		prev--
	}
	gerund, past := strings.HasSuffix(t.lower, "ing"), strings.HasSuffix(t.lower, "ed")
	switch {
	case next < len(rd.tokens) && rd.tokens[next].typed != nil && rd.tokens[next].typed.noun == i && !rd.is("verbal", i):
		return false // "stream gps-pings"
	case strings.HasSuffix(t.lower, "yst"), strings.HasSuffix(t.lower, "ist") && len(t.lower) > 4:
		return false
	case (prev < 0 || rd.tokens[prev].kind == punctToken) && rd.is("actor", next) && rd.verbFollows(next):
		return false // "deploy job imports …"
	case rd.is("titling", i) && rd.word(next, "role", "policy", "user", "bot", "permissions") && (rd.endsAt(next+1) || rd.is("preposition", next+1)):
		return false // "deploy role for …"
	case rd.word(next, "path", "side", "replica", "replicas", "capacity", "traffic", "model"):
		return false
	case rd.is("verbal", i):
		return true
	case past:
		return rd.word(prev, "be", "get", "gets", "getting") || rd.is("auxiliary", prev) && rd.word(prev, "is", "are") && rd.negativeAt(i)
	case rd.word(prev, "to") || rd.is("modal", prev) || rd.is("negator", prev):
		return true
	case rd.word(prev, "the", "a", "an", "its", "their", "our", "this", "that", "these", "those", "each", "every", "all", "any", "my", "his", "her", "your", "one"):
		return false
	case rd.is("preposition", prev) && !gerund && !rd.word(prev, "as"):
		return rd.word(prev, "about") && false
	case rd.is("nouny", i) && rd.is("conjunction", prev) && rd.endsAt(next) && prev > 0:
		_, classes := rd.verbClasses(rd.tokens[prev-1].lower)
		return gerund || len(classes) > 0
	case gerund && (prev < 0 || rd.punct(prev, ".\n")) && rd.verbFollows(next):
		return false // "tagging admin changes …"
	case prev < 0 || rd.tokens[prev].kind == punctToken || rd.is("conjunction", prev) || rd.is("pronoun", prev):
		return gerund || !rd.nounByNeighbour(i, next)
	case gerund:
		return rd.is("preposition", prev) || rd.is("stop", prev)
	}
	return rd.verbAfterSubject(i, next)
}

// nounByNeighbour says that a word at the start of a clause is a noun all the same: a plural
// before a preposition ("reads from"), is a verb; "builds and" is left to be a verb too.
func (rd *reading) nounByNeighbour(i, next int) bool {
	if next+1 < len(rd.tokens) && rd.tokens[next].kind == wordToken && strings.HasSuffix(rd.tokens[next].lower, "s") && rd.tokens[next+1].kind == wordToken && !rd.is("nouny", next+1) {
		if _, classes := rd.verbClasses(rd.tokens[next+1].lower); len(classes) > 0 && !rd.tokens[next+1].taken && !strings.HasSuffix(rd.tokens[next+1].lower, "ing") && !strings.HasSuffix(rd.tokens[next+1].lower, "ed") {
			return true // "broadcast ops start …"
		}
	}
	if (rd.is("nouny", i) || strings.HasSuffix(rd.tokens[i].lower, "s")) && rd.verbFollows(next) {
		return true // "claims uploader writes …"
	}
	if rd.is("nouny", i) {
		return next < len(rd.tokens) && (rd.is("auxiliary", next) || rd.word(next, "of"))
	}
	return rd.word(next, "of") && !rd.is("verbal", i)
}

// verbAfterSubject: "app publishes metrics", "devs read logs": a verb agrees with the noun before it.
func (rd *reading) verbAfterSubject(i, next int) bool {
	t := rd.tokens[i]
	ends := next >= len(rd.tokens) || rd.tokens[next].kind == punctToken || rd.is("conjunction", next)
	if ends && next+1 < len(rd.tokens) && (rd.is("conjunction", next) || rd.punct(next, ",+")) {
		_, classes := rd.verbClasses(rd.tokens[next+1].lower)
		ends = len(classes) == 0
	}
	if rd.afterLet(i) || !ends && !rd.is("nouny", i) && (rd.is("conjunction", next) || rd.punct(next, "+")) {
		return true
	}
	prevMany := i > 0 && strings.HasSuffix(rd.tokens[i-1].lower, "s") && !strings.HasSuffix(rd.tokens[i-1].lower, "ss")
	if prevMany && next < len(rd.tokens) && (!ends && (rd.is("conjunction", next) || rd.punct(next, ",+")) || rd.word(next, "the", "a", "an", "its", "their", "our", "all", "any")) {
		return true
	}
	if prevMany && (!ends && rd.pluralObject(next) || rd.word(next, "to", "with", "into")) {
		return true
	}
	third := strings.HasSuffix(t.lower, "s") && !strings.HasSuffix(t.lower, "ss")
	prevPlural := i > 0 && strings.HasSuffix(rd.tokens[i-1].lower, "s")
	prevName := i > 0 && rd.tokens[i-1].kind != wordToken
	if third {
		return !ends || !rd.is("nouny", i)
	}
	return (prevPlural || prevName) && !ends && !rd.is("nouny", i) || rd.Lexicon.Is("verbal", t.lower)
}

// afterLet: "let the pipeline start …", "allows our bots read …".
func (rd *reading) afterLet(i int) bool {
	for j := i - 1; j >= 0 && j >= i-5 && rd.tokens[j].kind != punctToken; j-- {
		if rd.word(j, "let", "lets", "have", "make", "help") {
			return true
		}
		if _, classes := rd.verbClasses(rd.tokens[j].lower); len(classes) > 0 && j < i-1 && !rd.is("nouny", j) {
			return false
		}
	}
	return false
}

// verbFollows says that, before any mark or preposition, another word is the verb: "report
// lambda runs …", "mail gateway should send …".
func (rd *reading) verbFollows(i int) bool {
	for j := i; j < len(rd.tokens) && j < i+5; j++ {
		if rd.tokens[j].kind == punctToken || rd.is("preposition", j) || rd.is("article", j) || rd.is("conjunction", j) {
			return false
		}
		if rd.is("modal", j) {
			return true
		}
		if n := rd.linkAt[j]; n >= 0 && rd.links[n].from < j {
			continue // inside a noun phrase
		}
		if _, classes := rd.verbClasses(rd.tokens[j].lower); len(classes) > 0 && !rd.word(j+1, "of") && (j > i && strings.HasSuffix(rd.tokens[j].lower, "s") || strings.HasSuffix(rd.tokens[j-1].lower, "s") && !rd.is("nouny", j)) {
			return true
		}
	}
	return false
}

// tagVerb says that a verb puts on or takes off tags that a condition has read: "put the tag
// CostCode on users", "remove tags from users".
func (rd *reading) tagVerb(i int, v verb) string {
	tag := false
	for j := i + 1; j < min(len(rd.tokens), i+4); j++ {
		tag = tag || rd.tokens[j].taken && rd.word(j, "tag", "tags")
	}
	switch {
	case !tag:
		return ""
	case v.in("delete") || v.in("detach"):
		return "untag"
	case v.in("write") || v.in("attach") || v.in("assign") || v.in("update") || v.in("create"):
		return "tag"
	}
	return ""
}

// pluralObject says that token i is a plural noun and no verb: "agents report profiles".
func (rd *reading) pluralObject(i int) bool {
	t := rd.tokens[i]
	return t.kind == wordToken && t.lower != t.stem && strings.HasSuffix(t.lower, "s") && (len(rd.Lexicon.Classes(t.stem)) == 0 || rd.is("nouny", i))
}

// endsAt says that nothing that a verb could act on follows.
func (rd *reading) endsAt(i int) bool {
	return i >= len(rd.tokens) || rd.tokens[i].kind == punctToken || rd.is("conjunction", i)
}

// isNounPhrase says that a link names a resource type or a service, not merely a hint.
func (rd *reading) isNounPhrase(l link) bool {
	for _, e := range l.entries {
		if e.Kind == lexicon.Noun || e.Kind == lexicon.Name {
			return true
		}
	}
	return false
}

// phraseClasses returns the classes of a verb of several words, also of one that only the
// wordings of a named service use ("check-out").
func (rd *reading) phraseClasses(key string) []string {
	if c := rd.Lexicon.Classes(key); len(c) > 0 {
		return c
	}
	for _, service := range sortedKeys(rd.strong()) {
		if b := rd.book(service); b != nil && b.verbs[key] {
			return ownVerb
		}
	}
	return nil
}

// ofStrong says that a phrase is a noun or name of a service that the request names.
func (rd *reading) ofStrong(l link) bool {
	for _, e := range l.entries {
		if rd.strong()[e.Service] && (e.Kind == lexicon.Noun || e.Kind == lexicon.Name) {
			return true
		}
	}
	return false
}

// thirdPerson says that token i is a verb with an -s, so that what stands before it is its subject:
// "container start-up loads …".
func (rd *reading) thirdPerson(i int) bool {
	if i >= len(rd.tokens) || rd.tokens[i].kind != wordToken || !strings.HasSuffix(rd.tokens[i].lower, "s") || rd.is("nouny", i) || rd.linkAt[i] >= 0 {
		return false
	}
	_, classes := rd.verbClasses(rd.tokens[i].lower)
	return len(classes) > 0
}
