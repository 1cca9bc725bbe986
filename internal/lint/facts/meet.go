package facts

// Meet reports whether some text is matched by both patterns.
func Meet(a, b string) bool {
	// row[j] says whether one text can be matched by the start of a that was read and by b[:j].
	row := make([]bool, len(b)+1)
	row[0] = true
	for j := 1; j <= len(b) && b[j-1] == '*'; j++ {
		row[j] = true
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = row[0] && a[i] == '*'
		for j := 1; j <= len(b); j++ {
			above := row[j]
			switch x, y := a[i], b[j-1]; {
			case x == '*':
				row[j] = above || row[j-1] // the star takes nothing, or what b has next
			case y == '*':
				row[j] = row[j-1] || above
			default:
				row[j] = diagonal && (x == y || x == '?' || y == '?')
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
