package catalog

import (
	_ "embed" // the words that tell nothing apart
	"slices"
	"strings"
	"sync"
)

//go:embed stopwords.txt
var stopwordsText string

var stopwords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(stopwordsText) {
		if !strings.HasPrefix(line, "#") {
			for _, w := range strings.Fields(line) {
				words[w] = true
			}
		}
	}
	return words
})

// Terms returns the stems of the words of a text that can tell one action from
// another, sorted and without those in known. The order of the text is lost.
func Terms(text string, known ...string) []string {
	var terms []string
	for _, w := range Words(text) {
		if len(w) < 2 || stopwords()[w] {
			continue
		}
		if stem := Stem(w); !slices.Contains(known, stem) {
			terms = append(terms, stem)
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}
