package facts

// Meet reports whether some text is matched by both patterns.
func Meet(a, b string) bool {
	a, b, ok := trimmed(a, b)
	if !ok {
		return false
	}
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
				row[j] = diagonal && agree(x, y)
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// trimmed returns two patterns without what stands before the first star of either and behind the
// last one, which takes one letter of a text for each of its own; false if that does not agree.
func trimmed(a, b string) (string, string, bool) {
	for a != "" && b != "" && a[0] != '*' && b[0] != '*' {
		if !agree(a[0], b[0]) {
			return "", "", false
		}
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] != '*' && b[len(b)-1] != '*' {
		if !agree(a[len(a)-1], b[len(b)-1]) {
			return "", "", false
		}
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b, true
}

// agree reports whether some letter is matched by two, of which none is a star.
func agree(x, y byte) bool { return x == y || x == '?' || y == '?' }
