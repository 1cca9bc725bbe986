package origin

import (
	"regexp"
	"strings"

	"github.com/aegis-iam/aegis/internal/reader/token"
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

// ScanVariables writes placeholders such as <username> in names as policy variables, and joins
// placeholders that hold blanks.
func (rd *Reading) ScanVariables() {
	for i := range rd.Tokens {
		if !rd.Free(i) || !strings.ContainsAny(rd.Tokens[i].Text, "<{$") {
			continue
		}
		rd.joinPlaceholder(i)
		t := &rd.Tokens[i]
		text := angles.ReplaceAllStringFunc(t.Text, func(s string) string {
			if v := variableOf(strings.Trim(s, "<>{}$")); v != "" {
				return v
			}
			return s
		})
		if text == t.Text || strings.Contains(t.Text, "${") {
			continue
		}
		if lit, ok := token.ParseLiteral(text, rd.Lexicon); ok {
			t.Kind, t.Lit = token.Entity, lit
		}
		t.Text = text
	}
}

// ScanOwn makes the caller's own IAM user the target of "their own access keys".
func (rd *Reading) ScanOwn() {
	if rd.Named["iam"] < 1 {
		return
	}
	for i := range rd.Tokens {
		if !rd.Word(i, "own") || !rd.Free(i) || !rd.Is("credential", rd.Pass(i+1, "iam", "aws", "login", "access", "mfa", "ssh", "signing", "virtual", "public")) {
			continue
		}
		t := &rd.Tokens[i]
		t.Kind, t.Lit, t.Used = token.Entity, token.Literal{Kind: token.VariableLiteral, Value: "${aws:username}"}, true
		t.Typed = &token.Typing{Service: "iam", Type: "user", Noun: -1}
	}
}

// joinPlaceholder makes one token of "home/<their user name>/".
func (rd *Reading) joinPlaceholder(i int) {
	open := strings.Count(rd.Tokens[i].Text, "<")
	for j := i; open > 0 && j < len(rd.Tokens) && j < i+6; j++ {
		if !strings.Contains(rd.Tokens[j].Text, ">") && !(rd.Punct(j, ">")) {
			continue
		}
		if j > i {
			t := &rd.Tokens[i]
			t.Text, t.End = rd.Text[t.Start:rd.Tokens[j].End], rd.Tokens[j].End
			t.Lower, t.Kind = strings.ToLower(t.Text), token.Name
			rd.blank(i+1, j+1)
		}
		return
	}
}

// blank empties tokens that another one has swallowed.
func (rd *Reading) blank(from, to int) {
	rd.Take("part of the name", from, to)
	for j := from; j < to; j++ {
		rd.Tokens[j].Kind, rd.Tokens[j].Text, rd.Tokens[j].Lower, rd.Tokens[j].Lit = token.Word, "", "", token.Literal{}
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

// Variable reads words at i that say what the caller is called: "your IAM user name", "the
// caller's tag project", aws:username. The key is the tag they are compared with.
func (rd *Reading) Variable(i int, key string) (string, int, bool) {
	if v, ok := rd.Literal(i, token.VariableLiteral); ok {
		return v, i + 1, true
	}
	j, own := i, false
	for rd.Word(j, "the", "their", "your", "own", "his", "her", "its", "my", "our", "caller", "callers", "principal", "principals", "user", "users", "same", "value", "of", "as", "a", "that", "session", "iam", "calling", "role", "identity", "who", "calls", "requester", "person") {
		if rd.Word(j, "user", "role", "identity") && !rd.Word(j+1, "tag", "tags", "own") && !rd.Word(j-1, "the", "calling") {
			break
		}
		own = own || !rd.Word(j, "the", "same", "value", "of", "as", "a")
		j++
	}
	if rd.Punct(j, "'") {
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
	if own && j > i && key != "" && rd.Word(j-1, "own", "caller", "callers", "principal", "principals", "user") && rd.Ends(j) {
		return "${aws:PrincipalTag/" + key + "}", j, true
	}
	return "", 0, false
}

func (rd *Reading) spoken(i, n int) string {
	words := make([]string, 0, n)
	for j := i; j < i+n; j++ {
		if j >= len(rd.Tokens) || rd.Tokens[j].Kind != token.Word {
			return ""
		}
		words = append(words, rd.Tokens[j].Lower)
	}
	return strings.Join(words, " ")
}

// literalVariable reads a variable that is written as such: aws:username, aws:PrincipalTag/team.
func (rd *Reading) literalVariable(i int) (string, int, bool) {
	if !rd.Free(i) {
		return "", 0, false
	}
	text := rd.Tokens[i].Text
	if v, ok := rd.Literal(i, token.VariableLiteral); ok {
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
func (rd *Reading) principalTag(i int, own bool, key string) (string, int, bool) {
	if !own {
		return "", 0, false
	}
	tag := func(name string, end int) (string, int, bool) {
		if rd.Punct(end, "(") && rd.Word(end+1, "principal") && rd.Word(end+2, "tag") && rd.Punct(end+3, ")") {
			end += 4
		}
		return "${aws:PrincipalTag/" + name + "}", end, true
	}
	switch {
	case rd.Word(i, "tag", "tags"):
		if i+1 < len(rd.Tokens) && rd.TagName(i+1) && (rd.Tokens[i+1].Kind == token.Name || strings.EqualFold(rd.Tokens[i+1].Text, key)) {
			return tag(rd.Tokens[i+1].Text, i+2)
		}
		if key != "" {
			return tag(key, i+1)
		}
	case i+1 < len(rd.Tokens) && rd.Word(i+1, "tag") && rd.TagName(i):
		return tag(rd.Tokens[i].Text, i+2)
	case i < len(rd.Tokens) && key != "" && strings.EqualFold(rd.Tokens[i].Text, key):
		return tag(rd.Tokens[i].Text, i+1)
	}
	return "", 0, false
}

// TagName says whether token i may be the key of a tag.
func (rd *Reading) TagName(i int) bool {
	if !rd.Free(i) {
		return false
	}
	t := rd.Tokens[i]
	switch t.Kind {
	case token.Name:
		return true
	case token.Word:
		return t.Quote || !rd.Lexicon.Is("stop", t.Lower) && !rd.Lexicon.Is("preposition", t.Lower)
	}
	return false
}
