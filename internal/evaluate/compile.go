package evaluate

import (
	"fmt"
	"slices"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A Policy is a document compiled for evaluation. It does not change and may be used by
// several goroutines. It does not keep the document.
type Policy struct {
	name       string
	kind       policy.Kind
	statements []statement
	denies     actionIndex
	allows     actionIndex
}

// Kind returns the kind that the document was compiled as.
func (p *Policy) Kind() policy.Kind { return p.kind }

// Len returns the number of statements.
func (p *Policy) Len() int { return len(p.statements) }

// Name returns the name that Named gave.
func (p *Policy) Name() string { return p.name }

// Named returns the same policy with a name, for people.
func (p *Policy) Named(name string) *Policy {
	named := *p
	named.name = name
	return &named
}

type statement struct {
	sid       string
	effect    policy.Effect
	position  policy.Position
	principal principals
	resource  resourceElement
	resources []condition.Pattern
	clauses   []*condition.Clause
}

type resourceElement uint8

const (
	noResource resourceElement = iota
	resources
	notResources
)

// Compile prepares a document for evaluation as a policy of a kind. The kind decides which
// elements count: Principal in trust, resource-based, endpoint and resource control policies,
// Resource in all but trust policies. The error names the first element that has no meaning: an
// effect that is neither Allow nor Deny, or an operator that IAM does not have (then it
// wraps a *condition.UnknownOperatorError).
func Compile(d *policy.Document, kind policy.Kind) (*Policy, error) {
	p := &Policy{kind: kind, statements: make([]statement, 0, len(d.Statements))}
	// Before 2012-10-17 the language had no variables: ${aws:username} is plain text there.
	variables := d.Version == policy.Version2012
	for i := range d.Statements {
		s, err := compileStatement(&d.Statements[i], kind, variables)
		if err != nil {
			return nil, fmt.Errorf("compile statement %d: %w", i+1, err)
		}
		p.statements = append(p.statements, s)
	}
	p.denies = indexActions(d.Statements, policy.Deny)
	p.allows = indexActions(d.Statements, policy.Allow)
	return p, nil
}

func compileStatement(from *policy.Statement, kind policy.Kind, variables bool) (statement, error) {
	s := statement{sid: from.Sid, effect: from.Effect, position: from.Position}
	if s.effect != policy.Allow && s.effect != policy.Deny {
		return s, fmt.Errorf("effect %q is neither Allow nor Deny", s.effect)
	}
	if kind.HasPrincipal() {
		s.principal = compilePrincipals(from)
	}
	texts := from.Resources
	switch {
	case kind == policy.Trust:
		texts = nil
	case len(from.Resources) > 0:
		s.resource = resources
	case len(from.NotResources) > 0:
		s.resource, texts = notResources, from.NotResources
	}
	for _, t := range texts {
		s.resources = append(s.resources, condition.CompileARN(t.Text, variables))
	}
	for _, c := range from.Conditions {
		clause, err := condition.Compile(c, variables)
		if err != nil {
			return s, err
		}
		s.clauses = append(s.clauses, clause)
	}
	return s, nil
}

// Without returns the same policy in which a statement, counted from 0, applies to nothing.
func (p *Policy) Without(number int) *Policy {
	less := *p
	less.statements = slices.Clone(p.statements)
	s := &less.statements[number]
	s.resource, s.resources = notResources, []condition.Pattern{condition.CompileARN("*", false)}
	return &less
}
