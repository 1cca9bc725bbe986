package followup

import (
	"slices"
	"sort"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// onlyConditions says that conditions have taken every word of the segment that means anything.
func (f *followup) onlyConditions() bool {
	if len(f.Where) == 0 {
		return false
	}
	for i := range f.Tokens {
		if f.Tokens[i].Taken || f.Tokens[i].Kind == token.Punct || f.Tokens[i].Text == "" {
			continue
		}
		if f.Is("stop", i) || f.Is("chat", i) || f.Is("filler", i) || f.Is("lead", i) || f.Is("strict", i) || f.Is("auxiliary", i) || f.Is("preposition", i) || f.Word(i, "that", "conditional", "everything", "calls", "requests", "come", "comes", "coming", "apply", "applies", "condition", "make", "add", "access", "both", "all") {
			continue
		}
		return false
	}
	return true
}

// vague says that the segment has verbs but no grant came of it that one could mean.
func (f *followup) vague(gs []intent.Grant) bool {
	if len(gs) == 0 {
		return f.e.in.Kind != policy.Trust && f.hasVerb(0, len(f.Tokens))
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
			text := strings.TrimRight(strings.TrimLeft(f.Text, " "), " .!,") + " " + phrase
			if joint == ": " {
				text = "for " + phrase + ": " + strings.TrimLeft(f.Text, " ")
			}
			g := f.e.followup(text, f.Tokens[0].Start)
			if joint == ": " {
				g = f.e.followup(text, max(f.Tokens[0].Start-len("for "+phrase+": "), 0))
			}
			gs := g.readGrants()
			if len(gs) == 0 || g.vague(gs) {
				continue
			}
			for i := range gs {
				f.settle(&gs[i])
			}
			f.Use(0, len(f.Tokens))
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
	for i := range f.Tokens {
		t := &f.Tokens[i]
		if t.Kind != token.Word || t.Taken || f.Is("stop", i) || !f.endsPhrase(i+1) || !(i == 0 || f.Tokens[i-1].Kind == token.Punct || f.Tokens[i-1].Taken || f.Is("stop", i-1) || f.Word(i-1, "allow", "add", "drop", "remove", "without", "no", "only", "just", "need", "needs", "let", "also", "the", "to", "permit", "grant")) {
			continue
		}
		for prefix := range servicesOf(f.e.in) {
			s, ok := f.Catalog.Service(prefix)
			if !ok {
				continue
			}
			if a, ok := s.Action(t.Lower); ok && !strings.Contains(strings.Join(catalog.Words(a.Name), " "), " ") {
				t.Kind, t.Lit = token.Entity, token.Literal{Kind: token.ActionLiteral, Value: a.String()}
				f.LinkAt[i] = -1
			}
		}
	}
}

func (f *followup) endsPhrase(i int) bool {
	return i >= len(f.Tokens) || f.Tokens[i].Kind == token.Punct || f.Tokens[i].Taken || f.Word(i, "too", "also", "as", "and", "or", "please", "on", "instead", "again", "only", "part", "permission", "access", "action", "it", "there", "now", "rather", "anymore")
}

// untypedNames are the names behind a preposition that nothing says the type of, with the noun
// that the conversation has for such names.
func (f *followup) untypedNames() map[int]string {
	noun := f.onlyNoun()
	if noun == "" || f.kind != addEdit {
		return nil
	}
	out := map[int]string{}
	for i := range f.Tokens {
		t := f.Tokens[i]
		if t.Kind == token.Name && (t.Typed == nil || t.Typed.Guess) && !t.Taken && f.Word(i-1, "from", "to", "on", "in", "into", "of", "for", "with") && !strings.Contains(t.Text, "=") && f.ActionNames(i) == nil {
			out[t.Start] = noun
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
	var out []token.Token
	for _, t := range rd.Tokens {
		if noun, ok := nouns[t.Start]; ok {
			for _, w := range token.Split(noun, rd.Lexicon) {
				w.Start, w.End, w.Role = t.Start, t.Start, "understood"
				out = append(out, w)
			}
		}
		out = append(out, t)
	}
	rd.Tokens = out
}
