package oracle

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
)

// plainly looks for a request of a query without condition keys: most answers are as plain. What
// it does not find may be there all the same.
func (o *oracle) plainly(q score.Query) (finding.Request, bool) {
	if slices.ContainsFunc(q.Where, func(c policy.Condition) bool { return !holdsWithout(c) }) {
		return finding.Request{}, false
	}
	for _, t := range q.Targets {
		if t.Resource == "" && len(t.Action.Resources) > 0 && o.kind != policy.Trust {
			continue
		}
		for _, s := range o.allows {
			if !s.actions.Has(t.Action.Index()) {
				continue
			}
			r := finding.Request{PrincipalType: q.PrincipalType, Principal: q.Principal, Action: t.Action.String(), Resource: "*"}
			switch {
			case t.Resource != "":
				r.Resource = within(s.Statement, t.Resource)
			case o.kind == policy.Trust:
				r.Resource = role // which one does not matter to its trust policy
			}
			if o.decide(r) {
				return r, true
			}
		}
	}
	return finding.Request{}, false
}

// holdsWithout reports whether a condition of a query holds for a request without its key.
func holdsWithout(c policy.Condition) bool {
	return strings.HasSuffix(c.Operator, "IfExists") || strings.HasPrefix(c.Operator, "ForAllValues:") ||
		c.Operator == "Null" && len(c.Values) == 1 && c.Values[0].Text == "true"
}

const role = "arn:aws:iam::123456789012:role/example"

// places are the partition, the region and the account of ARNs that have none.
var places = [6]string{1: "aws", 3: "us-east-1", 4: "123456789012"}

// within makes an ARN of a pattern whose name has no wildcard, in a partition, region and account
// that a statement names.
func within(s *policy.Statement, pattern string) string {
	want, _ := arn.Fields(pattern)
	given := places
	for _, t := range s.Resources {
		have, n := arn.Fields(t.Text)
		if n < len(have) || !facts.Meet(have[2], want[2]) {
			continue
		}
		for _, i := range []int{1, 3, 4} {
			if have[i] != "" && !strings.ContainsAny(have[i], "*?$") {
				given[i] = have[i]
			}
		}
		if facts.Meet(have[5], want[5]) {
			break
		}
	}
	for _, i := range []int{1, 3, 4} {
		if want[i] == "*" {
			want[i] = given[i]
		}
	}
	return strings.Join(want[:], ":")
}

// someRequest reports whether the documents allow an action on a resource that nobody names, or on
// none where the action can do without. If not, they may allow another request.
func (o *oracle) someRequest(a *catalog.Action) bool {
	resource := "*"
	for _, r := range a.Resources {
		if r.Required && resource == "*" {
			for _, format := range a.ARNs(r.Type)[:min(1, len(a.ARNs(r.Type)))] {
				values := map[string]string{"Partition": "aws", "Region": places[3], "Account": places[4]}
				for _, v := range catalog.ARNVariables(format) {
					values[v] = "zq7stranger"
				}
				resource = catalog.FillARN(format, values)
			}
		}
	}
	return o.decide(finding.Request{Action: a.String(), Resource: resource})
}

// mayAllow reports whether an Allow statement names the action of a target and may be about its
// resource.
func (o *oracle) mayAllow(t score.Target) bool {
	return slices.ContainsFunc(o.allows, func(s statement) bool {
		return s.actions.Has(t.Action.Index()) && mayReach(s.Statement, t.Resource)
	})
}

func mayReach(s *policy.Statement, pattern string) bool {
	if pattern == "" || s.Resources == nil {
		return true
	}
	want, n := arn.Fields(pattern)
	return slices.ContainsFunc(s.Resources, func(t policy.Text) bool {
		have, m := arn.Fields(open(t.Text))
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

// open puts a wildcard in the place of each policy variable.
func open(text string) string {
	if !strings.Contains(text, "${") {
		return text
	}
	variables := policy.Variables(text)
	for i := len(variables) - 1; i >= 0; i-- {
		text = text[:variables[i].Start] + "*" + text[variables[i].End:]
	}
	return text
}
