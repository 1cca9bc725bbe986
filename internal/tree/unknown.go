package tree

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unknown says that a map has no such name, and which it has.
func unknown[T any](thing, name string, known map[string]T) string {
	names := slices.Sorted(maps.Keys(known))
	for _, n := range names {
		if near(n, name) {
			return fmt.Sprintf("%s has no %q; did you mean %q?", thing, name, n)
		}
	}
	return fmt.Sprintf("%s has no %q; there are %s", thing, name, strings.Join(names, ", "))
}

// near reports whether two names differ by case, an added or a missing letter, or one that is
// another.
func near(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(a) < 2 {
		return a == b
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
