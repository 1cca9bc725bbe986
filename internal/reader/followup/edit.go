package followup

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// An editKind says what a segment of a turn does with the intent.
type editKind int

const (
	addEdit editKind = iota
	sameEdit
	narrowEdit
	removeEdit
	replaceEdit
	widenEdit
	exemptEdit
)

// A followup is the reading of one segment in the light of what is wanted so far.
type followup struct {
	*reading
	e     *editor
	kind  editKind
	also  bool   // "also", "too", "as well": it comes on top
	old   [2]int // tokens of what a replacement takes away
	fine  bool   // "is ok", "is needed": it comes on top
	again bool   // an exemption is taken back
	alone bool   // read without the services of the conversation
	known map[string]known
}

// A known value is one that the conversation has named before.
type known struct {
	target *intent.Target
	key    string // of a constraint
	who    bool   // a principal
}

// followup reads a segment that begins at an offset of the turn.
func (e *editor) followup(text string, offset int) *followup {
	o := e.opt
	o.Kind, o.Partition, o.Account, o.Region = e.in.Kind, e.in.Partition, e.in.Account, e.in.Region
	if o.Kind == policy.Trust && o.Account == "" {
		o.Account = onlyAccount(e.in)
	}
	// Blanks in the place of the words before keep the spans right.
	f := &followup{reading: newReading(e.library, strings.Repeat(" ", max(offset, 0))+text, o), e: e}
	// What is denied is complete as a rule: the services of other denials would only mislead.
	f.alone = f.denying()
	f.Recall = f.remember
	f.Read()
	if f.alone && f.kind == addEdit && len(f.Out.Grants) == 0 {
		f = &followup{reading: newReading(e.library, f.Text, o), e: e}
		f.Recall = f.remember
		f.Read()
	}
	if nouns := f.untypedNames(); len(nouns) > 0 {
		again := &followup{reading: newReading(e.library, f.Text, o), e: e}
		again.insert(nouns)
		again.Recall = again.remember
		again.Read()
		if len(again.Out.Grants) > 0 {
			return again
		}
	}
	return f
}

// remember brings in the services, the names and the types that the conversation has, and
// tells what kind of edit the segment is, before its words are read.
func (f *followup) remember() {
	if !f.alone {
		for prefix := range servicesOf(f.e.in) {
			f.Named[prefix] += 10
		}
	}
	for i := range f.Tokens {
		if t := &f.Tokens[i]; t.Kind == token.Word && f.LinkAt[i] < 0 && token.LooksLikeName(t.Text) && len(f.Lexicon.Classes(t.Lower)) == 0 && !f.Lexicon.Is("common", t.Lower) && !strings.Contains(t.Text, "'") && !strings.Contains(t.Text, "’") {
			t.Kind = token.Name
		}
	}
	f.know()
	f.also = f.saysAlso()
	for _, tell := range []func() bool{f.tellExempt, f.tellReplace, f.tellSame, f.tellRemove, f.tellNarrow, f.tellWiden} {
		if tell() {
			break
		}
	}
	f.recallNames()
	f.actionWords()
}

// onlyAccount is the account of those who are let in, if they are all of one.
func onlyAccount(in intent.Intent) string {
	only := ""
	for _, g := range in.Grants {
		for _, p := range g.Principals {
			a := accountOf(p.ID)
			if p.Type != "AWS" || a == "" || only != "" && only != a {
				return ""
			}
			only = a
		}
	}
	return only
}

func servicesOf(in intent.Intent) map[string]bool {
	out := map[string]bool{}
	for _, g := range in.Grants {
		for _, a := range g.Actions {
			if prefix, _, ok := strings.Cut(a.Name, ":"); ok && prefix != "*" && prefix != "sts" {
				out[prefix] = true
			}
		}
		for _, t := range g.Targets {
			if t.Service != "" {
				out[t.Service] = true
			}
		}
	}
	return out
}

// know collects the values that the intent holds.
func (f *followup) know() {
	f.known = map[string]known{}
	put := func(s string, k known) {
		s = strings.ToLower(strings.TrimRight(strings.TrimSuffix(s, "*"), "/"))
		if _, ok := f.known[s]; !ok && len(s) > 1 {
			f.known[s] = k
		}
	}
	for i := range f.e.in.Grants {
		g := &f.e.in.Grants[i]
		for j := range g.Targets {
			t := &g.Targets[j]
			for _, v := range t.Vars {
				put(v, known{target: t})
			}
			if t.ARN != "" {
				put(t.ARN, known{target: t})
				put(t.ARN[strings.LastIndexAny(t.ARN, ":/")+1:], known{target: t})
			}
		}
		for _, p := range g.Principals {
			put(p.ID, known{who: true})
			put(p.ID[strings.LastIndexAny(p.ID, ":/")+1:], known{who: true})
		}
		for _, cs := range [][]intent.Constraint{g.Where, g.Unless} {
			for _, c := range cs {
				for _, v := range c.Values {
					put(v, known{key: c.Key})
					put(v[strings.LastIndexAny(v, ":/")+1:], known{key: c.Key})
				}
			}
		}
	}
}

// knownAt returns what the conversation knows token i as.
func (f *followup) knownAt(i int) (known, bool) {
	if i < 0 || i >= len(f.Tokens) || f.Tokens[i].Kind == token.Punct {
		return known{}, false
	}
	text := strings.ToLower(strings.TrimRight(f.Tokens[i].Text, "/*"))
	k, ok := f.known[text]
	if !ok && strings.HasPrefix(text, "/") {
		k, ok = f.known[text[1:]]
		ok = ok && k.target != nil && k.target.Service == "ssm" // its variable leaves the first slash out
	}
	return k, ok
}

