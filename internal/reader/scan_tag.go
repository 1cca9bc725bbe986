package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A tag is a pair that the words name: its values, or none if only the key must be there.
type tag struct {
	key    string
	values []string
	not    bool
	end    int
}

// scanTags reads conditions on the tags of resources, of requests and of callers.
func (rd *reading) scanTags() {
	for i := 0; i < len(rd.tokens); i++ {
		if !rd.free(i) {
			continue
		}
		if t, from, ok := rd.tagAt(i); ok {
			i = max(rd.tagCondition(i, from, t), i+1) - 1
		}
	}
	rd.noOtherKeys()
	rd.openTags()
}

// openTags drops the letter that stands for any value of the caller's tag, "principal tag squad=X",
// where the tag of the resource is compared with it.
func (rd *reading) openTags() {
	rd.where = slices.DeleteFunc(rd.where, func(c scoped) bool {
		key, ok := strings.CutPrefix(c.Key, "aws:PrincipalTag/")
		return ok && len(c.Values) == 1 && len(c.Values[0]) == 1 && slices.ContainsFunc(rd.where, func(other scoped) bool {
			return slices.Contains(other.Values, "${aws:PrincipalTag/"+key+"}")
		})
	})
}

// tagAt reads a tag whose marker is token i: "tagged K=V", "tag K = V", "K tag is V", "with K=V".
func (rd *reading) tagAt(i int) (tag, int, bool) {
	switch {
	case rd.word(i, "tagged", "labelled", "labeled", "tagged-with"):
		j := rd.pass(i+1, "with", "as", "the", "a", "tag", "tags", "key", "keys", "named", "by", "under", "either", "one", "of")
		t, ok := rd.tagPair(j, true)
		return t, i, ok
	case rd.word(i, "tag", "tags", "label", "labels"):
		j := rd.pass(i+1, "named", "called", "key", "of", "the", "pair")
		if rd.punct(j, ":") {
			j++
		}
		if t, ok := rd.tagPair(j, false); ok {
			return t, i, true
		}
		if t, ok := rd.comparison(i + 1); ok && rd.tagName(i-1) && rd.tokens[i-1].kind != entityToken && !rd.is("tag-owner", i-1) {
			t.key = rd.tokens[i-1].text
			return t, i - 1, true
		}
	case rd.tokens[i].lit.kind == tagLiteral && (rd.word(i-1, "with", "where", "having", "whose", "if", "when", "marked") || rd.is("tag-lead", i-1) || i+1 < len(rd.tokens) && rd.linkAt[i+1] >= 0 && rd.isNounPhrase(rd.links[rd.linkAt[i+1]])):
		t, ok := rd.tagPair(i, true)
		return t, i, ok
	case rd.word(i, "marked") && rd.free(i+1):
		if _, ok := rd.literal(rd.pass(i+1, "with", "as"), tagLiteral); ok {
			t, ok := rd.tagPair(rd.pass(i+1, "with", "as"), true)
			return t, i, ok
		}
	}
	return tag{}, 0, false
}

// tagPair reads a key and its values at token i. Behind "tagged" a bare pair will do.
func (rd *reading) tagPair(i int, tagged bool) (tag, bool) {
	if i >= len(rd.tokens) || !rd.free(i) {
		return tag{}, false
	}
	if rd.tokens[i].lit.kind == tagLiteral {
		lit := rd.tokens[i].lit
		return rd.moreValues(tag{key: lit.key, values: []string{rd.tagValue(lit.value)}, end: i + 1}), true
	}
	if rd.tokens[i].kind == entityToken || rd.tokens[i].kind == punctToken {
		return tag{}, false
	}
	if key, value, ok := strings.Cut(rd.tokens[i].text, "="); ok && key != "" && value != "" {
		return rd.moreValues(tag{key: key, values: []string{rd.tagValue(value)}, end: i + 1}), true
	}
	if !rd.tagName(i) || rd.is("equals", i) {
		return tag{}, false
	}
	key := rd.tokens[i].text
	named := rd.tokens[i].kind == nameToken || rd.properCase(i)
	if t, ok := rd.comparisonFor(key, i+1); ok {
		return t, true
	}
	if (tagged || named) && rd.tagName(i+1) && !rd.is("tag-end", i+1) && (rd.tokens[i+1].kind == nameToken || tagged && !rd.isVerbHere(i+1)) {
		return rd.moreValues(tag{key: key, values: []string{rd.tokens[i+1].text}, end: i + 2}), true
	}
	if named || tagged && rd.ends(i+1) {
		return tag{key: key, end: i + 1}, true
	}
	return tag{}, false
}

func (rd *reading) isVerbHere(i int) bool {
	_, ok := rd.verbAt(i, len(rd.tokens))
	return ok
}

// tagValue writes <x> and anything that stands for any value as a wildcard.
func (rd *reading) tagValue(v string) string {
	v = strings.Trim(v, "\"'`")
	if strings.HasPrefix(v, "aws:") {
		if _, ok := rd.Catalog.Key(v); ok {
			return "${" + v + "}"
		}
	}
	return v
}

