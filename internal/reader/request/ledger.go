package request

import (
	"slices"
	"strings"
	"unicode"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// Ledger writes down what became of every content word.
func (rd *Reading) Ledger() {
	rd.useNouns()
	rd.idleLimits()
	kept := rd.keptNames()
	for i, t := range rd.Tokens {
		if t.Kind == token.Punct || t.Text == "" {
			continue
		}
		w := intent.Word{Text: t.Text, Span: rd.Span(i, i+1), Use: intent.Used, Note: t.Role}
		switch {
		case t.Lower == "own" && !t.Taken && !rd.NegativeAt(i) && !(t.Kind == token.Entity && t.Used && rd.holdsVariable()):
			w.Use = intent.Unread // a limit that no condition has read
		case rd.lostName(i, kept), rd.lostLiteral(i, kept):
			w.Use = intent.Unread // a resource that the answer does not name
		case t.Used || t.Taken:
		case t.Kind == token.Word && rd.FunctionWord(i):
			continue
		case rd.background(i):
			w.Use = intent.Context
		default:
			w.Use = intent.Unread
		}
		rd.Out.Words = append(rd.Out.Words, w)
	}
}

// holdsVariable says that something that is granted is limited to who asks.
func (rd *Reading) holdsVariable() bool {
	for _, g := range rd.Out.Grants {
		for _, t := range g.Targets {
			for _, v := range t.Vars {
				if strings.Contains(v, "${") {
					return true
				}
			}
		}
	}
	return false
}

// useNouns marks what led to the grants without being an object: the nouns beside names, and the
// phrases that name a service that something is granted of.
func (rd *Reading) useNouns() {
	granted := rd.grantedServices()
	rd.useSpans()
	for i, t := range rd.Tokens {
		if t.Typed == nil || !t.Used {
			continue
		}
		if n := t.Typed.Noun; n >= 0 {
			rd.Tokens[n].Used = true
			if l := rd.LinkAt[n]; l >= 0 {
				rd.Use(rd.Links[l].From, rd.Links[l].To)
			}
		}
		for j := i - 1; j >= 0 && rd.Is("namer", j); j-- {
			rd.Tokens[j].Used = true
		}
	}
	for _, l := range rd.Links {
		for _, e := range l.Entries {
			if granted[e.Service] && (e.Kind == lexicon.Name || e.Named || e.Kind == lexicon.Noun && rd.ledTo(l) && !rd.inHead(l)) {
				rd.Use(l.From, l.To)
				break
			}
		}
	}
}

// useSpans marks the words that named the resources and conditions of what is granted.
func (rd *Reading) useSpans() {
	for _, g := range rd.Out.Grants {
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
			for i, t := range rd.Tokens {
				if t.Kind != token.Word && t.Start >= s.Start && t.End <= s.End && s.Turn == rd.Options.Turn {
					rd.Tokens[i].Used = true
				}
			}
		}
	}
}

// useVocabulary marks words of a grant's own text that the action's name or description uses.
func (rd *Reading) useVocabulary(a intent.Action) {
	ca, ok := rd.Catalog.Action(a.Name)
	if !ok || a.Span == (intent.Span{}) || a.Span.Turn != rd.Options.Turn {
		return
	}
	known := map[string]bool{}
	for _, w := range append(catalog.Words(ca.Name), ca.Terms...) {
		known[catalog.Stem(w)] = true
	}
	for i, t := range rd.Tokens {
		if t.Kind == token.Word && t.Start >= a.Span.Start && t.End <= a.Span.End && known[t.Stem] {
			rd.Tokens[i].Used = true
		}
	}
}

// ledTo says that a noun stands in a unit whose verb was read.
func (rd *Reading) ledTo(l sentence.Link) bool {
	for _, u := range rd.Units {
		if l.From >= u.From && l.To <= u.To && (len(u.Verbs) == 0 || rd.Tokens[u.Verbs[0].At].Used) {
			return true
		}
	}
	return false
}

