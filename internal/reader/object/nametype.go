package object

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// NounEndingAt returns what a noun that ends right before token i, fillers left out, names.
func (rd *Reading) NounEndingAt(i int) *token.Typing {
	j := i - 1
	for j >= 1 && rd.Tokens[i].Kind == token.Entity && rd.Tokens[i].Lit.Kind == token.PathLiteral && rd.Word(j, "path", "under", "below", "beneath", "the") && (rd.Word(j, "under", "below", "beneath") || rd.Word(j-1, "under", "below", "beneath", "the", "path")) {
		j-- // "users under the path /staff/"
	}
	for j >= 1 && rd.Tokens[i].Kind == token.Name && (rd.Word(j, "is", "are", "always") || strings.Contains(rd.Tokens[i].Text, "/") && rd.Word(j, "below", "under", "beneath")) {
		j--
	}
	for j >= 0 && (rd.Punct(j, ":\"'") || rd.Is("namer", j) || rd.Is("namelink", j) && j > 0 || rd.Punct(j, "(") && j > 0) {
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
	if rd.LinkAt[j] < 0 || rd.Links[rd.LinkAt[j]].To != j+1 {
		return nil
	}
	return rd.nounOf(rd.Links[rd.LinkAt[j]], j)
}

// partOfName returns the type of the noun before token j, if j says which part of the type's ARN
// follows: "contact alias alice", "phone number id 0a1b…".
func (rd *Reading) partOfName(j int) *token.Typing {
	if j < 1 || rd.LinkAt[j-1] < 0 || rd.Links[rd.LinkAt[j-1]].To != j || rd.Tokens[j].Kind != token.Word {
		return nil
	}
	ty := rd.nounOf(rd.Links[rd.LinkAt[j-1]], j-1)
	rt, ok := rd.ResourceType(ty)
	if !ok || len(rt.ARNs) == 0 {
		return nil
	}
	vars := catalog.ARNVariables(rt.ARNs[0])
	if len(vars) == 0 {
		return nil
	}
	words := catalog.Words(vars[len(vars)-1])
	if len(words) < 2 || words[len(words)-1] != rd.Tokens[j].Stem {
		return nil
	}
	return ty
}

// catalogType finds a resource type whose last word is token j among the services that the
// request names, unless the lexicon gives the word to one of them already.
func (rd *Reading) catalogType(j int) *token.Typing {
	t := rd.Tokens[j]
	if t.Kind != token.Word || rd.Lexicon.Is("stop", t.Lower) || len(rd.Lexicon.Classes(t.Stem)) > 0 && !rd.Is("nouny", j) {
		return nil
	}
	if n := rd.LinkAt[j]; n >= 0 {
		for _, e := range rd.Links[n].Entries {
			if rd.Strong()[e.Service] {
				return nil
			}
		}
	}
	var best *token.Typing
	length := 0
	for _, service := range sentence.SortedKeys(rd.Strong()) {
		b := rd.Book(service)
		if b == nil {
			continue
		}
		for _, r := range b.Service.Resources {
			words := catalog.Words(r.Name)
			if len(words) == 0 {
				continue
			}
			if last := catalog.Stem(words[len(words)-1]); last != t.Stem && !rd.Lexicon.Is("synonym", t.Stem+"="+last) {
				continue
			}
			if best == nil || len(words) < length {
				best, length = &token.Typing{Service: service, Type: r.Name, Noun: j}, len(words)
			}
		}
	}
	return best
}

func (rd *Reading) nounStartingAt(i int) *token.Typing {
	if i >= len(rd.Tokens) || rd.Tokens[i].Taken || rd.LinkAt[i] < 0 || rd.Links[rd.LinkAt[i]].From != i {
		return nil
	}
	l := rd.Links[rd.LinkAt[i]]
	return rd.nounOf(l, l.To-1)
}

func (rd *Reading) byNounBefore(i int) *token.Typing {
	ty := rd.NounEndingAt(i)
	if ty != nil && ty.Service != "logs" && strings.HasPrefix(rd.Tokens[i].Text, "/") && rd.Named["logs"] > 0 && rd.Word(ty.Noun, "group", "groups") {
		return &token.Typing{Service: "logs", Type: "log-group", Noun: ty.Noun} // no other group is called /so
	}
	return ty
}

func (rd *Reading) byNounAfter(i int) *token.Typing {
	ty := rd.nounStartingAt(i + 1)
	if ty == nil || ty.Type == "" {
		return nil
	}
	return ty
}

// nounOf chooses what a link names when a name stands beside it.
func (rd *Reading) nounOf(l sentence.Link, at int) *token.Typing {
	scores := map[string]float64{}
	for prefix, w := range l.Weights {
		scores[prefix] = w + 0.6*min(rd.Named[prefix]-w, 12)
	}
	var best *token.Typing
	bestScore := 0.0
	focus := rd.focusOf(l)
	for _, e := range l.Entries {
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
		if best == nil || score > bestScore || score == bestScore && (e.Service < best.Service || e.Service == best.Service && best.Main && !main && typ != "") {
			best, bestScore = &token.Typing{Service: e.Service, Type: typ, Noun: at, Main: main}, score
		}
	}
	return best
}

// focusOf returns the services that the request names by name and that know the phrase, if any: a
// workflow of HealthOmics is none of Step Functions.
func (rd *Reading) focusOf(l sentence.Link) map[string]bool {
	var out map[string]bool
	for _, e := range l.Entries {
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
func (rd *Reading) typeOfName(e lexicon.Entry) (typ string, main bool) {
	ls, ok := rd.Lexicon.Service(e.Service)
	if !ok {
		return "", false
	}
	for n := 1; n < len(e.Words); n++ {
		tail := e.Words[n:]
		for _, other := range rd.Lexicon.Phrases(tail[0]) {
			if other.Kind == lexicon.Noun && other.Service == e.Service && sentence.Hyphenated(other.Words) == sentence.Hyphenated(tail) {
				return other.Type, false
			}
		}
	}
	return ls.Main, true
}

// byShape types a name by the shape of its identifier: j-… is an EMR cluster.
func (rd *Reading) byShape(i int) *token.Typing {
	t := rd.Tokens[i]
	text := t.Text
	if strings.HasPrefix(text, "/aws/") || strings.HasPrefix(text, "/") && rd.speaksOfLogs(i) {
		return &token.Typing{Service: "logs", Type: "log-group", Noun: -1}
	}
	var best *token.Typing
	bestScore := 0.0
	for _, prefix := range rd.Lexicon.Prefixes() {
		ls, _ := rd.Lexicon.Service(prefix)
		for _, id := range ls.IDs {
			if len(id.Prefix) < 2 || !strings.HasPrefix(text, id.Prefix) || !strings.HasSuffix(text, id.Suffix) || len(text) <= len(id.Prefix)+3 {
				continue
			}
			score := rd.Fame(prefix) + min(rd.Named[prefix], 12) + 0.2*float64(len(id.Prefix))
			if rd.Named[prefix] == 0 && !machineMade(text[len(id.Prefix):]) {
				continue
			}
			if score > bestScore {
				best, bestScore = &token.Typing{Service: prefix, Type: id.Type, Noun: -1, Guess: true}, score
			}
		}
	}
	return best
}

// speaksOfLogs says that a path stands where logs are spoken of, and nothing else that has paths.
func (rd *Reading) speaksOfLogs(i int) bool {
	n := rd.ClauseOf(i)
	if n < 0 || rd.Named["ssm"]+rd.Named["secretsmanager"]+rd.Named["s3"] >= 2 || rd.Named["execute-api"]+rd.Named["apigateway"] >= 2 {
		return false
	}
	from, to := rd.SentenceRange(n)
	return rd.Within(max(from, i-12), min(to, i+4), "log", "logs", "logging", "stream", "streams")
}

// machineMade says whether the tail of an identifier looks generated: it has a digit.
func machineMade(s string) bool { return strings.ContainsAny(s, "0123456789") && len(s) >= 5 }

// byList types a name by the name before it in the same list.
func (rd *Reading) byList(i int) *token.Typing {
	j := i - 1
	for j >= 0 && (rd.Punct(j, ",+") || rd.Word(j, "and", "or", "plus", "the")) {
		j--
	}
	if j < 0 || j == i-1 || rd.Tokens[j].Typed == nil || rd.Tokens[j].Kind == token.Word {
		return nil
	}
	ty := *rd.Tokens[j].Typed
	return &ty
}

// listsBackward types the earlier members of a list whose noun stands behind it:
// "/ecs/web and /ecs/worker log groups".
func (rd *Reading) listsBackward() {
	for i := len(rd.Tokens) - 1; i > 0; i-- {
		ty := rd.Tokens[i].Typed
		if ty == nil || ty.Noun >= 0 && ty.Noun < i {
			continue
		}
		j := i - 1
		for j >= 0 && (rd.Punct(j, ",+") || rd.Word(j, "and", "or", "plus")) {
			j--
		}
		if j >= 0 && j < i-1 && rd.Tokens[j].Typed == nil && rd.MayBeNamed(j) && !rd.Tokens[j].Taken {
			same := *ty
			rd.Tokens[j].Typed, rd.Tokens[j].Used = &same, true
		}
	}
}

// ResourceType looks a typing up in the catalog.
func (rd *Reading) ResourceType(ty *token.Typing) (*catalog.ResourceType, bool) {
	if ty == nil || ty.Type == "" {
		return nil, false
	}
	s, ok := rd.Catalog.Service(ty.Service)
	if !ok {
		return nil, false
	}
	return s.Resource(ty.Type)
}

// byOtherName types an identifier in brackets behind a name: "line3 (id 0a1b2c3d-…)".
func (rd *Reading) byOtherName(i int) *token.Typing {
	j := i - 1
	for j >= 0 && rd.Is("namer", j) {
		j--
	}
	if j < 1 || !rd.Punct(j, "(") || rd.Tokens[j-1].Typed == nil || rd.Tokens[j-1].Kind == token.Word || rd.Tokens[i].Kind != token.Entity && j == i-1 {
		return nil
	}
	same := *rd.Tokens[j-1].Typed
	return &same
}

// byFolder types a path inside a bucket: "below nightly/", "in the folder invoices/2025/".
func (rd *Reading) byFolder(i int) *token.Typing {
	t := rd.Tokens[i]
	if rd.Named["s3"] < 1.5 || strings.HasPrefix(t.Text, "/") && rd.Named["s3"] < 5 {
		return nil
	}
	j := i - 1
	for j >= 0 && (rd.Is("article", j) || rd.Is("namer", j)) {
		j--
	}
	if rd.Word(j, "folder", "folders", "prefix", "prefixes", "path", "directory", "subfolder", "below", "under", "beneath", "underneath") || strings.HasSuffix(t.Text, "/") || strings.HasSuffix(t.Text, "/*") {
		return &token.Typing{Service: "s3", Type: "object", Noun: -1}
	}
	return nil
}
