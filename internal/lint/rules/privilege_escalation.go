package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

var privilegeEscalation = lint.Rule{
	ID:       "privilege-escalation",
	Severity: finding.Security,
	Summary:  "The policy lets its holder gain more permissions than it gives.",
	Kinds:    []policy.Kind{policy.IdentityBased, policy.SessionPolicy},
	Check: func(p *lint.Pass) {
		if p.Administers() || !p.Asks() {
			return
		}
		reached := map[policy.Position][]facts.Path{}
		blocked := map[policy.Position][]string{}
		witness := map[policy.Position]*finding.Request{}
		var order []policy.Position
		for _, path := range facts.Paths() {
			at, request, missing := walk(p, path)
			if at == (policy.Position{}) {
				continue
			}
			if reached[at] == nil && blocked[at] == nil {
				order = append(order, at)
			}
			if missing != "" {
				blocked[at] = append(blocked[at], path.ID+" needs "+missing)
				continue
			}
			reached[at] = append(reached[at], path)
			if witness[at] == nil {
				witness[at] = request
			}
		}
		for _, at := range order {
			reportPaths(p, at, reached[at], blocked[at], witness[at])
		}
	},
}

// walk looks for a request for each action of a path. It returns where the last of them is allowed
// with the request for it, and what is missing where a statement names all actions but one cannot
// be used; no position where an action is not allowed at all.
func walk(p *lint.Pass, path facts.Path) (at policy.Position, request *finding.Request, missing string) {
	for _, action := range path.Actions {
		t, ok := p.NamesIt(action)
		if !ok {
			return policy.Position{}, nil, ""
		}
		at = t.Position
	}
	open := 0
	for _, action := range path.Actions {
		r, ok := step(p, path, action)
		if ok {
			open++
			request = &r
		} else {
			missing = lacking(path, action)
		}
	}
	if open == 0 {
		return policy.Position{}, nil, "" // nothing of the way is there
	}
	return at, request, missing
}

// step looks for a request for one action of a path, on a resource that the policy does not name:
// what may be done to named resources only is taken for their care, unless it is the holder's own.
func step(p *lint.Pass, path facts.Path, action string) (finding.Request, bool) {
	q := lint.Query{Action: action, Resource: p.Anywhere(action), Where: p.Stranger()}
	if action == "iam:PassRole" {
		q.Where = slices.DeleteFunc(q.Where, func(c policy.Condition) bool { return strings.EqualFold(c.Key, "iam:PassedToService") })
		q.Where = append(q.Where, lint.Where("StringEquals", "iam:PassedToService", path.Service))
	}
	r, ok := p.Find(q)
	if !ok && path.Kind == "self-escalation" {
		q.Resource = "arn:*:iam::*:*/${aws:username}"
		r, ok = p.Find(q)
	}
	return r, ok
}

// lacking says which permission would complete a path.
func lacking(path facts.Path, action string) string {
	if action == "iam:PassRole" {
		return "iam:PassRole for any role to " + path.Service
	}
	return action + " on any resource"
}

func reportPaths(p *lint.Pass, at policy.Position, reached []facts.Path, blocked []string, witness *finding.Request) {
	const few = 4
	if len(reached) == 0 {
		f := p.Report(at, "more permissions could be gained from here, but resources, conditions or a Deny stand in the way")
		f.Severity = finding.Suggestion
		for _, note := range blocked[:min(few, len(blocked))] {
			f.Note("%s", note)
		}
		return
	}
	f := p.Report(at, "the holder can gain more permissions by %s", strings.Join(reached[0].Actions, ", "))
	if n := len(reached); n > 1 {
		f.Message += fmt.Sprintf(", and in %d more ways", n-1)
	}
	for _, path := range reached[:min(few, len(reached))] {
		f.Note("%s: %s (%s)", path.ID, strings.Join(path.Actions, ", "), path.Means())
	}
	for _, note := range blocked[:min(2, len(blocked))] {
		f.Note("blocked: %s", note)
	}
	f.Witness = witness
}
