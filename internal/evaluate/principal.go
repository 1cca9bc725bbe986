package evaluate

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/policy"
)

// principals is a Principal or NotPrincipal element. The zero value, for a statement that
// has neither, matches nobody.
type principals struct {
	any    bool // "*" or {"AWS": "*"}: the guide calls them equivalent
	except bool // NotPrincipal
	named  []identity
}

// An identity is a principal that a request or a policy names.
type identity struct {
	typ, id string
	account string // of an AWS principal
	role    string // name of the role, without path, of a role or a session of it
	form    form

	// What an identifier does not say: see Caller.
	user     string // ARN of the IAM user who federated
	provider string // the identity provider that a role session came by
}

type form uint8

const (
	otherForm     form = iota
	accountForm        // an account, and its root user
	roleForm           // a role, and as a caller any session of it
	sessionForm        // a session of a role
	userForm           // an IAM user
	federatedForm      // a session of sts:GetFederationToken
)

// identify reads what an identifier says by itself. A role's path is not part of the ARN of
// its sessions, so roles and sessions are related by the name of the role.
func identify(p Principal) identity {
	w := identity{typ: p.Type, id: p.ID}
	if w.typ == "" && w.id != "" {
		w.typ = AWS
	}
	if w.typ != AWS {
		return w
	}
	if arn.IsAccountID(w.id) {
		w.account, w.form = w.id, accountForm
		return w
	}
	fields, n := arn.Fields(w.id)
	if n < len(fields) {
		return w
	}
	w.account = fields[4]
	resource := fields[5]
	switch {
	case fields[2] == "iam" && resource == "root":
		w.form = accountForm
	case fields[2] == "iam" && strings.HasPrefix(resource, "role/"):
		w.form, w.role = roleForm, resource[strings.LastIndexByte(resource, '/')+1:]
	case fields[2] == "sts" && strings.HasPrefix(resource, "assumed-role/"):
		w.form = sessionForm
		w.role, _, _ = strings.Cut(strings.TrimPrefix(resource, "assumed-role/"), "/")
	case fields[2] == "iam" && strings.HasPrefix(resource, "user/"):
		w.form = userForm
	case fields[2] == "sts" && strings.HasPrefix(resource, "federated-user/"):
		w.form = federatedForm
	}
	return w
}

// A PrincipalKind is what makes a request, as the page reference_policies_elements_principal
// tells principals apart.
type PrincipalKind string

// The kinds of principals.
const (
	RootUser         PrincipalKind = "root user"
	User             PrincipalKind = "user"
	Role             PrincipalKind = "role" // stands for any session of it
	RoleSession      PrincipalKind = "role session"
	FederatedSession PrincipalKind = "federated user session"
	AWSService       PrincipalKind = "service"
	IdentityProvider PrincipalKind = "identity provider" // of who has no session yet
	CanonicalAccount PrincipalKind = "canonical user"
	Anonymous        PrincipalKind = "anonymous principal"
	UnknownPrincipal PrincipalKind = "principal"
)

// Kind tells what a principal is from its type and its identifier.
func (p Principal) Kind() PrincipalKind {
	who := identify(p)
	switch {
	case who.typ == Service:
		return AWSService
	case who.typ == Federated:
		return IdentityProvider
	case who.typ == CanonicalUser:
		return CanonicalAccount
	case who.typ == AWS && who.id == "*":
		return Anonymous
	}
	switch who.form {
	case accountForm:
		return RootUser
	case userForm:
		return User
	case roleForm:
		return Role
	case sessionForm:
		return RoleSession
	case federatedForm:
		return FederatedSession
	}
	return UnknownPrincipal
}

func compilePrincipals(s *policy.Statement) principals {
	element := s.Principal
	var ps principals
	if element == nil {
		element, ps.except = s.NotPrincipal, true
	}
	if element == nil {
		return principals{}
	}
	ps.any = element.Any
	for _, list := range []struct {
		typ   string
		texts []policy.Text
	}{
		{AWS, element.AWS}, {Service, element.Service},
		{Federated, element.Federated}, {CanonicalUser, element.CanonicalUser},
	} {
		for _, t := range list.texts {
			ps.any = ps.any || list.typ == AWS && t.Text == "*"
			ps.named = append(ps.named, identify(Principal{list.typ, t.Text}))
		}
	}
	return ps
}