func (rd *Reading) grantedServices() map[string]bool {
	out := map[string]bool{}
	for _, g := range rd.Out.Grants {
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
func (rd *Reading) background(i int) bool {
	n := rd.ClauseOf(i)
	if n < 0 {
		return true
	}
	if rd.Clauses[n].Negative || rd.Clauses[n].Closer {
		return true
	}
	if rd.exact() && rd.Lexicon.Is("drafting", rd.Tokens[i].Lower) {
		return true
	}
	if rd.exact() && rd.counts(i) && !rd.repeats(i) {
		return false
	}
	if rd.Clauses[n].Remark {
		return rd.Tokens[i].Kind == token.Word // "the target is t-drill" names what nothing has read
	}
	if rd.repeats(i) || rd.introduces(n, i) {
		return true
	}
	if len(rd.Lexicon.Classes(rd.Tokens[i].Stem)) > 0 && !rd.Is("nouny", i) && rd.Tokens[i].Lower == rd.Tokens[i].Stem && i > rd.Clauses[n].From {
		return false // a verb that nothing was read from
	}
	if rd.Subject != nil && rd.Subject[i] && !rd.beforeJoined(n, i) || rd.idle(i) {
		return true
	}
	for _, u := range rd.Units {
		if u.Clause != n {
			continue
		}
		if u.Label {
			return true
		}
		if len(u.Verbs) > 0 && !u.Subject && i < u.Verbs[0].At {
			return !rd.joined(u.Verbs[0].At)
		}
	}
	return rd.circumstance(n, i)
}

// introduces says that token i names who acts, before brackets or a colon: "viewer on store s (…):
// search …".
func (rd *Reading) introduces(n, i int) bool {
	from, _ := rd.SentenceRange(n)
	if rd.Clauses[n].From != from {
		return false
	}
	later := false
	for _, u := range rd.Units {
		if u.Clause == n && len(u.Verbs) > 0 {
			return false
		}
		later = later || u.Clause > n && len(u.Verbs) > 0 && rd.Clauses[u.Clause].Sentence == rd.Clauses[n].Sentence
	}
	for j := from; j < i; j++ {
		if rd.Is("preposition", j) || rd.LinkAt[j] >= 0 {
			return false
		}
	}
	return later
}

// idle says that a word can hardly have meant an action, a resource or a condition: no service of
// the answer uses it, it is no verb that something hangs on, and no name.
func (rd *Reading) idle(i int) bool {
	t := rd.Tokens[i]
	if rd.slight(t) {
		return true
	}
	if t.Kind != token.Word || strings.ContainsAny(t.Text, "-_/.") || rd.strangeName(i) || rd.besideName(i) || rd.Is("deny", i) || rd.beforeJoined(rd.ClauseOf(i), i) {
		return false
	}
	for _, u := range rd.Units {
		for _, v := range u.Verbs {
			if v.At == i {
				return false
			}
		}
	}
	for prefix := range rd.grantedServices() {
		if b := rd.Book(prefix); b != nil && (b.Vocab[t.Stem] || b.Verbs[t.Stem]) {
			return false
		}
	}
	return true
}

// strangeName says that an unknown word alone behind a preposition may be the name of what is meant:
// "describe the cluster for atlas".
func (rd *Reading) strangeName(i int) bool {
	t := rd.Tokens[i]
	if t.Kind != token.Word || t.Used || t.Taken || rd.LinkAt[i] >= 0 || len(t.Lower) < 3 || strings.HasSuffix(t.Lower, "ly") || strings.HasSuffix(t.Lower, "ing") || strings.HasSuffix(t.Lower, "tion") || !rd.Boundary(i+1) || len(rd.Lexicon.Classes(t.Stem)) > 0 {
		return false
	}
	for _, list := range []string{"stop", "common", "chat", "harmless", "actor", "who", "notname", "adjective", "filler", "ordinary", "known", "lead", "drafting"} {
		if rd.Is(list, i) {
			return false
		}
	}
	return rd.Word(i-1, "for", "of", "on", "in", "from", "to", "into", "at")
}

// slight says that a token is no more than a mark or a small number.
func (rd *Reading) slight(t token.Token) bool {
	return strings.Trim(t.Text, "0123456789") == "" && len(t.Text) <= 2 || !strings.ContainsFunc(t.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// repeats says that the word was read where it stands another time.
func (rd *Reading) repeats(i int) bool {
	for j, other := range rd.Tokens {
		if n := rd.ClauseOf(j); j != i && other.Used && other.Kind == token.Word && other.Stem == rd.Tokens[i].Stem && n >= 0 && !rd.Clauses[n].Negative {
			return rd.Tokens[i].Kind == token.Word
		}
	}
	return false
}

// circumstance says that a word only says when, why or how: it stands after a preposition behind
// an object that was read, in a clause without any word that restricts.
func (rd *Reading) circumstance(n, i int) bool {
	if rd.Lexicon.Is("harmless", rd.Tokens[i].Lower) {
		return true
	}
	c := rd.Clauses[n]
	for j := c.From; j < c.To; j++ {
		if rd.Is("restricting", j) && !rd.Tokens[j].Taken {
			return false
		}
	}
	for _, u := range rd.Units {
		if u.Clause != n || len(u.Verbs) == 0 || !rd.Tokens[u.Verbs[0].At].Used || !rd.headsUsed(u) {
			continue
		}
		for _, g := range u.Groups {
			for _, m := range g.Mods {
				if m == i && rd.Tokens[i].Kind == token.Word && !rd.strangeName(i) {
					return true
				}
			}
		}
	}
	return false
}

// headsUsed says that every word of a unit's objects was read.
func (rd *Reading) headsUsed(u object.Unit) bool {
	for _, g := range u.Groups {
		for _, i := range g.Head {
			if !rd.Tokens[i].Used && !rd.Lexicon.Is("harmless", rd.Tokens[i].Lower) {
				return false
			}
		}
	}
	return true
}

// inHead says that a phrase is what some verb acts on, so that the verb's reading decides whether
// it was read.
func (rd *Reading) inHead(l sentence.Link) bool {
	for _, u := range rd.Units {
		for _, g := range u.Groups {
			for _, i := range g.Head {
				if i >= l.From && i < l.To && !rd.Tokens[i].Used {
					return true
				}
			}
		}
	}
	return false
}

// idleLimits notes limits without effect: an "only" before a place, a time or a manner of which
// nothing was read, and an "if" of which no condition came.
func (rd *Reading) idleLimits() {
	for i := range rd.Tokens {
		n := rd.ClauseOf(i)
		if n < 0 || rd.Tokens[i].Taken || rd.Clauses[n].Negative || rd.Clauses[n].Closer {
			continue
		}
		end := rd.Clauses[n].To
		switch to := rd.ifEnd(i); {
		case to > 0 && rd.conditionRead(i, end):
			continue
		case to > 0:
		case !rd.Word(i, "only", "just", "exclusively", "solely") || !rd.Is("preposition", i+1) || rd.limitRead(i+2, end):
			continue
		}
		span := rd.Span(i, end)
		rd.Assume(true, span, "could not tell what \""+rd.Text[span.Start:span.End]+"\" limits")
	}
}

// ifEnd returns the end of the words at i that make what follows a condition ("only if", "provided
// that", "as long as"), or 0. A question ("see if it exists") and "if needed" are none.
func (rd *Reading) ifEnd(i int) int {
	switch {
	case rd.Word(i, "only", "just", "exclusively", "solely") && rd.Word(i+1, "if", "when", "while", "where"):
		return i + 2
	case rd.Word(i, "as", "so") && rd.Word(i+1, "long") && rd.Word(i+2, "as"):
		return i + 3
	case rd.Word(i, "provided", "providing", "unless", "iff"):
		return i + 1
	case rd.Word(i, "if") && !rd.Is("courteous-if", i+1) && !rd.Is("asking", i-1) && !rd.Word(i-1, "only", "just", "exclusively", "solely"):
		return i + 1
	}
	return 0
}

// conditionRead says that a condition was read from the words in [from, to).
func (rd *Reading) conditionRead(from, to int) bool {
	return slices.ContainsFunc(rd.Tokens[from:to], func(t token.Token) bool { return t.Taken })
}

// limitRead says that something among the next words was read as a resource or a condition.
func (rd *Reading) limitRead(from, to int) bool {
	for i := from; i < min(to, from+6); i++ {
		if t := rd.Tokens[i]; t.Taken || t.Kind != token.Word && t.Used || t.Typed != nil && t.Used {
			return true
		}
	}
	return false
}
