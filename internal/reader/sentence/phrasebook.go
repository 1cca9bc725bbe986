package sentence

import (
	"sort"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// Everywhere says that a word stands in so many action names of a service that nobody says it:
// the "DB" of every database action.
func (b *Phrasebook) Everywhere(noun string) bool {
	count := 0
	for i := range b.Derived {
		for _, n := range b.Derived[i].Nouns {
			if n == noun {
				count++
				break
			}
		}
	}
	return 4*count > len(b.Derived)
}

// OwnSlot says that a slot only repeats what the service is called.
func (b *Phrasebook) OwnSlot(slot lexicon.Slot) bool {
	for w := range slot.Words {
		if !b.Own[w] {
			return false
		}
	}
	return len(slot.Words) > 0
}

// SortedKeys returns the members of a set in order.
func SortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// A Library is what readings look up: what AWS offers and how people speak of it. It is safe for
// concurrent use.
type Library struct {
	Catalog *catalog.Catalog
	Lexicon *lexicon.Lexicon

	books sync.Map // service prefix -> *phrasebook, made when first needed
}

// NewLibrary returns a library over a catalog and a lexicon.
func NewLibrary(c *catalog.Catalog, l *lexicon.Lexicon) *Library {
	return &Library{Catalog: c, Lexicon: l}
}

// A Phrasebook is all wordings of one service: its tasks, and one wording for every action
// derived from the action's name.
type Phrasebook struct {
	Service *catalog.Service
	lexicon *lexicon.Service
	Tasks   []*lexicon.Task
	Derived []Derived
	Vocab   map[string]bool // stems that occur in action names and resource types
	Verbs   map[string]bool // words that its wordings begin with
	Own     map[string]bool // stems of the service's own name, which say nothing about the action
}

// A Derived wording is what an action's name says.
type Derived struct {
	Action *catalog.Action
	Verb   string   // first word, lower case
	Nouns  []string // stems of the other words
	Plural bool     // the last noun is a plural
	Terms  map[string]bool
}

// Book returns the phrasebook of a service prefix, or nil if the catalog has no such service.
func (rd *Reading) Book(prefix string) *Phrasebook {
	if b, ok := rd.books.Load(prefix); ok {
		return b.(*Phrasebook)
	}
	service, ok := rd.Catalog.Service(prefix)
	if !ok {
		return nil
	}
	b := &Phrasebook{Service: service, Vocab: map[string]bool{}, Own: map[string]bool{}, Verbs: map[string]bool{}}
	if ls, ok := rd.Lexicon.Service(prefix); ok {
		b.lexicon, b.Tasks = ls, ls.Tasks()
		for _, t := range b.Tasks {
			for _, p := range t.Says {
				if len(p.Slots) > 0 {
					for w := range p.Slots[0].Words {
						b.Verbs[w] = true
					}
				}
			}
		}
	}
	for _, w := range append(catalog.Words(service.Name), strings.Split(prefix, "-")...) {
		b.Own[catalog.Stem(strings.ToLower(w))] = true
	}
	for _, a := range service.Actions {
		if rd.Lexicon.Is("retired", strings.ToLower(a.String())) {
			continue
		}
		d := Derive(a)
		b.Derived = append(b.Derived, d)
		for _, n := range d.Nouns {
			b.Vocab[n] = true
		}
		b.Vocab[catalog.Stem(d.Verb)] = true
		b.Verbs[catalog.Stem(d.Verb)] = true
	}
	for _, r := range service.Resources {
		for _, w := range catalog.Words(r.Name) {
			b.Vocab[catalog.Stem(w)] = true
		}
	}
	kept, _ := rd.books.LoadOrStore(prefix, b)
	return kept.(*Phrasebook)
}

// Derive reads the wording that the name of an action is.
func Derive(a *catalog.Action) Derived {
	words := catalog.Words(a.Name)
	d := Derived{Action: a, Terms: map[string]bool{}}
	if len(words) == 0 {
		return d
	}
	d.Verb = words[0]
	rest := words[1:]
	if d.Verb == "batch" && len(rest) > 0 {
		d.Verb, rest = rest[0], append([]string{"batch"}, rest[1:]...)
	}
	for _, w := range rest {
		switch w {
		case "by", "for", "to", "in", "of", "from", "with", "and", "on", "the", "as", "a", "v2", "v", "2":
			continue
		}
		d.Nouns = append(d.Nouns, catalog.Stem(w))
	}
	if len(rest) > 0 {
		last := rest[len(rest)-1]
		d.Plural = strings.HasSuffix(last, "s") && catalog.Stem(last) != last
	}
	for _, t := range a.Terms {
		d.Terms[t] = true
	}
	return d
}
