package sentence

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A Link is a phrase of the request that the lexicon knows, with everything it may name.
type Link struct {
	From, To int // tokens
	Entries  []lexicon.Entry
	Weights  map[string]float64 // how much it speaks for each service
}

// A Flat is one stem of the request; a token with a hyphen has several.
type Flat struct {
	Stem  string
	Token int
	Last  bool // the last stem of its token
}

// Link finds the longest known phrases, from left to right.
func (rd *Reading) Link() {
	rd.LinkAt = make([]int, len(rd.Tokens))
	for i := range rd.LinkAt {
		rd.LinkAt[i] = -1
	}
	stems := rd.Flatten()
	strong := rd.strongNames(stems)
	for i := 0; i < len(stems); {
		best, n := rd.longest(stems, i)
		if n > 0 && (stems[i].Stem == "aws" || stems[i].Stem == "amazon") && i+1 < len(stems) {
			if _, after := rd.longest(stems, i+1); after >= n {
				n = 0 // the longer name begins behind "AWS"
			}
		}
		if n > 1 && rd.nameInside(stems, i, n, best) {
			n, best = 0, nil // "in" belongs to no name: "in application migration service"
		}
		best = rd.withoutVerbs(best, n, strong, stems[i].Token)
		if len(best) == 0 {
			n = 0
		}
		if n == 0 || !stems[i+n-1].Last || i > 0 && stems[i].Token == stems[i-1].Token {
			i++
			continue
		}
		l := Link{From: stems[i].Token, To: stems[i+n-1].Token + 1, Entries: best}
		l.Weights = rd.LinkWeights(l)
		for t := l.From; t < l.To; t++ {
			rd.LinkAt[t] = len(rd.Links)
			if rd.Tokens[t].Kind == token.Name || rd.Tokens[t].Kind == token.Entity {
				rd.Tokens[t].Kind = token.Word
			}
		}
		rd.Links = append(rd.Links, l)
		i += n
	}
	rd.Named = map[string]float64{}
	for _, l := range rd.Links {
		for prefix, w := range l.Weights {
			rd.Named[prefix] += w
		}
	}
}

// nameInside says that the name of a service, at least as long, begins inside a phrase that is a
// mere hint or key and begins with a function word.
func (rd *Reading) nameInside(stems []Flat, i, n int, best []lexicon.Entry) bool {
	if !rd.Lexicon.Is("stop", stems[i].Stem) {
		return false
	}
	for _, e := range best {
		if e.Kind != lexicon.Hint && e.Kind != lexicon.Key {
			return false
		}
	}
	for k := i + 1; k < i+n; k++ {
		inner, length := rd.longest(stems, k)
		for _, e := range inner {
			if e.Kind == lexicon.Name && length >= n {
				return true
			}
		}
	}
	return false
}

// strongNames returns the services that some phrase of the request names.
func (rd *Reading) strongNames(stems []Flat) map[string]bool {
	out := map[string]bool{}
	for i := range stems {
		best, _ := rd.longest(stems, i)
		for _, e := range best {
			if e.Kind == lexicon.Name || e.Named {
				out[e.Service] = true
			}
		}
	}
	return out
}

// withoutVerbs drops nouns of one word that are verbs as well ("list", "run", "record"), unless
// their service is named.
func (rd *Reading) withoutVerbs(entries []lexicon.Entry, n int, strong map[string]bool, at int) []lexicon.Entry {
	if n != 1 {
		if n > 0 && len(rd.Lexicon.Classes(Hyphenated(entries[0].Words))) > 0 {
			return nil // "sign in": what is done
		}
		return entries
	}
	var out []lexicon.Entry
	for _, e := range entries {
		if e.Kind == lexicon.Name || strong[e.Service] || len(rd.Lexicon.Classes(e.Words[0])) == 0 || rd.Fame(e.Service) > 2 || rd.nounPlace(at) && rd.Lexicon.Is("default", e.Words[0]+"="+e.Service) {
			out = append(out, e)
		}
	}
	return out
}

// nounPlace says that a word stands where nouns do: behind an article or as the object of a verb.
func (rd *Reading) nounPlace(i int) bool {
	return i > 0 && rd.Tokens[i-1].Kind == token.Word && (rd.Is("article", i-1) || len(rd.Lexicon.Classes(rd.Tokens[i-1].Stem)) > 0 && !rd.Is("auxiliary", i-1) && !rd.Is("modal", i-1))
}

