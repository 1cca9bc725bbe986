package wording

import (
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/target"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// Actions returns the names of what a match stands for.
func (m Match) Actions() []string {
	if m.Task == nil {
		return []string{m.Action.String()}
	}
	var out []string
	for _, d := range m.Task.Do {
		out = append(out, d.Actions...)
	}
	return out
}

// A Match is a wording that fits a verb and its object, and what it stands for.
type Match struct {
	Service  string
	Task     *lexicon.Task
	Action   *catalog.Action // if no task
	Score    float64
	specific int     // how many object words it explains
	Used     []int   // tokens it explains
	Left     int     // object words that it does not explain
	missing  int     // words of an action's name that stand nowhere
	margin   float64 // how much better it is than the next reading that grants something else
	Exact    bool    // the verb itself is the action's own first word
	plain    bool    // or the verb's first meaning is
	whole    bool    // every word of the action's name stands in the object
}

// Name returns what matched: a task with its service, or an action.
func (m Match) Name() string {
	if m.Task != nil {
		return m.Task.Service + "/" + m.Task.Name
	}
	return m.Action.String()
}

// A Scene is what a wording is held against: the verb, the words of its object, and what else
// stands in the clause and the sentence.
type Scene struct {
	verb   *sentence.Verb
	Head   map[string]int // stem or phrase -> token
	mods   map[string]int
	near   map[string]int // rest of the clause
	far    map[string]int // rest of the request
	plural bool           // the object is a plural
	last   string         // the last head word's stem
	phrase map[int]int    // token -> the known phrase it belongs to
	thing  map[string]int // service -> token of a resource of it in the object
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

	// wrongThing is the price of an action on what the object only lies in.
	wrongThing = 0.8

	// serviceWeight is what it is worth that the words speak about the wording's service.
	serviceWeight = 6.0

	// taskBonus prefers a task to an action's own name where both fit as well.
	taskBonus = 0.6
)

// classPrice makes the later meanings of a verb a little worse than its first ones.
func classPrice(place int) float64 { return 0.2 * float64(min(max(place-1, 0), 3)) }

// matches scores all wordings of a service against a scene, best first.
func (rd *Reading) matches(b *sentence.Phrasebook, s Scene) []Match {
	var out []Match
	for _, t := range b.Tasks {
		if m, ok := rd.matchTask(b, t, s); ok {
			out = append(out, m)
		}
	}
	for i := range b.Derived {
		if m, ok := rd.MatchDerived(b, &b.Derived[i], s); ok {
			out = append(out, m)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Score != out[j].Score {
			return out[i].Score > out[j].Score
		}
		return out[i].Name() < out[j].Name()
	})
	return out
}

func (rd *Reading) matchTask(b *sentence.Phrasebook, t *lexicon.Task, s Scene) (Match, bool) {
	best := Match{Score: -1}
	for _, p := range t.Says {
		if m, ok := rd.matchPattern(b, p, s); ok && m.Score > best.Score {
			best = m
		}
	}
	if best.Score < 0 {
		return Match{}, false
	}
	best.Task, best.Service = t, b.Service.Prefix
	return best, true
}

// matchPattern holds one wording of a task against the scene.
func (rd *Reading) matchPattern(b *sentence.Phrasebook, p lexicon.Pattern, s Scene) (Match, bool) {
	m := Match{Score: taskBonus}
	explained := map[int]bool{}
	for i, slot := range p.Slots {
		w, tok, ok := slotWeight(slot, s, i == 0)
		if ok && tok >= 0 && explained[tok] && !slot.Not && !slot.Optional && s.verb != nil && tok == s.verb.At {
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
		case !ok && i > 0 && b.OwnSlot(slot):
			continue
		case !ok:
			return m, false
		}
		if slot.Optional {
			w *= 0.6
		}
		m.Score += w
		m.Exact = m.Exact || i == 0 && w == verbWord
		if tok >= 0 {
			explained[tok] = true
			m.Used = append(m.Used, tok)
			if w >= modWord*0.6 && i > 0 {
				m.specific++
			}
		}
	}
	m.Left = leftover(b, s, explained)
	m.Score -= leftHead * float64(m.Left)
	return m, true
}

// slotWeight finds a slot in the scene. The first slot is a verb as a rule.
func slotWeight(slot lexicon.Slot, s Scene, first bool) (float64, int, bool) {
	if s.verb != nil {
		if slot.Words[s.verb.Stem] {
			return verbWord, s.verb.At, true
		}
		for place, c := range s.verb.Classes {
			if slot.Classes[c] {
				return verbClass - classPrice(place), s.verb.At, true
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
	}{{s.Head, headWord}, {s.mods, modWord}, {s.near, nearWord}, {s.far, farWord}} {
		if w, tok, ok := FindWord(slot.Words, place.words); ok {
			if first && place.weight < modWord {
				return 0, -1, false
			}
			return place.weight * float64(1+strings.Count(w, "-")), tok, true
		}
	}
	return 0, -1, false
}

// FindWord returns the first alternative that stands in the place, in a stable order.
func FindWord(words map[string]bool, place map[string]int) (string, int, bool) {
	found, at := "", -1
	for w := range words {
		if i, ok := place[w]; ok && (at < 0 || len(w) > len(found) || len(w) == len(found) && w < found) {
			found, at = w, i
		}
	}
	return found, at, at >= 0
}

// leftover counts the object words that a wording does not explain.
func leftover(b *sentence.Phrasebook, s Scene, explained map[int]bool) int {
	open := map[int]bool{} // by token: whether none of its words is the service's own
	phrases := map[int]bool{}
	for tok := range explained {
		if n, ok := s.phrase[tok]; ok {
			phrases[n] = true
		}
	}
	for w, tok := range s.Head {
		if n, ok := s.phrase[tok]; strings.Contains(w, "-") || explained[tok] || ok && phrases[n] {
			continue
		}
		if _, known := open[tok]; !known || b.Own[w] {
			open[tok] = !b.Own[w]
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

// onlyType says that a token stands for a word only by the resource type that its link names.
func (rd *Reading) onlyType(tok int, word string) bool {
	t := rd.Tokens[tok]
	if n := rd.LinkAt[tok]; t.Kind != token.Word || n < 0 || rd.Links[n].To-rd.Links[n].From > 1 {
		return false
	}
	return t.Stem != word && rd.Lexicon.Synonym(t.Stem) != word
}

// firstMeaning says that an action's first word is what the verb of the scene means above all:
// Describe of "look at", Delete of "get rid of". A verb that fetches content has none.
func (rd *Reading) firstMeaning(d *sentence.Derived, s Scene) bool {
	if s.verb == nil || s.verb.In("read") && !s.verb.In("describe") || rd.Lexicon.Is("fetches", s.verb.Stem) {
		return false
	}
	for place, c := range s.verb.Classes {
		apis := rd.Lexicon.APIVerbs(c)
		if place > 0 && c != "describe" || len(apis) == 0 {
			continue
		}
		for _, api := range apis[:min(2, len(apis))] {
			if strings.EqualFold(api, d.Verb) {
				return true
			}
		}
	}
	return false
}

// commonVerb are the first words of action names that nearly every service uses.
var commonVerb = map[string]bool{"get": true, "list": true, "describe": true, "create": true, "update": true, "delete": true, "put": true, "start": true, "stop": true, "add": true, "remove": true, "set": true, "modify": true}

// onTargets prefers wordings whose actions can be limited to what the unit names.
func (rd *Reading) onTargets(m Match, u object.Unit) float64 {
	var targets []intent.Target
	named := rd.TargetsIn(u.From, u.To)
	if c := rd.Clauses[u.Clause]; len(named) == 0 {
		named = rd.TargetsIn(c.From, c.To)
	}
	for _, t := range named {
		if t.Service == m.Service || t.ARN != "" {
			targets = append(targets, t)
		}
	}
	if len(targets) == 0 {
		return 0
	}
	bound, reached := false, false
	for _, ca := range rd.leading(m) {
		for _, r := range ca.Resources {
			for _, t := range targets {
				if t.Type == r.Type.Name || t.ARN != "" && target.ArnFits(t.ARN, r.Type) {
					return 0.6
				}
			}
		}
		bound = bound || len(ca.Resources) > 0
		reached = reached || len(ca.Resources) == 0 || rd.Reaches(ca, targets)
	}
	if bound && !reached {
		return -0.6
	}
	return 0
}

// leading returns the action of a match, or the first one of each line of its task.
func (rd *Reading) leading(m Match) []*catalog.Action {
	if m.Task == nil {
		return []*catalog.Action{m.Action}
	}
	var out []*catalog.Action
	for _, d := range m.Task.Do {
		if ca, ok := rd.Catalog.Action(d.Actions[0]); ok {
			out = append(out, ca)
		}
	}
	return out
}
