// Package lexicon holds what the offline reader knows about words: how people name AWS
// services and resource types, verb classes, function words, and the phrasebook of tasks that
// says which actions an everyday wording stands for. All of it is data in text files.
package lexicon

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/catalog"
)

//go:embed services/*.txt verbs.txt words.txt regions.txt
var files embed.FS

// A Lexicon is all data of the reader. It is safe for concurrent use.
type Lexicon struct {
	services map[string]*Service
	prefixes []string
	phrases  map[string][]Entry  // by the first word of the phrase
	classes  map[string][]string // word or hyphenated phrase -> verb classes
	apis     map[string][]string // verb class -> first words of action names
	words    map[string]map[string]bool
	regions  map[string]string            // spoken name -> region code
	pairs    map[string]map[string]string // list of words.txt -> its members FROM=TO
	spoken   func() map[string]bool
	spelling func() []string
}

// An EntryKind says what a phrase of the lexicon names.
type EntryKind int

// The kinds of entries.
const (
	Name EntryKind = iota // a service, unmistakably
	Noun                  // a resource type of a service
	Hint                  // a word that makes a service likelier
	Key                   // a condition key
)

// An Entry is one phrase of the lexicon and what it names.
type Entry struct {
	Words   []string // stems
	Kind    EntryKind
	Service string
	Type    string // resource type, or condition key
	Text    string // of a name of one word: the word as written
	Named   bool   // a noun that begins with its service's name: "proton environment"
}

// A Service is the phrasebook of one service.
type Service struct {
	Prefix    string
	Principal string
	IDs       []ID
	Main      string              // the resource type that the first noun names
	Nouns     map[string][]string // resource type -> phrases as written
	entries   []Entry

	source string
	once   sync.Once
	tasks  []*Task
}

// An ID is the shape of a resource type's identifiers, such as j-* for clusters.
type ID struct {
	Type, Prefix, Suffix string
}

// A Task is one everyday wording and the actions that experts grant for it.
type Task struct {
	Service string
	Name    string
	Says    []Pattern
	Do      []Do
	With    []Companion
	Where   []Test
	Why     string
	Page    string
}

// A Test limits a task to requests whose condition key has one of the values.
type Test struct {
	Key    string
	Values []string
}

// A Do lists actions of a task, limited to resource types if On is set.
type Do struct {
	Actions []string // with their service prefix
	On      []string
}

// A Companion is an action that AWS also requires.
type Companion struct {
	Action, Because string
}

// A Pattern is a wording: every slot that is not optional must be found.
type Pattern struct {
	Slots []Slot
}

// A Slot is one place of a pattern with its alternatives.
type Slot struct {
	Words    map[string]bool // stems; several words joined by hyphens
	Classes  map[string]bool // verb classes
	Optional bool
	Not      bool
}

var load = sync.OnceValues(func() (*Lexicon, error) { return parse(files) })

// Default returns the embedded lexicon.
func Default() *Lexicon {
	l, err := load()
	if err != nil {
		panic("lexicon: " + err.Error()) // the embedded files are checked by a test
	}
	return l
}

func parse(fsys fs.FS) (*Lexicon, error) {
	l := &Lexicon{
		services: map[string]*Service{}, phrases: map[string][]Entry{},
		classes: map[string][]string{}, apis: map[string][]string{},
		words: map[string]map[string]bool{}, regions: map[string]string{}, pairs: map[string]map[string]string{},
	}
	l.spoken, l.spelling = sync.OnceValue(l.phraseStems), sync.OnceValue(l.spellings)
	if err := l.parseVerbs(fsys); err != nil {
		return nil, err
	}
	if err := l.parseWords(fsys); err != nil {
		return nil, err
	}
	names, err := fs.Glob(fsys, "services/*.txt")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		s, err := parseService(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		l.add(s)
	}
	sort.Strings(l.prefixes)
	l.addCatalogNames(catalog.Default())
	l.markNamed()
	return l, nil
}

// addCatalogNames adds the names under which the catalog knows the services, without the
// words Amazon and AWS, and their prefixes where these are no everyday words.
func (l *Lexicon) addCatalogNames(c *catalog.Catalog) {
	for _, prefix := range c.Prefixes() {
		name := strings.NewReplacer("Amazon", "", "AWS", "", "(", "", ")", "", ",", "").Replace(c.ServiceName(prefix))
		for _, phrase := range []string{name, prefix} {
			words := stems(phrase)
			if len(words) == 0 || l.Is("superseded", prefix) {
				continue
			}
			l.addName(words, strings.ToLower(strings.TrimSpace(phrase)), prefix)
		}
	}
}

// markNamed finds the nouns that begin with a name of their own service.
func (l *Lexicon) markNamed() {
	for first, entries := range l.phrases {
		for i, e := range entries {
			if e.Kind == Name || e.Kind == Key || len(e.Words) < 2 {
				continue
			}
			for _, n := range entries {
				if n.Kind == Name && n.Service == e.Service && len(n.Words) < len(e.Words) && strings.Join(n.Words, " ") == strings.Join(e.Words[:len(n.Words)], " ") {
					l.phrases[first][i].Named = true
				}
			}
		}
	}
}

