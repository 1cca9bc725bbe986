package power

import (
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
)

// few is the number of actions of a service that somebody may need all of: naming all of them is
// no wildcard then.
const few = 3

// WholeService answers whether the document gives all of some service: an action that the service
// does not have yet, or every one that it has. The service is that of the request.
func (h *Holder) WholeService() Answer { return h.whole(h.catalog.Prefixes()) }

// Whole is WholeService for one service.
func (h *Holder) Whole(service string) Answer { return h.whole([]string{service}) }

func (h *Holder) whole(services []string) Answer {
	var coming []string
	for _, service := range services {
		if mayAllow(h.Document, service+":"+unnamed) {
			coming = append(coming, service+":"+unnamed)
		}
	}
	answer := Answer{Verdict: compare.Proved, Statement: -1}
	if len(coming) > 0 {
		answer = h.find(h.Document, about(nil, coming...), true)
	}
	switch {
	case answer.Given():
		return h.real(answer)
	case answer.Verdict == compare.Unknown:
		return answer
	}
	return h.everyAction(services)
}

// real gives an answer about an action that does not exist a request for one that does: the
// greatest that is allowed.
func (h *Holder) real(answer Answer) Answer {
	service := serviceOf(answer.Request.Action)
	s, ok := h.catalog.Service(service)
	if !ok {
		return answer
	}
	for _, level := range []catalog.AccessLevel{catalog.PermissionsManagement, catalog.Write, catalog.Read} {
		var actions []string
		for _, a := range s.Actions {
			if a.Level == level {
				actions = append(actions, a.String())
			}
		}
		if len(actions) == 0 {
			continue
		}
		if better := h.Find(about(nil, actions...)); better.Given() {
			answer.Request = better.Request
			return answer
		}
	}
	return answer
}

// everyAction answers whether the document allows every action that some service has.
func (h *Holder) everyAction(services []string) Answer {
	answer := Answer{Verdict: compare.Proved, Statement: -1}
	allowed := h.allowed()
	for _, prefix := range services {
		s, ok := h.catalog.Service(prefix)
		if !ok || len(s.Actions) < few {
			continue
		}
		all := true
		for _, a := range s.Actions {
			all = all && allowed[a]
		}
		if !all {
			continue
		}
		if got := h.each(s.Actions); got.Verdict != compare.Proved {
			return got
		}
	}
	return answer
}

// each answers whether each of some actions is allowed; proved: one is not.
func (h *Holder) each(actions []*catalog.Action) Answer {
	var got Answer
	for _, a := range actions {
		if got = h.Find(about(nil, a.String())); !got.Given() {
			return got
		}
	}
	return h.real(got)
}

func serviceOf(action string) string {
	for i := range action {
		if action[i] == ':' {
			return action[:i]
		}
	}
	return action
}
