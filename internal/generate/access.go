package generate

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// An Access is requests to AWS that get the same answer for the same reason, by one of them.
type Access struct {
	Principal *evaluate.Principal `json:"principal,omitempty"`
	Action    string              `json:"action"`
	Resource  string              `json:"resource,omitempty"`
	Context   evaluate.Context    `json:"context,omitempty"`
	Actions   []string            `json:"actions,omitempty"`   // all actions for which there is a request like it, if there are several
	AllowedBy []string            `json:"allowedBy,omitempty"` // the statements that allow it on one side
	DeniedBy  []string            `json:"deniedBy,omitempty"`  // the statements that deny it on the other; none: no statement allows it there
}

// accessOf returns the access of one request.
func accessOf(r evaluate.Request) Access {
	a := Access{Action: r.Action, Resource: r.Resource, Context: r.Context}
	if r.Principal != (evaluate.Principal{}) {
		a.Principal = &r.Principal
	}
	return a
}

// accesses returns the differences of a comparison, with the statements of the documents behind them.
func accesses(list []compare.Difference, allowed, denied *policy.Document) []Access {
	out := []Access{}
	for _, d := range list {
		a := accessOf(d.Request)
		if len(d.Actions) > 1 {
			a.Actions = d.Actions
		}
		a.AllowedBy, a.DeniedBy = names(d.Allowed, allowed), names(d.Denied, denied)
		out = append(out, a)
	}
	return out
}

// names names statements of a document by their Sid, or by their number from 1.
func names(places []compare.Place, d *policy.Document) []string {
	var out []string
	for _, p := range places {
		if p.Statement >= len(d.Statements) {
			continue // of a policy that was put beside the document
		}
		name := d.Statements[p.Statement].Sid
		if name == "" {
			name = fmt.Sprintf("statement %d", p.Statement+1)
		}
		out = append(out, name)
	}
	return out
}

// Example says the request of an access in a line.
func Example(a Access) string {
	text := a.Action
	if a.Resource != "" && a.Resource != "*" {
		text += " on " + a.Resource
	}
	if a.Principal != nil {
		text += " by " + a.Principal.ID
	}
	return text
}

// said is how a verdict is written.
func said(v compare.Verdict) string { return strings.ToLower(v.String()) }
