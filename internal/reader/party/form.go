package party

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// ReadForm takes what a request has of a form: its title and number, the words that only name a
// field ("Operations: …"), and the fields that say who asks ("Requestor: data platform").
func (rd *Reading) ReadForm() {
	rd.takeReference()
	rd.takeTitle()
	for n, c := range rd.Clauses {
		if !rd.Punct(c.To, ":") || c.To-c.From > 3 || c.From > 0 && !rd.Punct(c.From-1, ".\n-") {
			continue
		}
		switch {
		case rd.allIn("asker", c.From, c.To) && rd.takesNothing(c.To+1, rd.lineEnd(c.To)):
			rd.forget("who asks", c.From, rd.lineEnd(c.To))
		case rd.allIn("field", c.From, c.To) && n+1 < len(rd.Clauses):
			rd.forget("the name of a field", c.From, c.To)
		}
	}
}

// takeReference takes the number of a ticket that a request begins with: "INT-4471: …", "Change
// CHG0031877 – …".
func (rd *Reading) takeReference() {
	i := 0
	for i < 2 && rd.Word(i, "change", "ticket", "control", "request", "incident", "story", "task", "issue", "ref", "reference", "req") {
		i++
	}
	if i >= len(rd.Tokens) || rd.Tokens[i].Quote || rd.Tokens[i].Kind == token.Entity {
		return
	}
	letters := strings.TrimRight(rd.Tokens[i].Text, "0123456789")
	stem := strings.ReplaceAll(letters, "-", "")
	if i == 0 && !rd.Punct(1, ":-\n") || rd.LinkAt[i] >= 0 || len(letters)+2 > len(rd.Tokens[i].Text) || len(stem) < 2 || strings.ToUpper(stem) != stem || !token.IsLetters(stem) {
		return
	}
	rd.forget("a reference", 0, i+1)
}

// takeTitle takes a first line that stands alone and only says that access is asked for.
func (rd *Reading) takeTitle() {
	to := rd.lineEnd(0)
	if to < len(rd.Tokens) && rd.allIn("field", 0, to) {
		rd.forget("a title", 0, to)
	}
}

// lineEnd returns the mark that ends the line of token i, or the end of the text.
func (rd *Reading) lineEnd(i int) int {
	for i < len(rd.Tokens) && !rd.Punct(i, "\n") {
		i++
	}
	return i
}

// allIn says that tokens in [from, to) are words of the named list or join such words, and that
// there are some.
func (rd *Reading) allIn(list string, from, to int) bool {
	for i := from; i < to; i++ {
		if stem := rd.Tokens[i].Stem; !rd.Is(list, i) && !(rd.Tokens[i].Kind == token.Word && rd.Lexicon.Is(list, catalog.Stem(stem))) && !rd.Is("conjunction", i) {
			return false
		}
	}
	return from < to
}

// takesNothing says that no literal that a policy could hold stands in [from, to).
func (rd *Reading) takesNothing(from, to int) bool {
	for i := from; i < to; i++ {
		if rd.Tokens[i].Kind == token.Entity {
			return false
		}
	}
	return true
}

// forget takes tokens and lets the phrases in them speak for no service.
func (rd *Reading) forget(role string, from, to int) {
	for i := from; i < to; i++ {
		rd.Unlink(i)
	}
	rd.Take(role, from, to)
}
