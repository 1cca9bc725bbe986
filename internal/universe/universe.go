// Package universe knows which requests can be sent: which actions there are, which resources
// their requests name, which condition keys they carry, and who can send them.
package universe

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/automaton"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A Universe is what a catalog says of the requests that can be sent. It is safe for concurrent
// use.
type Universe struct {
	Catalog *catalog.Catalog

	mu      sync.Mutex
	shapes  []int32 // of each action, the place of its shape plus one; 0: not looked up yet
	known   map[string]int32
	all     []*Shape
	carried map[string]*carried
}

// A Shape is the ARN formats of the resources that requests for an action name.
type Shape struct {
	ID       int32    // not 0, and different for different formats
	Formats  []string // * where a request may name no resource
	Services []string // the service fields of the formats, * for the format *; none: they are not all plain
	Patterns []automaton.Pattern
	Named    *Shape // the formats but for *, of requests that do name a resource; nil: the same, or none
}

// named sets the shapes apart that leave * out of the formats of others.
const named = 1 << 30

// newShape reads formats.
func newShape(id int32, formats []string) *Shape {
	s := &Shape{ID: id, Formats: formats}
	if rest := slices.DeleteFunc(slices.Clone(formats), func(f string) bool { return f == "*" }); len(rest) > 0 && len(rest) < len(formats) {
		s.Named = newShape(id|named, rest)
	}
	plain := true
	for _, f := range formats {
		s.Patterns = append(s.Patterns, ReadFormat(f)...)
		if f == "*" {
			s.Services = append(s.Services, f)
			continue
		}
		fields, n := arn.Fields(f)
		plain = plain && n > 2 && !strings.ContainsAny(fields[2], "$*?")
		if !slices.Contains(s.Services, fields[2]) {
			s.Services = append(s.Services, fields[2])
		}
	}
	if !plain {
		s.Services = nil
	}
	return s
}

// carried says which actions' requests can carry a key.
type carried struct {
	looked, yes []uint64 // bits by action
}

// New returns the universe of a catalog.
func New(c *catalog.Catalog) *Universe {
	return &Universe{
		Catalog: c, shapes: make([]int32, c.Counts().Actions),
		known: map[string]int32{}, carried: map[string]*carried{},
	}
}

// Expand adds to a set the actions that an Action pattern matches, as package evaluate matches
// it: folding case, and as a whole where it has no colon.
func (u *Universe) Expand(to *Bitset, text string) {
	text = strings.ToLower(text)
	prefix, name, found := strings.Cut(text, ":")
	switch {
	case strings.Trim(text, "*") == "" && text != "" || text == "*:*":
		to.Add(0, u.Catalog.Counts().Actions)
	case !found:
		for _, p := range u.Catalog.Prefixes() {
			u.addWhole(to, p, text)
		}
	case wildcard.Contains(prefix):
		for _, a := range u.Catalog.Expand(text) {
			to.Add(a.Index(), a.Index()+1)
		}
	default:
		if s, ok := u.Catalog.Service(prefix); ok && len(s.Actions) > 0 {
			addNames(to, s, name)
		}
	}
}

// addWhole adds the actions of a service that a pattern without a colon matches as a whole.
func (u *Universe) addWhole(to *Bitset, prefix, text string) {
	head := text[:strings.IndexAny(text+"*", "*?")]
	if n := min(len(head), len(prefix)); head[:n] != strings.ToLower(prefix)[:n] {
		return
	}
	s, ok := u.Catalog.Service(prefix)
	if !ok {
		return
	}
	for _, a := range s.Actions {
		if wildcard.MatchFold(text, a.String()) {
			to.Add(a.Index(), a.Index()+1)
		}
	}
}

// addNames adds the actions of a service whose names a pattern in lower case matches. The
// actions that begin alike have neighbouring numbers.
func addNames(to *Bitset, s *catalog.Service, name string) {
	head := name
	wild := strings.IndexAny(name, "*?")
	if wild >= 0 {
		head = name[:wild]
	}
	from := sort.Search(len(s.Actions), func(i int) bool { return !below(s.Actions[i].Name, head) })
	first := s.Actions[0].Index()
	for i := from; i < len(s.Actions); i++ {
		n := s.Actions[i].Name
		if len(n) < len(head) || !strings.EqualFold(n[:len(head)], head) {
			break
		}
		if wild < 0 {
			if len(n) == len(head) {
				to.Add(first+i, first+i+1)
			}
			break
		}
		if wildcard.MatchFold(name[wild:], n[wild:]) {
			to.Add(first+i, first+i+1)
		}
	}
}

// below reports whether a name comes before a text in lower case.
func below(name, text string) bool {
	for i := 0; i < len(name) && i < len(text); i++ {
		c := name[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != text[i] {
			return c < text[i]
		}
	}
	return len(name) < len(text)
}

// ShapeOf returns the shape of the resources of an action, by the action's number.
func (u *Universe) ShapeOf(action int) *Shape {
	u.mu.Lock()
	defer u.mu.Unlock()
	if at := u.shapes[action]; at != 0 {
		return u.all[at-1]
	}
	formats := []string{"*"}
	if a := u.Catalog.ActionAt(action); a != nil {
		formats = formatsOf(a)
	}
	key := strings.Join(formats, " ")
	at, ok := u.known[key]
	if !ok {
		at = int32(len(u.all) + 1)
		u.known[key] = at
		u.all = append(u.all, newShape(at, formats))
	}
	u.shapes[action] = at
	return u.all[at-1]
}

// formatsOf returns the formats of the resources that a request for the action can name, and *
// if it can name none: an action without resource types, or with optional ones only. Those of
// Amazon S3 are listed as optional because each stands for the others: a request is about a bucket
// or an object by its own ARN or by that of an access point (Service Authorization Reference).
func formatsOf(a *catalog.Action) []string {
	var formats []string
	required := a.Service == "s3" && len(a.Resources) > 0
	for _, r := range a.Resources {
		required = required || r.Required
		formats = append(formats, a.ARNs(r.Type)...)
	}
	if !required {
		formats = append(formats, "*")
	}
	// The shorter ones are the better known: a bucket comes before its access point.
	slices.SortFunc(formats, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
	return slices.Compact(formats)
}

// Carries reports whether a request for the action, by its number, can carry the key. The key
// is named as the catalog names it.
func (u *Universe) Carries(action int, key string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	c := u.carried[key]
	if c == nil {
		words := (len(u.shapes) + 63) / 64
		c = &carried{make([]uint64, words), make([]uint64, words)}
		u.carried[key] = c
	}
	word, bit := action/64, uint64(1)<<(action%64)
	if c.looked[word]&bit == 0 {
		c.looked[word] |= bit
		if a := u.Catalog.ActionAt(action); a != nil && a.Honours(key) {
			c.yes[word] |= bit
		}
	}
	return c.yes[word]&bit != 0
}
