package reader

import (
	"strings"
	"unicode"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// ledger writes down what became of every content word.
func (rd *reading) ledger() {
	rd.useNouns()
	rd.idleLimits()
	kept := rd.keptNames()
	for i, t := range rd.tokens {
		if t.kind == punctToken || t.text == "" {
			continue
		}
		w := intent.Word{Text: t.text, Span: rd.span(i, i+1), Use: intent.Used, Note: t.role}
		switch {
		case t.lower == "own" && !t.taken && !rd.negativeAt(i):
			w.Use = intent.Unread // a limit that no condition has read
		case rd.lostName(i, kept):
			w.Use = intent.Unread // a resource that the answer does not name
		case t.used || t.taken:
		case t.kind == wordToken && rd.functionWord(i):
			continue
		case rd.background(i):
			w.Use = intent.Context
		default:
			w.Use = intent.Unread
		}
		rd.out.Words = append(rd.out.Words, w)
	}
}

func (rd *reading) functionWord(i int) bool {
	for _, list := range []string{"stop", "chat", "filler", "common", "namer"} {
		if rd.is(list, i) {
			return true
		}
	}
	return strings.HasSuffix(rd.tokens[i].lower, "ly")
}

// useNouns marks what led to the grants without being an object: the nouns beside names, and the
// phrases that name a service that something is granted of.
func (rd *reading) useNouns() {
	granted := rd.grantedServices()
	rd.useSpans()
	for i, t := range rd.tokens {
		if t.typed == nil || !t.used {
			continue
		}
		if n := t.typed.noun; n >= 0 {
			rd.tokens[n].used = true
			if l := rd.linkAt[n]; l >= 0 {
				rd.use(rd.links[l].from, rd.links[l].to)
			}
		}
		for j := i - 1; j >= 0 && rd.is("namer", j); j-- {
			rd.tokens[j].used = true
		}
	}
	for _, l := range rd.links {
		for _, e := range l.entries {
			if granted[e.Service] && (e.Kind == lexicon.Name || e.Named || e.Kind == lexicon.Noun && rd.ledTo(l) && !rd.inHead(l)) {
				rd.use(l.from, l.to)
				break
			}
		}
	}
}

// useSpans marks the words that named the resources and conditions of what is granted.
func (rd *reading) useSpans() {
	for _, g := range rd.out.Grants {
		var spans []intent.Span
		for _, t := range append(append([]intent.Target{}, g.Targets...), g.Except...) {
			spans = append(spans, t.Span)
		}
		for _, c := range append(append([]intent.Constraint{}, g.Where...), g.Unless...) {
			spans = append(spans, c.Span)
		}
		for _, a := range g.Actions {
			rd.useVocabulary(a)
		}
		for _, s := range spans {
			for i, t := range rd.tokens {
				if t.kind != wordToken && t.start >= s.Start && t.end <= s.End && s.Turn == rd.opt.Turn {
					rd.tokens[i].used = true
				}
			}
		}
	}
}

// useVocabulary marks words of a grant's own text that the action's name or description uses.
func (rd *reading) useVocabulary(a intent.Action) {
	ca, ok := rd.Catalog.Action(a.Name)
	if !ok || a.Span == (intent.Span{}) || a.Span.Turn != rd.opt.Turn {
		return
	}
	known := map[string]bool{}
	for _, w := range append(catalog.Words(ca.Name), ca.Terms...) {
		known[catalog.Stem(w)] = true
	}
	for i, t := range rd.tokens {
		if t.kind == wordToken && t.start >= a.Span.Start && t.end <= a.Span.End && known[t.stem] {
			rd.tokens[i].used = true
		}
	}
}

// ledTo says that a noun stands in a unit whose verb was read.
func (rd *reading) ledTo(l link) bool {
	for _, u := range rd.units {
		if l.from >= u.from && l.to <= u.to && (len(u.verbs) == 0 || rd.tokens[u.verbs[0].at].used) {
			return true
		}
	}
	return false
}

func (rd *reading) grantedServices() map[string]bool {
	out := map[string]bool{}
	for _, g := range rd.out.Grants {
		for _, a := range g.Actions {
			prefix, _, _ := strings.Cut(a.Name, ":")
			out[prefix] = true
		}
		for _, t := range g.Targets {
			out[t.Service] = true
		}
	}
	return out
}

// background says that a word tells who asks or why: it stands in a heading, before the first
// verb of its clause, or in a negative clause that took nothing away.
func (rd *reading) background(i int) bool {
	n := rd.clauseOf(i)
	if n < 0 {
		return true
	}
	if rd.clause[n].negative || rd.clause[n].closer || rd.clause[n].remark {
		return true
	}
	if rd.repeats(i) || rd.introduces(n, i) {
		return true
	}
	if len(rd.Lexicon.Classes(rd.tokens[i].stem)) > 0 && !rd.is("nouny", i) && rd.tokens[i].lower == rd.tokens[i].stem && i > rd.clause[n].from {
		return false // a verb that nothing was read from
	}
	if rd.subject != nil && rd.subject[i] && !rd.beforeJoined(n, i) || rd.idle(i) {
		return true
	}
	for _, u := range rd.units {
		if u.clause != n {
			continue
		}
		if u.label {
			return true
		}
		if len(u.verbs) > 0 && !u.subject && i < u.verbs[0].at {
			return !rd.joined(u.verbs[0].at)
		}
	}
	return rd.circumstance(n, i)
}

// introduces says that token i names who acts, before brackets or a colon: "viewer on store s (…):
// search …".
func (rd *reading) introduces(n, i int) bool {
	from, _ := rd.sentenceRange(n)
	if rd.clause[n].from != from {
		return false
	}
	later := false
	for _, u := range rd.units {
		if u.clause == n && len(u.verbs) > 0 {
			return false
		}
		later = later || u.clause > n && len(u.verbs) > 0 && rd.clause[u.clause].sentence == rd.clause[n].sentence
	}
	for j := from; j < i; j++ {
		if rd.is("preposition", j) || rd.linkAt[j] >= 0 {
			return false
		}
	}
	return later
}

// idle says that a word can hardly have meant an action, a resource or a condition: no service of
// the answer uses it, it is no verb that something hangs on, and no name.
func (rd *reading) idle(i int) bool {
	t := rd.tokens[i]
	if rd.slight(t) {
		return true
	}
	if t.kind != wordToken || strings.ContainsAny(t.text, "-_/.") || rd.besideName(i) || rd.is("deny", i) || rd.beforeJoined(rd.clauseOf(i), i) {
		return false
	}
	for _, u := range rd.units {
		for _, v := range u.verbs {
			if v.at == i {
				return false
			}
		}
	}
	for prefix := range rd.grantedServices() {
		if b := rd.book(prefix); b != nil && (b.vocab[t.stem] || b.verbs[t.stem]) {
			return false
		}
	}
	return true
}

// slight says that a token is no more than a mark or a small number.
func (rd *reading) slight(t token) bool {
	return strings.Trim(t.text, "0123456789") == "" && len(t.text) <= 2 || !strings.ContainsFunc(t.text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// repeats says that the word was read where it stands another time.
func (rd *reading) repeats(i int) bool {
	for j, other := range rd.tokens {
		if n := rd.clauseOf(j); j != i && other.used && other.kind == wordToken && other.stem == rd.tokens[i].stem && n >= 0 && !rd.clause[n].negative {
			return rd.tokens[i].kind == wordToken
		}
	}
	return false
}

// circumstance says that a word only says when, why or how: it stands after a preposition behind
// an object that was read, in a clause without any word that restricts.
func (rd *reading) circumstance(n, i int) bool {
	if rd.Lexicon.Is("harmless", rd.tokens[i].lower) {
		return true
	}
	c := rd.clause[n]
	for j := c.from; j < c.to; j++ {
		if rd.is("restricting", j) && !rd.tokens[j].taken {
			return false
		}
	}
	for _, u := range rd.units {
		if u.clause != n || len(u.verbs) == 0 || !rd.tokens[u.verbs[0].at].used || !rd.headsUsed(u) {
			continue
		}
		for _, g := range u.groups {
			for _, m := range g.mods {
				if m == i && rd.tokens[i].kind == wordToken {
					return true
				}
			}
		}
	}
	return false
}

// headsUsed says that every word of a unit's objects was read.
func (rd *reading) headsUsed(u unit) bool {
	for _, g := range u.groups {
		for _, i := range g.head {
			if !rd.tokens[i].used && !rd.Lexicon.Is("harmless", rd.tokens[i].lower) {
				return false
			}
		}
	}
	return true
}

// inHead says that a phrase is what some verb acts on, so that the verb's reading decides whether
// it was read.
func (rd *reading) inHead(l link) bool {
	for _, u := range rd.units {
		for _, g := range u.groups {
			for _, i := range g.head {
				if i >= l.from && i < l.to && !rd.tokens[i].used {
					return true
				}
			}
		}
	}
	return false
}

// idleLimits notes limits without effect: an "only" before a place, a time or a manner of which
// nothing was read.
func (rd *reading) idleLimits() {
	for i, t := range rd.tokens {
		if t.taken || !rd.word(i, "only", "just", "exclusively", "solely") || !rd.is("preposition", i+1) {
			continue
		}
		n := rd.clauseOf(i)
		if n < 0 || rd.clause[n].negative || rd.clause[n].closer || rd.limitRead(i+2, rd.clause[n].to) {
			continue
		}
		span := rd.span(i, rd.clause[n].to)
		rd.assume(true, span, "could not tell what \""+rd.text[span.Start:span.End]+"\" limits")
	}
}

// limitRead says that something among the next words was read as a resource or a condition.
func (rd *reading) limitRead(from, to int) bool {
	for i := from; i < min(to, from+6); i++ {
		if t := rd.tokens[i]; t.taken || t.kind != wordToken && t.used || t.typed != nil && t.used {
			return true
		}
	}
	return false
}

func (rd *reading) negativeAt(i int) bool {
	n := rd.clauseOf(i)
	return n >= 0 && rd.clause[n].negative
}
