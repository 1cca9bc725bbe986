package reader

import (
	"strconv"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// readSessionRules reads what the caller must send with AssumeRole: external id, session name,
// source identity, session tags, duration.
func (rd *reading) readSessionRules() {
	for i := range rd.tokens {
		if rd.tokens[i].taken {
			continue
		}
		switch {
		case rd.externalID(i), rd.sessionName(i), rd.sourceIdentity(i), rd.sessionTags(i), rd.sessionLength(i):
		}
	}
}

// externalID reads "external id X", "ext id X", "ExternalId=X", "sts:ExternalId X".
func (rd *reading) externalID(i int) bool {
	t := rd.tokens[i]
	to := 0
	switch {
	case t.lit.kind == tagLiteral && strings.EqualFold(strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(t.lit.key, "-", "")), "sts:"), "externalid"):
		rd.require(i, i+1, "external id", intent.Constraint{Key: "sts:ExternalId", Values: []string{t.lit.value}})
		return true
	case rd.word(i, "external", "ext", "ext.") && rd.word(i+1, "id", "ids", "identifier"):
		to = i + 2
	case rd.word(i, "external", "ext") && rd.punct(i+1, ".") && rd.word(i+2, "id"):
		to = i + 3
	case rd.word(i, "externalid", "external-id", "ext-id", "extid", "external_id", "external-ids"), strings.EqualFold(t.text, "sts:ExternalId"):
		to = i + 1
	default:
		return false
	}
	values, end := rd.givenValues(to)
	if len(values) == 0 {
		rd.ask(rd.span(i, to), "Which external id must the caller send?")
		rd.take("external id", i, to)
		return true
	}
	rd.require(rd.ruleStart(i), end, "external id", intent.Constraint{Key: "sts:ExternalId", Values: values})
	return true
}

// ruleStart goes back over the words that only introduce a rule: "with the", "must pass".
func (rd *reading) ruleStart(i int) int {
	for rd.word(i-1, "with", "the", "must", "pass", "send", "require", "requires", "using", "an", "a", "only", "if", "when", "they", "needs", "provide", "provides", "specify", "and") && !rd.tokens[i-1].taken && !rd.word(i-1, "and") {
		i--
	}
	return i
}

// valueFillers stand between a rule and its value.
var valueFillers = []string{"is", "be", "of", "must", "should", "has", "have", "to", "equal", "equals", "the", "their", "its", "value", "set", "named", "called", "being", "=", "==", "match", "matches", "matching", "like", "as", "same", "exactly", "either"}

// givenValues reads the values behind a rule: chunks as written, in a list.
func (rd *reading) givenValues(i int) ([]string, int) {
	var out []string
	i = rd.pass(i, valueFillers...)
	if rd.punct(i, ":=(\"-") {
		i++
	}
	i = rd.pass(i, valueFillers...)
	end := i
	for i < len(rd.tokens) && rd.tokens[i].kind != punctToken && !rd.tokens[i].taken {
		t := rd.tokens[i]
		if t.kind == wordToken && (rd.Lexicon.Is("stop", t.lower) || len(out) > 0) {
			break
		}
		text, to := rd.chunk(i)
		out = append(out, text)
		end, i = to, to
		for rd.word(i, "or", "and") || rd.punct(i, ",") {
			i++
		}
		if i == end || !rd.word(i-1, "or", "and") {
			break
		}
	}
	return out, end
}

// sessionName reads rules on the name of the session.
func (rd *reading) sessionName(i int) bool {
	to := 0
	switch {
	case rd.word(i, "session") && rd.word(i+1, "name", "names"):
		to = i + 2
	case rd.word(i, "rolesessionname", "session-name"), strings.EqualFold(rd.tokens[i].text, "sts:RoleSessionName"):
		to = i + 1
	default:
		return false
	}
	if v, end, ok := rd.ownName(to); ok {
		rd.require(i, end, "session name", intent.Constraint{Key: "sts:RoleSessionName", Values: []string{v}})
		return true
	}
	start := rd.pass(to, "must", "should", "has", "to", "have", "that", "starts", "start", "starting", "begins", "begin", "beginning", "with", "prefix")
	prefix := rd.within(to, start, "starts", "start", "starting", "begins", "begin", "beginning", "prefix")
	values, end := rd.givenValues(start)
	if len(values) == 0 {
		return false
	}
	if prefix {
		for n := range values {
			values[n] = strings.TrimSuffix(values[n], "*") + "*"
		}
	}
	rd.require(i, end, "session name", intent.Constraint{Key: "sts:RoleSessionName", Values: values})
	return true
}

// ownName reads "their own IAM user name", "${aws:username}", "the caller's user name".
func (rd *reading) ownName(i int) (string, int, bool) {
	for j := i; j < len(rd.tokens) && j < i+12 && !rd.punct(j, ".\n,"); j++ {
		switch {
		case rd.tokens[j].lit.kind == variableLiteral:
			return rd.tokens[j].lit.value, j + 1, true
		case rd.word(j, "username", "user-name", "usernames"):
			return "${aws:username}", j + 1, true
		case rd.word(j, "user", "users", "login") && rd.word(j+1, "name", "names"):
			return "${aws:username}", j + 2, true
		case strings.EqualFold(rd.tokens[j].text, "aws:username"):
			return "${aws:username}", j + 1, true
		}
	}
	return "", i, false
}

