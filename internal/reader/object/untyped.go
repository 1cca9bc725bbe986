package object

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// UntypedObject asks what a name is, if it is all that the verbs of a unit act on, nothing says
// its type, and what was read is about other resources: "reads from uploads-prod and writes to
// the table jobs" does not read the table.
func (rd *Reading) UntypedObject(u Unit, grants []intent.Grant) bool {
	if len(u.Verbs) == 0 || u.Shared || u.Subject || rd.Headed(u.Groups) {
		return false
	}
	var at []int
	for _, g := range u.Groups {
		for _, i := range g.Mods {
			t := rd.Tokens[i]
			if t.Typed != nil || t.Kind != token.Name {
				return false
			}
			at = append(at, i)
		}
	}
	named := slices.ContainsFunc(grants, func(g intent.Grant) bool { return len(g.Targets) > 0 })
	if len(at) == 0 || !named {
		return false
	}
	i := at[0]
	rd.Ask(rd.Span(i, i+1), "What is "+rd.Tokens[i].Text+": a bucket, a table, a queue or something else?")
	rd.Take("needs an answer", i, i+1)
	return true
}

// plainNoun says that a word that mostly speaks of things is a name behind this noun: the table
// users, the queue jobs, the bucket reports. The noun is one whose resources bear such names, and
// what it holds is not called so.
func (rd *Reading) plainNoun(i int) bool {
	ty := rd.NounEndingAt(i)
	if ty == nil {
		return false
	}
	kind := strings.ToLower(ty.Type)
	if rd.Is("namer", i) || rd.Is("namelink", i) || (kind == "function" || kind == "service") && len(rd.Lexicon.Classes(rd.Tokens[i].Stem)) > 0 {
		return false // "my Lambda reads from …"
	}
	if ty.Noun != i-1 || ty.Main || !rd.Boundary(i+1) || !rd.Lexicon.Is("nameable", kind) && !rd.headingName(i, ty) {
		return false
	}
	noun, t := rd.Tokens[ty.Noun], rd.Tokens[i]
	if rd.headingName(i, ty) {
		return noun.Lower == noun.Stem && !rd.Lexicon.Is("holds", kind+"="+t.Stem)
	}
	if noun.Lower != noun.Stem || rd.Lexicon.Is("holds", kind+"="+t.Stem) || rd.ownVocabulary(i, ty.Service) && t.Lower == t.Stem {
		return false
	}
	if t.Lower == t.Stem && (rd.LinkAt[i] < 0 || rd.Links[rd.LinkAt[i]].From < i || rd.IsVerbHere(i)) {
		return false
	}
	j := ty.Noun - 1
	for j >= 0 && rd.LinkAt[j] >= 0 && rd.LinkAt[ty.Noun] == rd.LinkAt[j] || rd.Word(j, "dynamodb", "sqs", "sns", "s3", "kinesis") {
		j--
	}
	return j < 0 || rd.Tokens[j].Kind == token.Punct || rd.IsVerbHere(j) || rd.Word(j, "the", "our", "my", "a", "one", "from", "to", "into", "in", "on", "with", "of", "for", "by", "at", "and", "or")
}

// logging says that a unit is about log lines that are written, whatever service the request
// names beside: "reads the dynamodb table users and writes logs".
func (rd *Reading) logging(u Unit) bool {
	if !slices.ContainsFunc(u.Verbs, func(v sentence.Verb) bool { return v.In("write") }) {
		return false
	}
	logs := false
	for _, g := range u.Groups {
		if len(g.Head) == 0 {
			return false
		}
		for _, i := range g.Head {
			logs = logs || rd.Word(i, "log", "logs")
			if !rd.Word(i, "log", "logs", "cloudwatch", "own", "execution") {
				return false
			}
		}
	}
	return logs
}

// headingName says that a word ends a heading that is nothing but a noun and it: "bucket raw:",
// "eks cluster main (eu-west-1)". So it is the name of what the words behind speak about.
func (rd *Reading) headingName(i int, ty *token.Typing) bool {
	n := rd.ClauseOf(i)
	unknown := rd.LinkAt[i] < 0 && !rd.Is("notname", i) && !rd.Is("common", i) && len(rd.Lexicon.Classes(rd.Tokens[i].Stem)) == 0
	if n < 0 || rd.Clauses[n].To != i+1 || !rd.Punct(i+1, ":") && !(unknown && rd.Punct(i+1, "(-")) || rd.Is("actor", i) || sentence.Doer(rd.Tokens[i].Lower) || rd.LinkAt[i] >= 0 && rd.LinkAt[i] == rd.LinkAt[ty.Noun] {
		return false
	}
	if b := rd.Book(ty.Service); !rd.Lexicon.Is("nameable", ty.Type) && b != nil && (b.Vocab[rd.Tokens[i].Stem] || b.Own[rd.Tokens[i].Stem]) {
		return false
	}
	for j := rd.Clauses[n].From; j < ty.Noun; j++ {
		if !rd.Is("article", j) && rd.LinkAt[j] < 0 {
			return false
		}
	}
	return true
}
