package generate

import (
	"cmp"
	"slices"

	"github.com/aegis-iam/aegis/internal/compile"
	"github.com/aegis-iam/aegis/internal/intent"
)

// provenance puts the words themselves in the place of their spans.
func provenance(from []compile.Provenance, words []string) []Provenance {
	out := []Provenance{}
	for _, p := range from {
		to := Provenance{Sid: p.Sid, Actions: []Reason{}}
		for action, r := range p.Actions {
			to.Actions = append(to.Actions, Reason{Action: action, Because: r.Because, Words: textOf(r.Span, words)})
		}
		slices.SortFunc(to.Actions, func(a, b Reason) int { return cmp.Compare(a.Action, b.Action) })
		to.Resources = textsOf(p.Targets, words)
		to.Conditions = textsOf(p.Where, words)
		out = append(out, to)
	}
	return out
}

func textsOf(spans []intent.Span, words []string) []string {
	var out []string
	for _, s := range spans {
		if text := textOf(s, words); text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// textOf returns the words of a span, or nothing if it is outside of the turns.
func textOf(s intent.Span, words []string) string {
	if s.Turn < 0 || s.Turn >= len(words) || s.Start < 0 || s.Start >= s.End || s.End > len(words[s.Turn]) {
		return ""
	}
	return words[s.Turn][s.Start:s.End]
}
