package reader

import (
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// A match is a wording that fits a verb and its object, and what it stands for.
type match struct {
	service  string
	task     *lexicon.Task
	action   *catalog.Action // if no task
	score    float64
	specific int     // how many object words it explains
	used     []int   // tokens it explains
	left     int     // object words that it does not explain
	missing  int     // words of an action's name that stand nowhere
	margin   float64 // how much better it is than the next reading that grants something else
	exact    bool    // the verb itself is the action's own first word
	plain    bool    // or the verb's first meaning is
	whole    bool    // every word of the action's name stands in the object
}

func (m match) name() string {
	if m.task != nil {
		return m.task.Service + "/" + m.task.Name
	}
	return m.action.String()
}

// A scene is what a wording is held against: the verb, the words of its object, and what else
// stands in the clause and the sentence.
type scene struct {
	verb   *verb
	head   map[string]int // stem or phrase -> token
	mods   map[string]int
	near   map[string]int // rest of the clause
	far    map[string]int // rest of the request
	plural bool           // the object is a plural
	last   string         // the last head word's stem
	phrase map[int]int    // token -> the known phrase it belongs to
}

// Weights of what a wording may find, and of what it leaves unexplained.
const (
	verbWord   = 3.0
	verbClass  = 2.4
	headWord   = 2.0
	modWord    = 1.0
	nearWord   = 0.3
	farWord    = 0.0
	leftHead   = 0.9 // an object word that the wording does not explain
	missing    = 1.3 // a noun of an action's name that stands nowhere
	wholeName  = 2.0 // the verb is the whole name of an action: Subscribe, Rescore
	ownWord    = 0.6 // the verb is a name's own first word, and not one that every service uses
	acceptable = 2.9

	// repeatedWord is the price of a word that an action's name has twice but the request once.
	repeatedWord = 0.5

	// serviceWeight is what it is worth that the words speak about the wording's service.
	serviceWeight = 6.0

	// taskBonus prefers a task to an action's own name where both fit as well.
	taskBonus = 0.6
)

// classPrice makes the later meanings of a verb a little worse than its first ones.
func classPrice(place int) float64 { return 0.2 * float64(min(max(place-1, 0), 3)) }

// matches scores all wordings of a service against a scene, best first.
func (rd *reading) matches(b *phrasebook, s scene) []match {
	var out []match
	for _, t := range b.tasks {
		if m, ok := rd.matchTask(b, t, s); ok {
			out = append(out, m)
		}
	}
	for i := range b.derived {
		if m, ok := rd.matchDerived(b, &b.derived[i], s); ok {
			out = append(out, m)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].score != out[j].score {
			return out[i].score > out[j].score
		}
		return out[i].name() < out[j].name()
	})
	return out
}

func (rd *reading) matchTask(b *phrasebook, t *lexicon.Task, s scene) (match, bool) {
	best := match{score: -1}
	for _, p := range t.Says {
		if m, ok := rd.matchPattern(b, p, s); ok && m.score > best.score {
			best = m
		}
	}
	if best.score < 0 {
		return match{}, false
	}
	best.task, best.service = t, b.service.Prefix
	return best, true
}

// matchPattern holds one wording of a task against the scene.
func (rd *reading) matchPattern(b *phrasebook, p lexicon.Pattern, s scene) (match, bool) {
	m := match{score: taskBonus}
	explained := map[int]bool{}
	for i, slot := range p.Slots {
		w, tok, ok := slotWeight(slot, s, i == 0)
		if ok && tok >= 0 && explained[tok] && !slot.Not && !slot.Optional && s.verb != nil && tok == s.verb.at {
			ok = false // one word does not fill two slots
		}
		switch {
		case slot.Not:
			if ok && (w == headWord || w == modWord || w >= verbClass) {
				return m, false
			}
			continue
		case !ok && slot.Optional:
			continue
		case !ok && i > 0 && b.ownSlot(slot):
			continue
		case !ok:
			return m, false
		}
		if slot.Optional {
			w *= 0.6
		}
		m.score += w
		m.exact = m.exact || i == 0 && w == verbWord
		if tok >= 0 {
			explained[tok] = true
			m.used = append(m.used, tok)
			if w >= modWord*0.6 && i > 0 {
				m.specific++
			}
		}
	}
	m.left = leftover(b, s, explained)
	m.score -= leftHead * float64(m.left)
	return m, true
}

