package config

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/wildcard"
)

// Match reports whether a path with slashes fits a pattern: * and ? stand for letters of one
// name, ** for any number of folders. A pattern of a folder fits all that is below it.
func Match(pattern, path string) bool {
	p := strings.Split(strings.TrimSuffix(pattern, "/"), "/")
	names := strings.Split(strings.TrimPrefix(path, "./"), "/")
	return match(p, names) || match(append(p, "**"), names)
}

// MatchFile is Match for a pattern of files: it does not fit what is below.
func MatchFile(pattern, path string) bool {
	return match(strings.Split(pattern, "/"), strings.Split(path, "/"))
}

func match(pattern, names []string) bool {
	switch {
	case len(pattern) == 0:
		return len(names) == 0
	case pattern[0] == "**":
		return match(pattern[1:], names) || len(names) > 0 && match(pattern, names[1:])
	}
	return len(names) > 0 && wildcard.Match(pattern[0], names[0]) && match(pattern[1:], names[1:])
}
