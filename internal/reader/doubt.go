package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
)

// A reading is certain enough to say nothing about only if it beats the next different one by
// this much.
const clearMargin = 0.5

// doubt notes a reading that might well be another one, so that the answer says what was assumed.
func (rd *reading) doubt(u unit, v *verb, m match) {
	span := rd.span(u.from, u.to)
	if v != nil {
		span = rd.span(min(v.at, u.from), max(v.end, u.to))
	}
	stray := len(rd.strong()) > 0 && !rd.strong()[m.service] && !rd.ownServices(u)[m.service] && !rd.implied(v, m.service)
	if span == (intent.Span{}) || m.margin >= clearMargin && m.missing == 0 && !stray && v != nil {
		return
	}
	words := strings.TrimSpace(rd.text[span.Start:min(span.End, len(rd.text))])
	rd.assume(true, span, "read \""+words+"\" as "+strings.Join(m.actions(), ", "))
}

// marginOf returns how much better the first match is than the best one that grants something
// that the first does not.
func (rd *reading) marginOf(all []match) float64 {
	own := all[0].actions()
	for _, m := range all[1:] {
		if m.service != all[0].service && rd.strong()[all[0].service] && !rd.strong()[m.service] {
			continue
		}
		for _, a := range m.actions() {
			if !slices.Contains(own, a) {
				return all[0].score - m.score
			}
		}
	}
	return 99
}

// implied says that the verb alone speaks of the service: assuming is sts, passing is iam.
func (rd *reading) implied(v *verb, service string) bool {
	return v != nil && rd.Lexicon.Is("implies", v.stem+"="+service)
}
