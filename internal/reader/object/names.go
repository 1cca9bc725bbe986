package object

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// NameAt says that token i is a name whose resource type is known.
func (rd *Reading) NameAt(i int) bool {
	return i >= 0 && i < len(rd.Tokens) && rd.Tokens[i].Typed != nil && rd.Tokens[i].Kind != token.Word
}

// NameTypes decides for every name what kind of resource it is: by the noun before or after
// it, by the list it stands in, or by the shape of its identifier.
func (rd *Reading) NameTypes() {
	rd.nameObjects()
	rd.namesWithColons()
	rd.nameLists()
	rd.typeNames()
	rd.StrongSet = nil
	for i := range rd.Tokens {
		if !rd.Tokens[i].Taken && rd.plainName(i) {
			rd.Tokens[i].Kind = token.Name
		}
	}
	rd.typeNames()
	rd.listsBackward()
	rd.strengthen()
	rd.StrongSet = nil
}

// namesWithColons makes names of what looks like an action of a service that there is not, behind a
// noun: "the task definition mailer:3", "the model acme.chat:*".
func (rd *Reading) namesWithColons() {
	for i := range rd.Tokens {
		v, ok := rd.Literal(i, token.ActionLiteral)
		if !ok || rd.Tokens[i].Taken {
			continue
		}
		prefix, _, _ := strings.Cut(v, ":")
		if _, known := rd.Catalog.Service(prefix); known {
			continue
		}
		if ty := rd.NounEndingAt(i); ty != nil && ty.Type != "" && !ty.Main {
			rd.Tokens[i].Kind, rd.Tokens[i].Lit = token.Name, token.Literal{}
		}
	}
}

// typeNames types the names that no step has typed yet.
func (rd *Reading) typeNames() {
	for i := range rd.Tokens {
		if rd.Tokens[i].Taken || rd.Tokens[i].Typed != nil || !rd.MayBeNamed(i) {
			continue
		}
		for _, find := range []func(int) *token.Typing{rd.byNounBefore, rd.byNounAfter, rd.byOtherName, rd.byGlob, rd.byFolder, rd.byShape, rd.byList} {
			if ty := find(i); ty != nil {
				rd.Tokens[i].Typed = ty
				rd.Tokens[i].Used = true
				break
			}
		}
	}
}

// strengthen lets a named resource speak for its service in the whole request.
func (rd *Reading) strengthen() {
	seen := map[string]bool{}
	for i := range rd.Tokens {
		s := rd.ServiceOfToken(i)
		if s == "" || seen[s] || rd.Tokens[i].Guessed() {
			continue
		}
		seen[s] = true
		rd.Named[s] += 5
	}
}

// MayBeNamed says that token i can be the name of a resource.
func (rd *Reading) MayBeNamed(i int) bool {
	t := rd.Tokens[i]
	switch t.Kind {
	case token.Name:
		return true
	case token.Entity:
		k := t.Lit.Kind
		return k == token.UUIDLiteral || k == token.PathLiteral || k == token.NumberLiteral && len(t.Text) > 5 || k == token.HostLiteral || k == token.MailLiteral || k == token.VPCLiteral || k == token.VPCELiteral || k == token.VariableLiteral || k == token.OrgLiteral || k == token.OULiteral
	}
	return false
}