// sourceIdentity reads that a source identity must or may be set.
func (rd *reading) sourceIdentity(i int) bool {
	to := 0
	switch {
	case rd.word(i, "source") && rd.word(i+1, "identity", "identities"):
		to = i + 2
	case rd.word(i, "sourceidentity", "source-identity"), strings.EqualFold(rd.tokens[i].text, "sts:SourceIdentity"):
		to = i + 1
	default:
		return false
	}
	rd.extraActions = append(rd.extraActions, "sts:SetSourceIdentity")
	if v, end, ok := rd.ownName(to); ok {
		rd.require(i, end, "source identity", intent.Constraint{Key: "sts:SourceIdentity", Values: []string{v}})
		return true
	}
	if values, end := rd.givenValues(to); len(values) > 0 && rd.tokens[end-1].kind != wordToken {
		rd.require(i, end, "source identity", intent.Constraint{Key: "sts:SourceIdentity", Values: values})
		return true
	}
	if rd.within(max(0, i-6), i, "must", "require", "requires", "required", "need", "needs", "mandatory", "only", "has", "have") || rd.within(to, min(len(rd.tokens), to+6), "required", "mandatory", "must") {
		rd.require(i, to, "source identity", intent.Constraint{Key: "sts:SourceIdentity", Test: intent.Exists})
		return true
	}
	rd.take("source identity", i, to)
	return true
}

// sessionTags reads tags that the caller passes: sts:TagSession with aws:RequestTag.
func (rd *reading) sessionTags(i int) bool {
	to := 0
	switch {
	case rd.word(i, "session") && rd.word(i+1, "tag", "tags"):
		to = i + 2
	case rd.word(i, "session-tag", "session-tags"):
		to = i + 1
	case rd.word(i, "tag", "tags") && rd.word(i+1, "the", "its", "their") && rd.word(i+2, "session", "sessions"):
		to = i + 3
	case rd.word(i, "tag") && rd.word(i+1, "session", "sessions"):
		to = i + 2
	case rd.word(i, "transitive") && rd.word(i+1, "tag", "tags", "key", "keys"):
		to = i + 2
	default:
		return false
	}
	transitive := rd.within(max(0, i-1), to, "transitive")
	rd.extraActions = append(rd.extraActions, "sts:TagSession")
	rd.take("session tags", i, to)
	j := rd.pass(to, "key", "keys", "named", "called", "with", "the", "value", "is", "only", "are", "must", "be", "for")
	if rd.punct(j, ":(") {
		j++
	}
	var keys []string
	for ; j < len(rd.tokens); j++ {
		t := rd.tokens[j]
		switch {
		case t.lit.kind == tagLiteral && !t.taken:
			rd.require(j, j+1, "session tag", intent.Constraint{Key: "aws:RequestTag/" + t.lit.key, Values: strings.Split(t.lit.value, "|")})
		case t.kind == nameToken && !t.taken, t.kind == wordToken && rd.properCase(j) && !t.taken:
			keys = append(keys, t.text)
			rd.take("session tag", j, j+1)
			if rd.word(j+1, "=", "is", "equals", "set") {
				if values, end := rd.givenValues(j + 1); len(values) > 0 {
					rd.require(j+1, end, "session tag", intent.Constraint{Key: "aws:RequestTag/" + t.text, Values: values})
					keys = keys[:len(keys)-1]
					j = end - 1
				}
			}
		case rd.punct(j, ",+"), rd.word(j, "and", "or", "key", "keys", "only"):
		default:
			rd.sessionTagKeys(i, to, keys, transitive)
			return true
		}
	}
	rd.sessionTagKeys(i, to, keys, transitive)
	return true
}

func (rd *reading) sessionTagKeys(from, to int, keys []string, transitive bool) {
	if len(keys) == 0 {
		return
	}
	key := "aws:TagKeys"
	if transitive {
		key = "sts:TransitiveTagKeys"
	}
	rd.require(from, to, "session tags", intent.Constraint{Key: key, Values: keys, Set: intent.All})
}

// sessionLength reads how long a session may last: "sessions of at most 1 hour".
func (rd *reading) sessionLength(i int) bool {
	if !rd.word(i, "session", "sessions", "duration") {
		return false
	}
	for j := i + 1; j < len(rd.tokens) && j < i+10 && !rd.punct(j, ".\n"); j++ {
		n, ok := rd.literal(j, numberLiteral)
		if !ok {
			continue
		}
		value, err := strconv.Atoi(n)
		unit := map[string]int{"second": 1, "seconds": 1, "minute": 60, "minutes": 60, "min": 60, "hour": 3600, "hours": 3600, "h": 3600}
		if j+1 >= len(rd.tokens) || err != nil || unit[rd.tokens[j+1].lower] == 0 {
			return false
		}
		rd.require(i, j+2, "length of the session", intent.Constraint{Key: "sts:DurationSeconds", Test: intent.LessOrEqual, Values: []string{strconv.Itoa(value * unit[rd.tokens[j+1].lower])}})
		return true
	}
	return false
}
