package automaton

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// Policy variables couple a pattern with a key of the request. Two methods, each sound for one
// answer, handle them.
//
// To prove that nothing matches all wanted patterns and no other, the value of a variable is a
// letter of its own, a marker. One wanted pattern, the anchor, says where the text has markers:
// every text that it matches is one with markers whose variables were replaced. The other
// wanted patterns are read generously (a marker can be any text), the unwanted ones strictly (a
// marker is matched by a * or by a variable that must have the same value). If no text with
// markers is left, no text is.
//
// To find a request, variables are replaced by texts in the documents, and the search is done
// without variables. What neither method decides is unknown.

// Variables are the policy variables that sets of texts have between them. The zero value has
// none yet.
type Variables struct {
	list    []variable
	numbers map[variable]int  // their places in the list
	names   map[string]string // of keys in lower case, as they were first written
}

// A variable is a policy variable as it stands in patterns.
type variable struct {
	key        string // in lower case
	fallback   string
	hasDefault bool
	fold       bool // in a pattern that takes its value in any case
}

// marker returns the letter that stands for a variable.
func (vs *Variables) marker(v policy.Variable, fold bool) rune {
	known := variable{strings.ToLower(v.Key), v.Default, v.HasDefault, fold}
	i, found := vs.numbers[known]
	if !found {
		if vs.names == nil {
			vs.names, vs.numbers = map[string]string{}, map[variable]int{}
		}
		if vs.names[known.key] == "" {
			vs.names[known.key] = v.Key
		}
		i = len(vs.list)
		vs.numbers[known] = i
		vs.list = append(vs.list, known)
	}
	return markers + rune(i)
}

func (vs *Variables) of(marker rune) variable { return vs.list[marker-markers] }

// sure reports whether a pattern with the variable of one marker matches the text that the
// variable of the other stands for, whatever the request. A variable without a default that
// stands for a text has its key in the request, so a default elsewhere does not count.
func (vs *Variables) sure(pattern, text rune) bool {
	if pattern < markers || text < markers {
		return false
	}
	p, t := vs.of(pattern), vs.of(text)
	return p.key == t.key && (p.fold || !t.fold) && (!t.hasDefault || p.hasDefault && p.fallback == t.fallback)
}

// The keys whose values have no colons, so that they cannot shift the fields of an ARN: page
// reference_policies_condition-keys. User names and tags are not among them: tags may hold
// colons, and a user name of a federated user may.
var colonless = []string{
	"aws:principalaccount", "aws:principalorgid", "aws:requestedregion", "aws:resourceaccount", "aws:resourceorgid",
	"aws:sourceaccount", "aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce",
}

// colonless reports whether what a marker stands for has no colon.
func (vs *Variables) colonless(marker rune) bool {
	v := vs.of(marker)
	return slices.Contains(colonless, v.key) && !strings.Contains(v.fallback, ":")
}

// Len returns how many variables there are.
func (vs *Variables) Len() int { return len(vs.list) }

// Any reports whether there are variables.
func (vs *Variables) Any() bool { return len(vs.list) > 0 }

// Keys returns the keys of all variables, in lower case, in the order in which they were read.
func (vs *Variables) Keys() []string {
	var keys []string
	listed := map[string]bool{}
	for _, v := range vs.list {
		if !listed[v.key] {
			listed[v.key] = true
			keys = append(keys, v.key)
		}
	}
	return keys
}

// Name returns a key of Keys as it was first written.
func (vs *Variables) Name(key string) string { return vs.names[key] }
