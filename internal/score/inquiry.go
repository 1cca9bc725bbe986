package score

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
)

// An inquiry is the scoring of one set of documents.
type inquiry struct {
	scorer    *Scorer
	oracle    Oracle
	documents []*policy.Document
	kind      policy.Kind

	mentioned []mention
	counted   bool
	actions   []*catalog.Action
	sorted    []*catalog.Action
	listed    bool
}

func (q *inquiry) keys() []mention {
	if !q.counted {
		q.mentioned, q.counted = mentions(q.documents), true
	}
	return q.mentioned
}

// named returns the actions that some Allow statement names.
func (q *inquiry) named() []*catalog.Action {
	if !q.listed {
		q.listed = true
		q.oracle.Named(func(a *catalog.Action) bool {
			q.actions = append(q.actions, a)
			return true
		})
	}
	return q.actions
}

// strangers keep the ARNs of unnamed resources by the number of the action.
type strangers struct {
	once  sync.Once
	known []atomic.Pointer[stranger]
}

// A stranger is a resource of an action that nobody has named.
type stranger struct {
	example  string   // the form of its ARN, with the names in capitals
	patterns []string // of its ARN; none: the action is not about resources with names of their own
	assigned bool     // AWS gives it its name when the action makes it
}

// stranger returns a resource of the main type of an action, in any partition, region and account.
func (s *Scorer) stranger(a *catalog.Action) *stranger {
	s.names.once.Do(func() { s.names.known = make([]atomic.Pointer[stranger], s.Catalog.Counts().Actions) })
	at := &s.names.known[a.Index()]
	if at.Load() == nil {
		made := newStranger(a)
		at.Store(&made)
	}
	return at.Load()
}

func newStranger(a *catalog.Action) stranger {
	if len(a.Resources) == 0 {
		return stranger{}
	}
	main := slices.MinFunc(a.Resources, func(x, y catalog.ActionResource) int {
		if x.Required != y.Required {
			if x.Required {
				return -1
			}
			return 1
		}
		return len(x.Type.Name) - len(y.Type.Name) // the plain type: object before accesspointobject
	})
	var out stranger
	for _, format := range a.ARNs(main.Type) {
		variables := catalog.ARNVariables(format)
		if len(variables) == 0 {
			continue // there is one such resource in an account
		}
		values := map[string]string{}
		for _, v := range variables {
			values[v] = strangerName
		}
		out.patterns = append(out.patterns, catalog.FillARN(format, values))
		if out.example == "" {
			out.example = example(format)
		}
		last := variables[len(variables)-1]
		out.assigned = out.assigned || strings.HasSuffix(last, "Id") && makes(a.Name)
	}
	return out
}

// makes reports whether an action makes the resource that it is about.
func makes(name string) bool {
	switch catalog.Verb(name) {
	case "Create", "Run", "Allocate", "Request", "Import", "Copy", "Register", "Purchase":
		return true
	}
	return false
}

// unnamedTargets returns the targets for an action on resources that nobody has named.
func (q *inquiry) unnamedTargets(a *catalog.Action) []Target {
	var out []Target
	for _, p := range q.scorer.stranger(a).patterns {
		out = append(out, Target{a, p})
	}
	return out
}

// example writes an ARN format with the names in capitals.
func example(format string) string {
	values := map[string]string{"Partition": "aws", "Region": "REGION", "Account": "ACCOUNT"}
	for _, v := range catalog.ARNVariables(format) {
		values[v] = strings.ToUpper(v)
	}
	return catalog.FillARN(format, values)
}

// accountsNamed returns the accounts of the AWS principals of Allow statements.
func (q *inquiry) accountsNamed() []string {
	var out []string
	q.principals(func(typ, id string) {
		account := id
		if a, err := arn.Parse(id); err == nil {
			account = a.AccountID
		}
		if typ == "AWS" && arn.IsAccountID(account) && !contains(out, account) {
			out = append(out, account)
		}
	})
	slices.Sort(out)
	return out
}

// principals calls do with each identifier of Principal and NotPrincipal.
func (q *inquiry) principals(do func(typ, id string)) {
	for _, d := range q.documents {
		for i := range d.Statements {
			for _, p := range []*policy.Principal{d.Statements[i].Principal, d.Statements[i].NotPrincipal} {
				if p == nil {
					continue
				}
				for typ, list := range map[string][]policy.Text{"AWS": p.AWS, "Service": p.Service, "Federated": p.Federated} {
					for _, t := range list {
						do(typ, t.Text)
					}
				}
			}
		}
	}
}

// identifiers returns the identifiers of principals of a type, sorted, each once.
func (q *inquiry) identifiers(typ string) []string {
	var out []string
	q.principals(func(t, id string) {
		if t == typ && id != "*" {
			out = append(out, id)
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}
