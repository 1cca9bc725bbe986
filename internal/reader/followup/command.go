package followup

import (
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A commandKind says what a turn does with the conversation as such.
type commandKind int

const (
	noCommand commandKind = iota
	chatCommand
	undoCommand
	redoCommand
	firstCommand
	restartCommand
)

// A command is what a turn says about the conversation, and where its other words begin.
type command struct {
	kind     commandKind
	steps    int
	from, to int // bytes of the words that say it
	rest     int // byte where the other words begin
	object   bool
}

// politeness says nothing about what is wanted.
var politeness = []string{"perfect", "nice", "good", "works", "work", "fine", "awesome", "done", "looks", "look", "thats", "that's", "thank", "lgtm", "right", "exactly", "wonderful", "excellent", "lovely", "neat", "yes", "yep", "yeah", "no", "sorry", "oops", "wait", "hold", "me", "much", "very", "lot", "got", "understood", "makes", "sense", "super", "brilliant", "appreciated", "ship", "cheers", "hah", "haha", "great", "oh", "ah", "sure", "agreed", "correct", "alright", "i", "see", "like", "think", "now"}

// command reads what the words say about the conversation.
func (e *editor) command() command {
	rd := newReading(e.library, e.words, e.opt)
	if c, ok := rd.restart(); ok {
		return c
	}
	i := rd.skipChat(0)
	if i >= len(rd.Tokens) {
		return command{kind: chatCommand}
	}
	for k := i; k < min(i+3, len(rd.Tokens)); k++ {
		if c, ok := rd.backCommand(k); ok {
			return c
		}
		if !rd.Word(k, "please", "can", "could", "you", "lets", "let", "i", "we", "want", "to", "should") {
			break
		}
	}
	return command{}
}

// skipChat returns the first token that is more than politeness, if all before it is.
func (rd *reading) skipChat(i int) int {
	j := i
	for j < len(rd.Tokens) && (rd.Tokens[j].Kind == token.Punct || rd.Is("chat", j) || rd.Word(j, politeness...) || rd.Is("stop", j) && rd.onlyChatAfter(j)) {
		j++
	}
	if j >= len(rd.Tokens) {
		return j
	}
	for i < j && (rd.Tokens[i].Kind == token.Punct || rd.Word(i, "hmm", "oh", "ah", "ok", "okay", "well", "sorry", "oops", "wait", "actually", "please", "no", "yes", "hold", "um", "uh", "so", "right", "and", "hey", "great", "thanks", "thx") && (!rd.Word(i, "no") || rd.Punct(i+1, ",."))) {
		i++
	}
	return i
}

func (rd *reading) onlyChatAfter(i int) bool {
	for ; i < len(rd.Tokens); i++ {
		if rd.Tokens[i].Kind != token.Punct && !rd.Is("chat", i) && !rd.Is("stop", i) && !rd.Word(i, politeness...) {
			return false
		}
	}
	return true
}

// backCommand reads "undo", "go back two steps", "redo", "back to the first version".
func (rd *reading) backCommand(i int) (command, bool) {
	c := command{kind: undoCommand, steps: 1}
	j := i + 1
	switch {
	case rd.Word(i, "undo", "rollback", "nevermind"):
	case rd.Word(i, "revert") && !rd.Word(i+1, "to"):
	case rd.Word(i, "roll", "go", "take", "put", "switch", "step") && rd.Word(rd.Pass(i+1, "it", "that", "this", "one", "a", "step"), "back") && !rd.Word(i+1, "the"):
		j = rd.Pass(i+1, "it", "that", "this", "one", "a", "step") + 1
	case rd.Word(i, "never") && rd.Word(i+1, "mind"):
		j = i + 2
	case rd.Word(i, "scratch", "forget", "cancel", "drop", "reverse", "ignore", "discard", "scrap") && rd.Word(i+1, "that", "it", "this", "the", "my") && rd.lastChange(i+1) > 0:
		j = i + 1
	case rd.Word(i, "back", "revert") && rd.Word(i+1, "to"):
	case rd.Word(i, "redo", "reapply"):
		c.kind = redoCommand
	case rd.Word(i, "restore") && rd.lastChange(i+1) > 0:
	default:
		return c, false
	}
	return rd.backWhere(c, j)
}

// lastChange reads "that", "the last change", "my previous edit" and returns its end, or 0.
func (rd *reading) lastChange(i int) int {
	j := rd.Pass(i, "that", "the", "this", "my", "it", "of", "was")
	k := rd.Pass(j, "last", "previous", "latest", "most", "recent", "one", "two", "three", "2", "3", "both", "change", "changes", "edit", "edits", "step", "steps", "modification", "update", "bit", "part", "turn", "turns", "thing", "message", "request", "addition", "restriction's", "again", "please")
	if k < len(rd.Tokens) && rd.Tokens[k].Kind != token.Punct {
		return 0
	}
	if k == j && j == i {
		return 0
	}
	return k
}

// backWhere reads how far back, and where the other words of the turn begin.
func (rd *reading) backWhere(c command, j int) (command, bool) {
	for ; j < len(rd.Tokens) && rd.Tokens[j].Kind != token.Punct; j++ {
		switch {
		case rd.Word(j, "first", "original", "initial", "beginning", "start", "originally"):
			c.kind = firstCommand
		case rd.Word(j, "two", "twice", "both", "2"):
			c.steps = 2
		case rd.Word(j, "three", "thrice", "3"):
			c.steps = 3
		case rd.literalNumber(j) > 0:
			c.steps = rd.literalNumber(j)
		case rd.Word(j, "to", "the", "that", "this", "it", "last", "previous", "latest", "most", "recent", "one", "change", "changes", "edit", "edits", "step", "steps", "modification", "version", "state", "policy", "before", "what", "we", "i", "had", "as", "was", "were", "how", "please", "again", "prior", "turn", "turns", "my", "of", "a", "back", "all", "thing", "bit", "part", "mind", "about", "message", "request", "update", "things", "times", "once", "more", "then", "now", "just", "up", "asked", "said", "did", "you", "addition", "and", "so"):
			if rd.Word(j, "and", "so", "then") {
				c.rest = rd.Tokens[j].End
				return c, true
			}
		default:
			c.object, c.rest = true, rd.Tokens[j].Start
			return c, true
		}
	}
	c.rest = len(rd.Text)
	if j < len(rd.Tokens) {
		c.rest = rd.Tokens[j].End
	}
	return c, true
}

func (rd *reading) literalNumber(i int) int {
	v, ok := rd.Literal(i, token.NumberLiteral)
	n, err := strconv.Atoi(v)
	if !ok || err != nil || n > 50 {
		return 0
	}
	return n
}

// restart reads "start over", "forget all that", "new request: …".
func (rd *reading) restart() (command, bool) {
	for i := range rd.Tokens {
		j := 0
		switch {
		case rd.Word(i, "start", "begin") && rd.Word(i+1, "over", "afresh", "again", "anew", "fresh") && (rd.clearAfter(i+2) || i == rd.skipChat(0)):
			j = i + 2
		case rd.Word(i, "forget", "scrap", "ignore", "discard", "drop", "disregard", "scratch") && rd.Word(i+1, "all", "everything", "the", "what") && rd.allOfIt(i+1) > 0:
			j = rd.allOfIt(i + 1)
		case rd.Word(i, "from") && rd.Word(i+1, "scratch"):
			j = i + 2
		case rd.Word(i, "new", "different", "another") && rd.Word(i+1, "request", "question", "topic", "policy") && (rd.Punct(i+2, ":,.-") || i+2 >= len(rd.Tokens)) && i <= 2:
			j = i + 2
		case rd.Word(i, "something") && rd.Word(i+1, "else", "different") && i <= 3:
			j = rd.Pass(i+2, "entirely", "completely", "altogether", "now")
		}
		if j > 0 {
			c := command{kind: restartCommand, from: rd.Tokens[i].Start, to: len(rd.Text)}
			for j < len(rd.Tokens) && rd.Tokens[j].Kind == token.Punct {
				j++
			}
			if j < len(rd.Tokens) {
				c.to = rd.Tokens[j].Start
			}
			return c, true
		}
	}
	return command{}, false
}

func (rd *reading) clearAfter(i int) bool {
	return i >= len(rd.Tokens) || rd.Tokens[i].Kind == token.Punct || rd.Word(i, "with", "and")
}

// allOfIt reads "all that", "everything above", "the whole thing", "what I said" and returns its end.
func (rd *reading) allOfIt(i int) int {
	all := rd.Word(i, "all", "everything") || rd.Word(i+1, "above", "whole", "entire", "lot", "i", "we", "previous") && !rd.Word(i+2, "change", "edit", "step", "one")
	j := rd.Pass(i, "all", "of", "everything", "that", "this", "the", "above", "whole", "entire", "thing", "lot", "i", "we", "said", "asked", "so", "far", "before", "previous", "request", "requests", "it", "what", "had", "please", "policy", "stuff")
	if !all || j < len(rd.Tokens) && rd.Tokens[j].Kind != token.Punct && !rd.Word(j, "and", "actually", "instead") {
		return 0
	}
	return j
}

// goBack takes changes back. It reports whether that was the whole turn.
func (e *editor) goBack(c command) (TalkTurn, bool) {
	state, edit := e.from, "took back the last change"
	switch c.kind {
	case redoCommand:
		last := e.talk.Turns[len(e.talk.Turns)-1]
		if last.Edit == "took back the last change" || last.State < last.From {
			state = last.From
		}
		edit = "brought the change back"
	case firstCommand:
		for e.talk.Turns[state].From >= 0 {
			state = e.talk.Turns[state].From
		}
		edit = "went back to the first version"
	default:
		for range c.steps {
			if from := e.talk.Turns[state].From; from >= 0 && from < state {
				state = from
			}
		}
	}
	if c.object {
		return e.takeBackObject(c, state)
	}
	if state == e.from {
		e.ask(intent.Span{Turn: e.opt.Turn, End: len(e.words)}, "There is no earlier change to take back; nothing has changed.")
		return e.unchanged("nothing has changed"), true
	}
	back := TalkTurn{Words: e.words, Intent: e.talk.Turns[state].Intent.Clone(), Edit: edit, State: state, From: e.from}
	e.markCommand(&back.Intent, c.rest)
	if strings.TrimSpace(strings.Trim(e.words[c.rest:], " .,;!-")) == "" {
		return back, true
	}
	e.in, e.from = back.Intent.Clone(), state
	e.segments(e.words[c.rest:], c.rest)
	if !e.changed {
		return back, true
	}
	e.edits = append([]string{edit}, e.edits...)
	return e.finish(), true
}

// takeBackObject reads "undo the MFA condition", "go back to us-east-1": what is named is
// removed, or put in place again.
func (e *editor) takeBackObject(c command, state int) (TalkTurn, bool) {
	lead := "remove the "
	if strings.Contains(strings.ToLower(e.words[:c.rest]), " to ") {
		lead = "make it "
	}
	f := e.followup(lead+e.words[c.rest:], c.rest-len(lead))
	f.edit()
	f.close()
	if e.changed {
		return e.finish(), true
	}
	e.asked, e.edits = nil, nil
	e.in = e.talk.Turns[e.from].Intent.Clone()
	if state == e.from {
		return e.unchanged("nothing has changed"), true
	}
	back := TalkTurn{Words: e.words, Intent: e.talk.Turns[state].Intent.Clone(), Edit: "took back the last change", State: state, From: e.from}
	return back, true
}

// markCommand writes the words of a command into the ledger.
func (e *editor) markCommand(in *intent.Intent, to int) {
	rd := newReading(e.library, e.words[:to], e.opt)
	for i, t := range rd.Tokens {
		if t.Kind != token.Punct {
			in.Words = append(in.Words, intent.Word{Text: t.Text, Use: intent.Used, Note: "takes a change back", Span: rd.Span(i, i+1)})
		}
	}
}

// restart replaces everything by a request of its own.
func (e *editor) restart(c command) TalkTurn {
	words, offset := e.words[c.to:], c.to
	if strings.Trim(words, " .,;!-") == "" {
		words, offset = strings.TrimRight(e.words[:c.from], " ,.;-"), 0
	}
	in := e.request(words, offset)
	if len(in.Grants) == 0 && len(in.Questions) == 0 {
		e.ask(intent.Span{Turn: e.opt.Turn, End: len(e.words)}, "What shall the new policy allow? Until that is said, the old one stays.")
		return e.unchanged("nothing has changed")
	}
	return TalkTurn{Words: e.words, Intent: in, Edit: "a new request in the place of the old one", State: e.opt.Turn, From: e.from}
}
