package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// A link is a phrase of the request that the lexicon knows, with everything it may name.
type link struct {
	from, to int // tokens
	entries  []lexicon.Entry
	weights  map[string]float64 // how much it speaks for each service
}

// A flat is one stem of the request; a token with a hyphen has several.
type flat struct {
	stem  string
	token int
	last  bool // the last stem of its token
}

// link finds the longest known phrases, from left to right.
func (rd *reading) link() {
	rd.linkAt = make([]int, len(rd.tokens))
	for i := range rd.linkAt {
		rd.linkAt[i] = -1
	}
	stems := rd.flatten()
	strong := rd.strongNames(stems)
	for i := 0; i < len(stems); {
		best, n := rd.longest(stems, i)
		if n > 0 && (stems[i].stem == "aws" || stems[i].stem == "amazon") && i+1 < len(stems) {
			if _, after := rd.longest(stems, i+1); after >= n {
				n = 0 // the longer name begins behind "AWS"
			}
		}
		if n > 1 && rd.nameInside(stems, i, n, best) {
			n, best = 0, nil // "in" belongs to no name: "in application migration service"
		}
		best = rd.withoutVerbs(best, n, strong)
		if len(best) == 0 {
			n = 0
		}
		if n == 0 || !stems[i+n-1].last || i > 0 && stems[i].token == stems[i-1].token {
			i++
			continue
		}
		l := link{from: stems[i].token, to: stems[i+n-1].token + 1, entries: best}
		l.weights = rd.linkWeights(l)
		for t := l.from; t < l.to; t++ {
			rd.linkAt[t] = len(rd.links)
			if rd.tokens[t].kind == nameToken || rd.tokens[t].kind == entityToken {
				rd.tokens[t].kind = wordToken
			}
		}
		rd.links = append(rd.links, l)
		i += n
	}
	rd.named = map[string]float64{}
	for _, l := range rd.links {
		for prefix, w := range l.weights {
			rd.named[prefix] += w
		}
	}
}

