// Package minimize makes documents smaller and parts documents that are too large, without a
// change of what they allow. It knows no requests: whether two sets of documents allow the same
// is decided by a function that is handed in, and nothing is done that it does not prove.
package minimize

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A Proof reports whether it is proved that the second documents, of one layer, allow nothing that
// the first do not.
type Proof func(before, after []*policy.Document) bool

// effort is how many characters of documents are looked at: enough for policies that are over every
// quota, and an end in seconds for documents of any size.
const effort = 80_000_000

// Document returns a document that allows the same and from which no statement, pattern,
// principal, condition or value can be taken away, and in which no two statements can be made
// one, as far as that is proved. Complete is false if the document is too large to try all that.
// What is returned is never larger than d, which is not changed, and stands in the order of d.
func Document(d *policy.Document, within Proof) (smaller *policy.Document, complete bool) {
	m := &minimizer{best: d.Clone(), size: d.Size(), within: within, effort: effort}
	m.run()
	return m.best, !m.over()
}

func (m *minimizer) run() {
	for again := true; again && !m.over(); {
		again = m.dropStatements()
		again = m.join() || again
		again = m.dropParts() || again
	}
}

type minimizer struct {
	best   *policy.Document
	size   int // of the best
	within Proof
	effort int // that is left
}

// over reports whether the effort is used up.
func (m *minimizer) over() bool { return m.effort <= 0 }

// draft returns a copy of the best document to be changed and tried.
func (m *minimizer) draft() *policy.Document {
	m.effort -= m.size
	return m.best.Clone()
}

// A change is what is known of a document before anything is proved.
type change uint8

const (
	anyChange change = iota
	lessOrSame
	moreOrSame
)

// try takes a document in the place of the best one if it is smaller and allows the same. What
// the change says by itself need not be proved.
func (m *minimizer) try(d *policy.Document, c change) bool {
	size := d.Size()
	if size >= m.size {
		return false
	}
	best, next := []*policy.Document{m.best}, []*policy.Document{d}
	if c != moreOrSame && !m.within(next, best) || c != lessOrSame && !m.within(best, next) {
		return false
	}
	m.best, m.size = d, size
	return true
}

// without says what leaving out a part of a statement does that it applies by.
func without(e policy.Effect) change {
	if e == policy.Deny {
		return moreOrSame
	}
	return lessOrSame
}

func (m *minimizer) dropStatements() bool {
	dropped := false
	for i := len(m.best.Statements) - 1; i >= 0 && !m.over(); i-- {
		d := m.draft()
		c := without(d.Statements[i].Effect)
		d.Statements = slices.Delete(d.Statements, i, i+1)
		dropped = m.try(d, c) || dropped
	}
	return dropped
}

// join makes one statement of two with the same effect that differ in actions and resources only.
// Where they agree in one of the two, joining them is no question; where not, it may still be one.
func (m *minimizer) join() bool {
	joined := false
	m.effort -= m.size
	frames := make([]string, len(m.best.Statements))
	for i := range frames {
		frames[i] = frame(&m.best.Statements[i])
	}
	for i := 0; i < len(frames); i++ {
		for j := i + 1; j < len(frames) && frames[i] != "" && !m.over(); j++ {
			if m.effort--; frames[i] != frames[j] {
				continue
			}
			d := m.draft()
			to, from := &d.Statements[i], &d.Statements[j]
			to.Actions = union(to.Actions, from.Actions)
			to.Resources = union(to.Resources, from.Resources)
			d.Statements = slices.Delete(d.Statements, j, j+1)
			if m.try(d, anyChange) {
				frames = slices.Delete(frames, j, j+1)
				joined = true
				j--
			}
		}
	}
	return joined
}

// frame returns what a statement says beside its actions and resources; nothing of a statement
// that cannot be joined with any.
func frame(s *policy.Statement) string {
	if s.NotActions != nil || s.NotResources != nil {
		return ""
	}
	bare := *s
	bare.Sid, bare.Actions, bare.Resources = "", nil, nil
	d := policy.Document{Statements: []policy.Statement{bare}}
	return string(d.Compact())
}

func union(a, b []policy.Text) []policy.Text {
	out := slices.Clone(a)
	for _, t := range b {
		if !slices.ContainsFunc(out, func(u policy.Text) bool { return u.Text == t.Text }) {
			out = append(out, t)
		}
	}
	return out
}

// dropParts takes away what is in lists, and conditions.
func (m *minimizer) dropParts() bool {
	dropped := false
	for i := range m.best.Statements {
		for n, list := range lists(&m.best.Statements[i]) {
			for k := len(*list(&m.best.Statements[i])) - 1; k >= 0 && !m.over(); k-- {
				texts := *list(&m.best.Statements[i])
				if len(texts) < 2 {
					break
				}
				if n == 0 && m.needed(texts[k].Text, i, k) {
					continue
				}
				d := m.draft()
				to := list(&d.Statements[i])
				*to = slices.Delete(*to, k, k+1)
				c := anyChange
				if n == 0 || n == 2 { // Action and Resource: the others may be lists of exceptions
					c = without(d.Statements[i].Effect)
				}
				dropped = m.try(d, c) || dropped
			}
		}
		for k := len(m.best.Statements[i].Conditions) - 1; k >= 0 && !m.over(); k-- {
			d := m.draft()
			s := &d.Statements[i]
			if s.Conditions = slices.Delete(s.Conditions, k, k+1); len(s.Conditions) == 0 {
				s.Conditions = nil
			}
			dropped = m.try(d, anyChange) || dropped
		}
	}
	return dropped
}

// needed reports whether an action of a statement surely has to stay: it is no pattern, and no
// other pattern of the document matches it, so that nothing else speaks of requests for it. Where
// the statement applies to no such request all the same, it stays too.
func (m *minimizer) needed(action string, statement, place int) bool {
	if wildcard.Contains(action) {
		return false
	}
	for i := range m.best.Statements {
		s := &m.best.Statements[i]
		if s.NotActions != nil {
			return false
		}
		m.effort -= len(s.Actions)
		for k, t := range s.Actions {
			if (i != statement || k != place) && wildcard.MatchFold(t.Text, action) {
				return false
			}
		}
	}
	return true
}

// A list finds one list of texts in a statement or in a copy of it.
type list func(*policy.Statement) *[]policy.Text

func lists(s *policy.Statement) []list {
	out := []list{
		func(s *policy.Statement) *[]policy.Text { return &s.Actions },
		func(s *policy.Statement) *[]policy.Text { return &s.NotActions },
		func(s *policy.Statement) *[]policy.Text { return &s.Resources },
		func(s *policy.Statement) *[]policy.Text { return &s.NotResources },
	}
	if s.Principal != nil {
		out = append(out,
			func(s *policy.Statement) *[]policy.Text { return &s.Principal.AWS },
			func(s *policy.Statement) *[]policy.Text { return &s.Principal.Service },
			func(s *policy.Statement) *[]policy.Text { return &s.Principal.Federated })
	}
	for i := range s.Conditions {
		out = append(out, func(s *policy.Statement) *[]policy.Text { return &s.Conditions[i].Values })
	}
	return out
}