// ownSlot says that a slot only repeats what the service is called.
func (b *phrasebook) ownSlot(slot lexicon.Slot) bool {
	for w := range slot.Words {
		if !b.own[w] {
			return false
		}
	}
	return len(slot.Words) > 0
}

// slotWeight finds a slot in the scene. The first slot is a verb as a rule.
func slotWeight(slot lexicon.Slot, s scene, first bool) (float64, int, bool) {
	if s.verb != nil {
		if slot.Words[s.verb.stem] {
			return verbWord, s.verb.at, true
		}
		for place, c := range s.verb.classes {
			if slot.Classes[c] {
				return verbClass - classPrice(place), s.verb.at, true
			}
		}
	}
	if s.verb != nil && first {
		return 0, -1, false // the first slot is what is done
	}
	if s.verb == nil && first && (slot.Classes["read"] || slot.Classes["list"] || slot.Classes["describe"]) {
		return 1.2, -1, true
	}
	for _, place := range []struct {
		words  map[string]int
		weight float64
	}{{s.head, headWord}, {s.mods, modWord}, {s.near, nearWord}, {s.far, farWord}} {
		if w, tok, ok := findWord(slot.Words, place.words); ok {
			if first && place.weight < modWord {
				return 0, -1, false
			}
			return place.weight * float64(1+strings.Count(w, "-")), tok, true
		}
	}
	return 0, -1, false
}

// findWord returns the first alternative that stands in the place, in a stable order.
func findWord(words map[string]bool, place map[string]int) (string, int, bool) {
	found, at := "", -1
	for w := range words {
		if i, ok := place[w]; ok && (at < 0 || len(w) > len(found) || len(w) == len(found) && w < found) {
			found, at = w, i
		}
	}
	return found, at, at >= 0
}

// leftover counts the object words that a wording does not explain.
func leftover(b *phrasebook, s scene, explained map[int]bool) int {
	open := map[int]bool{} // by token: whether none of its words is the service's own
	phrases := map[int]bool{}
	for tok := range explained {
		if n, ok := s.phrase[tok]; ok {
			phrases[n] = true
		}
	}
	for w, tok := range s.head {
		if n, ok := s.phrase[tok]; strings.Contains(w, "-") || explained[tok] || ok && phrases[n] {
			continue
		}
		if _, known := open[tok]; !known || b.own[w] {
			open[tok] = !b.own[w]
		}
	}
	left := 0
	for _, unexplained := range open {
		if unexplained {
			left++
		}
	}
	return left
}

// matchDerived holds an action's own name against the scene.
func (rd *reading) matchDerived(b *phrasebook, d *derived, s scene) (match, bool) {
	m := match{service: b.service.Prefix, action: d.action}
	v, exact := rd.derivedVerb(d, s)
	if v <= 0 {
		return m, false
	}
	m.score, m.exact, m.plain = v, exact, exact || rd.firstMeaning(d, s)
	explained := map[int]bool{}
	found := 0
	said := map[string]bool{}
	for _, n := range d.nouns {
		w, tok := s.find(n)
		switch {
		case tok >= 0 && said[n]:
			m.score -= repeatedWord
		case tok >= 0 && explained[tok] && rd.onlyType(tok, n):
			found++ // "rule" says event and bus only by the name of its type
		case tok >= 0:
			m.score += s.derivedWeight(w)
			said[n] = true
			explained[tok] = true
			m.used = append(m.used, tok)
			if w >= modWord {
				m.specific++
			}
			found++
		case n == "batch":
			m.score -= 0.4
		case b.own[n]:
			m.score -= 0.15
		default:
			m.score -= missing
			m.missing++
		}
	}
	if len(d.nouns) > 0 && found == 0 {
		return m, false
	}
	m.whole = len(d.nouns) > 0 && m.specific == len(d.nouns)
	for w, tok := range s.head {
		if d.terms[w] && !explained[tok] {
			m.score += 0.5
			explained[tok] = true
		}
	}
	if d.plural && s.plural && len(d.nouns) > 0 && d.nouns[len(d.nouns)-1] == s.last {
		m.score += 0.35
	}
	m.left = leftover(b, s, explained)
	m.score -= leftHead * float64(m.left)
	return m, true
}

