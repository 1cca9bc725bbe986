package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A segment is a part of a turn that says one thing, in bytes of its words.
type segment struct{ from, to int }

// split cuts the words of a turn into its segments: at sentence ends, and where a mark or a
// conjunction stands before a word that opens an edit of its own.
func (e *editor) split(words string) []segment {
	rd := newReading(e.library, words, e.opt)
	var out []segment
	from := 0
	cut := func(to, next int) {
		if strings.Trim(words[from:to], " .,;:!?\n\t-") != "" {
			out = append(out, segment{from, to})
		}
		from = next
	}
	for i := range rd.Tokens {
		t := rd.Tokens[i]
		if t.Start < from {
			continue
		}
		switch {
		case rd.Punct(i, ".\n") && t.Text != "":
			cut(t.Start, t.End)
		case rd.Punct(i, ",-+") || rd.Word(i, "and", "but", "then"):
			j := i + 1
			for rd.Word(j, "and", "but", "then", "please", "so", "or") || rd.Punct(j, ",+") {
				j++
			}
			if j < len(rd.Tokens) && rd.opensEdit(j) && !rd.replacing(from, i, j) && rd.saysSomething(from, i) {
				cut(t.Start, t.Start)
			}
		}
	}
	cut(len(words), len(words))
	return out
}

// opensEdit says that an edit of its own begins at token i.
func (rd *reading) opensEdit(i int) bool {
	switch {
	case rd.Word(i, "also", "plus", "additionally", "drop", "remove", "forget", "add", "rename", "replace", "revoke", "undo", "ditch", "scrap", "restrict", "limit", "make", "require", "let", "except", "block", "deny", "switch", "change", "exclude", "skip", "no", "use", "only", "just", "dont", "never"):
		return !rd.Word(i, "no") || !rd.Word(i+1, "longer", "later", "more")
	case rd.Word(i, "it", "they", "he", "she") && rd.Word(i+1, "should", "must", "shouldnt", "mustnt", "may", "can", "cannot", "cant", "needs", "need"):
		return true
	case rd.Word(i, "get") && rd.Word(i+1, "rid"), rd.Word(i, "take") && rd.Word(i+1, "away", "out"), rd.Word(i, "leave") && rd.Word(i+1, "out"):
		return true
	}
	return false
}

// replacing says that the words up to token i and those from token j on are one replacement.
func (rd *reading) replacing(start, i, j int) bool {
	for k := range rd.Tokens[:i] {
		if rd.Tokens[k].Start >= start && rd.Word(k, "instead", "wrong", "moved", "migrated", "renamed", "typo", "mistake", "incorrect", "rather", "oops", "changed", "sorry") {
			return true
		}
		if rd.Tokens[k].Start >= start && rd.Word(k, "not") && k <= 2 && rd.Word(j, "use", "make", "it", "just") {
			return true
		}
	}
	return false
}

// saysSomething says that there is a word between a byte and a token that is more than filler.
func (rd *reading) saysSomething(start, i int) bool {
	for k := range rd.Tokens[:i] {
		t := rd.Tokens[k]
		if t.Start >= start && t.Kind != token.Punct && !rd.Is("chat", k) && !rd.Word(k, "and", "but", "hmm", "no", "yes", "sorry", "oops", "wait", "actually") {
			return true
		}
	}
	return false
}

