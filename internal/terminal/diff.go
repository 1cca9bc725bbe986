package terminal

import "strings"

// diffContext is how many lines that stay are shown around those that change.
const diffContext = 2

// maxDiff bounds the work of a diff: the product of the numbers of lines.
const maxDiff = 4 << 20

// A diffLine is a line of two texts: mark is '+', '-' or ' '.
type diffLine struct {
	mark byte
	text string
}

// diff compares two texts by lines: the least number of lines that have to go and come. Texts
// that are too long for it are shown as gone and come as a whole.
func diff(before, after string) []diffLine {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	if len(a)*len(b) > maxDiff {
		return append(marked('-', a), marked('+', b)...)
	}
	// common[i][j] is the length of the longest common part of a[i:] and b[j:].
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []diffLine
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			out = append(out, diffLine{' ', a[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			out = append(out, diffLine{'-', a[i]})
			i++
		default:
			out = append(out, diffLine{'+', b[j]})
			j++
		}
	}
	return append(append(out, marked('-', a[i:])...), marked('+', b[j:])...)
}

func marked(mark byte, lines []string) []diffLine {
	var out []diffLine
	for _, line := range lines {
		out = append(out, diffLine{mark, line})
	}
	return out
}

// Diff prints the lines that change, with a few around them.
func (p *Printer) Diff(before, after string) {
	lines := diff(before, after)
	near := make([]bool, len(lines))
	for i, line := range lines {
		if line.mark == ' ' {
			continue
		}
		for k := max(0, i-diffContext); k <= min(len(lines)-1, i+diffContext); k++ {
			near[k] = true
		}
	}
	gap := false
	for i, line := range lines {
		if !near[i] {
			gap = true
			continue
		}
		if gap && i > 0 {
			p.Printf("  %s\n", p.Text(Dim, "..."))
		}
		gap = false
		colour := map[byte]Style{'+': Green, '-': Red, ' ': Dim}[line.mark]
		p.Printf("%s\n", p.Text(colour, string(line.mark)+" "+Printable(line.text)))
	}
}
