package catalog

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"
)

// Results are what a search found, the best first in each list.
type Results struct {
	Services  []Match[*Service]
	Actions   []Match[*Action]
	Resources []Match[*ResourceType]
	Keys      []Match[*Key]
}

// A Match is one thing found, with its score. Scores compare within one search only.
type Match[T any] struct {
	Item  T
	Score float64
}

// Search returns the services, actions, resource types and condition keys whose
// names and search terms share words with the query, at most limit of each.
// Rare words count more than common ones, words of the name more than search
// terms, and a name of which more is asked for more than a longer one. The first
// search decodes all services.
func (c *Catalog) Search(query string, limit int) Results {
	x := c.searches()
	words := stemmer{}.withPieces(query)
	return Results{
		Services:  ranked(&x.services, words, limit),
		Actions:   ranked(&x.actions, words, limit),
		Resources: ranked(&x.resources, words, limit),
		Keys:      ranked(&x.keys, words, limit),
	}
}

// How much a word counts by where it stands.
const (
	inName    = 1.0
	inTerms   = 0.45
	inService = 0.4
)

type searchIndex struct {
	services  postings[*Service]
	actions   postings[*Action]
	resources postings[*ResourceType]
	keys      postings[*Key]
}

// postings say for each word which items have it, and with which weight. Items of
// one service stand together, so that the words of the service are kept once.
type postings[T any] struct {
	items  []T
	sizes  []float64 // how many words an item's name has
	byWord map[string]*[]posting
	groups map[string][]group
}

type posting struct {
	item   int32
	weight float32
}

// A group is the items from one place up to, not including, another.
type group struct{ from, to int32 }

func newSearchIndex(c *Catalog) *searchIndex {
	x := &searchIndex{}
	seen := map[string]bool{}
	words := stemmer{}
	for _, k := range GlobalKeys() {
		seen[strings.ToLower(k.Name)] = true
		x.keys.add(k, words.withPieces(localName(k.Name)), nil)
	}
	for _, e := range c.entries {
		s := e.load(c)
		if s == nil {
			continue
		}
		service := words.withPieces(s.Prefix + " " + s.Name)
		x.services.add(s, service, nil)
		actions, resources, keys := len(x.actions.items), len(x.resources.items), len(x.keys.items)
		for _, a := range s.Actions {
			x.actions.add(a, words.of(a.Name), a.Terms)
		}
		for _, r := range s.Resources {
			x.resources.add(r, words.withPieces(r.Name), nil)
		}
		for _, k := range s.Keys {
			if name := strings.ToLower(k.Name); !seen[name] {
				seen[name] = true
				x.keys.add(k, words.withPieces(localName(k.Name)), nil)
			}
		}
		x.actions.group(actions, service)
		x.resources.group(resources, service)
		x.keys.group(keys, service)
	}
	return x
}

func localName(key string) string {
	_, local, _ := strings.Cut(key, ":")
	return local
}

// A stemmer remembers stems, by words as they are spelled, while many names are read.
type stemmer map[string]string

// of returns the distinct stems of the words of a name.
func (m stemmer) of(name string) []string {
	return m.appendTo(nil, rawWords(name))
}

// withPieces returns also the stems of names such as CloudWatch in one piece.
func (m stemmer) withPieces(text string) []string {
	pieces := strings.FieldsFuncSeq(text, func(r rune) bool { return r < 0x80 && !alphanumeric(byte(r)) })
	return m.appendTo(m.of(text), pieces)
}

func (m stemmer) appendTo(stems []string, words iter.Seq[string]) []string {
	for word := range words {
		stem, ok := m[word]
		if !ok {
			lowered := strings.ToLower(word)
			if !stopwords()[lowered] {
				stem = Stem(lowered)
			}
			m[word] = stem
		}
		if stem != "" && !slices.Contains(stems, stem) {
			stems = append(stems, stem)
		}
	}
	return stems
}

// add indexes an item under each of its words once.
func (p *postings[T]) add(item T, name, terms []string) {
	if p.byWord == nil {
		p.byWord = map[string]*[]posting{}
	}
	id := int32(len(p.items))
	p.items = append(p.items, item)
	p.sizes = append(p.sizes, float64(len(name)))
	for _, w := range name {
		p.post(w, posting{id, inName})
	}
	for _, w := range terms {
		p.post(w, posting{id, inTerms})
	}
}

func (p *postings[T]) post(word string, post posting) {
	list := p.byWord[word]
	if list == nil {
		list = new([]posting)
		p.byWord[word] = list
	}
	if n := len(*list); n == 0 || (*list)[n-1].item != post.item {
		*list = append(*list, post)
	}
}

// group gives the items that were added since from the words of their service.
func (p *postings[T]) group(from int, words []string) {
	if from == len(p.items) {
		return
	}
	if p.groups == nil {
		p.groups = map[string][]group{}
	}
	for _, w := range words {
		p.groups[w] = append(p.groups[w], group{int32(from), int32(len(p.items))})
	}
}

// ranked returns the best items for the words of a query.
func ranked[T any](p *postings[T], words []string, limit int) []Match[T] {
	scores := make([]float64, len(p.items))
	counted := make([]int, len(p.items)) // the last word that an item was given points for
	var most float64
	for i, w := range words {
		var list []posting
		if found := p.byWord[w]; found != nil {
			list = *found
		}
		n := len(list)
		for _, g := range p.groups[w] {
			n += int(g.to - g.from)
		}
		idf := math.Log(1 + float64(len(p.items))/float64(1+n))
		most += idf
		for _, post := range list {
			scores[post.item] += idf * float64(post.weight)
			counted[post.item] = i + 1
		}
		for _, g := range p.groups[w] {
			for item := g.from; item < g.to; item++ {
				if counted[item] != i+1 {
					scores[item] += idf * inService
				}
			}
		}
	}
	var ids []int32
	for id, score := range scores {
		if score > 0 {
			scores[id] = score / most / math.Sqrt(4+p.sizes[id])
			ids = append(ids, int32(id))
		}
	}
	slices.SortFunc(ids, func(a, b int32) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b))
	})
	ids = ids[:min(max(limit, 0), len(ids))]
	matches := make([]Match[T], 0, len(ids))
	for _, id := range ids {
		matches = append(matches, Match[T]{p.items[id], scores[id]})
	}
	return matches
}
