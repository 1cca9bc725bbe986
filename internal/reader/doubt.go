package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// How much better than the best different one a reading has to be to be certain; more if a word of
// the action's name stands nowhere. Both were set where wrong readings of requests by strangers
// begin to outnumber right ones.
const (
	clearMargin   = 0.25
	partialMargin = 2.5
)

// doubt notes a reading that might well be another one, so that the answer says what was assumed.
func (rd *reading) doubt(u unit, v *verb, m match) {
	span := rd.span(u.from, u.to)
	if v != nil {
		span = rd.span(min(v.at, u.from), max(v.end, u.to))
	}
	stray := rd.stray(u, v, m.service)
	if span == (intent.Span{}) || v != nil && !stray && m.certain() {
		return
	}
	words := strings.TrimSpace(rd.text[span.Start:min(span.End, len(rd.text))])
	rd.assume(true, span, "read \""+words+"\" as "+strings.Join(m.actions(), ", "))
}

// stray says that a reading is about a service that the request does not speak of by name, while
// it names others.
func (rd *reading) stray(u unit, v *verb, service string) bool {
	if rd.implied(v, service) {
		return false
	}
	if len(rd.strong()) > 0 && !rd.strong()[service] && !rd.ownServices(u)[service] {
		return true
	}
	focus := map[string]bool{}
	for _, l := range rd.links {
		acts := rd.subject != nil && rd.subject[l.from]
		for _, e := range l.entries {
			if (e.Kind == lexicon.Name || e.Named) && !rd.ordinary(l) && !(acts && rd.Lexicon.Is("runner", e.Service)) {
				focus[e.Service] = true
			}
		}
	}
	if len(focus) == 0 || focus[service] {
		return false
	}
	for i := u.from; i < u.to; i++ {
		if rd.serviceOfToken(i) == service && rd.tokens[i].kind == entityToken {
			return false
		}
		if n := rd.linkAt[i]; n >= 0 && rd.speaksOnlyOf(rd.links[n], service, focus) {
			return false
		}
	}
	return true
}

// certain says that no other reading comes near: the words are the whole name of an action, or
// this reading is clearly the best.
func (m match) certain() bool {
	if m.missing > 0 {
		return m.margin >= partialMargin && m.margin < alone
	}
	return m.margin >= clearMargin || m.exact && m.left == 0
}

// alone is the margin of a reading that no other one stands beside.
const alone = 99

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
	return alone
}

// implied says that the verb alone speaks of the service: assuming is sts, passing is iam.
func (rd *reading) implied(v *verb, service string) bool {
	return v != nil && rd.Lexicon.Is("implies", v.stem+"="+service)
}
