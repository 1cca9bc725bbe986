package reader

import (
	"slices"
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// onlyConditions says that conditions have taken every word of the segment that means anything.
func (f *followup) onlyConditions() bool {
	if len(f.where) == 0 {
		return false
	}
	for i := range f.tokens {
		if f.tokens[i].taken || f.tokens[i].kind == punctToken || f.tokens[i].text == "" {
			continue
		}
		if f.is("stop", i) || f.is("chat", i) || f.is("filler", i) || f.is("lead", i) || f.is("strict", i) || f.is("auxiliary", i) || f.is("preposition", i) || f.word(i, "that", "conditional", "everything", "calls", "requests", "come", "comes", "coming", "apply", "applies", "condition", "make", "add", "access", "both", "all") {
			continue
		}
		return false
	}
	return true
}

// vague says that the segment has verbs but no grant came of it that one could mean.
func (f *followup) vague(gs []intent.Grant) bool {
	if len(gs) == 0 {
		return f.e.in.Kind != policy.Trust && f.hasVerb(0, len(f.tokens))
	}
	for _, g := range gs {
		for _, a := range g.Actions {
			if a.Name == "*" {
				return !f.has("everything", "anything", "all")
			}
		}
	}
	return false
}

// inContext reads the segment again with the words of what the conversation is about behind it:
// "also deleting there" after "read objects" is about objects.
func (f *followup) inContext() []intent.Grant {
	for _, phrase := range f.topics() {
		for _, joint := range []string{" ", ": "} {
			text := strings.TrimRight(strings.TrimLeft(f.text, " "), " .!,") + " " + phrase
			if joint == ": " {
				text = "for " + phrase + ": " + strings.TrimLeft(f.text, " ")
			}
			g := f.e.followup(text, f.tokens[0].start)
			if joint == ": " {
				g = f.e.followup(text, max(f.tokens[0].start-len("for "+phrase+": "), 0))
			}
			gs := g.readGrants()
			if len(gs) == 0 || g.vague(gs) {
				continue
			}
			for i := range gs {
				f.settle(&gs[i])
			}
			f.use(0, len(f.tokens))
			return gs
		}
	}
	return nil
}

// settle gives a grant that was read in context the span of the segment and the targets of the
// conversation.
func (f *followup) settle(g *intent.Grant) {
	g.Span = f.all()
	for i := range g.Actions {
		if g.Actions[i].Span != (intent.Span{}) {
			g.Actions[i].Span = f.all()
		}
	}
	g.Targets = slices.DeleteFunc(g.Targets, func(t intent.Target) bool { return t.ARN == "" && len(t.Vars) == 0 })
}

// topics are phrases for what the conversation is about: the service with the nouns of the
// actions that were asked, the most frequent ones first.
func (f *followup) topics() []string {
	var out []string
	count := map[string]int{}
	put := func(s string) {
		if s = strings.TrimSpace(s); !slices.Contains(out, s) {
			out = append(out, s)
		}
		count[s]++
	}
	for _, g := range f.e.in.Grants {
		for _, a := range g.Actions {
			if a.Span == (intent.Span{}) {
				continue
			}
			prefix, name, _ := strings.Cut(a.Name, ":")
			words := catalog.Words(strings.Trim(name, "*"))
			if len(words) > 1 {
				put(prefix + " " + strings.Join(words[1:], " "))
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return count[out[i]] > count[out[j]] })
	for prefix := range servicesOf(f.e.in) {
		if ls, ok := f.Lexicon.Service(prefix); ok && len(ls.Nouns[ls.Main]) > 0 {
			put(prefix + " " + ls.Nouns[ls.Main][0])
		}
	}
	return out
}

// actionWords makes actions of single words that are one in a service of the conversation:
// "allow query too".
func (f *followup) actionWords() {
	for i := range f.tokens {
		t := &f.tokens[i]
		if t.kind != wordToken || t.taken || f.is("stop", i) || !f.endsPhrase(i+1) || !(i == 0 || f.tokens[i-1].kind == punctToken || f.tokens[i-1].taken || f.is("stop", i-1) || f.word(i-1, "allow", "add", "drop", "remove", "without", "no", "only", "just", "need", "needs", "let", "also", "the", "to", "permit", "grant")) {
			continue
		}
		for prefix := range servicesOf(f.e.in) {
			s, ok := f.Catalog.Service(prefix)
			if !ok {
				continue
			}
			if a, ok := s.Action(t.lower); ok && !strings.Contains(strings.Join(catalog.Words(a.Name), " "), " ") {
				t.kind, t.lit = entityToken, literal{kind: actionLiteral, value: a.String()}
				f.linkAt[i] = -1
			}
		}
	}
}

func (f *followup) endsPhrase(i int) bool {
	return i >= len(f.tokens) || f.tokens[i].kind == punctToken || f.tokens[i].taken || f.word(i, "too", "also", "as", "and", "or", "please", "on", "instead", "again", "only", "part", "permission", "access", "action", "it", "there", "now", "rather", "anymore")
}

// untypedNames are the names behind a preposition that nothing says the type of, with the noun
// that the conversation has for such names.
func (f *followup) untypedNames() map[int]string {
	noun := f.onlyNoun()
	if noun == "" || f.kind != addEdit {
		return nil
	}
	out := map[int]string{}
	for i := range f.tokens {
		t := f.tokens[i]
		if t.kind == nameToken && (t.typed == nil || t.typed.guess) && !t.taken && f.word(i-1, "from", "to", "on", "in", "into", "of", "for", "with") && !strings.Contains(t.text, "=") && f.actionNames(i) == nil {
			out[t.start] = noun
		}
	}
	return out
}

// onlyNoun is the noun of the resources of the conversation, if they are all of one service.
func (f *followup) onlyNoun() string {
	service, typ := "", ""
	for _, g := range f.e.in.Grants {
		for _, t := range g.Targets {
			if t.Type == "" || t.ARN != "" || service != "" && service != t.Service {
				return ""
			}
			if service = t.Service; typ == "" || t.Type == "bucket" {
				typ = t.Type
			}
		}
	}
	if service == "s3" {
		typ = "bucket"
	}
	if ls, ok := f.Lexicon.Service(service); ok && len(ls.Nouns[typ]) > 0 {
		return ls.Nouns[typ][0]
	}
	return ""
}

// insert puts nouns that the conversation understands before the names that begin at the bytes.
func (rd *reading) insert(nouns map[int]string) {
	var out []token
	for _, t := range rd.tokens {
		if noun, ok := nouns[t.start]; ok {
			for _, w := range tokenize(noun, rd.Lexicon) {
				w.start, w.end, w.role = t.start, t.start, "understood"
				out = append(out, w)
			}
		}
		out = append(out, t)
	}
	rd.tokens = out
}
