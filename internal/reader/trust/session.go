package trust

import (
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// readSessionRules reads what the caller must send with AssumeRole: external id, session name,
// source identity, session tags, duration.
func (rd *Reading) readSessionRules() {
	for i := range rd.Tokens {
		if rd.Tokens[i].Taken {
			continue
		}
		switch {
		case rd.externalID(i), rd.sessionName(i), rd.sourceIdentity(i), rd.sessionTags(i), rd.sessionLength(i):
		}
	}
}

// externalID reads "external id X", "ext id X", "ExternalId=X", "sts:ExternalId X".
func (rd *Reading) externalID(i int) bool {
	t := rd.Tokens[i]
	to := 0
	switch {
	case t.Lit.Kind == token.TagLiteral && strings.EqualFold(strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(t.Lit.Key, "-", "")), "sts:"), "externalid"):
		rd.Require(i, i+1, "external id", intent.Constraint{Key: "sts:ExternalId", Values: []string{t.Lit.Value}})
		return true
	case rd.Word(i, "external", "ext", "ext.") && rd.Word(i+1, "id", "ids", "identifier"):
		to = i + 2
	case rd.Word(i, "external", "ext") && rd.Punct(i+1, ".") && rd.Word(i+2, "id"):
		to = i + 3
	case rd.Word(i, "externalid", "external-id", "ext-id", "extid", "external_id", "external-ids"), strings.EqualFold(t.Text, "sts:ExternalId"):
		to = i + 1
	default:
		return false
	}
	values, end := rd.givenValues(to)
	if len(values) == 0 {
		rd.Ask(rd.Span(i, to), "Which external id must the caller send?")
		rd.Take("external id", i, to)
		return true
	}
	rd.Require(rd.ruleStart(i), end, "external id", intent.Constraint{Key: "sts:ExternalId", Values: values})
	return true
}

// ruleStart goes back over the words that only introduce a rule: "with the", "must pass".
func (rd *Reading) ruleStart(i int) int {
	for rd.Word(i-1, "with", "the", "must", "pass", "send", "require", "requires", "using", "an", "a", "only", "if", "when", "they", "needs", "provide", "provides", "specify", "and") && !rd.Tokens[i-1].Taken && !rd.Word(i-1, "and") {
		i--
	}
	return i
}

// valueFillers stand between a rule and its value.
var valueFillers = []string{"is", "be", "of", "must", "should", "has", "have", "to", "equal", "equals", "the", "their", "its", "value", "set", "named", "called", "being", "=", "==", "match", "matches", "matching", "like", "as", "same", "exactly", "either"}

// givenValues reads the values behind a rule: chunks as written, in a list.
func (rd *Reading) givenValues(i int) ([]string, int) {
	var out []string
	i = rd.Pass(i, valueFillers...)
	if rd.Punct(i, ":=(\"-") {
		i++
	}
	i = rd.Pass(i, valueFillers...)
	end := i
	for i < len(rd.Tokens) && rd.Tokens[i].Kind != token.Punct && !rd.Tokens[i].Taken {
		t := rd.Tokens[i]
		if t.Kind == token.Word && (rd.Lexicon.Is("stop", t.Lower) || len(out) > 0) {
			break
		}
		text, to := rd.Chunk(i)
		out = append(out, text)
		end, i = to, to
		for rd.Word(i, "or", "and") || rd.Punct(i, ",") {
			i++
		}
		if i == end || !rd.Word(i-1, "or", "and") {
			break
		}
	}
	return out, end
}

// sessionName reads rules on the name of the session.
func (rd *Reading) sessionName(i int) bool {
	to := 0
	switch {
	case rd.Word(i, "session") && rd.Word(i+1, "name", "names"):
		to = i + 2
	case rd.Word(i, "rolesessionname", "session-name"), strings.EqualFold(rd.Tokens[i].Text, "sts:RoleSessionName"):
		to = i + 1
	default:
		return false
	}
	if v, end, ok := rd.ownName(to); ok {
		rd.Require(i, end, "session name", intent.Constraint{Key: "sts:RoleSessionName", Values: []string{v}})
		return true
	}
	start := rd.Pass(to, "must", "should", "has", "to", "have", "that", "starts", "start", "starting", "begins", "begin", "beginning", "with", "prefix")
	prefix := rd.Within(to, start, "starts", "start", "starting", "begins", "begin", "beginning", "prefix")
	values, end := rd.givenValues(start)
	if len(values) == 0 {
		return false
	}
	if prefix {
		for n := range values {
			values[n] = strings.TrimSuffix(values[n], "*") + "*"
		}
	}
	rd.Require(i, end, "session name", intent.Constraint{Key: "sts:RoleSessionName", Values: values})
	return true
}

// ownName reads "their own IAM user name", "${aws:username}", "the caller's user name".
func (rd *Reading) ownName(i int) (string, int, bool) {
	for j := i; j < len(rd.Tokens) && j < i+12 && !rd.Punct(j, ".\n,"); j++ {
		switch {
		case rd.Tokens[j].Lit.Kind == token.VariableLiteral:
			return rd.Tokens[j].Lit.Value, j + 1, true
		case rd.Word(j, "username", "user-name", "usernames"):
			return "${aws:username}", j + 1, true
		case rd.Word(j, "user", "users", "login") && rd.Word(j+1, "name", "names"):
			return "${aws:username}", j + 2, true
		case strings.EqualFold(rd.Tokens[j].Text, "aws:username"):
			return "${aws:username}", j + 1, true
		}
	}
	return "", i, false
}

