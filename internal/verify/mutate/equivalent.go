package mutate

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A mutant is held for equivalent by one of these rules, each of which is about what the
// catalog lets requests be:
//
//  1. A value that is dropped is covered by another value of the list, or all that
//     the statement gives through it is given by another statement.
//  2. A wider action matches no further action that can name one of the statement's resources.
//  3. A wider resource holds no further resource that one of the statement's actions can name.
//  4. A condition is implied: Null beside a positive operator on the same key, or IfExists
//     where the operator already holds without the key, or beside Null.
//
// Whatever no rule speaks of counts as a real change.

// dropped says why a value of an element can go.
func (m *mutator) dropped(what string, i int) string {
	s := m.statement()
	switch what {
	case "action":
		if coveredBy(s.Actions, i, wildcard.MatchFold) {
			return "another pattern of the statement covers the action"
		}
		return m.covered(s, func(part *policy.Statement) { part.Actions = part.Actions[i : i+1] })
	case "resource":
		if coveredBy(s.Resources, i, arn.MatchPattern) {
			return "another pattern of the statement covers the resource"
		}
		if m.unreachable(s.Resources[i].Text) {
			return "no action of the statement can name the resource"
		}
		return m.covered(s, func(part *policy.Statement) { part.Resources = part.Resources[i : i+1] })
	case "not-resource":
		if coveredBy(s.NotResources, i, arn.MatchPattern) {
			return "another pattern of the statement covers the resource"
		}
		if m.unreachable(s.NotResources[i].Text) {
			return "no action of the statement can name the resource"
		}
	case "not-action":
		if coveredBy(s.NotActions, i, wildcard.MatchFold) {
			return "another pattern of the statement covers the action"
		}
	}
	return ""
}

// coveredBy says whether a value is matched by another one of the list.
func coveredBy(list []policy.Text, i int, match func(pattern, text string) bool) bool {
	for j := range list {
		if j != i && (list[j].Text != list[i].Text || j < i) && match(list[j].Text, list[i].Text) {
			return true
		}
	}
	return false
}

// covered says whether another statement gives everything that a part of a statement gives.
func (m *mutator) covered(s *policy.Statement, narrow func(*policy.Statement)) string {
	part := s.Clone()
	narrow(&part)
	for i := range m.doc.Statements {
		if i != m.at && gives(&m.doc.Statements[i], &part) {
			return "another statement gives the same"
		}
	}
	return ""
}

// gives says whether one statement applies wherever another does.
func gives(wide, part *policy.Statement) bool {
	if wide.Effect != part.Effect || len(wide.NotActions)+len(part.NotActions)+len(wide.NotResources)+len(part.NotResources) > 0 ||
		!namesAll(wide.Principal, part.Principal) {
		return false
	}
	within := func(list, in []policy.Text, match func(pattern, text string) bool) bool {
		return !slices.ContainsFunc(list, func(t policy.Text) bool {
			return !slices.ContainsFunc(in, func(p policy.Text) bool { return match(p.Text, t.Text) })
		})
	}
	if !within(part.Actions, wide.Actions, wildcard.MatchFold) || !within(part.Resources, wide.Resources, arn.MatchPattern) {
		return false
	}
	return !slices.ContainsFunc(wide.Conditions, func(c policy.Condition) bool {
		return !slices.ContainsFunc(part.Conditions, func(d policy.Condition) bool { return sameCondition(&c, &d) })
	})
}

func sameCondition(c, d *policy.Condition) bool {
	return c.Operator == d.Operator && strings.EqualFold(c.Key, d.Key) &&
		slices.EqualFunc(c.Values, d.Values, func(x, y policy.Text) bool { return x.Text == y.Text })
}

// accountNamed says whether an element names a whole account.
func accountNamed(p *policy.Principal, account string) bool {
	return account != "" && slices.ContainsFunc(p.AWS, func(t policy.Text) bool {
		return t.Text == account || strings.HasSuffix(t.Text, "::"+account+":root")
	})
}

