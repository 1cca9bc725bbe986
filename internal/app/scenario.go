package app

import (
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/remedy"
	"github.com/aegis-iam/aegis/internal/scenario"
)

// A Verdict is a request decided by all layers of a scenario.
type Verdict struct {
	Authorization evaluate.Authorization
	Notes         []string // what was taken for granted because the scenario does not say it
	Changes                // of a denied request
}

// Changes are the smallest changes that would have a denied request allowed.
type Changes struct {
	Plans    []remedy.Plan // each suffices
	Possible bool          // changes would allow it; if there are no Plans, too many
}

// Authorize decides a request in a scenario. The error says what the scenario does not have.
func Authorize(s *scenario.Scenario, q scenario.Query) (Verdict, error) {
	at, err := s.Situation(q)
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{Authorization: evaluate.Authorize(at.Request, &at.Setting), Notes: at.Notes}
	if v.Authorization.Decision != evaluate.Allowed {
		v.Plans, v.Possible = remedy.Smallest(at.Request, &at.Setting)
	}
	return v, nil
}