// answer reads the turn as an answer to a question of the turn before.
func (e *editor) answer(last TalkTurn) (TalkTurn, bool) {
	n := len(e.talk.Turns) - 1
	questions := slices.DeleteFunc(slices.Clone(last.Intent.Questions), func(q intent.Question) bool { return q.Span.Turn != n })
	if len(questions) == 0 {
		return TalkTurn{}, false
	}
	questions = slices.DeleteFunc(questions, func(q intent.Question) bool { return len(q.Choices) == 0 && ownQuestion(q) })
	if len(questions) == 0 {
		return TalkTurn{}, false
	}
	said := e.choice(questions)
	if said == "" || len(strings.Fields(said)) > 9 {
		return TalkTurn{}, false
	}
	before := *e
	for _, joint := range []string{" via ", " ", " from ", ", in account ", " in region ", " called "} {
		words := last.Words + joint + said
		o := e.opt
		o.Turn = n
		earlier := &editor{library: e.library, talk: Talk{Turns: e.talk.Turns[:n]}, opt: o, words: words}
		read := earlier.first
		if n > 0 {
			read = earlier.laterPlain
		}
		t := read()
		if len(t.Intent.Questions) >= len(last.Intent.Questions) || len(t.Intent.Grants) == 0 {
			continue
		}
		e.relocate(&t.Intent, len(last.Words)+len(joint), n)
		return TalkTurn{Words: e.words, Intent: t.Intent, Edit: "answered: " + said, State: e.opt.Turn, From: last.State}, true
	}
	*e = before
	return TalkTurn{}, false
}

// ownQuestion says that a question only reports that a turn was not understood.
func ownQuestion(q intent.Question) bool {
	for _, w := range []string{"What shall ", "What of it", "Nothing that", "There is no", "This would", "A restriction must"} {
		if strings.HasPrefix(q.Text, w) {
			return true
		}
	}
	return false
}

// laterPlain reads a later turn without looking for an answer in it.
func (e *editor) laterPlain() TalkTurn {
	last := e.talk.Turns[len(e.talk.Turns)-1]
	e.from = last.State
	e.in = e.talk.Turns[last.State].Intent.Clone()
	e.segments(e.words, 0)
	return e.finish()
}

// relocate moves the spans of an answer from the joined words into this turn.
func (e *editor) relocate(in *intent.Intent, at, turn int) {
	in.EachSpan(func(s *intent.Span) {
		if s.Turn == turn && s.Start >= at {
			*s = intent.Span{Turn: e.opt.Turn, Start: s.Start - at, End: s.End - at}
		}
	})
}

// choice returns what an answer says: one of the choices if it names one, else its words.
func (e *editor) choice(questions []intent.Question) string {
	rd := newReading(e.library, e.words, e.opt)
	i := rd.skipChat(0)
	q := questions[0]
	ordinals := [][]string{{"first", "1", "1st", "former", "a"}, {"second", "2", "2nd", "latter", "b"}, {"third", "3", "3rd", "c"}, {"fourth", "4", "4th", "d"}}
	for n, words := range ordinals {
		if n < len(q.Choices) && (rd.Word(rd.Pass(i, "the", "option", "number", "no"), words...) || i < len(rd.Tokens) && slices.Contains(words, rd.Tokens[i].Text)) && len(rd.Tokens)-i <= 4 {
			return q.Choices[n]
		}
	}
	if rd.Word(0, "yes", "yep", "yeah", "correct", "right", "exactly") && len(q.Choices) == 1 {
		return q.Choices[0]
	}
	if rd.Word(i, "last") && len(q.Choices) > 0 {
		return q.Choices[len(q.Choices)-1]
	}
	for _, c := range q.Choices {
		if strings.EqualFold(strings.Trim(e.words, " .!"), c) {
			return c
		}
	}
	if i >= len(rd.Tokens) {
		return ""
	}
	for k := i; k < len(rd.Tokens); k++ {
		if rd.opensEdit(k) && !rd.Word(k, "use", "no") || rd.Word(k, "undo", "revert", "same", "too", "and", "allow") {
			return ""
		}
	}
	j := rd.Pass(i, "its", "it", "is", "the", "id", "use", "thats", "that", "would", "be", "via", "through", "from", "account", "region", "called", "named", "vpc", "endpoint", "this")
	if j >= len(rd.Tokens) {
		j = i
	}
	return strings.Trim(e.words[rd.Tokens[j].Start:], " .!")
}
