package catalog

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// rebuild encodes what a catalog holds again.
func rebuild(c *Catalog) ([]byte, error) {
	var services []*Service
	for _, prefix := range c.Prefixes() {
		if s, ok := c.Service(prefix); ok {
			services = append(services, s)
		}
	}
	return Encode(c.meta, services)
}

func TestEncodeIsTheInverseOfParse(t *testing.T) {
	got, err := rebuild(Default())
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != embedded {
		t.Errorf("Encode of all that Parse read has %d other bytes, want the %d embedded ones", len(got), len(embedded))
	}
}

func TestEncodeRefuses(t *testing.T) {
	foreign := &ResourceType{Service: "b", Name: "x"}
	service := func(s Service) []*Service { s.Prefix = "a"; return []*Service{&s} }
	tests := []struct {
		name     string
		services []*Service
		want     string
	}{
		{"service twice", []*Service{{Prefix: "a"}, {Prefix: "A"}}, "twice"},
		{"action twice", service(Service{Actions: []*Action{{Name: "X", Level: Read}, {Name: "x", Level: Read}}}), "twice"},
		{"type twice", service(Service{Resources: []*ResourceType{{Name: "x"}, {Name: "X"}}}), "twice"},
		{"key twice", service(Service{Keys: []*Key{{"a:x", KeyType{Base: String}, false}, {"a:X", KeyType{Base: String}, false}}}), "twice"},
		{"no level", service(Service{Actions: []*Action{{Name: "X"}}}), "access level"},
		{"no key type", service(Service{Keys: []*Key{{Name: "a:x"}}}), "type"},
		{"foreign type", service(Service{Actions: []*Action{{Name: "X", Level: Read, Resources: []ActionResource{{Type: foreign}}}}}), "another service"},
	}
	for _, tt := range tests {
		if _, err := Encode(Meta{}, tt.services); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Encode() = %v, want an error with %q", tt.name, err, tt.want)
		}
	}
}

// resealed puts the right checksum over a changed index, which would else hide
// what lies behind it.
func resealed(data []byte) []byte {
	head := len(magic+version+"\n") + headerSize
	if len(data) < head {
		return data
	}
	size := binary.LittleEndian.Uint32(data[head-8:])
	if uint64(size) > uint64(len(data)-head) {
		return data
	}
	data = bytes.Clone(data)
	binary.LittleEndian.PutUint32(data[head-4:], checksum(string(data[head:head+int(size)])))
	return data
}

// Whatever the bytes of a service are, reading them ends, without a panic, in
// nothing or in a service that keeps its promises.
func FuzzDecodeService(f *testing.F) {
	sqs, _ := slices.BinarySearch(Default().Prefixes(), "sqs")
	e := Default().entries[sqs]
	f.Add([]byte(e.block.data), e.counts.Actions, e.counts.Resources, e.counts.Keys)
	f.Fuzz(func(t *testing.T, data []byte, actions, resources, keys int) {
		block := section{string(data), checksum(string(data))}
		counts := Counts{Actions: actions, Resources: resources, Keys: keys}
		s := decodeService(&entry{prefix: "x", counts: counts, block: block}, []string{"t"})
		if s == nil {
			return
		}
		for _, a := range s.Actions {
			for _, r := range a.Resources {
				if r.Type == nil {
					t.Errorf("action %s has no resource type", a)
				}
			}
		}
	})
}

// Whatever the bytes are, reading them ends, and what was read can be written and
// read again.
func FuzzParse(f *testing.F) {
	small, err := Encode(Meta{Date: "2026-01-01", Source: "a test"}, []*Service{{
		Prefix: "a", Name: "A", Actions: []*Action{{Name: "X", Level: Read, Terms: []string{"t"}}},
		Keys: []*Key{{Name: "a:k", Type: KeyType{Base: Bool, Multi: true}}},
	}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Add(small[:len(small)-1])
	f.Add([]byte(magic + version + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse(string(resealed(data)))
		if err != nil || c.Check() != nil {
			return
		}
		for _, a := range c.Expand("*") {
			_ = a.Honours("aws:SourceIp")
		}
		if again, err := rebuild(c); err == nil {
			if _, err := Parse(string(again)); err != nil {
				t.Errorf("Parse(Encode(...)) = %v", err)
			}
		}
	})
}
