// Package followup reads the later turns of a conversation: what they add to what is wanted so
// far, and what they take away, replace, narrow or widen.
package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// A Talk is a conversation so far: what was wanted after each turn. The zero Talk is a
// conversation before its first turn.
type Talk struct {
	Turns []TalkTurn `json:"turns"`
}

// A TalkTurn is one turn of a conversation.
type TalkTurn struct {
	Words  string        `json:"words"`
	Intent intent.Intent `json:"intent"`         // what is wanted after the turn
	Edit   string        `json:"edit"`           // what the turn changed, in English
	State  int           `json:"state"`          // the turn whose intent this is: its own, or an earlier one if nothing changed or a change was taken back
	From   int           `json:"from"`           // the turn whose intent was edited; -1 for a new request
	Less   bool          `json:"less,omitempty"` // the words ask for nothing but less access: they limit and restrict
}

// Intent returns what is wanted after the last turn.
func (t Talk) Intent() intent.Intent {
	if len(t.Turns) == 0 {
		return intent.Intent{}
	}
	return t.Turns[len(t.Turns)-1].Intent
}

// Follow reads one more turn of a conversation: the talk that is returned has one turn more, the
// one that is given stays as it is.
func Follow(l *sentence.Library, talk Talk, words string, o sentence.Options) Talk {
	o.Turn = len(talk.Turns)
	e := &editor{library: l, talk: talk, opt: o, words: words}
	turn := e.first
	if len(talk.Turns) > 0 {
		turn = e.later
	}
	return Talk{Turns: append(slices.Clone(talk.Turns), turn())}
}

// An editor is the work on one turn.
type editor struct {
	library *sentence.Library
	talk    Talk
	opt     sentence.Options
	words   string
	in      intent.Intent // as edited so far
	from    int
	changed bool     // by this turn
	edits   []string // what was done, in English
	asked   []intent.Question
	added   bool // a segment of this turn has added grants
	removed bool // a segment of this turn took something away
	limits  bool // a segment of this turn limits what is wanted
	others  bool // a segment of this turn does something else
}

func (e *editor) first() TalkTurn { return e.fresh(e.words, 0, "a request") }

// fresh reads words as a request of their own that begins at an offset of the turn.
func (e *editor) fresh(words string, offset int, edit string) TalkTurn {
	in := e.request(words, offset)
	return TalkTurn{Words: e.words, Intent: in, Edit: edit, State: e.opt.Turn, From: -1}
}

func (e *editor) request(words string, offset int) intent.Intent {
	rd := newReading(e.library, words, e.opt)
	rd.Read()
	in := rd.Finish()
	shift(&in, offset)
	return in
}

// shift moves the spans of an intent to the place where its words stand in the turn.
func shift(in *intent.Intent, offset int) {
	in.EachSpan(func(s *intent.Span) {
		if *s != (intent.Span{}) {
			s.Start, s.End = s.Start+offset, s.End+offset
		}
	})
}

// later reads a turn after the first one.
func (e *editor) later() TalkTurn {
	last := e.talk.Turns[len(e.talk.Turns)-1]
	e.from = last.State
	e.in = e.talk.Turns[last.State].Intent.Clone()
	if t, ok := e.answer(last); ok {
		return t
	}
	whole := newReading(e.library, e.words, e.opt)
	whole.Link()
	if whole.OutOfScope() || len(whole.Tokens) == 0 {
		e.asked = whole.Out.Questions
		return e.unchanged("nothing has changed")
	}
	rest, offset := e.words, 0
	c := e.command()
	switch c.kind {
	case chatCommand:
		return e.unchanged("nothing to change")
	case restartCommand:
		return e.restart(c)
	case undoCommand, redoCommand, firstCommand:
		if t, done := e.goBack(c); done {
			return t
		}
		rest, offset = e.words[c.rest:], c.rest
	}
	e.segments(rest, offset)
	return e.finish()
}

// finish makes the turn of what the segments have done.
func (e *editor) finish() TalkTurn {
	if !e.changed && len(e.edits) == 0 && len(e.asked) == 0 {
		e.ask(intent.Span{Turn: e.opt.Turn, End: len(e.words)}, "What shall this change? It was not understood, so nothing has changed.")
	}
	if !e.changed {
		edit := "nothing has changed"
		if len(e.edits) > 0 {
			edit = strings.Join(e.edits, "; ")
		}
		return e.unchanged(edit)
	}
	e.in.Questions = append(e.in.Questions, e.asked...)
	return TalkTurn{Words: e.words, Intent: e.in, Edit: strings.Join(e.edits, "; "), State: e.opt.Turn, From: e.from, Less: e.limits && !e.others}
}

// unchanged makes a turn that leaves the intent as it was, with the questions it raised.
func (e *editor) unchanged(edit string) TalkTurn {
	in := e.talk.Turns[e.from].Intent.Clone()
	in.Questions = append(in.Questions, e.asked...)
	for _, w := range e.in.Words {
		if w.Span.Turn == e.opt.Turn {
			in.Words = append(in.Words, w)
		}
	}
	return TalkTurn{Words: e.words, Intent: in, Edit: edit, State: e.from, From: e.from}
}

func (e *editor) ask(span intent.Span, text string, choices ...string) {
	if !slices.ContainsFunc(e.asked, func(q intent.Question) bool { return q.Text == text }) {
		e.asked = append(e.asked, intent.Question{Text: text, Choices: choices, Span: span})
	}
}

// did records an edit that changed the intent.
func (e *editor) did(text string) {
	e.changed = true
	e.noted(text)
}

// noted records what the words said that needed no change.
func (e *editor) noted(text string) {
	if !slices.Contains(e.edits, text) {
		e.edits = append(e.edits, text)
	}
}

// segments edits the intent by each part of the words that says one thing.
func (e *editor) segments(words string, offset int) {
	for i := range e.in.Grants {
		joinBuckets(&e.in.Grants[i])
	}
	for _, s := range e.split(words) {
		if before := strings.TrimRight(words[:s.from], " "); strings.HasSuffix(before, ".") || strings.HasSuffix(before, "\n") {
			e.added = false // a restriction in a sentence of its own is about everything
		}
		f := e.followup(words[s.from:s.to], offset+s.from)
		if f.AsksNothing(strings.HasPrefix(words[s.to:], "?")) {
			e.ask(f.all(), "What shall this change? It asks for no access, so nothing has changed.")
			continue
		}
		f.edit()
		f.close()
		if f.kind == narrowEdit || f.tightens() {
			e.limits = true
		} else {
			e.others = true
		}
	}
}

// Refuse takes back what the last turn of a talk has changed and puts a question in its place.
func Refuse(talk Talk, edit, question string) Talk {
	last := len(talk.Turns) - 1
	turn := talk.Turns[last]
	in := talk.Turns[turn.From].Intent.Clone()
	words := len(turn.Words)
	in.Questions = append(in.Questions, intent.Question{Text: question, Span: intent.Span{Turn: last, End: words}})
	for _, w := range turn.Intent.Words {
		if w.Span.Turn == last {
			in.Words = append(in.Words, w)
		}
	}
	refused := TalkTurn{Words: turn.Words, Intent: in, Edit: edit, State: turn.From, From: turn.From}
	return Talk{Turns: append(slices.Clone(talk.Turns[:last]), refused)}
}
