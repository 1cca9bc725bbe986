package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/target"
)

// narrowActions keeps only the actions that the verbs name: "only read", "just GetItem".
func (f *followup) narrowActions() bool {
	if f.verbs() == 0 && !f.readsOnly() {
		return false
	}
	if len(f.Where) > 0 && !f.has("only", "just") {
		return false
	}
	keep := f.removable()
	if f.readsOnly() {
		keep = f.readers()
	}
	if len(keep) == 0 {
		return false
	}
	in := f.e.in.Clone()
	expandTo(&in, keep, f.Catalog)
	left := 0
	n := in.DropActions(func(g intent.Grant, a intent.Action) bool {
		if g.Effect == policy.Deny || a.Span == (intent.Span{}) {
			return false
		}
		if keep[strings.ToLower(a.Name)] {
			left++
			return false
		}
		return true
	})
	if left == 0 {
		f.e.ask(f.all(), "That is not among what is allowed so far. Shall it stand in its place?")
		return false
	}
	if n == 0 {
		f.e.noted("nothing else was allowed")
		return true
	}
	f.e.in = in
	return true
}

// readsOnly says that the segment asks for reading as such.
func (f *followup) readsOnly() bool {
	return f.has("read-only", "readonly", "ro") || f.has("only", "just") && (f.has("read", "reads", "reading") || f.has("view")) && len(f.TargetsIn(0, len(f.Tokens))) == 0 && !f.objectOf()
}

// objectOf says that a noun stands behind the verb of the segment.
func (f *followup) objectOf() bool {
	for _, u := range f.Units {
		for _, g := range u.Groups {
			for _, i := range g.Head {
				if !f.Word(i, "read", "reads", "reading", "only", "just", "access", "it", "view") {
					return true
				}
			}
		}
	}
	return false
}

// expandTo writes out those actions of patterns that are kept.
func expandTo(in *intent.Intent, keep map[string]bool, c *catalog.Catalog) {
	for i := range in.Grants {
		g := &in.Grants[i]
		if g.Effect == policy.Deny {
			continue
		}
		for _, a := range slices.Clone(g.Actions) {
			if !strings.Contains(a.Name, "*") {
				continue
			}
			for _, ca := range c.Expand(a.Name) {
				if keep[strings.ToLower(ca.String())] {
					g.Actions = append(g.Actions, intent.Action{Name: ca.String(), Because: "what is left of " + a.Name, Span: a.Span, Wide: true})
				}
			}
		}
	}
}

// readers are the actions of the intent that only read.
func (f *followup) readers() map[string]bool {
	out := map[string]bool{}
	for _, g := range f.e.in.Grants {
		for _, a := range g.Actions {
			if strings.Contains(a.Name, "*") {
				for _, r := range f.levelWords() {
					for _, x := range r.Actions {
						out[strings.ToLower(x.Name)] = true
					}
				}
			}
			if ca, ok := f.Catalog.Action(a.Name); ok && target.LevelHolds(ca.Level, target.ReadAccess) {
				out[strings.ToLower(a.Name)] = true
			}
		}
	}
	return out
}
