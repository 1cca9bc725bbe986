package generate

import (
	"encoding/json"
	"slices"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/verify"
)

// Changes are the requests whose outcome a turn changed, of those that the tests of the turn and
// of the one before make. No change of these does not prove that there is none.
type Changes struct {
	Gained []Access `json:"gained"`
	Lost   []Access `json:"lost"`
}

// An Access is a request to AWS.
type Access struct {
	Principal *evaluate.Principal `json:"principal,omitempty"`
	Action    string              `json:"action"`
	Resource  string              `json:"resource,omitempty"`
	Context   evaluate.Context    `json:"context,omitempty"`
}

// Compare returns what changed from one answer to another; nil if their documents are of
// different kinds, or one of them cannot be evaluated.
func Compare(before, after *Answer) *Changes {
	if before.Kind != after.Kind {
		return nil
	}
	older, err := evaluate.Compile(before.Policy, before.Kind)
	if err != nil {
		return nil
	}
	newer, err := evaluate.Compile(after.Policy, after.Kind)
	if err != nil {
		return nil
	}
	out := &Changes{Gained: []Access{}, Lost: []Access{}}
	seen := map[string]bool{}
	for _, t := range slices.Concat(before.Tests, after.Tests) {
		was, is := allowed(t, older), allowed(t, newer)
		if was == is {
			continue
		}
		access := accessOf(t.Request)
		key, err := json.Marshal(access)
		if err != nil || seen[string(key)] {
			continue
		}
		seen[string(key)] = true
		if is {
			out.Gained = append(out.Gained, access)
		} else {
			out.Lost = append(out.Lost, access)
		}
	}
	return out
}

// allowed decides the request of a test. A policy that only limits stands beside one that allows.
func allowed(t verify.Test, p *evaluate.Policy) bool {
	limits := p.Kind().OfOrganization()
	switch evaluate.Evaluate(t.Request, p) {
	case evaluate.Allowed:
		return true
	case evaluate.ImplicitDeny:
		return (t.Baseline || limits) && !t.Alone
	default:
		return false
	}
}

func accessOf(r evaluate.Request) Access {
	a := Access{Action: r.Action, Resource: r.Resource, Context: r.Context}
	if r.Principal != (evaluate.Principal{}) {
		a.Principal = &r.Principal
	}
	return a
}
