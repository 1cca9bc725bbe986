// Package sentence knows the shape of a request: the phrases that the lexicon knows, clauses and
// verbs, and which services are named. All other packages of the reader extend its Reading, which
// holds the tokens of a request and what was read from them so far.
package sentence

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A Reading is the work on one request: its tokens and what was read from them so far. The packages
// above extend it, each by what it reads. It is used by one goroutine.
type Reading struct {
	*Library

	Options   Options
	Text      string
	Tokens    []token.Token
	Links     []Link
	LinkAt    []int // token -> index of its link, or -1
	Named     map[string]float64
	Out       intent.Intent
	Clauses   []Clause
	Subject   []bool // tokens that say who acts
	StrongSet map[string]bool
	NamedSet  map[string]bool
	Accounts  []string // all accounts that hold the resources
}

// Options are what is known of a request beside its words.
type Options struct {
	Kind      policy.Kind // empty: told from the words, identity-based by default
	Partition string
	Account   string // of the resources, unless the words name another
	Region    string
	Turn      int // which turn of a conversation the words are
}

// New begins the reading of a text: its words are split into tokens, without what is only
// polite.
func New(l *Library, text string, o Options) *Reading {
	rd := &Reading{Library: l, Options: o, Text: text}
	rd.Tokens = rd.withoutCourtesy(token.Split(text, l.Lexicon))
	rd.Out = intent.Intent{Kind: o.Kind, Partition: o.Partition, Account: o.Account, Region: o.Region}
	return rd
}

// Span returns where the tokens in [from, to) stand in the text, or the zero span.
func (rd *Reading) Span(from, to int) intent.Span {
	if from >= to || from < 0 || to > len(rd.Tokens) {
		return intent.Span{}
	}
	return intent.Span{Turn: rd.Options.Turn, Start: rd.Tokens[from].Start, End: rd.Tokens[to-1].End}
}

// Assume notes an assumption, once; a material one may change who may do what.
func (rd *Reading) Assume(material bool, span intent.Span, text string) {
	for _, a := range rd.Out.Assumed {
		if a.Text == text {
			return
		}
	}
	rd.Out.Assumed = append(rd.Out.Assumed, intent.Assumption{Text: text, Material: material, Span: span})
}

// Ask notes a question, once.
func (rd *Reading) Ask(span intent.Span, text string, choices ...string) {
	for _, q := range rd.Out.Questions {
		if q.Text == text {
			return
		}
	}
	rd.Out.Questions = append(rd.Out.Questions, intent.Question{Text: text, Choices: choices, Span: span})
}

// Word says whether token i is one of the lower-case words.
func (rd *Reading) Word(i int, words ...string) bool {
	if i < 0 || i >= len(rd.Tokens) || rd.Tokens[i].Kind == token.Entity {
		return false
	}
	for _, w := range words {
		if rd.Tokens[i].Lower == w {
			return true
		}
	}
	return false
}

// Punct says whether token i is one of the marks.
func (rd *Reading) Punct(i int, marks string) bool {
	return i >= 0 && i < len(rd.Tokens) && rd.Tokens[i].Kind == token.Punct && strings.Contains(marks, rd.Tokens[i].Text)
}

// Is says whether token i is a word of the named list.
func (rd *Reading) Is(list string, i int) bool {
	return i >= 0 && i < len(rd.Tokens) && rd.Tokens[i].Kind == token.Word && rd.Lexicon.Is(list, rd.Tokens[i].Lower)
}

// Literal returns the literal of token i if it is of the kind.
func (rd *Reading) Literal(i int, kind token.LiteralKind) (string, bool) {
	if i < 0 || i >= len(rd.Tokens) || rd.Tokens[i].Kind != token.Entity || rd.Tokens[i].Lit.Kind != kind {
		return "", false
	}
	return rd.Tokens[i].Lit.Value, true
}

// Take marks tokens as read by something other than a verb.
func (rd *Reading) Take(role string, from, to int) {
	for i := max(from, 0); i < to && i < len(rd.Tokens); i++ {
		rd.Tokens[i].Taken, rd.Tokens[i].Used = true, true
		if rd.Tokens[i].Role == "" {
			rd.Tokens[i].Role = role
		}
	}
}

// Within says whether one of the words stands in [from, to).
func (rd *Reading) Within(from, to int, words ...string) bool {
	for i := max(from, 0); i < to; i++ {
		if rd.Word(i, words...) {
			return true
		}
	}
	return false
}

// IsContent says whether a token is a word that may name an object.
func (rd *Reading) IsContent(i int) bool {
	t := rd.Tokens[i]
	return t.Kind == token.Word && !t.Taken && (!rd.Lexicon.Is("stop", t.Lower) || rd.things(i)) && (!rd.Lexicon.Is("filler", t.Lower) || rd.endsNoun(i))
}

// things says that a plural behind a verb is what a named service calls its things, although it
// mostly only joins other words: the grants of KMS.
func (rd *Reading) things(i int) bool {
	t := rd.Tokens[i]
	if i == 0 || t.Lower == t.Stem || !strings.HasSuffix(t.Lower, "s") || rd.Tokens[i-1].Kind != token.Word || len(rd.Lexicon.Classes(rd.Tokens[i-1].Stem)) == 0 {
		return false
	}
	for _, s := range SortedKeys(rd.Strong()) {
		if b := rd.Book(s); b != nil && b.Vocab[t.Stem] {
			return true
		}
	}
	return false
}

// endsNoun says that a filler ends a noun that the named services know: "slot type".
func (rd *Reading) endsNoun(i int) bool {
	if !rd.Word(i, "type", "types", "kind") || rd.Word(i+1, "of") || i == 0 || rd.Tokens[i-1].Kind != token.Word || rd.Lexicon.Is("stop", rd.Tokens[i-1].Lower) {
		return false
	}
	for _, s := range SortedKeys(rd.Strong()) {
		if b := rd.Book(s); b != nil && b.Vocab[rd.Tokens[i].Stem] && b.Vocab[rd.Tokens[i-1].Stem] {
			return true
		}
	}
	return false
}

// IsThing says whether a token is a name or literal that may be a target.
func (rd *Reading) IsThing(i int) bool {
	if i < 0 || i >= len(rd.Tokens) {
		return false
	}
	t := rd.Tokens[i]
	return !t.Taken && (t.Kind == token.Name || t.Kind == token.Entity && t.Lit.Kind != token.RegionLiteral && t.Lit.Kind != token.AccountLiteral || t.Typed != nil)
}

// Fresh says that some token in [from, to) is left to read.
func (rd *Reading) Fresh(from, to int) bool {
	return slices.ContainsFunc(rd.Tokens[from:to], func(t token.Token) bool { return !t.Taken && t.Kind != token.Punct })
}
