// Package facts holds what lint rules know about AWS that neither the catalog nor the grammar
// says: small tables, each with its source.
package facts

import (
	_ "embed" // the tables
	"slices"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/wildcard"
)

//go:embed regions.txt
var regionTable string

var regions = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(regionTable) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] != "#" {
			for _, region := range fields[1:] {
				out[region] = fields[0]
			}
		}
	}
	return out
})

// IsRegion reports whether a text names a Region, or is a pattern that one matches.
func IsRegion(text string) bool {
	if !wildcard.Contains(text) {
		return regions()[text] != ""
	}
	for region := range regions() {
		if wildcard.Match(text, region) {
			return true
		}
	}
	return false
}

// NearestRegion returns the Region whose name is nearest to a text, if one is near.
func NearestRegion(text string) string {
	names := make([]string, 0, len(regions()))
	for region := range regions() {
		names = append(names, region)
	}
	slices.Sort(names)
	return Nearest(text, names)
}

// IsPartition reports whether a text names a partition, or is a pattern that one matches.
func IsPartition(text string) bool {
	for _, partition := range regions() {
		if wildcard.Match(text, partition) {
			return true
		}
	}
	return false
}

// Nearest returns the name that is fewest changes of a letter away from a text, if those are
// few for its length; the first of several.
func Nearest(text string, names []string) string {
	best, distance := "", len(text)/4+2
	text = strings.ToLower(text)
	for _, name := range names {
		if abs(len(name)-len(text)) >= distance {
			continue
		}
		if d := changes(text, strings.ToLower(name), distance); d < distance {
			best, distance = name, d
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// changes counts the letters to insert, drop, replace or swap with the next; limit or more ends
// the count.
func changes(a, b string, limit int) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least >= limit {
			return limit
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