// recallNames makes names of the words that the conversation has as names.
func (f *followup) recallNames() {
	for i := range f.Tokens {
		t := &f.Tokens[i]
		k, ok := f.knownAt(i)
		if !ok || t.Taken || t.Kind == token.Entity && t.Lit.Kind != token.PathLiteral || t.Text == "" {
			continue
		}
		if t.Kind == token.Word && (f.LinkAt[i] >= 0 && !f.Word(i-1, "the", "not", "table", "queue", "bucket", "topic", "stream") || f.Is("stop", i) || f.Is("filler", i)) {
			continue
		}
		if t.Kind == token.Word {
			t.Kind = token.Name
		}
		if k.target != nil && k.target.Type != "" {
			t.Typed = &token.Typing{Service: k.target.Service, Type: k.target.Type, Noun: -1, Guess: true}
		}
	}
}

// edit changes the intent as the segment says.
func (f *followup) edit() {
	switch f.kind {
	case exemptEdit:
		f.exempt()
	case replaceEdit:
		f.replace()
	case sameEdit:
		f.copyFor()
	case removeEdit:
		f.takeOut()
	case widenEdit:
		f.widen()
	case narrowEdit:
		f.narrow()
	default:
		f.add()
	}
}

// close hands what the segment has asked, assumed and read over to the turn.
func (f *followup) close() {
	f.Ledger()
	for _, w := range f.Out.Words {
		if w.Span.End > w.Span.Start {
			f.e.in.Words = append(f.e.in.Words, w)
		}
	}
	for _, q := range f.Out.Questions {
		if !f.idle(q) {
			f.e.ask(q.Span, q.Text, q.Choices...)
		}
	}
	if f.e.changed {
		f.e.in.Assumed = append(f.e.in.Assumed, f.Out.Assumed...)
	}
}

// idle says that a question only says that nothing was read, although the segment was.
func (f *followup) idle(q intent.Question) bool {
	if len(f.e.edits) == 0 {
		return false
	}
	for _, w := range []string{"What shall be forbidden", "What may", "Who may", "Which actions", "Which service", "What should", "What shall", "Which resource", "Which bucket", "What is the name of", "Who is"} {
		if strings.HasPrefix(q.Text, w) {
			return f.kind != addEdit || len(f.Out.Grants) == 0
		}
	}
	return false
}

// cue marks the words that say what kind of edit it is.
func (f *followup) cue(from, to int) { f.Take("says what to change", from, to) }

func (f *followup) saysAlso() bool {
	also := false
	for i := range f.Tokens {
		switch {
		case f.Word(i, "also", "too", "plus", "additionally", "likewise", "furthermore", "moreover"), f.Punct(i, "+"):
		case f.Word(i, "as") && f.Word(i+1, "well"):
			f.cue(i, i+2)
		case f.Word(i, "in") && f.Word(i+1, "addition"):
			f.cue(i, i+2)
		case f.Word(i, "is", "are", "be") && f.Word(i+1, "needed", "required", "necessary", "allowed", "ok", "okay", "fine", "good", "permitted", "possible", "wanted") && !f.Is("negator", i) && f.kind == addEdit:
			f.fine = true
			f.cue(i, i+2)
			continue
		case f.Word(i, "add") && (i == 0 || f.Is("chat", i-1) || f.Word(i-1, "and", "please", "also")) && !f.Word(i+1, "items", "tags"):
			f.cue(i, i+1)
		default:
			continue
		}
		also = true
	}
	return also
}

// content returns the first token that is more than a filler of the beginning.
func (f *followup) content() int {
	i := 0
	for i < len(f.Tokens) && (f.Tokens[i].Kind == token.Punct || f.Is("chat", i) || f.Word(i, "and", "but", "then", "or", "please", "i", "we", "you", "can", "could", "want", "would", "like", "to", "lets", "it", "they", "that", "should", "sorry", "oops", "hmm", "need", "needs", "must", "now", "wait", "no", "on", "second", "thought", "thoughts", "maybe", "perhaps") && !(f.Word(i, "no") && !f.Punct(i+1, ",.")) && !f.Word(i+1, "be", "have")) {
		i++
	}
	return i
}

func (f *followup) has(words ...string) bool { return f.find(0, words...) >= 0 }

// find returns the first token at or after i that is one of the words, or -1.
func (f *followup) find(i int, words ...string) int {
	for ; i < len(f.Tokens); i++ {
		if f.Word(i, words...) {
			return i
		}
	}
	return -1
}

// hasVerb says that a word from token i on says what is done.
func (f *followup) hasVerb(from, to int) bool {
	for i := from; i < to; i++ {
		if f.Tokens[i].Kind != token.Word || f.Tokens[i].Taken {
			continue
		}
		if _, ok := f.VerbAt(i, to); ok {
			return true
		}
	}
	return false
}

// thing says that token i is a name or a literal.
func (f *followup) thing(i int) bool {
	if i < 0 || i >= len(f.Tokens) || f.Tokens[i].Text == "" {
		return false
	}
	t := f.Tokens[i]
	return t.Kind == token.Name || t.Kind == token.Entity && t.Lit.Kind != token.ActionLiteral && !(t.Lit.Kind == token.NumberLiteral && len(t.Text) < 6)
}

func (f *followup) things(from, to int) []int {
	var out []int
	for i := max(from, 0); i < to && i < len(f.Tokens); i++ {
		if f.thing(i) {
			out = append(out, i)
		}
	}
	return out
}

func (f *followup) denying() bool {
	return f.e.in.Kind.OfOrganization()
}

func (f *followup) all() intent.Span { return f.Span(0, len(f.Tokens)) }
