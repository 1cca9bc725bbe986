package catalog

import (
	_ "embed" // the list of global condition keys
	"regexp"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/tsv"
)

//go:embed globalkeys.tsv
var globalKeysTSV string

var globalKeys = sync.OnceValue(func() []*Key {
	var keys []*Key
	for _, row := range tsv.Rows(globalKeysTSV, 3) {
		keys = append(keys, &Key{Name: row[0], Type: ParseKeyType(row[1]), Global: true})
	}
	return keys
})

var isGlobal = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, k := range globalKeys() {
		names[k.Name] = true
	}
	return names
})

// GlobalKeys returns the condition keys that are not bound to one service, sorted by name.
func GlobalKeys() []*Key { return globalKeys() }

func globalKey(name string) (*Key, bool) { return findKey(globalKeys(), name) }

// findKey prefers the key of that very name to one whose variable the name fills.
func findKey(keys []*Key, name string) (*Key, bool) {
	if k, ok := findExact(keys, name); ok {
		return k, true
	}
	for _, k := range keys {
		if k.Matches(name) {
			return k, true
		}
	}
	return nil, false
}

func findExact(keys []*Key, name string) (*Key, bool) {
	for _, k := range keys {
		if strings.EqualFold(k.Name, name) {
			return k, true
		}
	}
	return nil, false
}

// Key returns the condition key that a policy would write as name, folding
// case: a global key, a key of a service, or a key of an identity provider such
// as "token.actions.githubusercontent.com:sub". A key whose name has a variable
// is found by any instance: aws:ResourceTag/Team is aws:ResourceTag/${TagKey}.
func (c *Catalog) Key(name string) (*Key, bool) {
	if k, ok := globalKey(name); ok {
		return k, true
	}
	prefix, _, found := strings.Cut(name, ":")
	if !found {
		return nil, false
	}
	if s, ok := c.Service(prefix); ok {
		if k, ok := findKey(s.Keys, name); ok {
			return k, true
		}
	}
	for _, g := range c.guests {
		if !matchTemplate(g.prefix, prefix) {
			continue
		}
		if s := c.entries[g.service].load(c); s != nil {
			if k, ok := findKey(s.Keys, name); ok {
				return k, true
			}
		}
	}
	return nil, false
}

// ParseKeyType reads a type as the Service Authorization Reference writes it;
// what it does not know is a string.
func ParseKeyType(text string) KeyType {
	base, multi := strings.CutPrefix(text, "ArrayOf")
	switch strings.ToLower(base) {
	case "arn":
		return KeyType{ARN, multi}
	case "numeric", "long", "integer":
		return KeyType{Numeric, multi}
	case "date":
		return KeyType{Date, multi}
	case "bool", "boolean":
		return KeyType{Bool, multi}
	case "ipaddress":
		return KeyType{IPAddress, multi}
	case "binary":
		return KeyType{Binary, multi}
	}
	return KeyType{String, multi}
}

var angleVariable = regexp.MustCompile(`<([^<>]+)>`)

// KeyName writes the variable of a key's name in one way, ${Variable}: AWS's pages
// also have "ResourceTag/", "ResourceTag/tag-key" and "ExistingObjectTag/<key>".
func KeyName(name string) string {
	name = angleVariable.ReplaceAllString(name, "$${$1}")
	if head, found := strings.CutSuffix(name, "/tag-key"); found {
		return head + "/${TagKey}"
	}
	if strings.HasSuffix(name, "/") {
		return name + "${TagKey}"
	}
	return name
}

// KeyNames applies KeyName to each name.
func KeyNames(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = KeyName(name)
	}
	return out
}
