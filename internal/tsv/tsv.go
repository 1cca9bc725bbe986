// Package tsv reads the tables of tab-separated values that the program embeds.
package tsv

import (
	"fmt"
	"strings"
)

// Rows splits a table into rows and these into columns: tabs part the columns, and lines that are
// empty or begin with # are left out. The table is the program's own, so a row with another number of
// columns is a mistake in the program: Rows panics.
func Rows(text string, columns int) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != columns {
			panic(fmt.Sprintf("tsv: %d columns, want %d: %s", len(row), columns, line))
		}
		rows = append(rows, row)
	}
	return rows
}
