package reader

import (
	"regexp"
	"strings"
)

var (
	angles = regexp.MustCompile(`<[^<>]*>|\{[^{}$]*\}|\$[A-Za-z_]+\b`)
	space  = regexp.MustCompile(`[\s_-]+`)
)

// spokenVariables are the policy variables by the words that stand for them.
var spokenVariables = map[string]string{
	"username": "aws:username", "user name": "aws:username", "iam username": "aws:username", "iam user name": "aws:username",
	"userid": "aws:userid", "user id": "aws:userid", "unique id": "aws:userid",
	"cognito identity id": "cognito-identity.amazonaws.com:sub", "cognito id": "cognito-identity.amazonaws.com:sub", "cognito identity": "cognito-identity.amazonaws.com:sub",
	"cognito sub": "cognito-identity.amazonaws.com:sub", "identity id": "cognito-identity.amazonaws.com:sub",
	"account id": "aws:PrincipalAccount", "account number": "aws:PrincipalAccount", "own account": "aws:PrincipalAccount",
	"iam user": "aws:username", "iam name": "aws:username", "user": "aws:username", "name": "aws:username", "user's name": "aws:username",
	"role session name": "aws:userid", "principal arn": "aws:PrincipalArn",
}

// scanVariables writes placeholders such as <username> in names as policy variables, and joins
// placeholders that hold blanks.
func (rd *reading) scanVariables() {
	for i := range rd.tokens {
		if !rd.free(i) || !strings.ContainsAny(rd.tokens[i].text, "<{$") {
			continue
		}
		rd.joinPlaceholder(i)
		t := &rd.tokens[i]
		text := angles.ReplaceAllStringFunc(t.text, func(s string) string {
			if v := variableOf(strings.Trim(s, "<>{}$")); v != "" {
				return v
			}
			return s
		})
		if text == t.text || strings.Contains(t.text, "${") {
			continue
		}
		if lit, ok := parseLiteral(text, rd.Lexicon); ok {
			t.kind, t.lit = entityToken, lit
		}
		t.text = text
	}
}

// scanOwn makes the caller's own IAM user the target of "their own access keys".
func (rd *reading) scanOwn() {
	if rd.named["iam"] < 1 {
		return
	}
	for i := range rd.tokens {
		if !rd.word(i, "own") || !rd.free(i) || !rd.is("credential", rd.pass(i+1, "iam", "aws", "login", "access", "mfa", "ssh", "signing", "virtual", "public")) {
			continue
		}
		t := &rd.tokens[i]
		t.kind, t.lit, t.used = entityToken, literal{kind: variableLiteral, value: "${aws:username}"}, true
		t.typed = &typing{service: "iam", typ: "user", noun: -1}
	}
}

// joinPlaceholder makes one token of "home/<their user name>/".
func (rd *reading) joinPlaceholder(i int) {
	open := strings.Count(rd.tokens[i].text, "<")
	for j := i; open > 0 && j < len(rd.tokens) && j < i+6; j++ {
		if !strings.Contains(rd.tokens[j].text, ">") && !(rd.punct(j, ">")) {
			continue
		}
		if j > i {
			t := &rd.tokens[i]
			t.text, t.end = rd.text[t.start:rd.tokens[j].end], rd.tokens[j].end
			t.lower, t.kind = strings.ToLower(t.text), nameToken
			rd.blank(i+1, j+1)
		}
		return
	}
}

// blank empties tokens that another one has swallowed.
func (rd *reading) blank(from, to int) {
	rd.take("part of the name", from, to)
	for j := from; j < to; j++ {
		rd.tokens[j].kind, rd.tokens[j].text, rd.tokens[j].lower, rd.tokens[j].lit = wordToken, "", "", literal{}
	}
}

// variableOf returns the policy variable that words stand for, or "".
func variableOf(words string) string {
	words = strings.ToLower(strings.TrimSpace(words))
	if strings.HasPrefix(words, "aws:") {
		return "${" + words + "}"
	}
	words = space.ReplaceAllString(words, " ")
	if words == "name" {
		return "" // of what, nobody says
	}
	for _, own := range []string{"their ", "your ", "his ", "her ", "its ", "my ", "the ", "own ", "caller ", "callers ", "caller's ", "current ", "aws ", "user's "} {
		words = strings.TrimPrefix(words, own)
	}
	if v := spokenVariables[words]; v != "" {
		return "${" + v + "}"
	}
	return ""
}