// PrincipalTest returns a function that reports whether a statement of a policy of a kind is
// about a principal, as far as its Principal or NotPrincipal element says: always for kinds
// that have none. The function may run concurrently.
func PrincipalTest(s *policy.Statement, kind policy.Kind) func(Principal) bool {
	compiled := statement{effect: s.Effect}
	if kind.HasPrincipal() {
		compiled.principal = compilePrincipals(s)
	}
	return func(p Principal) bool {
		return compiled.principalMatches(kind, &query{who: identify(p)})
	}
}

func (s *statement) principalMatches(k policy.Kind, q *query) bool {
	return !k.HasPrincipal() || s.grantTo(k, q) != NoGrant
}

// grantTo returns how the Principal or NotPrincipal element of a policy of a kind names who
// makes the request: NoGrant if it does not.
func (s *statement) grantTo(k policy.Kind, q *query) Grant {
	ps := &s.principal
	matches := false
	switch {
	case !ps.except && ps.any:
		matches = true
	case !ps.except && q.gateway && k == policy.Endpoint:
		// Page vpc-endpoints-access of the PrivateLink guide: an account is its root user alone.
		matches = ps.grant(&q.who) > AccountGrant
	case !ps.except:
		return ps.grant(&q.who)
	case ps.any:
	case s.effect == policy.Deny:
		matches = !ps.exempts(&q.who)
	default:
		matches = !ps.covers(&q.who)
	}
	if matches {
		return DirectGrant
	}
	return NoGrant
}

// covers reports whether the element names the principal: itself, its account, the role or
// user that it is a session of, or the provider that it came by.
func (ps *principals) covers(who *identity) bool { return ps.grant(who) != NoGrant }

// A Grant says whom the Principal element of an Allow in a resource-based policy names. The
// larger Grant reaches further: page reference_policies_evaluation-logic_policy-eval-denyallow.
type Grant uint8

// The grants of resource-based policies.
const (
	NoGrant      Grant = iota
	AccountGrant       // the account: its own policies must allow as well
	SourceGrant        // the role or user behind a session: boundary and session policies limit it
	DirectGrant        // the principal itself, or everybody
)

// grant returns the largest grant that the element makes to a principal, if it is Principal.
func (ps *principals) grant(who *identity) Grant {
	largest := NoGrant
	for i := range ps.named {
		largest = max(largest, ps.named[i].grantTo(who))
	}
	return largest
}

func (w *identity) grantTo(who *identity) Grant {
	switch {
	case w.typ == Federated && w.id != "" && w.id == who.provider:
		return SourceGrant
	case w.typ != who.typ:
		return NoGrant
	case w.id == who.id && w.form == roleForm:
		return SourceGrant // a role makes requests by its sessions only
	case w.id == who.id, w.id == "*" && w.typ != AWS:
		return DirectGrant
	case w.form == accountForm && w.account == who.account && who.form == accountForm:
		return DirectGrant
	case w.form == accountForm && w.account == who.account:
		return AccountGrant
	case w.form == roleForm && who.form == sessionForm && w.account == who.account && w.role == who.role:
		return SourceGrant
	case w.form == userForm && w.id == who.user:
		return SourceGrant
	}
	return NoGrant
}

// exempts reports whether a Deny with the element as NotPrincipal lets the principal pass.
// AWS may check the account first, then the role, then the session, so all of them have to
// be named (page reference_policies_elements_notprincipal); naming the account exempts no
// other principal of it.
func (ps *principals) exempts(who *identity) bool {
	self := slices.ContainsFunc(ps.named, func(n identity) bool {
		if n.typ != who.typ {
			return false
		}
		return n.id == who.id || n.id == "*" || n.form == accountForm && who.form == accountForm && n.account == who.account
	})
	if who.typ != AWS || !self {
		return self
	}
	account, role := who.account == "", who.form != sessionForm
	for i := range ps.named {
		n := &ps.named[i]
		account = account || n.form == accountForm && n.account == who.account
		role = role || n.form == roleForm && n.account == who.account && n.role == who.role
	}
	return account && role
}
