package evaluate

import (
	"github.com/aegis-iam/aegis/internal/arn"
)

// A Setting is what Authorize has to know beside the request: who the caller is, whose the
// resource is, and the policies of all layers.
type Setting struct {
	Caller     Caller
	Owner      string // account of the resource; empty: that of its ARN, or else the caller's
	Management string // management account of the organization, which its policies do not limit
	AWSManaged bool   // the resource is a KMS key that AWS manages, which resource control policies do not reach
	Layers     Layers
}

// A Caller says of a principal what its identifier does not. The zero Caller suffices for most.
type Caller struct {
	Account       string // of a principal that has no ARN
	Source        string // ARN of the IAM user who made a federated user session, or of the role of a role session
	Provider      string // identity provider that a role session came by, as the Federated element names it
	ServiceLinked bool   // a session of a service-linked role; told from Source where that has the path of one
}

// Layers holds the policies that bear on a request. A layer that is left out does not limit:
// there is then no boundary, no endpoint, or no organization with such policies.
type Layers struct {
	Identity []*Policy // of the user and its groups, or of the role
	Boundary []*Policy // permissions boundary: at most one
	Session  []*Policy // passed when the session was made
	Resource []*Policy // of the resource: the trust policy of a role, the key policy of a key
	Endpoint []*Policy // of the VPC endpoint: at most one
	Gateway  bool      // the endpoint is a gateway endpoint, where an account stands for its root user
	SCPs     []Level   // of the caller's account, from the root of the organization to the account
	RCPs     []Level   // of the resource's account, likewise; RCPFullAWSAccess need not be named
}

// A Level is a place in an organization with the control policies attached there: its root,
// an organizational unit or an account.
type Level struct {
	Name     string
	Policies []*Policy
}

// class is what a caller is as far as the layers are concerned.
type class uint8

const (
	memberCaller   class = iota // a user or a session of an account
	rootCaller                  // the root user of an account
	serviceCaller               // an AWS service
	providerCaller              // who signed in with an identity provider and has no session yet
	outsideCaller               // anonymous, or a canonical user
)

func classOf(who *identity) class {
	switch {
	case who.typ == Service:
		return serviceCaller
	case who.typ == Federated:
		return providerCaller
	case who.typ == CanonicalUser, who.typ == AWS && who.id == "*":
		return outsideCaller
	case who.form == accountForm:
		return rootCaller
	}
	return memberCaller
}

// caller completes the identity that the request names.
func (s *Setting) caller(who identity) identity {
	source := identify(Principal{AWS, s.Caller.Source})
	switch source.form {
	case userForm:
		who.user = source.id
	case roleForm:
		if who.form == otherForm && who.id == "" {
			who = source
		}
	}
	if who.account == "" && classOf(&who) == memberCaller {
		who.account = s.Caller.Account
	}
	who.provider = s.Caller.Provider
	return who
}

// serviceLinked reports whether the caller is a service-linked role. Only the ARN of the role
// has the path that tells, not that of its sessions.
func (s *Setting) serviceLinked(who *identity) bool {
	return s.Caller.ServiceLinked || isServiceLinked(s.Caller.Source) || isServiceLinked(who.id)
}

// owner is the account that the resource belongs to.
func (s *Setting) owner(r *Request, callers string) string {
	if s.Owner != "" {
		return s.Owner
	}
	if fields, n := arn.Fields(r.Resource); n == len(fields) && arn.IsAccountID(fields[4]) {
		return fields[4]
	}
	return callers
}
