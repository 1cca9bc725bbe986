package minimize

import (
	"errors"
	"slices"

	"github.com/aegis-iam/aegis/internal/policy"
)

// ErrTooLarge: a statement alone is over the quota and has no list that could be parted.
var ErrTooLarge = errors.New("a statement is larger than the quota and cannot be parted")

// ErrNotProved: it was not proved that the parts allow what the whole allows.
var ErrNotProved = errors.New("it is not proved that the parts allow the same as the whole")

// Split returns documents of one layer that are within a quota each and together allow what d
// allows: d alone if it is within the quota. Statements stay whole where they can and in their
// order; a large one is parted at its actions or its resources. The error is ErrTooLarge or
// ErrNotProved.
func Split(d *policy.Document, quota policy.Quota, within Proof) ([]*policy.Document, error) {
	fits := func(d *policy.Document) bool { return quota.Counting.Size(d.Compact()) <= quota.Limit }
	if fits(d) {
		return []*policy.Document{d.Clone()}, nil
	}
	alone := func(s policy.Statement) *policy.Document {
		return &policy.Document{Version: d.Version, Statements: []policy.Statement{s}}
	}
	var parts []*policy.Document
	pending := d.Clone().Statements
	for len(pending) > 0 {
		s := pending[0]
		pending = pending[1:]
		if !fits(alone(s)) {
			first, second, ok := halves(s)
			if !ok {
				return nil, ErrTooLarge
			}
			pending = slices.Concat([]policy.Statement{first, second}, pending)
			continue
		}
		if !put(parts, s, fits) {
			parts = append(parts, alone(s))
		}
	}
	if whole := []*policy.Document{d}; !within(whole, parts) || !within(parts, whole) {
		return nil, ErrNotProved
	}
	return parts, nil
}

// put adds a statement to the first part that has room for it.
func put(parts []*policy.Document, s policy.Statement, fits func(*policy.Document) bool) bool {
	for _, p := range parts {
		if s.Sid != "" && slices.ContainsFunc(p.Statements, func(o policy.Statement) bool { return o.Sid == s.Sid }) {
			continue // a Sid is unique in its document
		}
		with := &policy.Document{Version: p.Version, Statements: append(slices.Clip(p.Statements), s)}
		if fits(with) {
			p.Statements = with.Statements
			return true
		}
	}
	return false
}

// halves parts a statement at the longer of its lists of actions and resources. Lists of what is
// excepted cannot be parted.
func halves(s policy.Statement) (first, second policy.Statement, ok bool) {
	first, second = s.Clone(), s.Clone()
	switch {
	case len(s.Actions) > 1 && len(s.Actions) >= len(s.Resources):
		middle := len(s.Actions) / 2
		first.Actions, second.Actions = first.Actions[:middle], second.Actions[middle:]
	case len(s.Resources) > 1:
		middle := len(s.Resources) / 2
		first.Resources, second.Resources = first.Resources[:middle], second.Resources[middle:]
	default:
		return first, second, false
	}
	return first, second, true
}
