package reader

import (
	"github.com/aegis-iam/aegis/internal/intent"
)

// ledger writes down what became of every content word.
func (rd *reading) ledger() {
	for i, t := range rd.tokens {
		if t.kind == punctToken || t.text == "" {
			continue
		}
		w := intent.Word{Text: t.text, Span: rd.span(i, i+1), Use: intent.Used, Note: t.role}
		switch {
		case t.used || t.taken:
		case t.kind == wordToken && (rd.Lexicon.Is("stop", t.lower) || rd.Lexicon.Is("chat", t.lower) || rd.Lexicon.Is("filler", t.lower) || rd.Lexicon.Is("common", t.lower)):
			continue
		case rd.background(i):
			w.Use = intent.Context
		default:
			w.Use = intent.Unread
		}
		rd.out.Words = append(rd.out.Words, w)
	}
}

// background says that a word tells who asks or why: it stands before the first verb of its
// clause, or in a negative clause that took nothing away.
func (rd *reading) background(i int) bool {
	n := rd.clauseOf(i)
	if n < 0 {
		return true
	}
	if rd.clause[n].negative || rd.clause[n].closer {
		return true
	}
	for _, u := range rd.units {
		if u.clause == n && len(u.verbs) > 0 && !u.subject {
			return i < u.verbs[0].at
		}
	}
	return false
}