func (l *Lexicon) addName(words []string, text, prefix string) {
	for _, e := range l.phrases[words[0]] {
		if e.Service == prefix && e.Kind != Hint && strings.Join(e.Words, " ") == strings.Join(words, " ") {
			return
		}
	}
	l.phrases[words[0]] = append(l.phrases[words[0]], Entry{Words: words, Text: text, Kind: Name, Service: prefix})
}

func (l *Lexicon) add(s *Service) {
	l.services[s.Prefix] = s
	l.prefixes = append(l.prefixes, s.Prefix)
	for _, e := range s.entries {
		l.phrases[e.Words[0]] = append(l.phrases[e.Words[0]], e)
	}
}

// Service returns the phrasebook of a service prefix.
func (l *Lexicon) Service(prefix string) (*Service, bool) {
	s, ok := l.services[prefix]
	return s, ok
}

// Prefixes returns the prefixes of all services with a phrasebook, sorted.
func (l *Lexicon) Prefixes() []string { return l.prefixes }

// Phrases returns the entries whose first word is the stem.
func (l *Lexicon) Phrases(stem string) []Entry { return l.phrases[stem] }

// Classes returns the verb classes of a word, or of several joined by hyphens.
func (l *Lexicon) Classes(word string) []string { return l.classes[word] }

// APIVerbs returns the first words of action names that do what the class says, best first.
func (l *Lexicon) APIVerbs(class string) []string { return l.apis[class] }

// Is says whether the word stands in the named list of words.txt.
func (l *Lexicon) Is(list, word string) bool { return l.words[list][word] }

// Synonym returns the word that AWS uses for an everyday abbreviation, or the empty string.
func (l *Lexicon) Synonym(stem string) string { return l.pairs["synonym"][stem] }

// Pair returns what the named list of words.txt puts in place of a word, or the empty string.
func (l *Lexicon) Pair(list, word string) string { return l.pairs[list][word] }

// Region returns the region code of a spoken name such as "frankfurt".
func (l *Lexicon) Region(spoken string) (string, bool) {
	code, ok := l.regions[spoken]
	return code, ok
}

// Regions returns the codes of all regions, in byte order.
func (l *Lexicon) Regions() []string {
	seen := map[string]bool{}
	for _, code := range l.regions {
		seen[code] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// Tasks returns the tasks of the service; they are parsed at the first call.
func (s *Service) Tasks() []*Task {
	s.once.Do(func() { s.tasks, _ = parseTasks(s.Prefix, s.source) }) // checked by a test
	return s.tasks
}

func stems(phrase string) []string {
	fields := strings.FieldsFunc(strings.ToLower(phrase), func(r rune) bool { return r == ' ' || r == '-' || r == '/' })
	for i, f := range fields {
		fields[i] = catalog.Stem(f)
	}
	return fields
}

// Stems splits a phrase at blanks, hyphens and slashes and returns the stems of its words.
func Stems(phrase string) []string { return stems(phrase) }

// Listed says whether a word stands in any list of words.txt.
func (l *Lexicon) Listed(word string) bool {
	for _, list := range l.words {
		if list[word] {
			return true
		}
	}
	return false
}

// Spoken says whether some phrase of a phrasebook's head has the stem.
func (l *Lexicon) Spoken(stem string) bool { return l.spoken()[stem] }

// Spelling returns the words that a misspelt word may stand for: those that begin with its first
// or second letter and are about as long.
func (l *Lexicon) Spelling(word string) []string {
	var out []string
	for _, w := range l.spelling() {
		if d := len(w) - len(word); d <= 1 && d >= -1 && (w[0] == word[0] || w[0] == word[1]) {
			out = append(out, w)
		}
	}
	return out
}

// phraseStems collects the stems of all phrases.
func (l *Lexicon) phraseStems() map[string]bool {
	out := map[string]bool{}
	for _, entries := range l.phrases {
		for _, e := range entries {
			for _, w := range e.Words {
				out[w] = true
			}
		}
	}
	return out
}

// spellings collects the words that are worth correcting to: function words, verbs and the nouns
// of well-known services.
func (l *Lexicon) spellings() []string {
	seen := map[string]bool{}
	for _, name := range []string{"modal", "negator", "verbal", "nouny", "stop", "article", "preposition", "conjunction", "closer", "strict", "deny", "allow", "filler", "listword", "adjective"} {
		for w := range l.words[name] {
			seen[w] = true
		}
	}
	for w := range l.classes {
		seen[w] = true
	}
	for _, entries := range l.phrases {
		for _, e := range entries {
			if len(e.Words) == 1 && (l.Is("famous", e.Service) || l.Is("known", e.Service)) {
				seen[e.Text] = true
			}
		}
	}
	out := make([]string, 0, len(seen))
	for w := range seen {
		if len(w) >= 4 && !strings.ContainsAny(w, "-./ =&0123456789") {
			out = append(out, w)
		}
	}
	sort.Strings(out)
	return out
}
