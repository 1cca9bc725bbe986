package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// nounEndingAt returns what a noun that ends right before token i, fillers left out, names.
func (rd *reading) nounEndingAt(i int) *typing {
	j := i - 1
	for j >= 1 && rd.tokens[i].kind == nameToken && rd.word(j, "is", "are", "always") {
		j--
	}
	for j >= 0 && (rd.punct(j, ":\"'") || rd.is("namer", j) || rd.is("namelink", j) && j > 0 || rd.punct(j, "(") && j > 0) {
		j--
	}
	if j < 0 {
		return nil
	}
	if ty := rd.catalogType(j); ty != nil {
		return ty
	}
	if ty := rd.partOfName(j); ty != nil {
		return ty
	}
	if rd.linkAt[j] < 0 || rd.links[rd.linkAt[j]].to != j+1 {
		return nil
	}
	return rd.nounOf(rd.links[rd.linkAt[j]], j)
}

// partOfName returns the type of the noun before token j, if j says which part of the type's ARN
// follows: "contact alias alice", "phone number id 0a1b…".
func (rd *reading) partOfName(j int) *typing {
	if j < 1 || rd.linkAt[j-1] < 0 || rd.links[rd.linkAt[j-1]].to != j || rd.tokens[j].kind != wordToken {
		return nil
	}
	ty := rd.nounOf(rd.links[rd.linkAt[j-1]], j-1)
	rt, ok := rd.resourceType(ty)
	if !ok || len(rt.ARNs) == 0 {
		return nil
	}
	vars := catalog.ARNVariables(rt.ARNs[0])
	if len(vars) == 0 {
		return nil
	}
	words := catalog.Words(vars[len(vars)-1])
	if len(words) < 2 || words[len(words)-1] != rd.tokens[j].stem {
		return nil
	}
	return ty
}

// catalogType finds a resource type whose last word is token j among the services that the
// request names, unless the lexicon gives the word to one of them already.
func (rd *reading) catalogType(j int) *typing {
	t := rd.tokens[j]
	if t.kind != wordToken || rd.Lexicon.Is("stop", t.lower) || len(rd.Lexicon.Classes(t.stem)) > 0 && !rd.is("nouny", j) {
		return nil
	}
	if n := rd.linkAt[j]; n >= 0 {
		for _, e := range rd.links[n].entries {
			if rd.strong()[e.Service] {
				return nil
			}
		}
	}
	var best *typing
	length := 0
	for _, service := range sortedKeys(rd.strong()) {
		b := rd.book(service)
		if b == nil {
			continue
		}
		for _, r := range b.service.Resources {
			words := catalog.Words(r.Name)
			if len(words) == 0 {
				continue
			}
			if last := catalog.Stem(words[len(words)-1]); last != t.stem && !rd.Lexicon.Is("synonym", t.stem+"="+last) {
				continue
			}
			if best == nil || len(words) < length {
				best, length = &typing{service: service, typ: r.Name, noun: j}, len(words)
			}
		}
	}
	return best
}

func (rd *reading) nounStartingAt(i int) *typing {
	if i >= len(rd.tokens) || rd.tokens[i].taken || rd.linkAt[i] < 0 || rd.links[rd.linkAt[i]].from != i {
		return nil
	}
	l := rd.links[rd.linkAt[i]]
	return rd.nounOf(l, l.to-1)
}

func (rd *reading) byNounBefore(i int) *typing {
	ty := rd.nounEndingAt(i)
	if ty == nil {
		return nil
	}
	return ty
}

func (rd *reading) byNounAfter(i int) *typing {
	ty := rd.nounStartingAt(i + 1)
	if ty == nil || ty.typ == "" {
		return nil
	}
	return ty
}

// nounOf chooses what a link names when a name stands beside it.
func (rd *reading) nounOf(l link, at int) *typing {
	scores := map[string]float64{}
	for prefix, w := range l.weights {
		scores[prefix] = w + 0.6*min(rd.named[prefix]-w, 12)
	}
	var best *typing
	bestScore := 0.0
	focus := rd.focusOf(l)
	for _, e := range l.entries {
		if e.Kind == lexicon.Hint || e.Kind == lexicon.Key || focus != nil && !focus[e.Service] {
			continue
		}
		typ, main := e.Type, false
		if e.Kind == lexicon.Name {
			typ, main = rd.typeOfName(e)
		}
		score := scores[e.Service]
		if typ == "" {
			score *= 0.5
		}
		if best == nil || score > bestScore || score == bestScore && (e.Service < best.service) {
			best, bestScore = &typing{service: e.Service, typ: typ, noun: at, main: main}, score
		}
	}
	return best
}

// focusOf returns the services that the request names by name and that know the phrase, if any: a
// workflow of HealthOmics is none of Step Functions.
func (rd *reading) focusOf(l link) map[string]bool {
	var out map[string]bool
	for _, e := range l.entries {
		if e.Kind == lexicon.Noun && e.Type != "" && rd.namedServices()[e.Service] || e.Kind == lexicon.Name {
			if out == nil {
				out = map[string]bool{}
			}
			out[e.Service] = true
		}
	}
	return out
}

