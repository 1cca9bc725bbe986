package compare

import (
	"fmt"
	"slices"

	"github.com/aegis-iam/aegis/internal/evaluate"
)

// Limits say how much of what is gained is listed.
type Limits struct {
	Options
	Differences int // at most so many; 0: all
}

// A Report is what one side allows and the other does not. Its verdict is Proved if that is
// nothing, and Unknown if nothing was found but it is not sure that there is nothing. A report
// of several differences is complete unless it says otherwise.
type Report struct {
	Verdict     Verdict
	Reason      string // why it is not sure that the list is complete; empty: it is, unless stopped
	Stopped     bool   // as many differences as wanted were found, and there may be more
	Differences []Difference

	steps int // what was spent
}

// A Difference is requests that are allowed by the new side and not by the old one, for the same
// statements and the same reason, with one of them.
type Difference struct {
	Request evaluate.Request
	Actions []string // all actions for which there is a request like it; in open mode that of the request
	Allowed []Place  // on the new side: the statements that allow it, one of each layer
	Denied  []Place  // on the old side: the statement that denies it; none: no statement allows it
}

// Differences lists what the new policies allow and the old ones do not. The error is that of
// Subsumes.
func (c *Comparer) Differences(before, after Access, l Limits) (Report, error) {
	return c.differences(before, after, l, false)
}

// differences is Differences, or what Subsumes needs of it if a single request is enough.
func (c *Comparer) differences(before, after Access, l Limits, single bool) (Report, error) {
	s := newSession(c.requests, l.Options, before, after)
	s.single = single
	var report Report
	var seeds []evaluate.Context
	err := s.compare(before, after, func(d Difference) bool {
		if s.marked() {
			seeds = append(seeds, d.Request.Context)
			return len(seeds) < maxSeeds
		}
		report.Differences = append(report.Differences, d)
		return l.Differences == 0 || len(report.Differences) < l.Differences
	})
	switch {
	case err != nil:
		return Report{}, err
	case s.variables.Len() > maxVariables:
		s.doubt("there are %d policy variables, of which %d are compared at most", s.variables.Len(), maxVariables)
	case s.marked() && (len(seeds) > 0 || s.doubts != nil):
		return c.instances(s, seeds, before, after, l)
	}
	report.steps = l.budget() - s.steps
	report.finish(s.doubts, l)
	return report, nil
}

// maxVariables is more than a policy within the quotas has: each is a letter of its own to search.
const maxVariables = 4_000

// finish sets the verdict of what was found, and the reason for doubts.
func (r *Report) finish(doubts error, l Limits) {
	r.Stopped = l.Differences > 0 && len(r.Differences) >= l.Differences
	if doubts != nil {
		r.Reason = doubts.Error()
	}
	switch {
	case len(r.Differences) > 0:
		r.Verdict = Counterexample
	case doubts == nil:
		r.Verdict = Proved
	}
}

// compare calls found with each difference until it returns false. With variables, the requests
// of the differences are not to be relied on.
func (s *session) compare(before, after Access, found func(Difference) bool) error {
	wanted := s.everything
	if !s.open {
		wanted = s.gainable(after)
	}
	old, err := s.compile(before, wanted)
	if err != nil {
		return fmt.Errorf("old policies: %w", err)
	}
	allowed, err := s.compile(after, wanted)
	if err != nil {
		return fmt.Errorf("new policies: %w", err)
	}
	if s.spent() || s.variables.Len() > maxVariables {
		s.steps = min(s.steps, -1)
		return nil
	}
	check := check{before: before, after: after}
	more := true
	for _, layer := range old {
		s.gains(allowed, layer, func(g gain) bool {
			d := s.difference(g)
			if !s.marked() && !check.shows(d.Request) {
				s.doubt("the request %s on %s was found, but the evaluation of it does not agree", d.Request.Action, d.Request.Resource)
				return true
			}
			more = found(d)
			return more
		})
		if !more || s.spent() {
			break
		}
	}
	return nil
}

func (s *session) difference(g gain) Difference {
	d := Difference{Request: g.request}
	switch {
	case s.open, s.single:
		d.Actions = []string{g.request.Action}
	default:
		for a := range g.actions().All {
			d.Actions = append(d.Actions, s.requests.Catalog.ActionAt(a).String())
		}
	}
	for _, st := range g.from {
		d.Allowed = append(d.Allowed, st.at)
	}
	if g.denied != nil {
		d.Denied = []Place{g.denied.at}
	}
	return d
}

// A check decides requests by package evaluate, which shares no code with the search.
type check struct {
	before, after Access
	old, allowed  [][]*evaluate.Policy // compiled when they are first needed
}

// shows reports whether the request is allowed on the new side and not on the old one.
func (c *check) shows(r evaluate.Request) bool {
	if c.old == nil {
		c.old, c.allowed = evaluated(c.before), evaluated(c.after)
	}
	return allows(c.allowed, r) && !allows(c.old, r)
}

// evaluated compiles documents that the session could read.
func evaluated(a Access) [][]*evaluate.Policy {
	layers := make([][]*evaluate.Policy, len(a))
	for i, l := range a {
		for _, d := range l.Documents {
			if p, err := evaluate.Compile(d, l.Kind); err == nil {
				layers[i] = append(layers[i], p)
			}
		}
	}
	return layers
}

func allows(layers [][]*evaluate.Policy, r evaluate.Request) bool {
	return !slices.ContainsFunc(layers, func(policies []*evaluate.Policy) bool {
		return evaluate.Evaluate(r, policies...) != evaluate.Allowed
	})
}
