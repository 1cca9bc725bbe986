package catalog

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// Encode writes services as a catalog that Parse reads. The bytes depend on the
// values alone, not on the order of the lists, which Encode sorts. Each resource
// type that an action names must be one of its own service. Keys that are missing
// from a service's list may still be named by its actions and resource types.
func Encode(meta Meta, services []*Service) ([]byte, error) {
	services = slices.Clone(services)
	slices.SortFunc(services, func(a, b *Service) int { return compareFold(a.Prefix, b.Prefix) })
	terms, ids := collectTerms(services)

	var index, body output
	distinct := map[string]bool{}
	index.string(meta.Date)
	index.string(meta.Source)
	blocks := make([]string, len(services))
	for i, s := range services {
		if i > 0 && strings.EqualFold(services[i-1].Prefix, s.Prefix) {
			return nil, fmt.Errorf("encode catalog: service %s twice", s.Prefix)
		}
		block, err := encodeService(s, ids)
		if err != nil {
			return nil, fmt.Errorf("encode catalog: %w", err)
		}
		blocks[i] = block
		for _, k := range s.Keys {
			distinct[strings.ToLower(k.Name)] = true
		}
	}
	for _, k := range globalKeys() {
		distinct[strings.ToLower(k.Name)] = true
	}
	index.int(len(distinct))
	index.section(&body, encodeTerms(terms))
	index.int(len(services))
	for i, s := range services {
		index.string(s.Prefix)
		index.string(s.Name)
		index.bool(s.RCP)
		index.int(len(s.Actions))
		index.int(len(s.Resources))
		index.int(len(s.Keys))
		index.section(&body, blocks[i])
	}
	index.guests(services)

	file := []byte(magic + version + "\n")
	file = binary.LittleEndian.AppendUint32(file, uint32(index.Len()))
	file = binary.LittleEndian.AppendUint32(file, checksum(index.String()))
	return append(append(file, index.Bytes()...), body.Bytes()...), nil
}

// collectTerms numbers the terms, the commonest first, so that most take one byte.
func collectTerms(services []*Service) ([]string, map[string]int) {
	uses := map[string]int{}
	for _, s := range services {
		for _, a := range s.Actions {
			for _, t := range a.Terms {
				uses[t]++
			}
		}
	}
	var terms []string
	for t := range uses {
		terms = append(terms, t)
	}
	slices.SortFunc(terms, func(a, b string) int {
		if uses[a] != uses[b] {
			return uses[b] - uses[a]
		}
		return strings.Compare(a, b)
	})
	ids := make(map[string]int, len(terms))
	for i, t := range terms {
		ids[t] = i
	}
	return terms, ids
}

func encodeTerms(terms []string) string {
	var out output
	out.int(len(terms))
	for _, t := range terms {
		out.string(t)
	}
	return out.String()
}

// guests lists the key prefixes under which a service lists keys that the service
// of that prefix, if there is one, does not.
func (out *output) guests(services []*Service) {
	home := map[string]bool{}
	for _, s := range services {
		for _, k := range s.Keys {
			if prefix, _, _ := strings.Cut(k.Name, ":"); strings.EqualFold(prefix, s.Prefix) {
				home[strings.ToLower(k.Name)] = true
			}
		}
	}
	var guests []guest
	for i, s := range services {
		for _, k := range s.Keys {
			prefix, _, _ := strings.Cut(k.Name, ":")
			g := guest{prefix, i}
			if prefix != "aws" && !home[strings.ToLower(k.Name)] && !slices.Contains(guests, g) {
				guests = append(guests, g)
			}
		}
	}
	slices.SortFunc(guests, func(a, b guest) int {
		if n := strings.Compare(a.prefix, b.prefix); n != 0 {
			return n
		}
		return a.service - b.service
	})
	out.int(len(guests))
	for _, g := range guests {
		out.string(g.prefix)
		out.int(g.service)
	}
}

// An output is the mirror image of a cursor.
type output struct{ bytes.Buffer }

func (out *output) int(n int) { out.Write(binary.AppendUvarint(nil, uint64(n))) }

func (out *output) bool(b bool) {
	if b {
		out.int(1)
	} else {
		out.int(0)
	}
}

func (out *output) string(s string) {
	out.int(len(s))
	out.WriteString(s)
}

func (out *output) section(body *output, data string) {
	out.int(len(data))
	out.Write(binary.AppendUvarint(nil, uint64(checksum(data))))
	body.WriteString(data)
}