// typeOfName returns the resource type that the last words of a service's name say ("kinesis
// stream"), or the service's main type.
func (rd *reading) typeOfName(e lexicon.Entry) (typ string, main bool) {
	ls, ok := rd.Lexicon.Service(e.Service)
	if !ok {
		return "", false
	}
	for n := 1; n < len(e.Words); n++ {
		tail := e.Words[n:]
		for _, other := range rd.Lexicon.Phrases(tail[0]) {
			if other.Kind == lexicon.Noun && other.Service == e.Service && hyphenated(other.Words) == hyphenated(tail) {
				return other.Type, false
			}
		}
	}
	return ls.Main, true
}

// byShape types a name by the shape of its identifier: j-… is an EMR cluster.
func (rd *reading) byShape(i int) *typing {
	t := rd.tokens[i]
	text := t.text
	if strings.HasPrefix(text, "/aws/") {
		return &typing{service: "logs", typ: "log-group", noun: -1}
	}
	var best *typing
	bestScore := 0.0
	for _, prefix := range rd.Lexicon.Prefixes() {
		ls, _ := rd.Lexicon.Service(prefix)
		for _, id := range ls.IDs {
			if len(id.Prefix) < 2 || !strings.HasPrefix(text, id.Prefix) || !strings.HasSuffix(text, id.Suffix) || len(text) <= len(id.Prefix)+3 {
				continue
			}
			score := rd.fame(prefix) + min(rd.named[prefix], 12) + 0.2*float64(len(id.Prefix))
			if rd.named[prefix] == 0 && !machineMade(text[len(id.Prefix):]) {
				continue
			}
			if score > bestScore {
				best, bestScore = &typing{service: prefix, typ: id.Type, noun: -1, guess: true}, score
			}
		}
	}
	return best
}

// machineMade says whether the tail of an identifier looks generated: it has a digit.
func machineMade(s string) bool { return strings.ContainsAny(s, "0123456789") && len(s) >= 5 }

// byList types a name by the name before it in the same list.
func (rd *reading) byList(i int) *typing {
	j := i - 1
	for j >= 0 && (rd.punct(j, ",+") || rd.word(j, "and", "or", "plus", "the")) {
		j--
	}
	if j < 0 || j == i-1 || rd.tokens[j].typed == nil || rd.tokens[j].kind == wordToken {
		return nil
	}
	ty := *rd.tokens[j].typed
	return &ty
}

// listsBackward types the earlier members of a list whose noun stands behind it:
// "/ecs/web and /ecs/worker log groups".
func (rd *reading) listsBackward() {
	for i := len(rd.tokens) - 1; i > 0; i-- {
		ty := rd.tokens[i].typed
		if ty == nil || ty.noun >= 0 && ty.noun < i {
			continue
		}
		j := i - 1
		for j >= 0 && (rd.punct(j, ",+") || rd.word(j, "and", "or", "plus")) {
			j--
		}
		if j >= 0 && j < i-1 && rd.tokens[j].typed == nil && rd.mayBeNamed(j) && !rd.tokens[j].taken {
			same := *ty
			rd.tokens[j].typed, rd.tokens[j].used = &same, true
		}
	}
}

// resourceType looks a typing up in the catalog.
func (rd *reading) resourceType(ty *typing) (*catalog.ResourceType, bool) {
	if ty == nil || ty.typ == "" {
		return nil, false
	}
	s, ok := rd.Catalog.Service(ty.service)
	if !ok {
		return nil, false
	}
	return s.Resource(ty.typ)
}

// byOtherName types an identifier in brackets behind a name: "line3 (id 0a1b2c3d-…)".
func (rd *reading) byOtherName(i int) *typing {
	j := i - 1
	for j >= 0 && rd.is("namer", j) {
		j--
	}
	if j < 1 || !rd.punct(j, "(") || rd.tokens[j-1].typed == nil || rd.tokens[j-1].kind == wordToken || rd.tokens[i].kind != entityToken && j == i-1 {
		return nil
	}
	same := *rd.tokens[j-1].typed
	return &same
}

// byFolder types a path inside a bucket: "below nightly/", "in the folder invoices/2025/".
func (rd *reading) byFolder(i int) *typing {
	t := rd.tokens[i]
	if rd.named["s3"] < 1.5 || strings.HasPrefix(t.text, "/") && rd.named["s3"] < 5 {
		return nil
	}
	j := i - 1
	for j >= 0 && (rd.is("article", j) || rd.is("namer", j)) {
		j--
	}
	if rd.word(j, "folder", "folders", "prefix", "prefixes", "path", "directory", "subfolder", "below", "under", "beneath", "underneath") || strings.HasSuffix(t.text, "/") || strings.HasSuffix(t.text, "/*") {
		return &typing{service: "s3", typ: "object", noun: -1}
	}
	return nil
}