// plainName recognises an everyday word used as a name: "table users", "the orders queue".
func (rd *Reading) plainName(i int) bool {
	t := rd.Tokens[i]
	if rd.letterName(i) {
		return true
	}
	if t.Kind != token.Word || t.Taken || rd.Is("negator", i) && !rd.quotedBefore(i) || rd.Lexicon.Is("notname", t.Lower) && !rd.ProperCase(i) && !rd.quotedBefore(i) && !rd.plainNoun(i) || rd.Lexicon.Is("stop", t.Lower) || rd.Lexicon.Is("common", t.Lower) || rd.Lexicon.Is("chat", t.Lower) && !rd.plainNoun(i) || len(t.Lower) < 2 {
		return false
	}
	if rd.quotedBefore(i) || rd.plainNoun(i) {
		return true
	}
	if rd.Word(i, "lives", "sits", "stays", "belongs", "carries", "carry", "begins", "starts", "ends") {
		return false
	}
	if rd.Punct(i-1, ":") && len(rd.Lexicon.Classes(t.Stem)) > 0 {
		return false // "rag bot: Retrieve from …"
	}
	ty := rd.NounEndingAt(i)
	if ty == nil || ty.Type == "" || ty.Main && (rd.phraseContinues(i) || rd.LinkAt[i] >= 0 || len(t.Lower) < 4) {
		return rd.nameBeforeNoun(i)
	}
	if rd.Tokens[ty.Noun].Lower != rd.Tokens[ty.Noun].Stem && !rd.ProperCase(i) {
		return false // a plural noun introduces a name only by its capital
	}
	if rd.ProperCase(i) && !rd.isNounOf(i, ty.Service) && !(strings.ToUpper(t.Text) == t.Cased() && (rd.LinkAt[i] >= 0 || rd.ownVocabulary(i, ty.Service))) {
		return true
	}
	if rd.indefinite(ty.Noun) || rd.verbFormAt(i) || rd.strayNoun(ty) {
		return false
	}
	if len(rd.Strong()) > 0 && !rd.Strong()[ty.Service] && rd.vocabulary(i, ty.Service) {
		return false
	}
	if !rd.Boundary(i+1) || nominalEnding(t.Lower) && !rd.Lexicon.Is("adjective", t.Lower) || rd.ClauseStart(ty.Noun) && !rd.ProperCase(i) && !(rd.Punct(ty.Noun-1, "(:") && (rd.Punct(i+1, "),(") || rd.Word(i+1, "and", "plus"))) || rd.ownVocabulary(i, ty.Service) && !rd.ProperCase(i) || rd.Lexicon.Is("adjective", t.Lower) && rd.phraseContinues(i) || rd.Lexicon.Is("filler", t.Lower) || rd.Lexicon.Is("verbal", t.Lower) {
		return false
	}
	if _, ok := rd.VerbAt(i, len(rd.Tokens)); ok && !rd.verbBefore(i) && !(rd.Boundary(i+1) && !rd.verbJoined(i+1)) {
		return false
	}
	return rd.LinkAt[i] < 0 || !rd.LinkedTo(i, ty.Service) && !(rd.Tokens[i].Lower == rd.Tokens[i].Stem && rd.IsName(rd.Links[rd.LinkAt[i]]))
}

// letterName says that a single letter is a name: "bucket b", "queues a and c".
func (rd *Reading) letterName(i int) bool {
	if t := rd.Tokens[i]; t.Kind != token.Word || t.Taken || len(t.Lower) != 1 {
		return false
	}
	ty := rd.NounEndingAt(i)
	return ty != nil && ty.Type != "" && !ty.Main && token.IsLetters(rd.Tokens[i].Lower) && (rd.Boundary(i+1) || rd.Word(i+1, "and", "or"))
}

// indefinite says that the noun phrase of a noun speaks of any one of its kind, or of somebody's:
// "how a run went", "the job's outcome". No name follows it.
func (rd *Reading) indefinite(noun int) bool {
	if sentence.HasPossessive(rd.Tokens[noun].Text) {
		return true
	}
	i := noun
	if n := rd.LinkAt[noun]; n >= 0 {
		i = rd.Links[n].From
	}
	for i--; i >= 0 && i >= noun-4 && rd.Tokens[i].Kind == token.Word; i-- {
		switch {
		case rd.Word(i, "a", "an", "any", "every", "each", "some", "no"):
			return true
		case rd.Is("stop", i), rd.Is("preposition", i):
			return false
		}
	}
	return false
}

// strayNoun says that a noun is a word of many services, and of none that the request names: "runs
// SQL over the Redshift Data API".
func (rd *Reading) strayNoun(ty *token.Typing) bool {
	n := rd.LinkAt[ty.Noun]
	return n >= 0 && rd.generic(rd.Links[n]) && len(rd.namedServices()) > 0 && !rd.namedServices()[ty.Service]
}

// verbFormAt says that a word is a form of a verb that no name has: "kicks off".
func (rd *Reading) verbFormAt(i int) bool {
	next := rd.TokenLower(i + 1)
	return sentence.Particles[next] && len(rd.PhraseClasses(rd.Tokens[i].Stem+"-"+next)) > 0
}

