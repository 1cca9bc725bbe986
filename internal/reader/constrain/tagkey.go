package constrain

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// scanTagKeys reads which tag keys a request may carry: "only the keys a and b", "the only key
// they may remove is TempAccess".
func (rd *Reading) scanTagKeys() {
	for i := range rd.Tokens {
		if !rd.Word(i, "key", "keys") || !rd.Free(i) || !rd.InSentence(i, "tag", "tags", "tagging", "untag", "label", "labels", "untagging") {
			continue
		}
		m := rd.Mood(i)
		for m.From > 0 && rd.Word(m.From-1, "tag", "with", "using") && rd.Free(m.From-1) {
			start := m.From - 1
			m = rd.Mood(start)
			m.From = min(m.From, start)
		}
		j := i + 1
		for j < len(rd.Tokens) && j < i+8 && (rd.Punct(j, ":") || rd.Is("key-says", j)) {
			m.Strict = m.Strict || rd.Is("strict", j)
			j++
		}
		if !m.Strict {
			continue
		}
		keys, end := rd.keyList(j)
		if len(keys) > 0 {
			rd.Condition(m, end, "tag keys", intent.Constraint{Key: "aws:TagKeys", Set: intent.All, Values: keys})
		}
	}
}

// keyList reads the names of tag keys or attributes: "a, b and c".
func (rd *Reading) keyList(i int) ([]string, int) {
	var keys []string
	end := i
	for j := i; rd.TagName(j) && !rd.Word(j, "i.e", "ie", "eg", "e.g", "etc") && !rd.Lexicon.Is("stop", rd.Tokens[j].Lower) && rd.Tokens[j].Kind != token.Punct; {
		if rd.Is("negator", j) || len(keys) > 0 && rd.Tokens[j].Kind == token.Word && rd.IsVerbHere(j) && !rd.Ends(j+1) {
			break
		}
		keys = append(keys, rd.Tokens[j].Text)
		end = j + 1
		j = end
		for rd.Punct(j, ",+") || rd.Word(j, "and", "or", "plus", "/") {
			j++
		}
		if j == end {
			break
		}
	}
	return keys, end
}

// scanCreateActions reads that tags may be set only while a resource is created.
func (rd *Reading) scanCreateActions() {
	if rd.Named["ec2"] == 0 {
		return
	}
	for i := range rd.Tokens {
		if !rd.Word(i, "creation", "creating", "create", "launch", "launching", "created", "launched") || !rd.Free(i) || !rd.tagsBefore(i) {
			continue
		}
		from := i
		for from > 0 && rd.Free(from-1) && (rd.Word(from-1, "while", "when", "during", "at", "upon", "on", "as", "part", "of", "only", "just", "they", "are", "being", "it", "is", "the", "their", "time", "in", "allowed") || rd.createOf(from-1) != "") {
			from--
		}
		if !rd.Within(from, i, "while", "when", "during", "at", "upon", "on", "part") {
			continue
		}
		to := rd.Pass(i+1, "time", "them", "it", "those", "the", "only")
		for to < len(rd.Tokens) && rd.createOf(to) != "" {
			to++
		}
		actions := rd.createActions(from, to)
		if rd.Punct(to, "(") && rd.createName(to+1) != "" && rd.Punct(to+2, ")") {
			actions, to = []string{rd.createName(to + 1)}, to+3
		}
		if len(actions) == 0 {
			actions = rd.createActions(0, i)
		}
		if len(actions) > 0 {
			rd.Require(from, to, "tags only at creation", intent.Constraint{Key: "ec2:CreateAction", Values: actions, Actions: []string{"ec2:CreateTags"}})
		}
	}
}

// tagsBefore says that the words shortly before token i speak about tagging.
func (rd *Reading) tagsBefore(i int) bool {
	for j := i - 1; j >= 0 && j > i-10 && !rd.Punct(j, ".\n"); j-- {
		if rd.Word(j, "tag", "tagging", "tags") {
			return true
		}
	}
	return false
}

// createActions lists the EC2 calls that create what the words in [from, to) name.
func (rd *Reading) createActions(from, to int) []string {
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

func (rd *Reading) createName(i int) string {
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
func (rd *Reading) createOf(i int) string {
	if i < 0 || i >= len(rd.Tokens) || rd.Tokens[i].Kind != token.Word || rd.Tokens[i].Text == "" {
		return ""
	}
	stem := strings.TrimSuffix(rd.Tokens[i].Lower, "s")
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

// noOtherKeys reads that a request may carry only the tags that are named.
func (rd *Reading) noOtherKeys() {
	for i := range rd.Tokens {
		if !rd.Word(i, "no", "without") || !rd.Word(i+1, "other", "further", "additional", "more") {
			continue
		}
		j := rd.Pass(i+2, "tag", "tags")
		if !rd.Word(j, "key", "keys") && j == i+2 {
			continue
		}
		var keys []string
		for _, s := range rd.Where {
			if key, ok := strings.CutPrefix(s.Key, "aws:RequestTag/"); ok && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		if len(keys) > 0 {
			end := rd.Pass(j, "key", "keys", "tags", "may", "can", "be", "set", "added", "allowed", "used", "put", "is", "are", "changed")
			rd.Require(i, end, "tag keys", intent.Constraint{Key: "aws:TagKeys", Set: intent.All, Values: keys})
			return
		}
	}
}