func (rd *reading) comparison(i int) (tag, bool) { return rd.comparisonFor("", i) }

// comparisonFor reads "= V", "is V or W", "matches the caller's", "has the same value as …".
func (rd *reading) comparisonFor(key string, i int) (tag, bool) {
	j, bracket, not := i, false, false
	if rd.punct(j, "(") && (rd.punct(j+1, "=") || strings.HasPrefix(rd.at(j+1), "=")) {
		bracket = true
		j++
	}
	sign := rd.punct(j, "=:")
	for j < len(rd.tokens) && rd.free(j) && (rd.punct(j, "=") || j == i && rd.punct(j, ":") || rd.is("equals", j)) {
		not = not || rd.word(j, "not", "isnt", "!=", "other")
		j++
	}
	if j == i {
		return tag{}, false
	}
	t := tag{key: key, not: not}
	name := key
	if name == "" && i >= 2 {
		name = rd.tokens[i-2].text
	}
	if v, end, ok := rd.variable(j, name); ok {
		t.values, t.end = []string{v}, end
	} else if end := rd.resourceTag(j, name); end > 0 {
		t.values, t.end = []string{"${aws:PrincipalTag/" + name + "}"}, end
	} else if name != "" && rd.ends(j) && rd.within(i, j, "same", "identical") {
		t.values, t.end = []string{"${aws:PrincipalTag/" + name + "}"}, j
	} else if rd.valueAt(j) && (sign || rd.tokens[j].kind != wordToken || !rd.isVerbHere(j) || rd.word(j-1, "is", "equals", "value", "to", "of")) {
		t.values, t.end = []string{rd.tagValue(rd.tokens[j].text)}, j+1
		t = rd.moreValues(t)
	} else {
		return tag{}, false
	}
	if bracket && rd.punct(t.end, ")") {
		t.end++
	}
	return t, true
}

// resourceTag reads "the resource's team tag", which the caller's own tag is compared with, and
// returns the end of the words, or 0.
func (rd *reading) resourceTag(i int, name string) int {
	if !strings.HasSuffix(strings.ReplaceAll(rd.at(i), "’", "'"), "'s") && !rd.word(i, "resource") {
		return 0
	}
	j := i + 1
	if strings.EqualFold(rd.at(j), name) {
		j++
	}
	if !rd.word(j, "tag", "tags") {
		return 0
	}
	if strings.EqualFold(rd.at(j+1), name) {
		j++
	}
	return j + 1
}

func (rd *reading) at(i int) string {
	if i < 0 || i >= len(rd.tokens) {
		return ""
	}
	return rd.tokens[i].text
}

// valueAt says whether token i may be a value.
func (rd *reading) valueAt(i int) bool {
	if !rd.free(i) || rd.tokens[i].kind == punctToken || rd.tokens[i].text == "" {
		return false
	}
	t := rd.tokens[i]
	if t.kind == wordToken && t.text != t.lower && !strings.EqualFold(t.text, "i") {
		return !rd.Lexicon.Is("stop", t.lower) || t.text == strings.ToUpper(t.text)
	}
	return t.kind != wordToken || !rd.Lexicon.Is("stop", t.lower) && !rd.is("tag-end", i) && !rd.Lexicon.Is("preposition", t.lower)
}

// moreValues adds the values that go on the list: "or test", "/ qa", ", dev or test".
func (rd *reading) moreValues(t tag) tag {
	for j := t.end; j < len(rd.tokens); {
		k := j
		comma := rd.punct(k, ",")
		if comma || rd.punct(k, "+") || rd.word(k, "/") {
			k++
		}
		joined := rd.word(k, "or", "nor", "|")
		if joined {
			k = rd.pass(k+1, "either", "tag", "the", "value")
		}
		if k == j || comma && !joined && !rd.orFollows(k) || !rd.valueAt(k) {
			return t
		}
		next := rd.tokens[k]
		if next.lit.kind == tagLiteral {
			if next.lit.key != t.key {
				return t
			}
			t.values = append(t.values, rd.tagValue(next.lit.value))
		} else if joined && next.kind == wordToken && rd.isVerbHere(k) && !rd.ends(k+1) {
			return t
		} else {
			t.values = append(t.values, next.text)
		}
		t.end = k + 1
		j = k + 1
	}
	return t
}

func (rd *reading) orFollows(i int) bool {
	for j := i + 1; j < i+8 && j < len(rd.tokens); j++ {
		if rd.word(j, "or") {
			return true
		}
		if rd.punct(j, ".\n(") || rd.word(j, "and") {
			return false
		}
	}
	return false
}

