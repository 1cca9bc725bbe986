package request

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/token"
)

// OutOfScope says that the words ask for something else than a policy, that rules be laid aside, or
// are no words but a piece of JSON. They are asked again, and nothing is read from them.
func (rd *Reading) OutOfScope() bool {
	if fragment(rd.Text) {
		rd.Ask(rd.Span(0, len(rd.Tokens)), "Requests are plain words, and this is a piece of JSON. Which actions on which resources should the policy be about? aegis explain and aegis lint read policies.")
		rd.Take("not a request for access", 0, len(rd.Tokens))
		return true
	}
	for i := range rd.Tokens {
		if !rd.Word(i, "ignore", "ignoring", "disregard", "forget", "bypass", "override", "skip") {
			continue
		}
		whose := false
		for j := i + 1; j < min(len(rd.Tokens), i+6) && rd.Tokens[j].Kind != token.Punct; j++ {
			whose = whose || rd.Word(j, "your", "previous", "prior", "above", "earlier", "system", "all", "any", "these", "those", "safety", "the")
			if whose && rd.Word(j, "rules", "rule", "instructions", "instruction", "prompt", "prompts", "guidelines", "guardrails", "safeguards", "restrictions", "constraints", "checks") && !rd.ruleOfAWS(i, j) {
				rd.Ask(rd.Span(i, j+1), "Requests are read as they stand, and no words lay the rules of reading aside. Which actions on which resources should the policy be about?")
				rd.Take("not a request for access", 0, len(rd.Tokens))
				return true
			}
		}
	}
	return false
}

// ruleOfAWS says that the rules are those of a service: "skip the rules of the firewall".
func (rd *Reading) ruleOfAWS(from, at int) bool {
	if rd.Word(at+1, "of", "in", "on", "for") || rd.LinkAt[at] >= 0 && rd.Links[rd.LinkAt[at]].From < at {
		return true
	}
	return at-from > 1 && rd.Word(from, "forget", "skip") && !rd.Word(from+1, "your") && !rd.Within(from, at, "your", "previous", "prior", "system", "safety", "earlier", "above")
}

// fragment says that a text is JSON, or the beginning of some.
func fragment(text string) bool {
	text = strings.TrimPrefix(strings.TrimLeft(text, " \t\n`"), "json\n")
	inner := strings.TrimLeft(strings.TrimPrefix(text, "{"), " \t\n")
	if list, ok := strings.CutPrefix(text, "["); ok {
		inner = strings.TrimLeft(list, " \t\n")
		return strings.HasPrefix(inner, "{") || strings.HasPrefix(inner, `"`) && strings.ContainsAny(inner, ",]")
	}
	return inner != text && (strings.HasPrefix(inner, `"`) || strings.HasPrefix(inner, "}"))
}

// AsksNothing says that a later turn, or a part of one, asks for no access at all: it puts a question
// about how things are ("what is the weather in Paris?"), or wants something made that no service
// knows ("write me a poem").
func (rd *Reading) AsksNothing(question bool) bool {
	return rd.asksHow(question) || rd.asksArtefact()
}

// asksHow recognises a question that begins with what, who, why and the like and a verb of being or
// doing. Without its mark it must name nothing and have no other verb.
func (rd *Reading) asksHow(question bool) bool {
	i := 0
	for i < len(rd.Tokens) && (rd.Tokens[i].Kind == token.Punct || rd.Is("chat", i)) {
		i++
	}
	switch {
	case rd.Word(i, "what", "who", "why", "when", "where") && (rd.Word(i+1, "is", "are", "was", "were", "does", "did") || question && rd.Is("modal", i+1)):
	case rd.Word(i, "whats", "whos", "what's", "who's", "wheres", "where's"):
	case rd.Word(i, "how") && rd.Word(i+1, "is", "are", "was", "were", "does", "did", "do", "come"):
		question = false // "how do I let it write?"
	default:
		return false
	}
	for _, u := range rd.Units {
		if len(u.Verbs) > 0 && !question {
			return false
		}
	}
	for j := i; j < len(rd.Tokens); j++ {
		if rd.ActionNames(j) != nil || !question && rd.IsThing(j) {
			return false
		}
	}
	return true
}

// asksArtefact recognises a verb whose object is some one thing that nothing knows, with no place or
// name beside it.
func (rd *Reading) asksArtefact() bool {
	for i := range rd.Tokens {
		if rd.IsThing(i) || rd.Word(i, "it", "there", "them", "this", "that", "these", "those", "also", "too") {
			return false
		}
	}
	for _, u := range rd.Units {
		if len(u.Verbs) == 0 || u.Negative {
			continue
		}
		i := u.Verbs[0].End
		asked := rd.Word(i, "me", "us")
		if asked {
			i++
		}
		if !rd.Word(i, "a", "an", "some") && !asked {
			continue
		}
		if rd.Word(i, "a", "an", "some") {
			i++
		}
		for i+1 < len(rd.Tokens) && rd.Tokens[i+1].Kind == token.Word && !rd.Boundary(i+1) {
			i++
		}
		if i < len(rd.Tokens) && rd.Tokens[i].Kind == token.Word && rd.strange(i) {
			return true
		}
	}
	return false
}

// strange says that a word is no noun or verb of the lexicon, and none that the services know which
// are spoken of.
func (rd *Reading) strange(i int) bool {
	stem := rd.Tokens[i].Stem
	if rd.LinkAt[i] >= 0 || rd.Lexicon.Spoken(stem) || rd.Lexicon.Synonym(stem) != "" || len(rd.Lexicon.Classes(stem)) > 0 || rd.FunctionWord(i) {
		return false
	}
	for _, prefix := range rd.Ranked(rd.Named) {
		if b := rd.Book(prefix); b != nil && rd.Named[prefix] >= 5 && b.Vocab[stem] {
			return false
		}
	}
	return true
}
