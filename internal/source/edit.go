package source

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/plainjson"
)

// ErrPlace: the text has nothing at the position that an edit could change.
var ErrPlace = errors.New("nothing to edit there")

// Apply returns the text after the edits, whose positions are those of the text as it is. What
// they leave alone keeps its form, white space included. The error wraps ErrPlace.
func (t *Text) Apply(edits []finding.Edit) (*Text, error) {
	order := slices.Clone(edits)
	slices.SortStableFunc(order, func(a, b finding.Edit) int {
		if a.Position.Line != b.Position.Line {
			return b.Position.Line - a.Position.Line
		}
		return b.Position.Column - a.Position.Column
	})
	// From the end to the start, so that the positions that are still to come stay right.
	out := t
	for _, e := range order {
		src, err := out.apply(e)
		if err != nil {
			return nil, fmt.Errorf("edit %s: %w", e.Position, err)
		}
		out = New(src)
	}
	return out, nil
}

func (t *Text) apply(e finding.Edit) (string, error) {
	at, ok := t.offset(e.Position)
	n := t.find(at)
	if !ok || n == nil {
		return "", ErrPlace
	}
	switch e.Op {
	case finding.Replace:
		if at >= len(t.src) || n.open != 0 && at == n.start {
			return "", ErrPlace
		}
		text, err := quote(e.Text)
		if err != nil {
			return "", err
		}
		end, _ := t.offset(t.End(e.Position))
		return t.src[:at] + text + t.src[end:], nil
	case finding.Remove:
		return t.remove(n)
	case finding.Insert:
		return t.insert(n, at, e.Text)
	}
	return "", ErrPlace
}

func quote(text string) (string, error) {
	line, err := plainjson.Line(text)
	return strings.TrimSuffix(string(line), "\n"), err
}

// remove takes a value out of its list or object, with the comma that is then too many.
func (t *Text) remove(n *node) (string, error) {
	if n.parent == nil {
		return "", ErrPlace
	}
	siblings := n.parent.children
	i := slices.Index(siblings, n)
	switch {
	case i+1 < len(siblings):
		return t.src[:n.from()] + t.src[siblings[i+1].from():], nil
	case i > 0:
		return t.src[:siblings[i-1].end] + t.src[n.end:], nil
	}
	return t.src[:n.from()] + t.src[n.end:], nil
}

// insert puts a member first into the object that begins at an offset, in the form of the member
// that was first before.
func (t *Text) insert(n *node, at int, member string) (string, error) {
	if n.open != '{' || n.start != at {
		return "", ErrPlace
	}
	if len(n.children) == 0 {
		return t.src[:at+1] + member + t.src[at+1:], nil
	}
	first := n.children[0].from()
	separator := ","
	if gap := t.src[at+1 : first]; gap != "" {
		separator += gap
	} else {
		separator += " "
	}
	return t.src[:first] + member + separator + t.src[first:], nil
}
