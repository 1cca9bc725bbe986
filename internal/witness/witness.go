// Package witness finds requests that a policy allows: it makes requests of the statements, and
// changes them until no Deny stands in the way. What it finds is real, because it is evaluated;
// that it finds nothing is no proof.
package witness

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// A Query is a set of requests: those for the action, on a resource that the pattern matches, by
// the principal, whose context has the fixed keys with these values and others as they may be.
type Query struct {
	Action        string
	Resource      string // an ARN pattern; empty: any resource
	PrincipalType string
	Principal     string              // empty: whom the policy is attached to
	Fixed         map[string][]string // keys in lower case; no values: the request does not have the key
}

// A Search looks for requests in one document. It does not change and may be used by several
// goroutines.
type Search struct {
	document *policy.Document
	policy   *evaluate.Policy
	kind     policy.Kind
	catalog  *catalog.Catalog
}

// New prepares a document. The error is that of evaluate.Compile.
func New(d *policy.Document, kind policy.Kind, c *catalog.Catalog) (*Search, error) {
	p, err := evaluate.Compile(d, kind)
	if err != nil {
		return nil, err
	}
	return &Search{d, p, kind, c}, nil
}

// Allows decides a request by the document alone.
func (s *Search) Allows(r finding.Request) bool {
	return s.decide(&r) == evaluate.Allowed
}

func (s *Search) decide(r *finding.Request) evaluate.Decision {
	return evaluate.Evaluate(request(r), s.policy)
}

func request(r *finding.Request) evaluate.Request {
	return evaluate.Request{
		Principal: evaluate.Principal{Type: r.PrincipalType, ID: r.Principal},
		Action:    r.Action, Resource: r.Resource, Context: evaluate.Context(r.Context),
	}
}

// Find returns a request of the set that the document allows.
func (s *Search) Find(q Query) (finding.Request, bool) {
	for i := range s.document.Statements {
		st := &s.document.Statements[i]
		if st.Effect != policy.Allow || !names(st, q.Action) {
			continue
		}
		for _, resource := range s.resources(st, q) {
			if r, ok := s.try(st, q, resource); ok {
				return r, true
			}
		}
	}
	return finding.Request{}, false
}

func names(st *policy.Statement, action string) bool {
	match := func(t policy.Text) bool { return wildcard.MatchFold(t.Text, action) }
	if st.NotActions != nil {
		return !slices.ContainsFunc(st.NotActions, match)
	}
	return slices.ContainsFunc(st.Actions, match)
}

// try makes a request for a resource that a statement allows, and keeps it from the Denies.
func (s *Search) try(st *policy.Statement, q Query, resource string) (finding.Request, bool) {
	values := newContext(st, q.Fixed)
	if values == nil {
		return finding.Request{}, false
	}
	r := finding.Request{
		PrincipalType: q.PrincipalType, Principal: q.Principal, Action: q.Action,
		Resource: expand(resource, values.request), Context: values.request,
	}
	if !s.evade(&r, values) {
		return finding.Request{}, false
	}
	r.Context = values.spelled()
	return r, true
}

// maxEvasions is how many Denies in a row are evaded.
const maxEvasions = 12

// evade changes keys that are free until no Deny applies, and reports whether the request is
// then allowed.
func (s *Search) evade(r *finding.Request, values *values) bool {
	for range maxEvasions {
		switch s.decide(r) {
		case evaluate.Allowed:
			return true
		case evaluate.ImplicitDeny:
			return false
		}
		explanation := evaluate.Explain(request(r), s.policy)
		deciding := explanation.Deciding()
		if len(deciding) == 0 || !values.escape(&s.document.Statements[deciding[0].Statement]) {
			return false
		}
		r.Context = values.request
	}
	return false
}

// Who and where a request is made, where nothing else is said.
const (
	account = "123456789012"
	region  = "us-east-1"
	name    = "example"
)

// resources returns ARNs for a statement and a query that both may match, at best one that does.
func (s *Search) resources(st *policy.Statement, q Query) []string {
	wanted := q.Resource
	if s.kind == policy.Trust {
		return []string{fill(first(wanted, "*"))}
	}
	var out []string
	add := func(text string) {
		if text = fill(text); !slices.Contains(out, text) && (wanted == "" || arn.MatchPattern(wanted, text)) {
			out = append(out, text)
		}
	}
	patterns := st.Resources
	if st.NotResources != nil || patterns == nil {
		patterns = []policy.Text{{Text: "*"}}
	}
	for _, t := range patterns {
		if wanted != "" {
			add(merge(t.Text, wanted))
			add(wanted)
		}
		if t.Text != "*" {
			add(t.Text)
			continue
		}
		for _, format := range s.formats(q.Action) {
			add(format)
		}
		add("*")
	}
	return out
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// maxFormats is how many of an action's ARN formats are tried.
const maxFormats = 4

// formats returns what the resources of an action look like; "*" for one without.
func (s *Search) formats(action string) []string {
	a, ok := s.catalog.Action(action)
	if !ok || len(a.Resources) == 0 {
		return []string{"*"}
	}
	var out []string
	for _, r := range a.Resources {
		for _, format := range a.ARNs(r.Type) {
			if len(out) < maxFormats {
				out = append(out, catalog.FillARN(format, map[string]string{"Partition": "aws", "Region": region, "Account": account}))
			}
		}
	}
	return out
}

// merge takes of two ARN patterns field by field the narrower one.
func merge(a, b string) string {
	x, n := arn.Fields(a)
	y, m := arn.Fields(b)
	if n < len(x) {
		return b
	}
	if m < len(y) {
		return a
	}
	var out []string
	for i := range x {
		if wildcard.Match(x[i], y[i]) {
			out = append(out, y[i])
		} else {
			out = append(out, x[i])
		}
	}
	return strings.Join(out, ":")
}

// fill makes an ARN of a pattern.
func fill(pattern string) string {
	if pattern == "*" {
		return pattern
	}
	fields, n := arn.Fields(pattern)
	for i := range fields {
		open := strings.Trim(fields[i], "*") == "" && fields[i] != ""
		switch {
		case i >= n && n == len(fields):
		case open && i == 1:
			fields[i] = "aws"
		case open && i == 3:
			fields[i] = region
		case open && i == 4:
			fields[i] = account
		default:
			fields[i] = concrete(fields[i])
		}
	}
	return strings.Join(fields[:n], ":")
}

// concrete replaces the wildcards of a text: * by a name, ? by a letter.
func concrete(text string) string {
	if !wildcard.Contains(text) {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "*", name), "?", "x")
}
