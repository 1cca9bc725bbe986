// Package docs carries the pages that the program prints.
package docs

import "embed"

//go:embed rules/*.md
var pages embed.FS

// Rule returns the page of a lint rule, and whether there is one.
func Rule(id string) (string, bool) {
	text, err := pages.ReadFile("rules/" + id + ".md")
	return string(text), err == nil
}