// variable reads words at i that say what the caller is called: "your IAM user name", "the
// caller's tag project", aws:username. The key is the tag they are compared with.
func (rd *reading) variable(i int, key string) (string, int, bool) {
	if v, ok := rd.literal(i, variableLiteral); ok {
		return v, i + 1, true
	}
	j, own := i, false
	for rd.word(j, "the", "their", "your", "own", "his", "her", "its", "my", "our", "caller", "callers", "principal", "principals", "user", "users", "same", "value", "of", "as", "a", "that", "session", "iam", "calling", "role", "identity", "who", "calls", "requester", "person") {
		if rd.word(j, "user", "role", "identity") && !rd.word(j+1, "tag", "tags", "own") && !rd.word(j-1, "the", "calling") {
			break
		}
		own = own || !rd.word(j, "the", "same", "value", "of", "as", "a")
		j++
	}
	if rd.punct(j, "'") {
		j++
	}
	if v, end, ok := rd.literalVariable(j); ok {
		return v, end, true
	}
	for n := 3; n >= 1 && own; n-- {
		words := rd.spoken(j, n)
		if v := spokenVariables[words]; v != "" && words != "" {
			return "${" + v + "}", j + n, true
		}
	}
	if v, end, ok := rd.principalTag(j, own, key); ok {
		return v, end, true
	}
	if own && j > i && key != "" && rd.word(j-1, "own", "caller", "callers", "principal", "principals", "user") && rd.ends(j) {
		return "${aws:PrincipalTag/" + key + "}", j, true
	}
	return "", 0, false
}

// ends says that nothing goes on at token i.
func (rd *reading) ends(i int) bool {
	return i >= len(rd.tokens) || rd.tokens[i].kind == punctToken || rd.word(i, "and", "or", "but", "only")
}

func (rd *reading) spoken(i, n int) string {
	words := make([]string, 0, n)
	for j := i; j < i+n; j++ {
		if j >= len(rd.tokens) || rd.tokens[j].kind != wordToken {
			return ""
		}
		words = append(words, rd.tokens[j].lower)
	}
	return strings.Join(words, " ")
}

// literalVariable reads a variable that is written as such: aws:username, aws:PrincipalTag/team.
func (rd *reading) literalVariable(i int) (string, int, bool) {
	if !rd.free(i) {
		return "", 0, false
	}
	text := rd.tokens[i].text
	if v, ok := rd.literal(i, variableLiteral); ok {
		return v, i + 1, true
	}
	prefix, _, found := strings.Cut(text, ":")
	if !found || prefix != "aws" && !strings.Contains(prefix, ".") {
		return "", 0, false
	}
	if _, ok := rd.Catalog.Key(text); !ok {
		return "", 0, false
	}
	return "${" + text + "}", i + 1, true
}

// principalTag reads "principal tag Squad", "Team tag", "tag project" as a tag of the caller.
func (rd *reading) principalTag(i int, own bool, key string) (string, int, bool) {
	if !own {
		return "", 0, false
	}
	tag := func(name string, end int) (string, int, bool) {
		if rd.punct(end, "(") && rd.word(end+1, "principal") && rd.word(end+2, "tag") && rd.punct(end+3, ")") {
			end += 4
		}
		return "${aws:PrincipalTag/" + name + "}", end, true
	}
	switch {
	case rd.word(i, "tag", "tags"):
		if i+1 < len(rd.tokens) && rd.tagName(i+1) && (rd.tokens[i+1].kind == nameToken || strings.EqualFold(rd.tokens[i+1].text, key)) {
			return tag(rd.tokens[i+1].text, i+2)
		}
		if key != "" {
			return tag(key, i+1)
		}
	case i+1 < len(rd.tokens) && rd.word(i+1, "tag") && rd.tagName(i):
		return tag(rd.tokens[i].text, i+2)
	case i < len(rd.tokens) && key != "" && strings.EqualFold(rd.tokens[i].text, key):
		return tag(rd.tokens[i].text, i+1)
	}
	return "", 0, false
}

// tagName says whether token i may be the key of a tag.
func (rd *reading) tagName(i int) bool {
	if !rd.free(i) {
		return false
	}
	t := rd.tokens[i]
	switch t.kind {
	case nameToken:
		return true
	case wordToken:
		return t.quote || !rd.Lexicon.Is("stop", t.lower) && !rd.Lexicon.Is("preposition", t.lower)
	}
	return false
}
