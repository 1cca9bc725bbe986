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
	if ty == nil || ty.noun != i-1 || ty.main || !rd.boundary(i+1) || !rd.Lexicon.Is("nameable", ty.typ) {
		return false
	}
	noun, t := rd.tokens[ty.noun], rd.tokens[i]
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
