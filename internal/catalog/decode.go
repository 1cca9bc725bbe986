package catalog

// A block holds, in this order: the names of all condition keys that the service
// refers to; the lists of keys, each used by any number of owners; the service's
// own keys; the resource types; the actions.

var levels = []AccessLevel{List, Read, Write, Tagging, PermissionsManagement}

var bases = []KeyBase{String, ARN, Numeric, Date, Bool, IPAddress, Binary}

type blockReader struct {
	cursor
	terms []string
	names []string   // of keys
	lists [][]string // of names of keys

	strings   slab[string]
	resources slab[ActionResource]
}

// A slab hands out parts of large slices, which saves an allocation for each part.
type slab[T any] struct {
	free []T
	size int
}

func (s *slab[T]) take(n int) []T {
	if n == 0 {
		return nil
	}
	if n > len(s.free) {
		s.size = min(max(16, 2*s.size), 1024)
		s.free = make([]T, max(n, s.size))
	}
	part := s.free[:n:n]
	s.free = s.free[n:]
	return part
}

// decodeService returns nil if the block is damaged or does not hold what the
// index says.
func decodeService(e *entry, terms []string) *Service {
	if !e.block.intact() {
		return nil
	}
	in := &blockReader{cursor: cursor{data: e.block.data}, terms: terms}
	s := &Service{Prefix: e.prefix, Name: e.name, RCP: e.rcp}
	in.readLists()
	s.Keys = in.readKeys()
	s.Resources = in.readResources(e.prefix)
	s.Actions = in.readActions(e, s.Resources)
	if !in.done() || len(s.Actions) != e.counts.Actions ||
		len(s.Resources) != e.counts.Resources || len(s.Keys) != e.counts.Keys {
		return nil
	}
	return s
}

func (in *blockReader) readLists() {
	in.names = make([]string, in.count())
	for i := range in.names {
		in.names[i] = in.string()
	}
	in.lists = make([][]string, in.count())
	for i := range in.lists {
		list := in.strings.take(in.count())
		for j := range list {
			list[j] = in.name()
		}
		in.lists[i] = list
	}
}

func (in *blockReader) name() string {
	if i := in.below(len(in.names)); !in.bad {
		return in.names[i]
	}
	return ""
}

// list reads a reference to a list: 0 is the empty one.
func (in *blockReader) list() []string {
	if i := in.below(len(in.lists) + 1); i > 0 {
		return in.lists[i-1]
	}
	return nil
}

func (in *blockReader) readKeys() []*Key {
	keys := make([]Key, in.count())
	refs := make([]*Key, len(keys))
	for i := range keys {
		name, kind := in.name(), in.below(2*len(bases))
		keys[i] = Key{Name: name, Type: KeyType{Base: bases[kind/2], Multi: kind%2 == 1}}
		keys[i].Global = isGlobal()[name]
		refs[i] = &keys[i]
	}
	return refs
}

func (in *blockReader) readResources(prefix string) []*ResourceType {
	types := make([]ResourceType, in.count())
	refs := make([]*ResourceType, len(types))
	for i := range types {
		t := &types[i]
		t.Service, t.Name = prefix, in.string()
		t.ARNs = in.strings.take(in.count())
		for j := range t.ARNs {
			t.ARNs[j] = in.string()
		}
		t.Keys = in.list()
		refs[i] = t
	}
	return refs
}

func (in *blockReader) readActions(e *entry, types []*ResourceType) []*Action {
	actions := make([]Action, in.count())
	refs := make([]*Action, len(actions))
	for i := range actions {
		a := &actions[i]
		a.Service, a.index = e.prefix, e.firstAction+i
		a.Name, a.Level = in.string(), levels[in.below(len(levels))]
		a.Resources = in.readActionResources(types)
		a.Keys = in.list()
		a.Terms = in.strings.take(in.count())
		for j := range a.Terms {
			if t := in.below(len(in.terms)); !in.bad {
				a.Terms[j] = in.terms[t]
			}
		}
		refs[i] = a
	}
	return refs
}

func (in *blockReader) readActionResources(types []*ResourceType) []ActionResource {
	resources := in.resources.take(in.count())
	for i := range resources {
		ref := in.below(2 * len(types))
		if in.bad {
			return nil
		}
		resources[i] = ActionResource{Type: types[ref/2], Required: ref%2 == 1, Keys: in.list()}
	}
	return resources
}