// Flatten returns the stems of all tokens in their order.
func (rd *Reading) Flatten() []Flat {
	var out []Flat
	for i, t := range rd.Tokens {
		switch {
		case t.Kind == token.Entity && t.Lit.Kind == token.NumberLiteral && len(t.Text) < 4:
			out = append(out, Flat{Stem: t.Text, Token: i, Last: true})
		case t.Kind == token.Punct && t.Text != "+" || t.Kind == token.Entity:
			out = append(out, Flat{Token: i, Last: true})
		case (t.Kind == token.Word || t.Kind == token.Name && !t.Quote && token.IsLetters(strings.ReplaceAll(t.Lower, "-", ""))) && strings.ContainsAny(t.Lower, "-/"):
			parts := lexicon.Stems(t.Lower)
			for j, p := range parts {
				out = append(out, Flat{Stem: p, Token: i, Last: j == len(parts)-1})
			}
		case t.Kind == token.Word || t.Kind == token.Name:
			out = append(out, Flat{Stem: t.Stem, Token: i, Last: true})
		}
	}
	return out
}

// longest returns the entries of the longest phrase that begins at stem i, and its length.
func (rd *Reading) longest(stems []Flat, i int) ([]lexicon.Entry, int) {
	t := rd.Tokens[stems[i].Token]
	if stems[i].Stem == "" || t.Quote {
		return nil, 0
	}
	plain := t.Kind == token.Name && stems[i].Last && (i == 0 || stems[i-1].Token != stems[i].Token)
	var best []lexicon.Entry
	n := 0
	for _, e := range rd.Lexicon.Phrases(stems[i].Stem) {
		if !PhraseAt(stems, i, e.Words) || plain && len(e.Words) < 2 {
			continue
		}
		if e.Kind == lexicon.Name && len(e.Words) == 1 && t.Lower != e.Text {
			continue // "profiles", "tagged": forms of a word, not the service's name
		}
		if e.Kind == lexicon.Noun && len(e.Words) == 1 && t.Lower != t.Stem && (strings.HasSuffix(t.Lower, "ing") || strings.HasSuffix(t.Lower, "ed")) && len(rd.Lexicon.Classes(t.Stem)) > 0 {
			continue // "running": no run
		}
		if e.Kind == lexicon.Name && len(e.Words) == 1 && rd.Lexicon.Is("stop", t.Lower) {
			continue // "cancel one": a pronoun
		}
		if len(e.Words) > n {
			best, n = nil, len(e.Words)
		}
		if len(e.Words) == n {
			best = append(best, e)
		}
	}
	return best, n
}

// PhraseAt says whether a phrase stands at stem i.
func PhraseAt(stems []Flat, i int, words []string) bool {
	if i+len(words) > len(stems) {
		return false
	}
	for j, w := range words {
		if stems[i+j].Stem != w {
			return false
		}
	}
	return true
}

// LinkWeights says how much a link speaks for each service.
func (rd *Reading) LinkWeights(l Link) map[string]float64 {
	out := map[string]float64{}
	length := float64(len(l.Entries[0].Words))
	names := 0
	for _, e := range l.Entries {
		if e.Kind == lexicon.Name || e.Named {
			names++
		}
	}
	for _, e := range l.Entries {
		w := 0.0
		switch {
		case e.Named:
			w = 8 + length
		case e.Kind == lexicon.Name:
			w = 8 + length
			if rd.Ordinary(l) {
				w = 2
			}
		case e.Kind == lexicon.Noun:
			w = rd.Fame(e.Service) * (0.7 + 0.3*length)
			if rd.Lexicon.Is("default", Hyphenated(e.Words)+"="+e.Service) {
				w *= 1.4
			}
			if names > 0 {
				w *= 0.5
			}
		case e.Kind == lexicon.Hint:
			w = 0.35 * rd.Fame(e.Service)
		case e.Kind == lexicon.Key:
			w = 0.1
		}
		out[e.Service] = max(out[e.Service], w)
	}
	return out
}

