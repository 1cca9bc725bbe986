package wording

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// How much better than the best different one a reading has to be to be certain; more if a word of
// the action's name stands nowhere. Both were set where wrong readings of requests by strangers
// begin to outnumber right ones.
const (
	clearMargin   = 0.25
	partialMargin = 2.5
)

// Doubt notes a reading that might well be another one, so that the answer says what was assumed.
func (rd *Reading) Doubt(u object.Unit, v *sentence.Verb, m Match) {
	span := rd.Span(u.From, u.To)
	if v != nil {
		span = rd.Span(min(v.At, u.From), max(v.End, u.To))
	}
	stray := rd.stray(u, v, m.Service)
	if span == (intent.Span{}) || v != nil && !stray && m.Certain() {
		return
	}
	words := strings.TrimSpace(rd.Text[span.Start:min(span.End, len(rd.Text))])
	rd.Assume(true, span, "read \""+words+"\" as "+strings.Join(m.Actions(), ", "))
}

// stray says that a reading is about a service that the request does not speak of by name, while
// it names others.
func (rd *Reading) stray(u object.Unit, v *sentence.Verb, service string) bool {
	if rd.implied(v, service) {
		return false
	}
	if len(rd.Strong()) > 0 && !rd.Strong()[service] && !rd.OwnServices(u)[service] {
		return true
	}
	focus := map[string]bool{}
	for _, l := range rd.Links {
		acts := rd.Subject != nil && rd.Subject[l.From]
		for _, e := range l.Entries {
			if (e.Kind == lexicon.Name || e.Named) && !rd.Ordinary(l) && !(acts && rd.Lexicon.Is("runner", e.Service)) {
				focus[e.Service] = true
			}
		}
	}
	if len(focus) == 0 || focus[service] {
		return false
	}
	for i := u.From; i < u.To; i++ {
		if rd.ServiceOfToken(i) == service && rd.Tokens[i].Kind == token.Entity {
			return false
		}
		if n := rd.LinkAt[i]; n >= 0 && rd.SpeaksOnlyOf(rd.Links[n], service, focus) {
			return false
		}
	}
	return true
}

// Certain says that no other reading comes near: the words are the whole name of an action, or
// this reading is clearly the best.
func (m Match) Certain() bool {
	if m.missing > 0 {
		return m.margin >= partialMargin && m.margin < alone
	}
	return m.margin >= clearMargin || m.Exact && m.Left == 0
}

// alone is the margin of a reading that no other one stands beside.
const alone = 99

// marginOf returns how much better the first match is than the best one that grants something
// that the first does not.
func (rd *Reading) marginOf(all []Match) float64 {
	own := all[0].Actions()
	for _, m := range all[1:] {
		if m.Service != all[0].Service && rd.Strong()[all[0].Service] && !rd.Strong()[m.Service] {
			continue
		}
		for _, a := range m.Actions() {
			if !slices.Contains(own, a) {
				return all[0].Score - m.Score
			}
		}
	}
	return alone
}

// implied says that the verb alone speaks of the service: assuming is sts, passing is iam.
func (rd *Reading) implied(v *sentence.Verb, service string) bool {
	return v != nil && rd.Lexicon.Is("implies", v.Stem+"="+service)
}