// sourceIdentity reads that a source identity must or may be set.
func (rd *Reading) sourceIdentity(i int) bool {
	to := 0
	switch {
	case rd.Word(i, "source") && rd.Word(i+1, "identity", "identities"):
		to = i + 2
	case rd.Word(i, "sourceidentity", "source-identity"), strings.EqualFold(rd.Tokens[i].Text, "sts:SourceIdentity"):
		to = i + 1
	default:
		return false
	}
	rd.ExtraActions = append(rd.ExtraActions, "sts:SetSourceIdentity")
	if v, end, ok := rd.ownName(to); ok {
		rd.Require(i, end, "source identity", intent.Constraint{Key: "sts:SourceIdentity", Values: []string{v}})
		return true
	}
	if values, end := rd.givenValues(to); len(values) > 0 && rd.Tokens[end-1].Kind != token.Word {
		rd.Require(i, end, "source identity", intent.Constraint{Key: "sts:SourceIdentity", Values: values})
		return true
	}
	if rd.Within(max(0, i-6), i, "must", "require", "requires", "required", "need", "needs", "mandatory", "only", "has", "have") || rd.Within(to, min(len(rd.Tokens), to+6), "required", "mandatory", "must") {
		rd.Require(i, to, "source identity", intent.Constraint{Key: "sts:SourceIdentity", Test: intent.Exists})
		return true
	}
	rd.Take("source identity", i, to)
	return true
}

// sessionTags reads tags that the caller passes: sts:TagSession with aws:RequestTag.
func (rd *Reading) sessionTags(i int) bool {
	to := 0
	switch {
	case rd.Word(i, "session") && rd.Word(i+1, "tag", "tags"):
		to = i + 2
	case rd.Word(i, "session-tag", "session-tags"):
		to = i + 1
	case rd.Word(i, "tag", "tags") && rd.Word(i+1, "the", "its", "their") && rd.Word(i+2, "session", "sessions"):
		to = i + 3
	case rd.Word(i, "tag") && rd.Word(i+1, "session", "sessions"):
		to = i + 2
	case rd.Word(i, "transitive") && rd.Word(i+1, "tag", "tags", "key", "keys"):
		to = i + 2
	default:
		return false
	}
	transitive := rd.Within(max(0, i-1), to, "transitive")
	rd.ExtraActions = append(rd.ExtraActions, "sts:TagSession")
	rd.Take("session tags", i, to)
	j := rd.Pass(to, "key", "keys", "named", "called", "with", "the", "value", "is", "only", "are", "must", "be", "for")
	if rd.Punct(j, ":(") {
		j++
	}
	var keys []string
	for ; j < len(rd.Tokens); j++ {
		t := rd.Tokens[j]
		switch {
		case t.Lit.Kind == token.TagLiteral && !t.Taken:
			rd.Require(j, j+1, "session tag", intent.Constraint{Key: "aws:RequestTag/" + t.Lit.Key, Values: strings.Split(t.Lit.Value, "|")})
		case t.Kind == token.Name && !t.Taken, t.Kind == token.Word && rd.ProperCase(j) && !t.Taken:
			keys = append(keys, t.Text)
			rd.Take("session tag", j, j+1)
			if rd.Word(j+1, "=", "is", "equals", "set") {
				if values, end := rd.givenValues(j + 1); len(values) > 0 {
					rd.Require(j+1, end, "session tag", intent.Constraint{Key: "aws:RequestTag/" + t.Text, Values: values})
					keys = keys[:len(keys)-1]
					j = end - 1
				}
			}
		case rd.Punct(j, ",+"), rd.Word(j, "and", "or", "key", "keys", "only"):
		default:
			rd.sessionTagKeys(i, to, keys, transitive)
			return true
		}
	}
	rd.sessionTagKeys(i, to, keys, transitive)
	return true
}

func (rd *Reading) sessionTagKeys(from, to int, keys []string, transitive bool) {
	if len(keys) == 0 {
		return
	}
	if start := rd.ruleStart(from); !transitive && rd.Within(start, from, "must", "require", "requires", "needs") {
		for _, k := range keys {
			rd.Require(start, to, "session tags", intent.Constraint{Key: "aws:RequestTag/" + k, Test: intent.Exists})
		}
		return
	}
	key := "aws:TagKeys"
	if transitive {
		key = "sts:TransitiveTagKeys"
	}
	rd.Require(from, to, "session tags", intent.Constraint{Key: key, Values: keys, Set: intent.All})
}

// sessionLength reads how long a session may last: "sessions of at most 1 hour".
func (rd *Reading) sessionLength(i int) bool {
	if !rd.Word(i, "session", "sessions", "duration") {
		return false
	}
	for j := i + 1; j < len(rd.Tokens) && j < i+10 && !rd.Punct(j, ".\n"); j++ {
		n, ok := rd.Literal(j, token.NumberLiteral)
		if !ok {
			continue
		}
		value, err := strconv.Atoi(n)
		unit := map[string]int{"second": 1, "seconds": 1, "minute": 60, "minutes": 60, "min": 60, "hour": 3600, "hours": 3600, "h": 3600}
		if j+1 >= len(rd.Tokens) || err != nil || unit[rd.Tokens[j+1].Lower] == 0 {
			return false
		}
		rd.Require(i, j+2, "length of the session", intent.Constraint{Key: "sts:DurationSeconds", Test: intent.LessOrEqual, Values: []string{strconv.Itoa(value * unit[rd.Tokens[j+1].Lower])}})
		return true
	}
	return false
}
