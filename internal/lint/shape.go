package lint

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A Shape is how a statement comes to allow an action on resources that are not told one by one:
// the end of the code that IAM Access Analyzer has for it, and the element to look at.
type Shape struct {
	Alias    string // empty: it does not
	Position policy.Position
}

// ShapeOf returns the shape in which an Allow statement allows an action on resources that a test
// finds too wide.
func ShapeOf(s *policy.Statement, action string, wide func(string) bool) Shape {
	name, ok := Names(s, action)
	if s.Effect != policy.Allow || !ok {
		return Shape{}
	}
	at := name.Position
	if s.NotResources != nil {
		switch {
		case s.NotActions != nil:
			return Shape{"WITH_NOT_ACTION_AND_NOT_RESOURCE", s.ResourcePosition}
		case wildcard.Contains(name.Text):
			return Shape{"WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", at}
		}
		return Shape{"WITH_NOT_RESOURCE", s.ResourcePosition}
	}
	i := slices.IndexFunc(s.Resources, func(t policy.Text) bool { return wide(Open(t.Text)) })
	switch {
	case i < 0:
		return Shape{}
	case s.NotActions != nil:
		return Shape{"WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", s.Resources[i].Position}
	case wildcard.Contains(name.Text):
		return Shape{"WITH_STAR_IN_ACTION_AND_RESOURCE", at}
	}
	return Shape{"WITH_STAR_IN_RESOURCE", s.Resources[i].Position}
}

// Limits reports whether a statement has a condition on one of the keys, or on one that begins
// with it and a slash, that leaves something out.
func Limits(s *policy.Statement, keys ...string) bool {
	return slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool {
		operator, err := condition.ParseOperator(c.Operator)
		if err != nil || operator.Base == condition.Null || slices.ContainsFunc(c.Values, func(v policy.Text) bool { return v.Text == "*" }) {
			return false
		}
		return slices.ContainsFunc(keys, func(key string) bool {
			return strings.EqualFold(c.Key, key) || len(c.Key) > len(key) && strings.EqualFold(c.Key[:len(key)+1], key+"/")
		})
	})
}

// Reaches reports whether an action can be about a resource that one of some patterns matches.
// An action that takes no resources is about * only. Where the catalog is not complete, the
// answer is yes.
func Reaches(p *Pass, a *catalog.Action, patterns []policy.Text) bool {
	if len(a.Resources) == 0 {
		return slices.ContainsFunc(patterns, func(t policy.Text) bool { return arn.MatchPattern(t.Text, "*") }) || facts.FormsIncomplete(a.Service)
	}
	for _, t := range patterns {
		fields, n := arn.Fields(t.Text)
		if n < len(fields) || facts.FormsIncomplete(fields[2]) {
			return true
		}
		for _, r := range a.Resources {
			for _, format := range slices.Concat(a.ARNs(r.Type), r.Type.ARNs) {
				if meetsARN(fields, format) {
					return true
				}
			}
		}
	}
	return false
}

// meetsARN reports whether an ARN of a format may match the fields of a pattern.
func meetsARN(fields [6]string, format string) bool {
	f, n := arn.Fields(catalog.FillARN(format, nil))
	if n < len(f) {
		return true
	}
	if f[2] == "s3" && f[5] == "*" && strings.Contains(Open(fields[5]), "/") {
		return false // the name of a bucket has no slash: this is an object
	}
	// Partition, Region and account are left to other rules.
	return facts.Meet(Open(fields[2]), f[2]) && facts.Meet(Open(fields[5]), f[5])
}