// nominalEnding says that a word is made from a verb and so hardly a name: creation, handling.
func nominalEnding(w string) bool {
	for _, suffix := range []string{"tion", "sion", "ment", "ing", "ance", "ence", "ness", "ly", "ed"} {
		if len(w) > len(suffix)+2 && strings.HasSuffix(w, suffix) {
			return true
		}
	}
	return false
}

// quotedBefore says that the word before introduces a name: "a table called events".
func (rd *Reading) quotedBefore(i int) bool { return rd.Word(i-1, "named", "called") }

// phraseContinues says that the next word goes on with the same noun phrase.
func (rd *Reading) phraseContinues(i int) bool {
	return i+1 < len(rd.Tokens) && rd.Tokens[i+1].Kind == token.Word && !rd.Lexicon.Is("stop", rd.Tokens[i+1].Lower)
}

// nameBeforeNoun: "the orders table", "my gps stream".
func (rd *Reading) nameBeforeNoun(i int) bool {
	ty := rd.nounStartingAt(i + 1)
	if ty == nil || ty.Type == "" || ty.Main || !rd.Word(i-1, "the", "our", "my", "their", "its", "from", "to", "in", "on", "of", "and", ",") {
		return false
	}
	if k := ty.Noun + 1; k < len(rd.Tokens) && rd.MayBeNamed(k) && !rd.Tokens[k].Taken {
		return false // "the asymmetric key 1a2b…"
	}
	t := rd.Tokens[i]
	if rd.LinkAt[i] >= 0 || rd.vocabulary(i, ty.Service) || rd.Lexicon.Is("adjective", t.Lower) || rd.Lexicon.Is("filler", t.Lower) || len(rd.Lexicon.Classes(t.Stem)) > 0 {
		return false
	}
	return rd.Tokens[ty.Noun].Lower == rd.Tokens[ty.Noun].Stem && !strings.HasSuffix(t.Lower, "ing") && !strings.HasSuffix(t.Lower, "ed")
}

// ProperCase says that token i has a capital although it begins no sentence.
func (rd *Reading) ProperCase(i int) bool {
	c := rd.Tokens[i].Cased()[0]
	return c >= 'A' && c <= 'Z' && i > 0 && !rd.Punct(i-1, ".\n-")
}

// ownVocabulary says that the action names of one service use the word.
func (rd *Reading) ownVocabulary(i int, service string) bool {
	b := rd.Book(service)
	return b != nil && (b.Vocab[rd.Tokens[i].Stem] || b.Own[rd.Tokens[i].Stem])
}

// vocabulary says that the service's own action names use the word.
func (rd *Reading) vocabulary(i int, service string) bool {
	for _, s := range append(sentence.SortedKeys(rd.Strong()), service) {
		if b := rd.Book(s); b != nil && (b.Vocab[rd.Tokens[i].Stem] || b.Own[rd.Tokens[i].Stem]) {
			return true
		}
	}
	return false
}

// LinkedTo says that token i belongs to a phrase that speaks of the service.
func (rd *Reading) LinkedTo(i int, service string) bool {
	if rd.LinkAt[i] < 0 {
		return false
	}
	for _, e := range rd.Links[rd.LinkAt[i]].Entries {
		if e.Service == service {
			return true
		}
	}
	return false
}

func (rd *Reading) isNounOf(i int, service string) bool { return rd.LinkedTo(i, service) }

// verbBefore says that the clause of token i has a verb before it.
func (rd *Reading) verbBefore(i int) bool {
	n := rd.ClauseOf(i)
	if n < 0 {
		return false
	}
	for j := rd.Clauses[n].From; j < i; j++ {
		if _, ok := rd.VerbAt(j, i); ok {
			return true
		}
	}
	return false
}

// verbJoined says that a conjunction at token i joins another verb.
func (rd *Reading) verbJoined(i int) bool {
	if i+1 >= len(rd.Tokens) || !rd.Is("conjunction", i) && !rd.Punct(i, "+,") {
		return false
	}
	_, classes := rd.VerbClasses(rd.Tokens[i+1].Lower)
	return len(classes) > 0
}
