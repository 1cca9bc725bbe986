package constrain

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// A tag is a pair that the words name: its values, or none if only the key must be there.
type tag struct {
	key    string
	values []string
	not    bool
	end    int
}

// scanTags reads conditions on the tags of resources, of requests and of callers.
func (rd *Reading) scanTags() {
	for i := 0; i < len(rd.Tokens); i++ {
		if !rd.Free(i) {
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
func (rd *Reading) openTags() {
	rd.Where = slices.DeleteFunc(rd.Where, func(c object.Condition) bool {
		key, ok := strings.CutPrefix(c.Key, "aws:PrincipalTag/")
		return ok && len(c.Values) == 1 && len(c.Values[0]) == 1 && slices.ContainsFunc(rd.Where, func(other object.Condition) bool {
			return slices.Contains(other.Values, "${aws:PrincipalTag/"+key+"}")
		})
	})
}

// tagAt reads a tag whose marker is token i: "tagged K=V", "tag K = V", "K tag is V", "with K=V".
func (rd *Reading) tagAt(i int) (tag, int, bool) {
	switch {
	case rd.Word(i, "tagged", "labelled", "labeled", "tagged-with"):
		j := rd.Pass(i+1, "with", "as", "the", "a", "tag", "tags", "key", "keys", "named", "by", "under", "either", "one", "of")
		t, ok := rd.tagPair(j, true)
		return t, i, ok
	case rd.Word(i, "tag", "tags", "label", "labels"):
		if n := i + 1; n < len(rd.Tokens) && rd.LinkAt[n] >= 0 && rd.IsName(rd.Links[rd.LinkAt[n]]) && rd.ClauseStart(i) {
			return tag{}, 0, false // "tag IAM roles" is what is done
		}
		j := rd.Pass(i+1, "named", "called", "key", "of", "the", "pair")
		if rd.Out.Kind.OfOrganization() {
			j = rd.Pass(j, "keys")
		}
		if rd.Punct(j, ":") {
			j++
		}
		if rd.LinkAt[min(j, len(rd.Tokens)-1)] >= 0 && rd.placeAfter(j+1) {
			return tag{}, 0, false // "tag objects in the bucket raw", "the tags of objects in b"
		}
		if t, ok := rd.tagPair(j, false); ok {
			return t, i, true
		}
		if t, ok := rd.comparison(i + 1); ok && rd.TagName(i-1) && rd.Tokens[i-1].Kind != token.Entity && !rd.Is("tag-owner", i-1) {
			t.key = rd.Tokens[i-1].Text
			return t, i - 1, true
		}
		if rd.Out.Kind.OfOrganization() && i > 0 && rd.Free(i-1) && (rd.Tokens[i-1].Kind == token.Name || rd.ProperCase(i-1)) && rd.LinkAt[i-1] < 0 {
			return tag{key: rd.Tokens[i-1].Text, end: i + 1}, i - 1, true // "must carry a CostCenter tag"
		}
	case rd.Tokens[i].Lit.Kind == token.TagLiteral && (rd.Word(i-1, "with", "where", "having", "whose", "if", "when", "marked") || rd.Is("tag-lead", i-1) || i+1 < len(rd.Tokens) && rd.LinkAt[i+1] >= 0 && rd.IsNounPhrase(rd.Links[rd.LinkAt[i+1]])):
		t, ok := rd.tagPair(i, true)
		return t, i, ok
	case rd.Word(i, "marked") && rd.Free(i+1):
		if _, ok := rd.Literal(rd.Pass(i+1, "with", "as"), token.TagLiteral); ok {
			t, ok := rd.tagPair(rd.Pass(i+1, "with", "as"), true)
			return t, i, ok
		}
	}
	return tag{}, 0, false
}

// placeAfter says that the words from j on say where something is: "in the bucket raw".
func (rd *Reading) placeAfter(j int) bool {
	if !rd.Word(j, "in", "on", "of", "from", "inside", "under") {
		return false
	}
	for j++; rd.Is("article", j); j++ {
	}
	return j < len(rd.Tokens) && rd.LinkAt[j] >= 0
}

// tagPair reads a key and its values at token i. Behind "tagged" a bare pair will do.
func (rd *Reading) tagPair(i int, tagged bool) (tag, bool) {
	if i >= len(rd.Tokens) || !rd.Free(i) {
		return tag{}, false
	}
	if rd.Tokens[i].Lit.Kind == token.TagLiteral {
		lit := rd.Tokens[i].Lit
		return rd.moreValues(tag{key: lit.Key, values: []string{rd.tagValue(lit.Value)}, end: i + 1}), true
	}
	if rd.Tokens[i].Kind == token.Entity || rd.Tokens[i].Kind == token.Punct {
		return tag{}, false
	}
	if key, value, ok := strings.Cut(rd.Tokens[i].Text, "="); ok && key != "" && value != "" {
		return rd.moreValues(tag{key: key, values: []string{rd.tagValue(value)}, end: i + 1}), true
	}
	if !rd.TagName(i) || rd.Is("equals", i) {
		return tag{}, false
	}
	key := rd.Tokens[i].Text
	named := rd.Tokens[i].Kind == token.Name || rd.ProperCase(i)
	if t, ok := rd.comparisonFor(key, i+1); ok {
		return t, true
	}
	if (tagged || named) && rd.TagName(i+1) && !rd.Is("tag-end", i+1) && (rd.Tokens[i+1].Kind == token.Name || tagged && !rd.IsVerbHere(i+1)) {
		return rd.moreValues(tag{key: key, values: []string{rd.Tokens[i+1].Text}, end: i + 2}), true
	}
	if named || tagged && rd.Ends(i+1) {
		return tag{key: key, end: i + 1}, true
	}
	return tag{}, false
}

// tagValue writes <x> and anything that stands for any value as a wildcard.
func (rd *Reading) tagValue(v string) string {
	v = strings.Trim(v, "\"'`")
	if strings.HasPrefix(v, "aws:") {
		if _, ok := rd.Catalog.Key(v); ok {
			return "${" + v + "}"
		}
	}
	return v
}

func (rd *Reading) comparison(i int) (tag, bool) { return rd.comparisonFor("", i) }

// comparisonFor reads "= V", "is V or W", "matches the caller's", "has the same value as …".
func (rd *Reading) comparisonFor(key string, i int) (tag, bool) {
	j, bracket, not := i, false, false
	if rd.Punct(j, "(") && (rd.Punct(j+1, "=") || strings.HasPrefix(rd.at(j+1), "=")) {
		bracket = true
		j++
	}
	sign := rd.Punct(j, "=:")
	for j < len(rd.Tokens) && rd.Free(j) && (rd.Punct(j, "=") || j == i && rd.Punct(j, ":") || rd.Is("equals", j)) {
		not = not || rd.Word(j, "not", "isnt", "!=", "other")
		j++
	}
	if j == i {
		return tag{}, false
	}
	t := tag{key: key, not: not}
	name := key
	if name == "" && i >= 2 {
		name = rd.Tokens[i-2].Text
	}
	if v, end, ok := rd.Variable(j, name); ok {
		t.values, t.end = []string{v}, end
	} else if end := rd.resourceTag(j, name); end > 0 {
		t.values, t.end = []string{"${aws:PrincipalTag/" + name + "}"}, end
	} else if name != "" && rd.Ends(j) && rd.Within(i, j, "same", "identical") {
		t.values, t.end = []string{"${aws:PrincipalTag/" + name + "}"}, j
	} else if rd.valueAt(j) && (sign || rd.Tokens[j].Kind != token.Word || !rd.IsVerbHere(j) || rd.Word(j-1, "is", "equals", "value", "to", "of")) {
		t.values, t.end = []string{rd.tagValue(rd.Tokens[j].Text)}, j+1
		t = rd.moreValues(t)
	} else {
		return tag{}, false
	}
	if bracket && rd.Punct(t.end, ")") {
		t.end++
	}
	return t, true
}

// resourceTag reads "the resource's team tag", which the caller's own tag is compared with, and
// returns the end of the words, or 0.
func (rd *Reading) resourceTag(i int, name string) int {
	if !strings.HasSuffix(strings.ReplaceAll(rd.at(i), "’", "'"), "'s") && !rd.Word(i, "resource") {
		return 0
	}
	j := i + 1
	if strings.EqualFold(rd.at(j), name) {
		j++
	}
	if !rd.Word(j, "tag", "tags") {
		return 0
	}
	if strings.EqualFold(rd.at(j+1), name) {
		j++
	}
	return j + 1
}

func (rd *Reading) at(i int) string {
	if i < 0 || i >= len(rd.Tokens) {
		return ""
	}
	return rd.Tokens[i].Text
}

// valueAt says whether token i may be a value.
func (rd *Reading) valueAt(i int) bool {
	if !rd.Free(i) || rd.Tokens[i].Kind == token.Punct || rd.Tokens[i].Text == "" {
		return false
	}
	t := rd.Tokens[i]
	if t.Kind == token.Word && t.Cased() != t.Lower && !strings.EqualFold(t.Text, "i") {
		return !rd.Lexicon.Is("stop", t.Lower) || t.Text == strings.ToUpper(t.Text)
	}
	return t.Kind != token.Word || !rd.Lexicon.Is("stop", t.Lower) && !rd.Is("tag-end", i) && !rd.Lexicon.Is("preposition", t.Lower)
}

// moreValues adds the values that go on the list: "or test", "/ qa", ", dev or test".
func (rd *Reading) moreValues(t tag) tag {
	for j := t.end; j < len(rd.Tokens); {
		k := j
		comma := rd.Punct(k, ",")
		if comma || rd.Punct(k, "+") || rd.Word(k, "/") {
			k++
		}
		joined := rd.Word(k, "or", "nor", "|")
		if joined {
			k = rd.Pass(k+1, "either", "tag", "the", "value")
		}
		if k == j || comma && !joined && !rd.orFollows(k) || !rd.valueAt(k) {
			return t
		}
		next := rd.Tokens[k]
		if next.Lit.Kind == token.TagLiteral {
			if next.Lit.Key != t.key {
				return t
			}
			t.values = append(t.values, rd.tagValue(next.Lit.Value))
		} else if joined && next.Kind == token.Word && rd.IsVerbHere(k) && !rd.Ends(k+1) {
			return t
		} else {
			t.values = append(t.values, next.Text)
		}
		t.end = k + 1
		j = k + 1
	}
	return t
}

func (rd *Reading) orFollows(i int) bool {
	for j := i + 1; j < i+8 && j < len(rd.Tokens); j++ {
		if rd.Word(j, "or") {
			return true
		}
		if rd.Punct(j, ".\n(") || rd.Word(j, "and") {
			return false
		}
	}
	return false
}

// tagCondition records a tag, and the pairs that follow it in a list.
func (rd *Reading) tagCondition(i, from int, t tag) int {
	role, start := rd.tagRole(i, from)
	for start > 0 && rd.Free(start-1) && rd.Is("tag-lead", start-1) {
		start--
	}
	if role == "aws:RequestTag/" {
		start = rd.backOverSetter(start)
	}
	m := rd.Mood(rd.backToIf(start))
	if t.not {
		m.Negated = !m.Negated
	}
	if role == "aws:PrincipalTag/" {
		for m.From > 0 && rd.Free(m.From-1) && rd.Is("who", m.From-1) {
			m.From--
		}
	}
	for {
		end := rd.After(t.end, &m)
		c := intent.Constraint{Key: role + t.key, Values: t.values}
		if len(t.values) == 0 || len(t.values) == 1 && (t.values[0] == "*" || strings.HasPrefix(t.values[0], "<")) {
			c.Values, c.Test = nil, intent.Exists
		}
		rd.Condition(m, end, "tag", c)
		rd.Where[len(rd.Where)-1].Near = role == "aws:ResourceTag/" && !rd.Word(m.From, "if", "iff", "when", "where", "unless", "provided", "only")
		j := end
		for rd.Punct(j, ",+") || rd.Word(j, "and", "plus", "with", "tag", "also", "tagged") {
			j++
		}
		if j == end || j >= len(rd.Tokens) || rd.Tokens[j].Lit.Kind != token.TagLiteral || !rd.Free(j) {
			return end
		}
		t, _ = rd.tagPair(j, true)
		m.From = end
	}
}

// backToIf finds the "if", "unless" or "when" shortly before token i, over the nouns between.
func (rd *Reading) backToIf(i int) int {
	for j := i - 1; j >= 0 && j >= i-4 && rd.Free(j) && rd.Tokens[j].Kind == token.Word; j-- {
		if rd.Word(j, "if", "unless", "when", "iff", "where", "provided", "while") {
			return j + 1
		}
		if rd.IsVerbHere(j) {
			break
		}
	}
	return i
}

// tagRole tells whose tag is meant, and where the words for it begin.
func (rd *Reading) tagRole(i, from int) (string, int) {
	for j := from - 1; j >= 0 && j >= from-2; j-- {
		switch {
		case rd.Word(j, "principal", "caller", "callers", "session", "user's", "own") && !rd.Word(j, "tag"):
			return "aws:PrincipalTag/", j
		case rd.Word(j, "request"):
			return "aws:RequestTag/", j
		case rd.Word(j, "resource"):
			return "aws:ResourceTag/", j
		case rd.Word(j, "tag") && rd.Word(from-1, "tag", "with"):
		case !rd.Word(j, "the", "a", "s", "'"):
			j = -1
		}
	}
	if rd.Out.Kind == policy.Trust {
		return "aws:PrincipalTag/", from
	}
	return rd.tagRoleByWords(i, from)
}

func (rd *Reading) tagRoleByWords(i, from int) (string, int) {
	n := rd.ClauseOf(i)
	start := 0
	if n >= 0 {
		start = rd.Clauses[n].From
	}
	j := from - 1
	for j >= start && (rd.Is("tag-lead", j) || rd.Is("lead", j) || rd.Is("strict", j) || rd.Is("article", j)) && !rd.Is("who", j) && !rd.Is("tag-verb", j) {
		j--
	}
	switch {
	case j >= start && rd.Is("tag-verb", j):
		return "aws:RequestTag/", from
	case j >= start && rd.Is("who", j) && rd.isHolder(j, start):
		return "aws:PrincipalTag/", from
	case rd.objectsMeant(start, from):
		if rd.Within(start, from, "put", "upload", "write", "uploads", "puts", "writes") {
			return "s3:RequestObjectTag/", from
		}
		return "s3:ExistingObjectTag/", from
	}
	for j := from - 1; j >= start; j-- {
		if rd.Word(j, "of", "from", "on", "into", "to", "against") {
			break
		}
		if rd.Is("makes", j) {
			return "aws:RequestTag/", from
		}
		if rd.IsVerbHere(j) {
			break
		}
	}
	return "aws:ResourceTag/", from
}

// isHolder says that the people at token j hold the permission: no verb stands before them.
func (rd *Reading) isHolder(j, start int) bool {
	if rd.LinkAt[j] >= 0 && rd.Word(j-1, "iam") {
		return false
	}
	for k := start; k < j; k++ {
		if rd.IsVerbHere(k) && !rd.Word(k, "let", "allow") {
			return false
		}
	}
	return true
}

func (rd *Reading) objectsMeant(from, to int) bool {
	for j := to - 1; j >= from; j-- {
		if rd.Word(j, "object", "objects", "file", "files") {
			return true
		}
		if rd.Word(j, "bucket", "buckets", "instance", "instances", "table", "tables", "secret", "secrets") {
			return false
		}
	}
	return false
}
