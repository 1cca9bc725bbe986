// Package policy holds IAM policy documents as they are written: every element with its
// line and column, the whole grammar of the IAM User Guide, and a canonical printer.
// It says nothing about what a document allows; package evaluate does.
package policy

import "strings"

import "strconv"

// Effect is the Effect element of a statement: Allow or Deny.
type Effect string

// The two effects of IAM.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Kind is the kind of policy a document is meant to be. The grammar depends on it:
// identity-based documents have no Principal, trust policies no Resource.
type Kind string

// The kinds of policies, by their names in the IAM User Guide.
const (
	IdentityBased       Kind = "identity"
	Trust               Kind = "trust"
	ResourceBased       Kind = "resource"
	ServiceControl      Kind = "scp"
	ResourceControl     Kind = "rcp"
	PermissionsBoundary Kind = "boundary"
	SessionPolicy       Kind = "session"
	Endpoint            Kind = "endpoint" // of a VPC endpoint
)

// HasPrincipal reports whether documents of the kind say whom they are about. The others are
// about the principal or the account that they are attached to.
func (k Kind) HasPrincipal() bool {
	return k == Trust || k == ResourceBased || k == ResourceControl || k == Endpoint
}

// OfOrganization reports whether documents of the kind are the policies of an organization that
// limit what others allow: alone they allow nothing.
func (k Kind) OfOrganization() bool {
	return k == ServiceControl || k == ResourceControl
}

// Several reports whether several documents of the kind can be attached in the place of one with
// the same effect. A role has one trust policy and one boundary, a resource one policy.
func (k Kind) Several() bool {
	return k == IdentityBased || k == ServiceControl || k == ResourceControl
}

// KindOf tells the kind of a document from its elements: it is a trust policy if all its actions
// are of AWS STS and it has principals, or names no resource either; else it is resource-based
// with principals and identity-based without.
func KindOf(d *Document) Kind {
	principal, resource, assumes := false, false, len(d.Statements) > 0
	for _, s := range d.Statements {
		principal = principal || s.Principal != nil || s.NotPrincipal != nil
		resource = resource || s.Resources != nil || s.NotResources != nil
		assumes = assumes && len(s.Actions) > 0
		for _, t := range s.Actions {
			assumes = assumes && strings.HasPrefix(strings.ToLower(t.Text), "sts:")
		}
	}
	switch {
	case assumes && (principal || !resource):
		return Trust
	case principal:
		return ResourceBased
	}
	return IdentityBased
}

// Version values of the policy language.
const (
	Version2012 = "2012-10-17"
	Version2008 = "2008-10-17"
)

// A Position is a place in the text of a document. Line and Column count from 1, the
// column in bytes. The zero Position means that the element was not read from a text.
type Position struct {
	Line, Column int
}

// String returns the position as line:column, and "-" for the zero Position.
func (p Position) String() string {
	if p == (Position{}) {
		return "-"
	}
	return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// A Text is one string of a document with the place it stands at.
type Text struct {
	Text     string
	Position Position
}

// A Document is one policy document. Parse makes Statements a list that is not nil, also
// where the text has none; everywhere else nil stands for an element that is absent, and an
// empty list for an element whose value is an empty list. Texts have their own positions;
// the fields named ...Position say where the value of an element stands that has none.
type Document struct {
	Version    string // empty: absent, which IAM reads as 2008-10-17
	ID         string // the Id element
	Statements []Statement
	Position   Position

	VersionPosition Position
	IDPosition      Position
}

// A Statement is one entry of the Statement element. Exactly one of Actions and NotActions
// is set in a valid statement, likewise Resources and NotResources outside trust policies.
type Statement struct {
	Sid          string
	Effect       Effect
	Principal    *Principal
	NotPrincipal *Principal
	Actions      []Text
	NotActions   []Text
	Resources    []Text
	NotResources []Text
	Conditions   []Condition
	Position     Position

	SidPosition       Position // also of an empty Sid, which is otherwise as none
	EffectPosition    Position
	ActionPosition    Position // of the value of Action or NotAction
	ResourcePosition  Position // of the value of Resource or NotResource
	ConditionPosition Position // of the value of Condition
}

// A Principal is the value of a Principal or NotPrincipal element: the string "*" (Any), or
// identifiers by type.
type Principal struct {
	Any           bool
	AWS           []Text
	Service       []Text
	Federated     []Text
	CanonicalUser []Text
	Position      Position
}

// A Condition is one operator with one key and its values: each pair below Condition is one.
// Values are kept as text: true and 5 are read as "true" and "5". The conditions of one
// operator stand together in the order of the text. Which operators and keys there are is
// not the business of this package.
type Condition struct {
	Operator string // as written, for example ForAnyValue:StringLikeIfExists
	Key      string
	Values   []Text
	Position Position // of the key

	OperatorPosition Position
}