// tagCondition records a tag, and the pairs that follow it in a list.
func (rd *reading) tagCondition(i, from int, t tag) int {
	role, start := rd.tagRole(i, from)
	for start > 0 && rd.free(start-1) && rd.is("tag-lead", start-1) {
		start--
	}
	if role == "aws:RequestTag/" {
		start = rd.backOverSetter(start)
	}
	m := rd.mood(rd.backToIf(start))
	if t.not {
		m.negated = !m.negated
	}
	if role == "aws:PrincipalTag/" {
		for m.from > 0 && rd.free(m.from-1) && rd.is("who", m.from-1) {
			m.from--
		}
	}
	for {
		end := rd.after(t.end, &m)
		c := intent.Constraint{Key: role + t.key, Values: t.values}
		if len(t.values) == 0 || len(t.values) == 1 && (t.values[0] == "*" || strings.HasPrefix(t.values[0], "<")) {
			c.Values, c.Test = nil, intent.Exists
		}
		rd.condition(m, end, "tag", c)
		rd.where[len(rd.where)-1].near = role == "aws:ResourceTag/" && !rd.word(m.from, "if", "iff", "when", "where", "unless", "provided", "only")
		j := end
		for rd.punct(j, ",+") || rd.word(j, "and", "plus", "with", "tag", "also", "tagged") {
			j++
		}
		if j == end || j >= len(rd.tokens) || rd.tokens[j].lit.kind != tagLiteral || !rd.free(j) {
			return end
		}
		t, _ = rd.tagPair(j, true)
		m.from = end
	}
}

// backToIf finds the "if", "unless" or "when" shortly before token i, over the nouns between.
func (rd *reading) backToIf(i int) int {
	for j := i - 1; j >= 0 && j >= i-4 && rd.free(j) && rd.tokens[j].kind == wordToken; j-- {
		if rd.word(j, "if", "unless", "when", "iff", "where", "provided", "while") {
			return j + 1
		}
		if rd.isVerbHere(j) {
			break
		}
	}
	return i
}

// tagRole tells whose tag is meant, and where the words for it begin.
func (rd *reading) tagRole(i, from int) (string, int) {
	for j := from - 1; j >= 0 && j >= from-2; j-- {
		switch {
		case rd.word(j, "principal", "caller", "callers", "session", "user's", "own") && !rd.word(j, "tag"):
			return "aws:PrincipalTag/", j
		case rd.word(j, "request"):
			return "aws:RequestTag/", j
		case rd.word(j, "resource"):
			return "aws:ResourceTag/", j
		case rd.word(j, "tag") && rd.word(from-1, "tag", "with"):
		case !rd.word(j, "the", "a", "s", "'"):
			j = -1
		}
	}
	if rd.out.Kind == policy.Trust {
		return "aws:PrincipalTag/", from
	}
	return rd.tagRoleByWords(i, from)
}

func (rd *reading) tagRoleByWords(i, from int) (string, int) {
	n := rd.clauseOf(i)
	start := 0
	if n >= 0 {
		start = rd.clause[n].from
	}
	j := from - 1
	for j >= start && (rd.is("tag-lead", j) || rd.is("lead", j) || rd.is("strict", j) || rd.is("article", j)) && !rd.is("who", j) && !rd.is("tag-verb", j) {
		j--
	}
	switch {
	case j >= start && rd.is("tag-verb", j):
		return "aws:RequestTag/", from
	case j >= start && rd.is("who", j) && rd.isHolder(j, start):
		return "aws:PrincipalTag/", from
	case rd.objectsMeant(start, from):
		if rd.within(start, from, "put", "upload", "write", "uploads", "puts", "writes") {
			return "s3:RequestObjectTag/", from
		}
		return "s3:ExistingObjectTag/", from
	}
	for j := from - 1; j >= start; j-- {
		if rd.word(j, "of", "from", "on", "into", "to", "against") {
			break
		}
		if rd.is("makes", j) {
			return "aws:RequestTag/", from
		}
		if rd.isVerbHere(j) {
			break
		}
	}
	return "aws:ResourceTag/", from
}

// isHolder says that the people at token j hold the permission: no verb stands before them.
func (rd *reading) isHolder(j, start int) bool {
	if rd.linkAt[j] >= 0 && rd.word(j-1, "iam") {
		return false
	}
	for k := start; k < j; k++ {
		if rd.isVerbHere(k) && !rd.word(k, "let", "allow") {
			return false
		}
	}
	return true
}

func (rd *reading) objectsMeant(from, to int) bool {
	for j := to - 1; j >= from; j-- {
		if rd.word(j, "object", "objects", "file", "files") {
			return true
		}
		if rd.word(j, "bucket", "buckets", "instance", "instances", "table", "tables", "secret", "secrets") {
			return false
		}
	}
	return false
}

// noOtherKeys reads that a request may carry only the tags that are named.
func (rd *reading) noOtherKeys() {
	for i := range rd.tokens {
		if !rd.word(i, "no", "without") || !rd.word(i+1, "other", "further", "additional", "more") {
			continue
		}
		j := rd.pass(i+2, "tag", "tags")
		if !rd.word(j, "key", "keys") && j == i+2 {
			continue
		}
		var keys []string
		for _, s := range rd.where {
			if key, ok := strings.CutPrefix(s.Key, "aws:RequestTag/"); ok && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		if len(keys) > 0 {
			end := rd.pass(j, "key", "keys", "tags", "may", "can", "be", "set", "added", "allowed", "used", "put", "is", "are", "changed")
			rd.require(i, end, "tag keys", intent.Constraint{Key: "aws:TagKeys", Set: intent.All, Values: keys})
			return
		}
	}
}
