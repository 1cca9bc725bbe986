package compare

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/universe"
)

// A leaf is a box of which no part is outside what was searched for, and one request in it.
type leaf struct {
	session *session
	box     *box
	needed  []int // the dimensions of the keys that requests of the box have to carry
	request evaluate.Request
	sent    *universe.Bitset // what actions returns, once it was asked for
}

// leaf looks for a request in the box that can be sent: one whose action names such a resource
// and carries such keys.
func (s *session) leaf(b *box) (*leaf, bool) {
	l := &leaf{session: s, box: b}
	l.request.Context = evaluate.Context{}
	for d := firstKey; d < len(b.conjunctions); d++ {
		if len(b.conjunctions[d]) == 0 {
			continue
		}
		r := s.sat(d, b.conjunctions[d], nil)
		switch {
		case r.outcome == none:
			return nil, false
		case r.outcome == unknown:
			s.doubt("it is not decided which values of %s all conditions allow", s.dimensions[d].name)
			return nil, false
		case !r.absent:
			l.needed = append(l.needed, d)
			l.request.Context[s.dimensions[d].name] = r.values
		}
	}
	if len(s.principals) > 0 {
		for i := range b.who.All {
			l.request.Principal = s.principals[i]
			break
		}
	}
	if s.open {
		return l, l.future()
	}
	for a := range b.actions.All {
		if l.send(a) {
			return l, true
		}
		if s.spent() {
			return nil, false
		}
	}
	return nil, false
}

// send reports whether a request for an action of the catalog is in the box, and makes it so.
func (l *leaf) send(action int) bool {
	s := l.session
	s.steps -= len(l.needed) / 8
	for _, d := range l.needed {
		if k := &s.dimensions[d]; k.known && !s.requests.Carries(action, k.template) {
			return false
		}
	}
	shape := s.requests.ShapeOf(action)
	if s.steps--; !s.mayName(l.box.at(resourceDimension), shape) {
		return false
	}
	r := s.resource(l.box.at(resourceDimension), shape)
	if r.outcome == unknown {
		s.doubt("it is not decided which resources of %v all patterns allow", s.requests.Catalog.ActionAt(action))
	}
	if r.outcome != some {
		return false
	}
	l.request.Action = s.requests.Catalog.ActionAt(action).String()
	l.request.Resource = s.plainer(l.box.at(resourceDimension), shape, r.text)
	return true
}

// resource looks for a resource of a shape, and takes one with a name where there is one.
func (s *session) resource(conjunction []code, shape *universe.Shape) result {
	if shape.Named != nil {
		if r := s.sat(resourceDimension, conjunction, shape.Named); r.outcome == some {
			return r
		}
	}
	return s.sat(resourceDimension, conjunction, shape)
}

// mayName reports whether the services of the resources of a shape are among those that every
// pattern of a conjunction names. It says no only where a search would find nothing.
func (s *session) mayName(conjunction []code, shape *universe.Shape) bool {
	if shape.Services == nil {
		return true
	}
	for _, c := range conjunction {
		services := s.literals[c.literal()].services
		if services == nil || !c.wanted() {
			continue
		}
		if !slices.ContainsFunc(shape.Services, func(name string) bool { return slices.Contains(services, name) }) {
			return false
		}
	}
	return true
}

// future makes a request for an action that there may be one day.
func (l *leaf) future() bool {
	s := l.session
	action := s.sat(actionDimension, l.box.at(actionDimension), actionShape)
	resource := s.sat(resourceDimension, l.box.at(resourceDimension), resourceShape)
	if action.outcome == none || resource.outcome == none {
		return false
	}
	if action.outcome == unknown || resource.outcome == unknown {
		s.doubt("it is not decided which actions and resources all patterns allow")
		return false
	}
	l.request.Action = action.text
	if a, ok := s.requests.Catalog.Action(action.text); ok {
		l.request.Action = a.String()
	}
	l.request.Resource = s.plainer(l.box.at(resourceDimension), resourceShape, resource.text)
	return true
}

// actions returns the actions of the box for which a request like the leaf's can be sent.
func (l *leaf) actions() universe.Bitset {
	if l.sent != nil {
		return *l.sent
	}
	var set universe.Bitset
	other := &leaf{session: l.session, box: l.box, needed: l.needed}
	for a := range l.box.actions.All {
		if other.send(a) {
			set.Add(a, a+1)
		}
		if l.session.spent() {
			break
		}
	}
	l.sent = &set
	return set
}

// Values that a person knows, for the fields of an ARN that the patterns leave open.
var plainFields = [][3]string{
	{"aws", "eu-west-1", "123456789012"}, {"aws", "eu-west-1", ""}, {"aws", "", "123456789012"}, {"aws", "", ""},
	{"", "eu-west-1", "123456789012"}, {"", "eu-west-1", ""}, {"", "", "123456789012"},
}

// plainer returns the ARN with the usual partition, region and account if they do as well.
func (s *session) plainer(conjunction []code, shape *universe.Shape, resource string) string {
	fields := strings.SplitN(resource, ":", 6)
	if len(fields) < 6 || s.marked() {
		return resource
	}
	for _, plain := range plainFields {
		try := slices.Clone(fields)
		for i, at := range [3]int{1, 3, 4} {
			if plain[i] != "" && fields[at] != "" {
				try[at] = plain[i]
			}
		}
		if text := strings.Join(try, ":"); s.accepts(conjunction, shape, text) {
			return text
		}
	}
	return resource
}

// accepts reports whether a text satisfies a conjunction and fills a format of the shape.
func (s *session) accepts(conjunction []code, shape *universe.Shape, text string) bool {
	for _, c := range conjunction {
		if s.literals[c.literal()].set.Match(text) != c.wanted() {
			return false
		}
	}
	return s.shapeSet(shape).Match(text)
}