// nameInside says that the name of a service, at least as long, begins inside a phrase that is a
// mere hint or key and begins with a function word.
func (rd *reading) nameInside(stems []flat, i, n int, best []lexicon.Entry) bool {
	if !rd.Lexicon.Is("stop", stems[i].stem) {
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
func (rd *reading) strongNames(stems []flat) map[string]bool {
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
func (rd *reading) withoutVerbs(entries []lexicon.Entry, n int, strong map[string]bool) []lexicon.Entry {
	if n != 1 {
		if n > 0 && len(rd.Lexicon.Classes(hyphenated(entries[0].Words))) > 0 {
			return nil // "sign in": what is done
		}
		return entries
	}
	var out []lexicon.Entry
	for _, e := range entries {
		if e.Kind == lexicon.Name || strong[e.Service] || len(rd.Lexicon.Classes(e.Words[0])) == 0 || rd.fame(e.Service) > 2 {
			out = append(out, e)
		}
	}
	return out
}

func (rd *reading) flatten() []flat {
	var out []flat
	for i, t := range rd.tokens {
		switch {
		case t.kind == entityToken && t.lit.kind == numberLiteral && len(t.text) < 4:
			out = append(out, flat{stem: t.text, token: i, last: true})
		case t.kind == punctToken && t.text != "+" || t.kind == entityToken:
			out = append(out, flat{token: i, last: true})
		case (t.kind == wordToken || t.kind == nameToken && !t.quote && isLetters(strings.ReplaceAll(t.lower, "-", ""))) && strings.ContainsAny(t.lower, "-/"):
			parts := lexicon.Stems(t.lower)
			for j, p := range parts {
				out = append(out, flat{stem: p, token: i, last: j == len(parts)-1})
			}
		case t.kind == wordToken || t.kind == nameToken:
			out = append(out, flat{stem: t.stem, token: i, last: true})
		}
	}
	return out
}

// longest returns the entries of the longest phrase that begins at stem i, and its length.
func (rd *reading) longest(stems []flat, i int) ([]lexicon.Entry, int) {
	t := rd.tokens[stems[i].token]
	if stems[i].stem == "" || t.quote {
		return nil, 0
	}
	plain := t.kind == nameToken && stems[i].last && (i == 0 || stems[i-1].token != stems[i].token)
	var best []lexicon.Entry
	n := 0
	for _, e := range rd.Lexicon.Phrases(stems[i].stem) {
		if !phraseAt(stems, i, e.Words) || plain && len(e.Words) < 2 {
			continue
		}
		if e.Kind == lexicon.Name && len(e.Words) == 1 && t.lower != e.Text {
			continue // "profiles", "tagged": forms of a word, not the service's name
		}
		if e.Kind == lexicon.Noun && len(e.Words) == 1 && t.lower != t.stem && (strings.HasSuffix(t.lower, "ing") || strings.HasSuffix(t.lower, "ed")) && len(rd.Lexicon.Classes(t.stem)) > 0 {
			continue // "running": no run
		}
		if e.Kind == lexicon.Name && len(e.Words) == 1 && rd.Lexicon.Is("stop", t.lower) {
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

func phraseAt(stems []flat, i int, words []string) bool {
	if i+len(words) > len(stems) {
		return false
	}
	for j, w := range words {
		if stems[i+j].stem != w {
			return false
		}
	}
	return true
}

// linkWeights says how much a link speaks for each service.
func (rd *reading) linkWeights(l link) map[string]float64 {
	out := map[string]float64{}
	length := float64(len(l.entries[0].Words))
	names := 0
	for _, e := range l.entries {
		if e.Kind == lexicon.Name || e.Named {
			names++
		}
	}
	for _, e := range l.entries {
		w := 0.0
		switch {
		case e.Named:
			w = 8 + length
		case e.Kind == lexicon.Name:
			w = 8 + length
			if rd.ordinary(l) {
				w = 2
			}
		case e.Kind == lexicon.Noun:
			w = rd.fame(e.Service) * (0.7 + 0.3*length)
			if rd.Lexicon.Is("default", hyphenated(e.Words)+"="+e.Service) {
				w *= 1.4
			}
			if names > 0 {
				w *= 0.5
			}
		case e.Kind == lexicon.Hint:
			w = 0.35 * rd.fame(e.Service)
		case e.Kind == lexicon.Key:
			w = 0.1
		}
		out[e.Service] = max(out[e.Service], w)
	}
	return out
}

// ordinary says that a link is a single word of everyday English written without a capital
// ("config", "connect"), which names a service only if nothing else does.
func (rd *reading) ordinary(l link) bool {
	if l.to-l.from > 1 {
		return false
	}
	t := rd.tokens[l.from]
	if !rd.Lexicon.Is("ordinary", t.lower) {
		return false
	}
	if rd.word(l.from-1, "aws", "amazon") {
		return false
	}
	first := l.from == 0 || rd.punct(l.from-1, ".\n-")
	return first || t.text == t.lower
}

// fame is the prior of a service for words that several services use.
func (rd *reading) fame(prefix string) float64 {
	switch {
	case rd.Lexicon.Is("famous", prefix):
		return 3
	case rd.Lexicon.Is("known", prefix):
		return 2
	}
	return 1
}

// services scores the services that the tokens in [from, to) speak about, with the rest of the
// request as a weaker witness.
func (rd *reading) services(from, to int) map[string]float64 {
	out := map[string]float64{}
	for _, l := range rd.links {
		if l.from >= from && l.to <= to {
			for prefix, w := range l.weights {
				if rd.subject != nil && rd.subject[l.from] && rd.Lexicon.Is("runner", prefix) {
					w *= 0.1
				}
				out[prefix] += w
			}
		}
	}
	for i := from; i < to && i < len(rd.tokens); i++ {
		if s := rd.serviceOfToken(i); s != "" {
			out[s] += 8
		}
	}
	for prefix, w := range rd.named {
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

// serviceOfToken returns the service that a typed name or a literal belongs to.
func (rd *reading) serviceOfToken(i int) string {
	t := rd.tokens[i]
	if t.typed != nil {
		return t.typed.service
	}
	if t.kind == entityToken && !t.taken {
		switch t.lit.kind {
		case s3Literal:
			return "s3"
		case arnLiteral:
			return arnService(t.lit.value)
		case actionLiteral:
			prefix, _, _ := strings.Cut(t.lit.value, ":")
			return prefix
		}
	}
	return ""
}

// markSubjects notes who acts: what stands before the first verb of a clause, in a heading, or
// after "let" and "give". A function or an instance that acts is no object of its verbs.
func (rd *reading) markSubjects() {
	rd.subject = make([]bool, len(rd.tokens))
	verbAt := map[int]bool{}
	for _, u := range rd.units {
		for _, v := range u.verbs {
			verbAt[v.at] = verbAt[v.at] || !u.aside
		}
	}
	for n, u := range rd.units {
		c := rd.clause[u.clause]
		switch {
		case u.label && n+1 < len(rd.units) && rd.inOneSentence(n, n+1) && len(rd.units[n+1].verbs) > 0 && !rd.hasOwnObject(rd.units[n+1]) && rd.namesResource(c.from, c.to):
			// "function resize: invoke" names what is worked on
		case u.label:
			rd.markSubject(c.from, c.to, verbAt)
		case len(u.verbs) > 0 && !u.aside && !rd.punct(c.from-1, ")"):
			rd.markSubject(c.from, u.verbs[0].at, verbAt)
		case len(u.verbs) == 0 && (rd.word(c.from, "give", "gives", "let", "allow", "grant") || rd.word(c.from+1, "needs", "need")):
			rd.markSubject(c.from, min(c.to, c.from+4), verbAt)
		}
	}
	for _, l := range rd.links {
		if rd.subject[l.from] && !rd.is("carrier", l.to) { // "the only EC2 call" is none who acts
			for p, w := range l.weights {
				if rd.Lexicon.Is("runner", p) {
					rd.named[p] -= 0.85 * w
				}
			}
		}
	}
}

func (rd *reading) markSubject(from, to int, verbAt map[int]bool) {
	for i := from; i < to; i++ {
		// "helper for bucket b:" speaks of the bucket
		if verbAt[i] || rd.is("preposition", i) && !rd.word(i, "as") {
			return
		}
		rd.subject[i] = true
	}
}

// namesResource says that a resource is named between two tokens.
func (rd *reading) namesResource(from, to int) bool {
	for i := from; i < to; i++ {
		if rd.nameAt(i) || rd.serviceOfToken(i) != "" && rd.tokens[i].kind == entityToken {
			return true
		}
	}
	return false
}
