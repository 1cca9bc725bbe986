package condition

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

const arnFields = 6 // arn:partition:service:region:account:resource

// A SplitARN is a text of a request, taken apart for matching with ARN patterns.
type SplitARN struct {
	text   string
	fields [arnFields]string
	isARN  bool // has all fields
}

// Split takes a text apart. A text that is not an ARN, such as *, is matched only by patterns
// that begin with a star and have no fields.
func Split(text string) SplitARN {
	s := SplitARN{text: text}
	rest := text
	for i := range arnFields - 1 {
		field, after, found := strings.Cut(rest, ":")
		if !found {
			return s
		}
		s.fields[i], rest = field, after
	}
	s.fields[arnFields-1] = rest
	s.isARN = true
	return s
}

// String returns the text as it was before it was split.
func (s *SplitARN) String() string { return s.text }

// The order of comparison: the fields that tell most ARNs apart come first.
var fieldOrder = [arnFields]int{2, 5, 3, 4, 1, 0}

func (s *SplitARN) matches(pattern *[arnFields]wildcard.Pattern) bool {
	if !s.isARN {
		return false
	}
	for _, i := range fieldOrder {
		if !pattern[i].Match(s.fields[i]) {
			return false
		}
	}
	return true
}

// compileFields completes an ARN of fewer than six fields with wildcards, as the page
// reference_policies_elements_resource says.
func compileFields(text string) *[arnFields]wildcard.Pattern {
	var fields [arnFields]wildcard.Pattern
	parts, n := arn.Fields(text)
	for i := range fields {
		part := "*"
		if i < n {
			part = parts[i]
		}
		fields[i] = wildcard.Compile(part)
	}
	return &fields
}

// matchExpandedARN is arn.MatchPattern for a pattern whose variables were expanded. Colons
// that come from a variable separate fields like any other: the values are put in before
// the pattern is matched.
func matchExpandedARN(pattern []rune, text string) bool {
	var fields [arnFields][]rune
	n := 0
	for rest := pattern; n < arnFields; n++ {
		colon := slices.Index(rest, ':')
		if colon < 0 || n == arnFields-1 {
			fields[n] = rest
			n++
			break
		}
		fields[n], rest = rest[:colon], rest[colon+1:]
	}
	if n < arnFields && len(pattern) > 0 && pattern[0] == markStar {
		return matchRunes(pattern, text, false)
	}
	target := Split(text)
	if !target.isARN {
		return false
	}
	for i := range n {
		if !matchRunes(fields[i], target.fields[i], false) {
			return false
		}
	}
	return true
}
