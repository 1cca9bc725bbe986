package explain

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// notes says what a reader may take wrongly about a statement as a whole: what it does not
// grant, and what it takes with it.
func (w *writer) notes(s *policy.Statement) []string {
	all := w.allowNotes(s)
	if s.Effect == policy.Deny {
		all = w.denyNotes(s)
	}
	all = append(all, w.idle(s)...)
	for _, r := range slices.Concat(s.Resources, s.NotResources) {
		if strings.Contains(r.Text, "${") && !w.variables {
			all = append(all, "${...} in a resource is plain text here, because the document does not have the Version 2012-10-17.")
			break
		}
	}
	return all
}

func (w *writer) denyNotes(s *policy.Statement) []string {
	all := []string{"A Deny wins over every Allow, wherever that stands; it grants nothing itself."}
	if s.NotActions != nil {
		all = append(all, "The excepted actions are only not denied here: they still need an Allow.")
	}
	if s.NotResources != nil {
		all = append(all, "The excepted resources are only not denied here: access to them still needs an Allow.")
	}
	if s.NotPrincipal != nil {
		all = append(all, "The excepted principals are only not denied here. A role's session and its account are principals too: "+
			"whoever is to be excepted must be named with all of them.")
	}
	return all
}

func (w *writer) allowNotes(s *policy.Statement) []string {
	var all []string
	everyResource := slices.ContainsFunc(s.Resources, func(t policy.Text) bool { return t.Text == "*" })
	if anyEverything(s.Actions) && everyResource && len(s.Conditions) == 0 && !w.kind.limits() && !w.kind.addressed() {
		all = append(all, "This is full administrative access to the account.")
	}
	if s.NotActions != nil {
		all = append(all, "NotAction takes every action that it does not name, also of other services and those that AWS adds later. "+
			"It does not deny the excepted ones: another statement may allow them.")
	}
	if s.NotResources != nil {
		all = append(all, "NotResource takes every resource that it does not name, also those made later. "+
			"It does not deny the excepted ones: another statement may allow them.")
	}
	if s.NotPrincipal != nil {
		all = append(all, "NotPrincipal takes everyone whom it does not name, of any AWS account and also without credentials.")
	}
	if open(s.Principal) && w.kind.addressed() {
		if len(s.Conditions) == 0 {
			all = append(all, "This is open to the whole world.")
		} else {
			all = append(all, "Everyone is named: only the conditions keep the world out.")
		}
	}
	if !w.kind.addressed() && s.Principal != nil && w.kind.kind != policy.ResourceControl {
		all = append(all, "A policy of this kind takes no Principal.")
	}
	return all
}

// idle names the actions that act on none of the statement's resources, so that the
// statement does nothing for them.
func (w *writer) idle(s *policy.Statement) []string {
	*w.work += 100 * len(s.Actions) * len(s.Resources)
	if *w.work > maxWork || w.kind.kind == policy.Trust {
		return nil
	}
	var resources [][6]string
	for _, r := range s.Resources {
		f, ok := fields(w.mask(r.Text).text)
		if !ok || len(r.Text) > maxShown {
			return nil // "*", or a form that only its service reads
		}
		resources = append(resources, f)
	}
	if len(resources) == 0 {
		return nil
	}
	var lines []string
	for _, t := range s.Actions {
		if wildcard.Contains(t.Text) {
			continue
		}
		a, ok := w.catalog.Action(t.Text)
		if !ok || reaches(a, resources) {
			continue
		}
		does := "allow"
		if s.Effect == policy.Deny {
			does = "deny"
		}
		line := a.String() + " has no resource-level permissions: it needs the resource *, so this statement does not " + does + " it."
		if len(a.Resources) > 0 {
			line = a.String() + " acts on " + actsOn(a) + ", and no resource here is one, so this statement does not " + does + " it."
		}
		lines = append(lines, line)
	}
	return unique(lines)
}

// actsOn names the resource types of an action.
func actsOn(a *catalog.Action) string {
	var names []string
	for _, r := range a.Resources {
		names = append(names, nounOf(r.Type).several)
	}
	return join(unique(names), "and", 5)
}

// reaches reports whether a resource can be one that the action acts on.
func reaches(a *catalog.Action, resources [][6]string) bool {
	for _, r := range a.Resources {
		for _, format := range slices.Concat(a.ARNs(r.Type), r.Type.ARNs) {
			want, ok := fields(catalog.FillARN(format, nil))
			if !ok {
				return true
			}
			// The name of a bucket holds no slash, so what has one is an object.
			bucket := r.Type.Service == "s3" && r.Type.Name == "bucket"
			for _, have := range resources {
				if overlap(want, have) && !(bucket && strings.Contains(have[5], "/")) {
					return true
				}
			}
		}
	}
	return false
}

// overlap reports whether some ARN matches both patterns. Variables stand for anything.
func overlap(a, b [6]string) bool {
	for i := range a {
		if !meet(a[i], wild(b[i])) {
			return false
		}
	}
	return true
}

// wild replaces masked variables by *.
func wild(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= firstMask && r <= lastMask {
			return '*'
		}
		return r
	}, s)
}

// meet reports whether some text matches both patterns: a walk over the pairs of what is left
// of them, one row at a time.
func meet(a, b string) bool {
	if !wildcard.Contains(b) {
		return wildcard.Match(a, b)
	}
	row := make([]bool, len(b)+1)
	for i := len(a); i >= 0; i-- {
		next := slices.Clone(row)
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a) && j == len(b):
				row[j] = true
			case i < len(a) && a[i] == '*':
				row[j] = next[j] || j < len(b) && row[j+1]
			case j < len(b) && b[j] == '*':
				row[j] = row[j+1] || i < len(a) && next[j]
			case i < len(a) && j < len(b) && (a[i] == b[j] || a[i] == '?' || b[j] == '?'):
				row[j] = next[j+1]
			default:
				row[j] = false
			}
		}
	}
	return row[0]
}
