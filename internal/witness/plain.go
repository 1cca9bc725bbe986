package witness

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

// mayReach reports whether a statement may be about a resource that a pattern matches.
func mayReach(s *policy.Statement, pattern string) bool {
	if pattern == "" || s.Resources == nil {
		return true
	}
	want, n := arn.Fields(pattern)
	return slices.ContainsFunc(s.Resources, func(t policy.Text) bool {
		have, m := arn.Fields(lint.Open(t.Text))
		if n < len(want) || m < len(have) {
			return true
		}
		for i := range have {
			if !facts.Meet(have[i], want[i]) {
				return false
			}
		}
		return true
	})
}

// plain makes a request of a query: with the keys that it fixes and no others.
func plain(q lint.Query, s *policy.Statement) finding.Request {
	resource := q.Resource
	if resource == "" && len(s.Resources) > 0 {
		resource = s.Resources[0].Text
	}
	r := finding.Request{PrincipalType: q.PrincipalType, Principal: q.Principal, Action: q.Action, Resource: concrete(resource)}
	for _, c := range q.Where {
		if strings.EqualFold(c.Operator, "Null") || len(c.Values) == 0 {
			continue
		}
		if r.Context == nil {
			r.Context = map[string][]string{}
		}
		r.Context[c.Key] = []string{strings.TrimSuffix(c.Values[0].Text, "/32")}
	}
	return r
}

// concrete makes an ARN of a pattern; * stays as it is, for an action without resources.
func concrete(pattern string) string {
	fields, n := arn.Fields(pattern)
	if n < len(fields) {
		return "*"
	}
	for i, known := range []string{"arn", "aws", "", "us-east-1", "123456789012", ""} {
		switch {
		case known != "" && strings.Trim(fields[i], "*") == "" && fields[i] != "":
			fields[i] = known
		default:
			fields[i] = strings.NewReplacer("*", "x", "?", "x").Replace(fields[i])
		}
	}
	return strings.Join(fields[:], ":")
}
