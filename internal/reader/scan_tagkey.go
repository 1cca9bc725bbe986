package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// scanTagKeys reads which tag keys a request may carry: "only the keys a and b", "the only key
// they may remove is TempAccess".
func (rd *reading) scanTagKeys() {
	for i := range rd.tokens {
		if !rd.word(i, "key", "keys") || !rd.free(i) || !rd.inSentence(i, "tag", "tags", "tagging", "untag", "label", "labels", "untagging") {
			continue
		}
		m := rd.mood(i)
		for m.from > 0 && rd.word(m.from-1, "tag", "with", "using") && rd.free(m.from-1) {
			start := m.from - 1
			m = rd.mood(start)
			m.from = min(m.from, start)
		}
		j := i + 1
		for j < len(rd.tokens) && j < i+8 && (rd.punct(j, ":") || rd.is("key-says", j)) {
			m.strict = m.strict || rd.is("strict", j)
			j++
		}
		if !m.strict {
			continue
		}
		keys, end := rd.keyList(j)
		if len(keys) > 0 {
			rd.condition(m, end, "tag keys", intent.Constraint{Key: "aws:TagKeys", Set: intent.All, Values: keys})
		}
	}
}

// keyList reads the names of tag keys or attributes: "a, b and c".
func (rd *reading) keyList(i int) ([]string, int) {
	var keys []string
	end := i
	for j := i; rd.tagName(j) && !rd.word(j, "i.e", "ie", "eg", "e.g", "etc") && !rd.Lexicon.Is("stop", rd.tokens[j].lower) && rd.tokens[j].kind != punctToken; {
		if rd.is("negator", j) || len(keys) > 0 && rd.tokens[j].kind == wordToken && rd.isVerbHere(j) && !rd.ends(j+1) {
			break
		}
		keys = append(keys, rd.tokens[j].text)
		end = j + 1
		j = end
		for rd.punct(j, ",+") || rd.word(j, "and", "or", "plus", "/") {
			j++
		}
		if j == end {
			break
		}
	}
	return keys, end
}

// scanCreateActions reads that tags may be set only while a resource is created.
func (rd *reading) scanCreateActions() {
	if rd.named["ec2"] == 0 {
		return
	}
	for i := range rd.tokens {
		if !rd.word(i, "creation", "creating", "create", "launch", "launching", "created", "launched") || !rd.free(i) || !rd.tagsBefore(i) {
			continue
		}
		from := i
		for from > 0 && rd.free(from-1) && (rd.word(from-1, "while", "when", "during", "at", "upon", "on", "as", "part", "of", "only", "just", "they", "are", "being", "it", "is", "the", "their", "time", "in", "allowed") || rd.createOf(from-1) != "") {
			from--
		}
		if !rd.within(from, i, "while", "when", "during", "at", "upon", "on", "part") {
			continue
		}
		to := rd.pass(i+1, "time", "them", "it", "those", "the", "only")
		for to < len(rd.tokens) && rd.createOf(to) != "" {
			to++
		}
		actions := rd.createActions(from, to)
		if rd.punct(to, "(") && rd.createName(to+1) != "" && rd.punct(to+2, ")") {
			actions, to = []string{rd.createName(to + 1)}, to+3
		}
		if len(actions) == 0 {
			actions = rd.createActions(0, i)
		}
		if len(actions) > 0 {
			rd.require(from, to, "tags only at creation", intent.Constraint{Key: "ec2:CreateAction", Values: actions, Actions: []string{"ec2:CreateTags"}})
		}
	}
}

// tagsBefore says that the words shortly before token i speak about tagging.
func (rd *reading) tagsBefore(i int) bool {
	for j := i - 1; j >= 0 && j > i-10 && !rd.punct(j, ".\n"); j-- {
		if rd.word(j, "tag", "tagging", "tags") {
			return true
		}
	}
	return false
}

// createActions lists the EC2 calls that create what the words in [from, to) name.
func (rd *reading) createActions(from, to int) []string {
	var out []string
	for j := from; j < to; j++ {
		a := rd.createOf(j)
		if a == "" {
			a = rd.createName(j)
		}
		if a != "" && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

func (rd *reading) createName(i int) string {
	name := strings.TrimPrefix(rd.at(i), "ec2:")
	if !strings.HasPrefix(name, "Create") && name != "RunInstances" {
		return ""
	}
	if _, ok := rd.Catalog.Action("ec2:" + name); !ok {
		return ""
	}
	return name
}

// createOf returns the EC2 call that creates what the noun at token i names.
func (rd *reading) createOf(i int) string {
	if i < 0 || i >= len(rd.tokens) || rd.tokens[i].kind != wordToken || rd.tokens[i].text == "" {
		return ""
	}
	stem := strings.TrimSuffix(rd.tokens[i].lower, "s")
	switch stem {
	case "instance", "launch", "launche", "launching":
		return "RunInstances"
	}
	name := "Create" + strings.ToUpper(stem[:min(1, len(stem))]) + stem[min(1, len(stem)):]
	if _, ok := rd.Catalog.Action("ec2:" + name); ok {
		return name
	}
	return ""
}
