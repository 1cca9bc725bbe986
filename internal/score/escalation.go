package score

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/lint/facts"
)

// escalates: all actions of a known way to more permissions are allowed, on resources that nobody
// has named or, where the way changes the holder's own permissions, on the holder.
func escalates(q *inquiry) verdict {
	known := map[string]Answer{}
	var out verdict
	for _, path := range facts.Paths() {
		if !q.namesAll(path.Actions) {
			continue
		}
		answer := q.walk(path, known)
		switch {
		case answer.Verdict == Found:
			fix := places(answer) + "take away one of " + strings.Join(path.Actions, ", ") + ", or limit it to named resources (" + path.ID + ": " + path.Means() + ")"
			if contains(path.Actions, "iam:PassRole") {
				fix += "; for iam:PassRole name the roles, and the service by iam:PassedToService"
			}
			return verdict{answer: answer, fix: fix}
		case answer.Verdict == Unknown:
			out = verdict{answer: answer}
		}
	}
	return out
}

func (q *inquiry) namesAll(actions []string) bool {
	for _, name := range actions {
		if a, ok := q.scorer.Catalog.Action(name); !ok || !q.oracle.Names(a) {
			return false
		}
	}
	return true
}

// walk asks for a request for each action of a way, and returns the answer for the first.
func (q *inquiry) walk(path facts.Path, known map[string]Answer) Answer {
	var shown Answer
	for i, name := range path.Actions {
		service := ""
		if name == "iam:PassRole" {
			service = path.Service
		}
		key := name + " " + service
		answer, ok := known[key]
		if !ok {
			answer = q.step(name, service)
			known[key] = answer
		}
		if answer.Verdict != Found && path.Kind == "self-escalation" {
			answer = q.own(name)
		}
		if answer.Verdict != Found {
			return answer
		}
		if i == 0 {
			shown = answer
		}
	}
	return shown
}

// step asks for one action of a way on a resource that nobody has named, or on any where the action
// does not name one.
func (q *inquiry) step(name, service string) Answer {
	a, _ := q.scorer.Catalog.Action(name)
	targets := q.unnamedTargets(a)
	if len(targets) == 0 {
		targets = []Target{{Action: a}}
	}
	ask := Query{Targets: targets}
	if service == "" {
		ask.Where = q.unnamed()
	} else {
		ask.Where = append(q.unnamed("iam:passedtoservice"), where("StringEquals", "iam:PassedToService", service))
	}
	return q.oracle.Find(ask)
}

// own asks for an action on the user that the policy is attached to.
func (q *inquiry) own(name string) Answer {
	a, _ := q.scorer.Catalog.Action(name)
	if !slices.ContainsFunc(a.Resources, func(r catalog.ActionResource) bool { return r.Type.Name == "user" }) {
		return Answer{}
	}
	return q.oracle.Find(Query{
		Targets: []Target{{a, "arn:*:iam::*:user/" + Token("aws:username")}},
		Where:   q.unnamed(),
	})
}
