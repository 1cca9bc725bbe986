package catalog

import (
	_ "embed" // the words and endings with a rule of their own
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/tsv"
)

//go:embed stems.tsv
var stemsTSV string

// stemTables holds stems.tsv: whole words, and endings that lost an e, of which
// some need a consonant in front.
type stemTables struct {
	words        map[string]string
	ends, afters []string
}

var stems = sync.OnceValue(func() stemTables {
	t := stemTables{words: map[string]string{}}
	for _, row := range tsv.Rows(stemsTSV, 3) {
		switch kind, text, stem := row[0], row[1], row[2]; kind {
		case "word":
			t.words[text] = stem
		case "end":
			t.ends = append(t.ends, text)
		case "cons":
			t.afters = append(t.afters, text)
		}
	}
	return t
})

// Stem reduces a lower-case English word to the form under which the catalog and
// the reader look it up: plurals become singular, and -ing and -ed go, with the e
// that they replaced put back. "policies" is policy, "running" is run, "deleted"
// is delete; "dns" and "status" stay.
func Stem(word string) string {
	if len(word) < 4 {
		return word
	}
	t := stems()
	if stem, ok := t.words[word]; ok {
		return stem
	}
	word = singular(word)
	if stem, ok := t.words[word]; ok {
		return stem
	}
	switch {
	case strings.HasSuffix(word, "eed"): // need, feed, proceed
		return word
	case strings.HasSuffix(word, "ied") && len(word) > 4: // copied, verified
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "ied"): // tied
		return word[:len(word)-1]
	case strings.HasSuffix(word, "ing"):
		return t.restore(word, word[:len(word)-3])
	case strings.HasSuffix(word, "ed"):
		return t.restore(word, word[:len(word)-2])
	}
	return word
}

// singular takes the s of a plural away.
func singular(word string) string {
	n := len(word)
	if n < 4 || word[n-1] != 's' {
		return word
	}
	switch {
	case hasAnySuffix(word, "ss", "us", "is"):
		return word
	case strings.HasSuffix(word, "ies") && n > 4:
		return word[:n-3] + "y"
	case hasAnySuffix(word, "sses", "xes", "ches", "shes"):
		return word[:n-2]
	}
	return word[:n-1]
}

// restore returns what -ing or -ed was added to; the word itself if what is left
// is too short to be a verb.
func (t stemTables) restore(word, stem string) string {
	n := len(stem)
	if n < 2 || !strings.ContainsAny(stem, "aeiouy") {
		return word
	}
	last := stem[n-1]
	if last == stem[n-2] && !vowel(last) {
		if strings.IndexByte("lsfz", last) >= 0 {
			return stem // enroll, process
		}
		return stem[:n-1] // tag, run, stop
	}
	if hasAnySuffix(stem, t.ends...) {
		return stem + "e"
	}
	for _, end := range t.afters {
		if i := n - len(end) - 1; i >= 0 && stem[i+1:] == end && !vowel(stem[i]) {
			return stem + "e"
		}
	}
	return stem
}

func hasAnySuffix(word string, suffixes ...string) bool {
	for _, s := range suffixes {
		if strings.HasSuffix(word, s) {
			return true
		}
	}
	return false
}

func vowel(b byte) bool { return strings.IndexByte("aeiou", b) >= 0 }
