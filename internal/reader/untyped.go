package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// untypedObject asks what a name is, if it is all that the verbs of a unit act on, nothing says
// its type, and what was read is about other resources: "reads from uploads-prod and writes to
// the table jobs" does not read the table.
func (rd *reading) untypedObject(u unit, grants []intent.Grant) bool {
	if len(u.verbs) == 0 || u.shared || u.subject || rd.headed(u.groups) {
		return false
	}
	var at []int
	for _, g := range u.groups {
		for _, i := range g.mods {
			t := rd.tokens[i]
			if t.typed != nil || t.kind != nameToken {
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
	rd.ask(rd.span(i, i+1), "What is "+rd.tokens[i].text+": a bucket, a table, a queue or something else?")
	rd.take("needs an answer", i, i+1)
	return true
}

// plainNoun says that a word that mostly speaks of things is a name behind this noun: the table
// users, the queue jobs, the bucket reports. The noun is one whose resources bear such names, and
// what it holds is not called so.
func (rd *reading) plainNoun(i int) bool {
	ty := rd.nounEndingAt(i)
	if ty == nil || ty.noun != i-1 || ty.main || !rd.boundary(i+1) || !rd.Lexicon.Is("nameable", ty.typ) && !rd.headingName(i, ty) {
		return false
	}
	noun, t := rd.tokens[ty.noun], rd.tokens[i]
	if rd.headingName(i, ty) {
		return noun.lower == noun.stem && !rd.Lexicon.Is("holds", ty.typ+"="+t.stem)
	}
	if noun.lower != noun.stem || !strings.HasSuffix(t.lower, "s") || t.lower == t.stem || rd.Lexicon.Is("holds", ty.typ+"="+t.stem) {
		return false
	}
	j := ty.noun - 1
	for j >= 0 && rd.linkAt[j] >= 0 && rd.linkAt[ty.noun] == rd.linkAt[j] || rd.word(j, "dynamodb", "sqs", "sns", "s3", "kinesis") {
		j--
	}
	return rd.word(j, "the", "our", "my", "a", "one", "from", "to", "into", "in", "on", "with")
}

// logging says that a unit is about log lines that are written, whatever service the request
// names beside: "reads the dynamodb table users and writes logs".
func (rd *reading) logging(u unit) bool {
	if !slices.ContainsFunc(u.verbs, func(v verb) bool { return v.in("write") }) {
		return false
	}
	logs := false
	for _, g := range u.groups {
		if len(g.head) == 0 {
			return false
		}
		for _, i := range g.head {
			logs = logs || rd.word(i, "log", "logs")
			if !rd.word(i, "log", "logs", "cloudwatch", "own", "execution") {
				return false
			}
		}
	}
	return logs
}

// headingName says that a word ends a heading that is nothing but a noun and it: "bucket raw:",
// "eks cluster main (eu-west-1)". So it is the name of what the words behind speak about.
func (rd *reading) headingName(i int, ty *typing) bool {
	n := rd.clauseOf(i)
	unknown := rd.linkAt[i] < 0 && !rd.is("notname", i) && !rd.is("common", i) && len(rd.Lexicon.Classes(rd.tokens[i].stem)) == 0
	if n < 0 || rd.clause[n].to != i+1 || !rd.punct(i+1, ":") && !(unknown && rd.punct(i+1, "(-")) || rd.is("actor", i) || doer(rd.tokens[i].lower) || rd.linkAt[i] >= 0 && rd.linkAt[i] == rd.linkAt[ty.noun] {
		return false
	}
	if b := rd.book(ty.service); !rd.Lexicon.Is("nameable", ty.typ) && b != nil && (b.vocab[rd.tokens[i].stem] || b.own[rd.tokens[i].stem]) {
		return false
	}
	for j := rd.clause[n].from; j < ty.noun; j++ {
		if !rd.is("article", j) && rd.linkAt[j] < 0 {
			return false
		}
	}
	return true
}

// doer says that a word is made for who does something: cleaner, rotator, factory.
func doer(w string) bool {
	for _, suffix := range []string{"er", "or", "ory", "ist", "bot", "team", "ops"} {
		if len(w) > len(suffix)+2 && strings.HasSuffix(w, suffix) {
			return true
		}
	}
	return false
}

// wholeBuckets reads "the bucket" as all of the bucket, although only folders of it were named
// before: "s3://a/in/: read; listing the bucket".
func (rd *reading) wholeBuckets(u unit, targets []intent.Target) []intent.Target {
	said := slices.ContainsFunc(u.groups, func(g group) bool {
		return len(g.head) == 1 && len(g.mods) == 0 && rd.word(g.head[0], "bucket") && rd.word(g.head[0]-1, "the", "that", "whole")
	})
	if !said || u.shared {
		return targets
	}
	out := slices.Clone(targets)
	for i, t := range out {
		if t.Service == "s3" && t.Type == "object" && t.Vars["BucketName"] != "" {
			out[i].Type, out[i].Vars = "bucket", map[string]string{"BucketName": t.Vars["BucketName"]}
		}
	}
	return out
}
