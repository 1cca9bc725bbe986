package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Options are what is known of a request beside its words.
type Options struct {
	Kind      policy.Kind // empty: told from the words, identity-based by default
	Partition string
	Account   string // of the resources, unless the words name another
	Region    string
	Turn      int // which turn of a conversation the words are
}

// A reading is the work on one text.
type reading struct {
	*library
	opt       Options
	text      string
	tokens    []token
	links     []link
	linkAt    []int // token -> index of its link, or -1
	named     map[string]float64
	out       intent.Intent
	where     []scoped
	units     []unit
	clause    []clause
	subject   []bool // tokens that say who acts
	strongSet map[string]bool
	namedSet  map[string]bool
	api       *intent.Grant // calls of an API, read as a whole
	accounts  []string      // all accounts that hold the resources
	recall    func()        // brings in what a conversation already has, before anything is read

	parties      []party  // trust and resource-based documents: whom the words speak about
	extraActions []string // trust: what callers need beside assuming the role
}

// newReading begins the reading of a text: its words are split into tokens, without what is only
// polite.
func newReading(l *library, text string, o Options) *reading {
	rd := &reading{library: l, opt: o, text: text}
	rd.tokens = rd.withoutCourtesy(tokenize(text, l.Lexicon))
	rd.out = intent.Intent{Kind: o.Kind, Partition: o.Partition, Account: o.Account, Region: o.Region}
	return rd
}

func (rd *reading) span(from, to int) intent.Span {
	if from >= to || from < 0 || to > len(rd.tokens) {
		return intent.Span{}
	}
	return intent.Span{Turn: rd.opt.Turn, Start: rd.tokens[from].start, End: rd.tokens[to-1].end}
}

func (rd *reading) assume(material bool, span intent.Span, text string) {
	for _, a := range rd.out.Assumed {
		if a.Text == text {
			return
		}
	}
	rd.out.Assumed = append(rd.out.Assumed, intent.Assumption{Text: text, Material: material, Span: span})
}

func (rd *reading) ask(span intent.Span, text string, choices ...string) {
	for _, q := range rd.out.Questions {
		if q.Text == text {
			return
		}
	}
	rd.out.Questions = append(rd.out.Questions, intent.Question{Text: text, Choices: choices, Span: span})
}

// word says whether token i is one of the lower-case words.
func (rd *reading) word(i int, words ...string) bool {
	if i < 0 || i >= len(rd.tokens) || rd.tokens[i].kind == entityToken {
		return false
	}
	for _, w := range words {
		if rd.tokens[i].lower == w {
			return true
		}
	}
	return false
}

func (rd *reading) punct(i int, marks string) bool {
	return i >= 0 && i < len(rd.tokens) && rd.tokens[i].kind == punctToken && strings.Contains(marks, rd.tokens[i].text)
}

// is says whether token i is a word of the named list.
func (rd *reading) is(list string, i int) bool {
	return i >= 0 && i < len(rd.tokens) && rd.tokens[i].kind == wordToken && rd.Lexicon.Is(list, rd.tokens[i].lower)
}

// literal returns the literal of token i if it is of the kind.
func (rd *reading) literal(i int, kind literalKind) (string, bool) {
	if i < 0 || i >= len(rd.tokens) || rd.tokens[i].kind != entityToken || rd.tokens[i].lit.kind != kind {
		return "", false
	}
	return rd.tokens[i].lit.value, true
}

// take marks tokens as read by something other than a verb.
func (rd *reading) take(role string, from, to int) {
	for i := max(from, 0); i < to && i < len(rd.tokens); i++ {
		rd.tokens[i].taken, rd.tokens[i].used = true, true
		if rd.tokens[i].role == "" {
			rd.tokens[i].role = role
		}
	}
}