// namesAll says whether one element names everyone that another names: the same, or the
// accounts of all of them.
func namesAll(a, b *policy.Principal) bool {
	if a == nil || b == nil {
		return a == b
	}
	same := func(x, y []policy.Text) bool {
		return slices.EqualFunc(x, y, func(s, t policy.Text) bool { return s.Text == t.Text })
	}
	if b.Any == a.Any && len(b.Service)+len(b.Federated)+len(b.CanonicalUser) == 0 && len(b.AWS) > 0 &&
		!slices.ContainsFunc(b.AWS, func(t policy.Text) bool { return !accountNamed(a, accountIn(t.Text)) }) {
		return true
	}
	return a.Any == b.Any && same(a.AWS, b.AWS) && same(a.Service, b.Service) &&
		same(a.Federated, b.Federated) && same(a.CanonicalUser, b.CanonicalUser)
}

// replaced says why a value of an element can be changed to another.
func (m *mutator) replaced(what string, v variant) string {
	s := m.statement()
	switch {
	case v.how != widened:
		return ""
	case what == "action" && !m.moreActions(v.value):
		return "no further action can name a resource of the statement"
	case what == "resource" && !m.moreResources(v.value, s.Resources):
		return "no further resource can be named by an action of the statement"
	case what == "not-resource" && !m.moreResources(v.value, s.NotResources):
		return "no further resource can be named by an action of the statement"
	}
	return ""
}

// moreActions says whether a pattern matches an action that the statement does not have and
// that can name one of its resources.
func (m *mutator) moreActions(pattern string) bool {
	s := m.statement()
	return slices.ContainsFunc(m.catalog.Expand(pattern), func(ca *catalog.Action) bool {
		return !m.given(s, ca) && m.canName(ca, s)
	})
}

// given says whether the statement, or one with the same resources, conditions and
// principals, has the action already.
func (m *mutator) given(s *policy.Statement, ca *catalog.Action) bool {
	part := s.Clone()
	part.Actions = []policy.Text{{Text: ca.String()}}
	return slices.ContainsFunc(m.doc.Statements, func(o policy.Statement) bool { return gives(&o, &part) })
}

// canName says whether requests for an action can name a resource of the statement.
func (m *mutator) canName(ca *catalog.Action, s *policy.Statement) bool {
	if len(s.Resources) == 0 && len(s.NotResources) == 0 {
		return slices.ContainsFunc(ca.Resources, func(r catalog.ActionResource) bool { return r.Type.Name == "role" })
	}
	if len(s.NotResources) > 0 || slices.ContainsFunc(s.Resources, func(t policy.Text) bool { return t.Text == "*" }) {
		return true
	}
	return slices.ContainsFunc(s.Resources, func(t policy.Text) bool {
		return slices.ContainsFunc(openPatterns(ca), func(open string) bool { return overlap(open, t.Text) && m.ofShape(open, t.Text) })
	})
}

// ofShape says whether a resource pattern can be of a type by the number of its parts: if a
// type of the service has as many, it is that type, and others are not meant.
func (m *mutator) ofShape(open, pattern string) bool {
	f, n := arn.Fields(open)
	g, k := arn.Fields(pattern)
	s, ok := m.catalog.Service(f[2])
	if n < len(f) || k < len(g) || !ok {
		return true
	}
	if len(parts(f[5])) == len(parts(g[5])) {
		return meetParts(f[5], g[5])
	}
	return !slices.ContainsFunc(s.Resources, func(r *catalog.ResourceType) bool {
		return slices.ContainsFunc(r.ARNs, func(format string) bool {
			h, _ := arn.Fields(catalog.FillARN(format, nil))
			return len(parts(h[5])) == len(parts(g[5])) && meetParts(h[5], g[5])
		})
	})
}

func parts(resource string) []string {
	return strings.FieldsFunc(resource, func(r rune) bool { return r == '/' || r == ':' })
}

// meetParts is meetText part by part, for as many parts.
func meetParts(a, b string) bool {
	x, y := parts(a), parts(b)
	for i := range x {
		if !meetText(x[i], y[i]) {
			return false
		}
	}
	return true
}