// onlyType says that a token stands for a word only by the resource type that its link names.
func (rd *reading) onlyType(tok int, word string) bool {
	t := rd.tokens[tok]
	if n := rd.linkAt[tok]; t.kind != wordToken || n < 0 || rd.links[n].to-rd.links[n].from > 1 {
		return false
	}
	return t.stem != word && rd.Lexicon.Synonym(t.stem) != word
}

// derivedWeight is what a word of an action's name is worth by where it stands: what only
// describes the object, or stands elsewhere, hardly speaks for a longer name.
func (s scene) derivedWeight(place float64) float64 {
	switch {
	case place >= headWord:
		return place
	case place >= modWord && len(s.head) == 0:
		return headWord
	case place >= modWord:
		return 0.3
	case place >= nearWord:
		return -0.1
	}
	return -0.4
}

// find returns the weight and token of a word of the scene.
func (s scene) find(w string) (float64, int) {
	if tok, ok := s.head[w]; ok {
		return headWord, tok
	}
	if tok, ok := s.mods[w]; ok {
		return modWord, tok
	}
	if tok, ok := s.near[w]; ok {
		return nearWord, tok
	}
	if tok, ok := s.far[w]; ok {
		return farWord, tok
	}
	return 0, -1
}

// derivedVerb says how well the verb of the scene means the first word of an action's name.
func (rd *reading) derivedVerb(d *derived, s scene) (float64, bool) {
	if s.verb == nil {
		switch d.verb {
		case "get", "describe", "list":
			return 0.9, false
		}
		return 0, false
	}
	if catalog.Stem(d.verb) == s.verb.stem {
		if len(d.nouns) == 0 {
			return verbWord + wholeName, true
		}
		if !commonVerb[d.verb] {
			return verbWord + ownWord, true
		}
		return verbWord, true
	}
	best := 0.0
	for place, c := range s.verb.classes {
		for rank, api := range rd.Lexicon.APIVerbs(c) {
			if strings.EqualFold(api, d.verb) {
				best = max(best, verbClass-0.07*float64(rank)-classPrice(place))
			}
		}
	}
	if s.plural && d.verb == "list" && s.verb.in("read") {
		best += 0.3
	}
	return best, false
}

// firstMeaning says that an action's first word is what the verb of the scene means above all:
// Describe of "look at", Delete of "get rid of". A verb that fetches content has none.
func (rd *reading) firstMeaning(d *derived, s scene) bool {
	if s.verb == nil || s.verb.in("read") && !s.verb.in("describe") || rd.Lexicon.Is("fetches", s.verb.stem) {
		return false
	}
	for place, c := range s.verb.classes {
		apis := rd.Lexicon.APIVerbs(c)
		if place > 0 && c != "describe" || len(apis) == 0 {
			continue
		}
		for _, api := range apis[:min(2, len(apis))] {
			if strings.EqualFold(api, d.verb) {
				return true
			}
		}
	}
	return false
}

// commonVerb are the first words of action names that nearly every service uses.
var commonVerb = map[string]bool{"get": true, "list": true, "describe": true, "create": true, "update": true, "delete": true, "put": true, "start": true, "stop": true, "add": true, "remove": true, "set": true, "modify": true}
