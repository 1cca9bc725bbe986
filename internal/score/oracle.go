package score

import (
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Target is an action on the resources that a pattern of ARNs matches.
type Target struct {
	Action   *catalog.Action
	Resource string // empty: any that the action can be about
}

// A Query is a set of requests: those for one of the targets, by the principal, for which the
// conditions hold. The zero Query is all requests.
type Query struct {
	Targets       []Target // none: any action on any resource
	PrincipalType string
	Principal     string // empty: anybody
	Where         []policy.Condition
}

// A Verdict is what an Oracle knows of a Query. The zero Verdict is None.
type Verdict int

// The verdicts.
const (
	None    Verdict = iota // it is proved that no request of the set is allowed
	Found                  // one is
	Unknown                // neither was found out in the time that there is
)

// An Answer says whether a request of a set is allowed.
type Answer struct {
	Verdict    Verdict
	Request    finding.Request // if one is Found
	Statements []Place         // those that allow it
	Reason     string          // why it is Unknown
}

// An Oracle answers questions about the requests that documents allow together. It may be used by
// one goroutine at a time.
type Oracle interface {
	// Named calls do with the actions that some Allow statement names, in the order of the catalog,
	// until do returns false. Not all of them need be allowed.
	Named(do func(*catalog.Action) bool)
	// Names reports whether some Allow statement names an action.
	Names(*catalog.Action) bool
	// Find looks for a request of a set that is allowed. Among several targets, it tries those
	// first that come first.
	Find(Query) Answer
	// Allowed returns which of the actions are allowed in some request, each in its own. Sure tells
	// that no others are.
	Allowed([]*catalog.Action) (allowed []*catalog.Action, sure bool)
	// AllowsAll returns the number of the first group all of whose actions Allowed would return, or
	// -1 if there is none. Sure tells that there is none.
	AllowsAll(groups [][]*catalog.Action) (group int, sure bool)
}

// where writes a condition of a query.
func where(operator, key string, values ...string) policy.Condition {
	c := policy.Condition{Operator: operator, Key: key}
	for _, v := range values {
		c.Values = append(c.Values, policy.Text{Text: v})
	}
	return c
}