// openPatterns are the patterns of all resources that an action can name.
func openPatterns(ca *catalog.Action) []string {
	var out []string
	for _, r := range ca.Resources {
		for _, f := range ca.ARNs(r.Type) {
			out = append(out, catalog.FillARN(f, nil))
		}
	}
	return out
}

// unreachable says that no action of the statement can name a resource of a pattern.
func (m *mutator) unreachable(pattern string) bool {
	if pattern == "*" || len(m.statement().Actions) == 0 {
		return false
	}
	return !slices.ContainsFunc(m.named(), func(open string) bool { return overlap(open, pattern) })
}

// named are the patterns of the resources that the statement's actions can name.
func (m *mutator) named() []string {
	var out []string
	for _, a := range m.statement().Actions {
		for _, ca := range m.catalog.Expand(a.Text) {
			out = append(out, openPatterns(ca)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// moreResources says whether a pattern holds a resource that an action of the statement can
// name and that its other patterns do not hold.
func (m *mutator) moreResources(pattern string, have []policy.Text) bool {
	s := m.statement()
	if len(s.NotActions) > 0 || slices.ContainsFunc(s.Actions, func(a policy.Text) bool { return a.Text == "*" }) {
		return true
	}
	if pattern == "*" && slices.ContainsFunc(s.Actions, func(a policy.Text) bool {
		return slices.ContainsFunc(m.catalog.Expand(a.Text), func(ca *catalog.Action) bool { return len(ca.Resources) == 0 })
	}) {
		return true
	}
	return slices.ContainsFunc(m.named(), func(open string) bool {
		return overlap(open, pattern) && !shorn(open, pattern, have) && !slices.ContainsFunc(have, func(t policy.Text) bool {
			return arn.MatchPattern(anyPartition(t.Text), anyPartition(meet(open, pattern)))
		})
	})
}

// shorn says that a pattern differs from one of the statement's only by a separator that every
// resource of the type has at that place: "stream*" for "stream/*".
func shorn(open, pattern string, have []policy.Text) bool {
	base := strings.TrimRight(pattern, "*")
	word := base[strings.LastIndexAny(base, "/:")+1:]
	return slices.ContainsFunc(have, func(t policy.Text) bool {
		rest, ok := strings.CutPrefix(t.Text, base)
		return ok && (rest == "/*" || rest == ":*") && word != "" && slices.Contains(parts(open), word) &&
			strings.Contains(open, word+rest[:1])
	})
}

// anyPartition leaves the partition of a pattern out of account: an account is in one only.
func anyPartition(pattern string) string {
	f, n := arn.Fields(pattern)
	if n < len(f) {
		return pattern
	}
	f[1] = "*"
	return strings.Join(f[:], ":")
}

// meet is a pattern that holds at least what two patterns have in common: field by field the
// one of fewer wildcards.
func meet(a, b string) string {
	if b == "*" {
		return a
	}
	f, n := arn.Fields(a)
	g, k := arn.Fields(b)
	if n < len(f) || k < len(g) {
		return b
	}
	for i := range f {
		if strings.Count(g[i], "*") < strings.Count(f[i], "*") || f[i] == "*" {
			f[i] = g[i]
		}
	}
	return strings.Join(f[:], ":")
}

// overlap says whether some text is matched by both patterns.
func overlap(a, b string) bool {
	if a == "*" || b == "*" {
		return true
	}
	f, n := arn.Fields(a)
	g, k := arn.Fields(b)
	if n < len(f) || k < len(g) {
		return true
	}
	for i := range f {
		if !meetText(f[i], g[i]) {
			return false
		}
	}
	return true
}

// meetText is overlap for texts that are no ARNs, letter by letter.
func meetText(a, b string) bool {
	switch {
	case a == "" && b == "":
		return true
	case a != "" && a[0] == '*':
		return meetText(a[1:], b) || b != "" && meetText(a, b[1:])
	case b != "" && b[0] == '*':
		return meetText(a, b[1:]) || a != "" && meetText(a[1:], b)
	case a == "" || b == "":
		return false
	}
	return (a[0] == b[0] || a[0] == '?' || b[0] == '?') && meetText(a[1:], b[1:])
}
