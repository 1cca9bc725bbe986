package arn

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/wildcard"
)

// MatchPattern reports whether a pattern, as it stands in a Resource element or beside
// ArnEquals and ArnLike, matches an ARN. The six fields are matched one by one, with regard
// to case: a * of one field does not reach into the next, and in the resource field it
// takes colons and slashes. Three patterns are not six fields:
//
//   - "*" matches every text, also one that is no ARN;
//   - a pattern of fewer fields that begins with * is matched against the whole text;
//   - any other pattern of fewer fields is completed with fields of *, as IAM does.
//
// Variables in the pattern are not replaced: their text stands for itself.
func MatchPattern(pattern, arn string) bool {
	if pattern == "*" {
		return true
	}
	want, n := Fields(pattern)
	if n < len(want) && strings.HasPrefix(pattern, "*") {
		return wildcard.Match(pattern, arn)
	}
	have, ok := split(arn)
	if !ok {
		return false
	}
	for i := range n {
		if want[i] != "*" && !wildcard.Match(want[i], have[i]) {
			return false
		}
	}
	return true
}

// split splits a concrete ARN, in which ${ has no meaning.
func split(s string) (fields [6]string, ok bool) {
	for n := range len(fields) - 1 {
		i := strings.IndexByte(s, ':')
		if i < 0 {
			return fields, false
		}
		fields[n], s = s[:i], s[i+1:]
	}
	fields[len(fields)-1] = s
	return fields, true
}
