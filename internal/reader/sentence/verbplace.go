package sentence

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// verbAfterSubject: "app publishes metrics", "devs read logs": a verb agrees with the noun before it.
func (rd *Reading) verbAfterSubject(i, next int) bool {
	t := rd.Tokens[i]
	ends := next >= len(rd.Tokens) || rd.Tokens[next].Kind == token.Punct || rd.Is("conjunction", next)
	if ends && next+1 < len(rd.Tokens) && (rd.Is("conjunction", next) || rd.Punct(next, ",+")) {
		_, classes := rd.VerbClasses(rd.Tokens[next+1].Lower)
		ends = len(classes) == 0
	}
	if rd.afterLet(i) || !ends && !rd.Is("nouny", i) && (rd.Is("conjunction", next) || rd.Punct(next, "+")) {
		return true
	}
	prevMany := i > 0 && strings.HasSuffix(rd.Tokens[i-1].Lower, "s") && !strings.HasSuffix(rd.Tokens[i-1].Lower, "ss")
	if prevMany && next < len(rd.Tokens) && (!ends && (rd.Is("conjunction", next) || rd.Punct(next, ",+")) || rd.Word(next, "the", "a", "an", "its", "their", "our", "all", "any")) {
		return true
	}
	if prevMany && (!ends && rd.pluralObject(next) || rd.Word(next, "to", "with", "into")) {
		return true
	}
	third := strings.HasSuffix(t.Lower, "s") && !strings.HasSuffix(t.Lower, "ss")
	prevPlural := i > 0 && strings.HasSuffix(rd.Tokens[i-1].Lower, "s")
	prevName := i > 0 && rd.Tokens[i-1].Kind != token.Word
	if third {
		return !ends || !rd.Is("nouny", i)
	}
	return (prevPlural || prevName) && !ends && !rd.Is("nouny", i) || rd.Lexicon.Is("verbal", t.Lower)
}

// afterLet: "let the pipeline start …", "allows our bots read …".
func (rd *Reading) afterLet(i int) bool {
	for j := i - 1; j >= 0 && j >= i-5 && rd.Tokens[j].Kind != token.Punct; j-- {
		if rd.Word(j, "let", "lets", "have", "make", "help") {
			return true
		}
		if _, classes := rd.VerbClasses(rd.Tokens[j].Lower); len(classes) > 0 && j < i-1 && !rd.Is("nouny", j) {
			return false
		}
	}
	return false
}

// verbFollows says that, before any mark or preposition, another word is the verb: "report
// lambda runs …", "mail gateway should send …".
func (rd *Reading) verbFollows(i int) bool {
	for j := i; j < len(rd.Tokens) && j < i+5; j++ {
		if rd.Tokens[j].Kind == token.Punct || rd.Is("preposition", j) || rd.Is("article", j) || rd.Is("conjunction", j) {
			return false
		}
		if rd.Is("modal", j) {
			return true
		}
		if n := rd.LinkAt[j]; n >= 0 && rd.Links[n].From < j || rd.Tokens[j].Typed != nil {
			continue // inside a noun phrase, or a name: "scan table orders"
		}
		if rd.LinkAt[j] >= 0 && rd.Is("nouny", j) && rd.Boundary(j+1) {
			continue // "change DNS records in zone z"
		}
		if j > i && strings.HasSuffix(rd.Tokens[j].Lower, "s") && rd.Tokens[j].Kind == token.Word {
			if _, ok := rd.phraseVerb(j, len(rd.Tokens)); ok {
				return true // "offboarding script takes users out of …"
			}
		}
		if _, classes := rd.VerbClasses(rd.Tokens[j].Lower); len(classes) > 0 && !rd.Word(j+1, "of") && !strings.HasSuffix(rd.Tokens[j].Lower, "ed") && (j > i && strings.HasSuffix(rd.Tokens[j].Lower, "s") || strings.HasSuffix(rd.Tokens[j-1].Lower, "s") && !rd.Is("nouny", j)) {
			return true
		}
	}
	return false
}

// pluralBeside says that token i is a plural noun on a list with another one, as the verb that the
// clause begins with has no -s: "detect faces and labels with …".
func (rd *Reading) pluralBeside(i int) bool {
	n := rd.ClauseOf(i)
	if n < 0 || i < 3 || !rd.Is("nouny", i) || !strings.HasSuffix(rd.Tokens[i].Lower, "s") || !rd.Is("conjunction", i-1) || !rd.Is("preposition", i+1) || rd.Word(i+1, "to", "from", "into") {
		return false
	}
	first, before := rd.Clauses[n].From, rd.Tokens[i-2]
	_, verb := rd.VerbClasses(rd.TokenLower(first))
	_, other := rd.VerbClasses(before.Lower)
	return len(verb) > 0 && first < i-2 && rd.Tokens[first].Lower == rd.Tokens[first].Stem && before.Kind == token.Word && before.Lower != before.Stem && strings.HasSuffix(before.Lower, "s") && len(other) == 0
}

// thirdPerson says that token i is a verb with an -s, so that what stands before it is its subject:
// "container start-up loads …".
func (rd *Reading) thirdPerson(i int) bool {
	if i >= len(rd.Tokens) || rd.Tokens[i].Kind != token.Word || !strings.HasSuffix(rd.Tokens[i].Lower, "s") || rd.Is("nouny", i) || rd.LinkAt[i] >= 0 {
		return false
	}
	_, classes := rd.VerbClasses(rd.Tokens[i].Lower)
	return len(classes) > 0
}

// Doer says that a word is made for who does something: cleaner, rotator, factory.
func Doer(w string) bool {
	w = strings.TrimSuffix(w, "s")
	for _, suffix := range []string{"er", "or", "ory", "ist", "bot", "team", "ops"} {
		if len(w) > len(suffix)+2 && strings.HasSuffix(w, suffix) {
			return true
		}
	}
	return false
}

// toolActs says that a tool named by what it is for does something: "offboarding script takes IAM
// users out of …".
func (rd *Reading) toolActs(tool int) bool {
	verb := tool + 1
	if !rd.Is("actor", tool) || verb+1 >= len(rd.Tokens) || rd.Tokens[verb].Kind != token.Word || rd.LinkAt[verb] >= 0 {
		return false
	}
	w := rd.Tokens[verb].Lower
	return strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !rd.Is("nouny", verb) && !rd.endsAt(verb+1) && !rd.Is("preposition", verb+1)
}

// IsNounPhrase says that a link names a resource type or a service, not merely a hint.
func (rd *Reading) IsNounPhrase(l Link) bool {
	for _, e := range l.Entries {
		if e.Kind == lexicon.Noun || e.Kind == lexicon.Name {
			return true
		}
	}
	return false
}

// PhraseClasses returns the classes of a verb of several words, also of one that only the
// wordings of a named service use ("check-out").
func (rd *Reading) PhraseClasses(key string) []string {
	if c := rd.Lexicon.Classes(key); len(c) > 0 {
		return c
	}
	for _, service := range SortedKeys(rd.Strong()) {
		if b := rd.Book(service); b != nil && b.Verbs[key] {
			return ownVerb
		}
	}
	return nil
}

// ofStrong says that a phrase is a noun or name of a service that the request names.
func (rd *Reading) ofStrong(l Link) bool {
	for _, e := range l.Entries {
		if rd.Strong()[e.Service] && (e.Kind == lexicon.Noun || e.Kind == lexicon.Name) {
			return true
		}
	}
	return false
}
