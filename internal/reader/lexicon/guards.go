package lexicon

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed guards.txt
var guardsText string

// Guards is what the reader knows about guards: service control policies, resource control
// policies, permissions boundaries and policies that only deny. It is safe for concurrent use.
type Guards struct {
	Tasks []*Task
	lists map[string][]string
	words map[string]map[string]bool
	holds map[string][]string
	also  map[string][]string
}

var loadGuards = sync.OnceValues(func() (*Guards, error) { return parseGuards(guardsText) })

// DefaultGuards returns the embedded guards.
func DefaultGuards() *Guards {
	g, err := loadGuards()
	if err != nil {
		panic("lexicon: " + err.Error()) // the embedded file is checked by a test
	}
	return g
}

// List returns the words of a list in their order.
func (g *Guards) List(name string) []string { return g.lists[name] }

// Is says whether the word stands in the named list.
func (g *Guards) Is(list, word string) bool { return g.words[list][word] }

// Holders returns the actions whose requests carry a condition key, for rules that name a
// property and no action; nil if none are known.
func (g *Guards) Holders(key string) []string { return g.holds[strings.ToLower(key)] }

// Also returns the actions that must be denied together with the action.
func (g *Guards) Also(action string) []string { return g.also[strings.ToLower(action)] }

func parseGuards(text string) (*Guards, error) {
	g := &Guards{lists: map[string][]string{}, words: map[string]map[string]bool{}, holds: map[string][]string{}, also: map[string][]string{}}
	head, tasks, found := strings.Cut(strings.ReplaceAll(text, "\r\n", "\n"), "\ntask ")
	for n, line := range strings.Split(head, "\n") {
		word, rest, _ := strings.Cut(stripComment(line), " ")
		if word == "" {
			continue
		}
		name, values, ok := strings.Cut(rest, ": ")
		if !ok {
			return nil, fmt.Errorf("guards.txt:%d: want '%s NAME: values'", n+1, word)
		}
		if err := g.headLine(word, name, strings.Fields(values)); err != nil {
			return nil, fmt.Errorf("guards.txt:%d: %w", n+1, err)
		}
	}
	if !found {
		return g, nil
	}
	var err error
	g.Tasks, err = parseTasks("", "task "+tasks)
	return g, err
}

func (g *Guards) headLine(word, name string, values []string) error {
	switch word {
	case "list":
		g.lists[name] = values
		g.words[name] = map[string]bool{}
		for _, v := range values {
			g.words[name][v] = true
		}
	case "holds":
		g.holds[strings.ToLower(name)] = values
	case "also":
		g.also[strings.ToLower(name)] = values
	default:
		return fmt.Errorf("unknown line %q", word)
	}
	return nil
}
