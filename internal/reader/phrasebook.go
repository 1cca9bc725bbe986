package reader

import (
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// A library is what readings look up: what AWS offers and how people speak of it. It is safe for
// concurrent use.
type library struct {
	Catalog *catalog.Catalog
	Lexicon *lexicon.Lexicon

	books sync.Map // service prefix -> *phrasebook, made when first needed
}

// newLibrary returns a library over a catalog and a lexicon.
func newLibrary(c *catalog.Catalog, l *lexicon.Lexicon) *library {
	return &library{Catalog: c, Lexicon: l}
}

// A phrasebook is all wordings of one service: its tasks, and one wording for every action
// derived from the action's name.
type phrasebook struct {
	service *catalog.Service
	lexicon *lexicon.Service
	tasks   []*lexicon.Task
	derived []derived
	vocab   map[string]bool // stems that occur in action names and resource types
	verbs   map[string]bool // words that its wordings begin with
	own     map[string]bool // stems of the service's own name, which say nothing about the action
}

// A derived wording is what an action's name says.
type derived struct {
	action *catalog.Action
	verb   string   // first word, lower case
	nouns  []string // stems of the other words
	plural bool     // the last noun is a plural
	terms  map[string]bool
}

// book returns the phrasebook of a service prefix, or nil if the catalog has no such service.
func (rd *reading) book(prefix string) *phrasebook {
	if b, ok := rd.books.Load(prefix); ok {
		return b.(*phrasebook)
	}
	service, ok := rd.Catalog.Service(prefix)
	if !ok {
		return nil
	}
	b := &phrasebook{service: service, vocab: map[string]bool{}, own: map[string]bool{}, verbs: map[string]bool{}}
	if ls, ok := rd.Lexicon.Service(prefix); ok {
		b.lexicon, b.tasks = ls, ls.Tasks()
		for _, t := range b.tasks {
			for _, p := range t.Says {
				if len(p.Slots) > 0 {
					for w := range p.Slots[0].Words {
						b.verbs[w] = true
					}
				}
			}
		}
	}
	for _, w := range append(catalog.Words(service.Name), strings.Split(prefix, "-")...) {
		b.own[catalog.Stem(strings.ToLower(w))] = true
	}
	for _, a := range service.Actions {
		d := derive(a)
		b.derived = append(b.derived, d)
		for _, n := range d.nouns {
			b.vocab[n] = true
		}
		b.vocab[catalog.Stem(d.verb)] = true
		b.verbs[catalog.Stem(d.verb)] = true
	}
	for _, r := range service.Resources {
		for _, w := range catalog.Words(r.Name) {
			b.vocab[catalog.Stem(w)] = true
		}
	}
	kept, _ := rd.books.LoadOrStore(prefix, b)
	return kept.(*phrasebook)
}

func derive(a *catalog.Action) derived {
	words := catalog.Words(a.Name)
	d := derived{action: a, terms: map[string]bool{}}
	if len(words) == 0 {
		return d
	}
	d.verb = words[0]
	rest := words[1:]
	if d.verb == "batch" && len(rest) > 0 {
		d.verb, rest = rest[0], append([]string{"batch"}, rest[1:]...)
	}
	for _, w := range rest {
		switch w {
		case "by", "for", "to", "in", "of", "from", "with", "and", "on", "the", "as", "a", "v2", "v", "2":
			continue
		}
		d.nouns = append(d.nouns, catalog.Stem(w))
	}
	if len(rest) > 0 {
		last := rest[len(rest)-1]
		d.plural = strings.HasSuffix(last, "s") && catalog.Stem(last) != last
	}
	for _, t := range a.Terms {
		d.terms[t] = true
	}
	return d
}
