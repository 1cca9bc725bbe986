package explain

import (
	_ "embed" // the tables of phrases
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/tsv"
)

//go:embed keys.tsv
var keysTSV string

//go:embed operators.tsv
var operatorsTSV string

//go:embed kinds.tsv
var kindsTSV string

//go:embed trust.tsv
var trustTSV string

//go:embed nouns.tsv
var nounsTSV string

//go:embed services.tsv
var servicesTSV string

// A keyWords row says a condition key in words; keys.tsv explains the fields.
type keyWords struct {
	form, subject, is, isNot, plural, present, missing, absent string

	known bool // the key has a row of its own or its family's
}

// An operatorWords row says an operator in words; operators.tsv explains the fields.
type operatorWords struct {
	relation, one, several string
}

// A kindWords row says what a kind of policy is; kinds.tsv explains the fields.
type kindWords struct {
	kind                            policy.Kind
	name, nature, allow, rest, none string
}

// limits reports whether policies of the kind grant nothing and only bound what others grant.
func (k kindWords) limits() bool { return strings.HasPrefix(k.allow, "The limit") }

// addressed reports whether statements of the kind say whom they are for.
func (k kindWords) addressed() bool {
	return k.kind == policy.Trust || k.kind == policy.ResourceBased
}

// nounWords are the names of a resource type; nouns.tsv explains the fields.
type nounWords struct {
	one, several, preposition, suffix string
}

type tables struct {
	keys      map[string]keyWords
	operators map[condition.Base]operatorWords
	kinds     map[policy.Kind]kindWords
	trust     map[string]string
	nouns     map[string]nounWords
	services  map[string]string
}

var table = sync.OnceValue(func() tables {
	t := tables{
		keys:      make(map[string]keyWords),
		operators: make(map[condition.Base]operatorWords),
		kinds:     make(map[policy.Kind]kindWords),
		trust:     make(map[string]string),
		nouns:     make(map[string]nounWords),
		services:  make(map[string]string),
	}
	for _, r := range tsv.Rows(keysTSV, 9) {
		t.keys[strings.ToLower(r[0])] = keyWords{r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], true}
	}
	words := make(map[string]operatorWords)
	for _, r := range tsv.Rows(operatorsTSV, 4) {
		words[r[0]] = operatorWords{r[1], r[2], r[3]}
	}
	for _, b := range condition.Bases() {
		t.operators[b] = words[b.String()]
	}
	for _, r := range tsv.Rows(kindsTSV, 6) {
		t.kinds[policy.Kind(r[0])] = kindWords{policy.Kind(r[0]), r[1], r[2], r[3], r[4], r[5]}
	}
	for _, r := range tsv.Rows(trustTSV, 2) {
		t.trust[strings.ToLower(r[0])] = r[1]
	}
	for _, r := range tsv.Rows(nounsTSV, 6) {
		t.nouns[r[0]+" "+r[1]] = nounWords{r[2], r[3], r[4], r[5]}
	}
	for _, r := range tsv.Rows(servicesTSV, 2) {
		t.services[r[0]] = r[1]
	}
	return t
})

// kindOf returns the words of a kind; those of identity-based policies for one not known.
func kindOf(kind policy.Kind) kindWords {
	if k, ok := table().kinds[kind]; ok {
		return k
	}
	return table().kinds[policy.IdentityBased]
}