// Ordinary says that a link is a single word of everyday English written without a capital
// ("config", "connect"), which names a service only if nothing else does.
func (rd *Reading) Ordinary(l Link) bool {
	if l.To-l.From > 1 {
		return false
	}
	t := rd.Tokens[l.From]
	if !rd.Lexicon.Is("ordinary", t.Lower) {
		return false
	}
	if rd.Word(l.From-1, "aws", "amazon") {
		return false
	}
	first := l.From == 0 || rd.Punct(l.From-1, ".\n-")
	return first || t.Cased() == t.Lower
}

// Fame is the prior of a service for words that several services use.
func (rd *Reading) Fame(prefix string) float64 {
	switch {
	case rd.Lexicon.Is("famous", prefix):
		return 3
	case rd.Lexicon.Is("known", prefix):
		return 2
	}
	return 1
}

// Services scores the services that the tokens in [from, to) speak about, with the rest of the
// request as a weaker witness.
func (rd *Reading) Services(from, to int) map[string]float64 {
	out := map[string]float64{}
	for _, l := range rd.Links {
		if l.From >= from && l.To <= to {
			for prefix, w := range l.Weights {
				if rd.Subject != nil && rd.Subject[l.From] && rd.Lexicon.Is("runner", prefix) {
					w *= 0.1
				}
				out[prefix] += w
			}
		}
	}
	for i := from; i < to && i < len(rd.Tokens); i++ {
		if s := rd.ServiceOfToken(i); s != "" {
			out[s] += 8
		}
	}
	for prefix, w := range rd.Named {
		if w >= 8 {
			out[prefix] += 0.45 * w
		} else if out[prefix] > 0 {
			out[prefix] += 0.2 * w
		} else if w >= 1 {
			out[prefix] += 0.15 * w
		}
	}
	return out
}

// ServiceOfToken returns the service that a typed name or a literal belongs to.
func (rd *Reading) ServiceOfToken(i int) string {
	t := rd.Tokens[i]
	if t.Typed != nil {
		return t.Typed.Service
	}
	if t.Kind == token.Entity && !t.Taken {
		switch t.Lit.Kind {
		case token.S3Literal:
			return "s3"
		case token.ARNLiteral:
			return ServiceOfARN(t.Lit.Value)
		case token.ActionLiteral:
			prefix, _, _ := strings.Cut(t.Lit.Value, ":")
			return prefix
		}
	}
	return ""
}

// Strong returns the services that the request names beyond doubt, but not those that only act.
func (rd *Reading) Strong() map[string]bool {
	if rd.StrongSet != nil {
		return rd.StrongSet
	}
	out := map[string]bool{}
	for _, l := range rd.Links {
		acts := rd.Subject != nil && rd.Subject[l.From] || rd.Subject == nil && rd.inHeading(l.From)
		for _, e := range l.Entries {
			if (e.Kind == lexicon.Name || e.Named) && !rd.Ordinary(l) && !(acts && !rd.Is("carrier", l.To) && rd.Lexicon.Is("runner", e.Service)) {
				out[e.Service] = true
			}
		}
	}
	for i := range rd.Tokens {
		if s := rd.ServiceOfToken(i); s != "" && !rd.Tokens[i].Guessed() && !(rd.Subject != nil && rd.Subject[i] && (s == "iam" || rd.Lexicon.Is("runner", s))) {
			out[s] = true
		}
	}
	rd.StrongSet = out
	return out
}

// IsName says that a phrase names a service.
func (rd *Reading) IsName(l Link) bool {
	for _, e := range l.Entries {
		if e.Kind == lexicon.Name || e.Named {
			return true
		}
	}
	return false
}

// ServiceOfARN returns the service prefix of an ARN, or nothing.
func ServiceOfARN(a string) string {
	parts, n := arn.Fields(a)
	if n < len(parts) {
		return ""
	}
	return parts[2]
}

// Unlink lets the phrase at a token speak for no service.
func (rd *Reading) Unlink(i int) {
	n := rd.LinkAt[i]
	if n < 0 {
		return
	}
	for p, w := range rd.Links[n].Weights {
		rd.Named[p] -= w
	}
	rd.Links[n].Weights, rd.Links[n].Entries, rd.LinkAt[i], rd.StrongSet = nil, nil, -1, nil
}
