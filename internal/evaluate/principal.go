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
}

type form uint8

const (
	otherForm form = iota
	accountForm
	roleForm
	sessionForm
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
	}
	return w
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
	if !k.HasPrincipal() {
		return true
	}
	ps := &s.principal
	switch {
	case !ps.except:
		return ps.any || ps.covers(&q.who)
	case ps.any:
		return false
	case s.effect == policy.Deny:
		return !ps.exempts(&q.who)
	}
	return !ps.covers(&q.who)
}

// covers reports whether the element names the principal: itself, its account, or the role
// that it is a session of.
func (ps *principals) covers(who *identity) bool {
	for i := range ps.named {
		n := &ps.named[i]
		if n.typ != who.typ {
			continue
		}
		switch {
		case n.id == who.id,
			n.id == "*" && n.typ != AWS,
			n.form == accountForm && n.account == who.account,
			n.form == roleForm && who.form == sessionForm && n.account == who.account && n.role == who.role:
			return true
		}
	}
	return false
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
