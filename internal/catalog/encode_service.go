package catalog

import (
	"fmt"
	"slices"
	"strings"
)

type blockWriter struct {
	service *Service
	terms   map[string]int
	names   []string
	nameIDs map[string]int
	lists   [][]string
	listIDs map[string]int
	types   map[*ResourceType]int
}

func encodeService(s *Service, terms map[string]int) (string, error) {
	s = &Service{
		Prefix: s.Prefix, Actions: slices.Clone(s.Actions),
		Resources: slices.Clone(s.Resources), Keys: slices.Clone(s.Keys),
	}
	slices.SortFunc(s.Actions, func(a, b *Action) int { return compareFold(a.Name, b.Name) })
	slices.SortFunc(s.Resources, func(a, b *ResourceType) int { return compareFold(a.Name, b.Name) })
	slices.SortFunc(s.Keys, func(a, b *Key) int { return compareFold(a.Name, b.Name) })
	w := &blockWriter{
		service: s, terms: terms, nameIDs: map[string]int{}, listIDs: map[string]int{},
		types: map[*ResourceType]int{},
	}
	// The lists are numbered while the rest is written, and stand in front of it.
	var body output
	if err := w.writeKeys(&body); err != nil {
		return "", err
	}
	if err := w.writeResources(&body); err != nil {
		return "", err
	}
	if err := w.writeActions(&body); err != nil {
		return "", err
	}
	var out output
	out.int(len(w.names))
	for _, name := range w.names {
		out.string(name)
	}
	out.int(len(w.lists))
	for _, list := range w.lists {
		out.int(len(list))
		for _, name := range list {
			out.int(w.name(name))
		}
	}
	return out.String() + body.String(), nil
}

func (w *blockWriter) name(name string) int {
	id, ok := w.nameIDs[name]
	if !ok {
		id = len(w.names)
		w.nameIDs[name] = id
		w.names = append(w.names, name)
	}
	return id
}

func (w *blockWriter) list(names []string) int {
	if len(names) == 0 {
		return 0
	}
	names = slices.Clone(names)
	slices.SortFunc(names, compareFold)
	names = slices.Compact(names)
	key := strings.Join(names, "\n")
	id, ok := w.listIDs[key]
	if !ok {
		w.lists = append(w.lists, names)
		id = len(w.lists)
		w.listIDs[key] = id
		for _, name := range names {
			w.name(name)
		}
	}
	return id
}

func (w *blockWriter) writeKeys(out *output) error {
	keys := w.service.Keys
	out.int(len(keys))
	for i, k := range keys {
		if i > 0 && strings.EqualFold(keys[i-1].Name, k.Name) {
			return fmt.Errorf("key %s twice in %s", k.Name, w.service.Prefix)
		}
		base := slices.Index(bases, k.Type.Base)
		if base < 0 {
			return fmt.Errorf("key %s has the unknown type %q", k.Name, k.Type.Base)
		}
		kind := 2 * base
		if k.Type.Multi {
			kind++
		}
		out.int(w.name(k.Name))
		out.int(kind)
	}
	return nil
}

func (w *blockWriter) writeResources(out *output) error {
	types := w.service.Resources
	out.int(len(types))
	for i, t := range types {
		if i > 0 && strings.EqualFold(types[i-1].Name, t.Name) {
			return fmt.Errorf("resource type %s twice in %s", t.Name, w.service.Prefix)
		}
		w.types[t] = i
		out.string(t.Name)
		out.int(len(t.ARNs))
		for _, format := range t.ARNs {
			out.string(format)
		}
		out.int(w.list(t.Keys))
	}
	return nil
}

func (w *blockWriter) writeActions(out *output) error {
	actions := w.service.Actions
	out.int(len(actions))
	for i, a := range actions {
		name := w.service.Prefix + ":" + a.Name
		if i > 0 && strings.EqualFold(actions[i-1].Name, a.Name) {
			return fmt.Errorf("action %s twice", name)
		}
		level := slices.Index(levels, a.Level)
		if level < 0 {
			return fmt.Errorf("action %s has the unknown access level %q", name, a.Level)
		}
		out.string(a.Name)
		out.int(level)
		if err := w.writeActionResources(out, name, a.Resources); err != nil {
			return err
		}
		out.int(w.list(a.Keys))
		out.int(len(a.Terms))
		for _, t := range a.Terms {
			out.int(w.terms[t])
		}
	}
	return nil
}

func (w *blockWriter) writeActionResources(out *output, action string, resources []ActionResource) error {
	out.int(len(resources))
	for _, r := range resources {
		id, ok := w.types[r.Type]
		if !ok {
			return fmt.Errorf("action %s names a resource type of another service", action)
		}
		ref := 2 * id
		if r.Required || needed(action, r.Type) {
			ref++
		}
		out.int(ref)
		out.int(w.list(r.Keys))
	}
	return nil
}
