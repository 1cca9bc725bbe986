package catalog

import (
	"cmp"
	"strings"

	"github.com/aegis-iam/aegis/internal/wildcard"
)

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// compareFold orders names of the catalog, which are ASCII, without regard to case.
func compareFold(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if c := cmp.Compare(lower(a[i]), lower(b[i])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// matchTemplate reports whether name is the template or fills each of its
// ${variables} with at least one byte.
func matchTemplate(template, name string) bool {
	if strings.EqualFold(template, name) {
		return true
	}
	// Few templates get past their first letters.
	head, _, found := strings.Cut(template, "${")
	if !found || len(name) <= len(head) || !strings.EqualFold(name[:len(head)], head) {
		return false
	}
	return wildcard.MatchFold(templatePattern(template), name)
}

// templatePattern replaces each ${variable} by "?*".
func templatePattern(template string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("${" + rest)
			return b.String()
		}
		b.WriteString("?*")
		template = after
	}
}
