package lint

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Denied reports whether Deny statements are about all actions of a statement: if not, they cannot
// take away all that it allows.
func (p *Pass) Denied(statement int) bool {
	denied := ActionSet{}
	for i := range p.Document.Statements {
		if p.Document.Statements[i].Effect == policy.Deny {
			denied = denied.union(p.StatementSet(i))
		}
	}
	own := p.StatementSet(statement)
	return own.Len() > 0 && own.Within(denied)
}

// Shadowed reports whether it is proved that other statements of a document, of the same effect,
// apply to every request that a statement applies to.
func (p *Pass) Shadowed(others *policy.Document, s *policy.Statement) bool {
	if p.set(s).Len() == 0 {
		return false
	}
	// Few statements come so far that it has to be proved.
	near := others.Statements
	for _, may := range []func(o, s *policy.Statement) bool{samePrincipals, sharesResources} {
		if near = p.coverers(near, s, may); near == nil {
			return false
		}
	}
	for i := range near {
		near[i].Effect = policy.Allow
	}
	alone := *s
	alone.Effect = policy.Allow
	version := p.Document.Version
	return p.Covers(&policy.Document{Version: version, Statements: near}, &policy.Document{Version: version, Statements: []policy.Statement{alone}})
}

// coverers returns those of some statements that have the effect of another, actions in common with
// it, and pass a test; none if they are not about all of its actions.
func (p *Pass) coverers(from []policy.Statement, s *policy.Statement, may func(o, s *policy.Statement) bool) []policy.Statement {
	own, covered := p.set(s), ActionSet{}
	var near []policy.Statement
	for i := range from {
		if o := &from[i]; o.Effect == s.Effect && p.set(o).meets(own) && may(o, s) {
			covered = covered.union(p.set(o))
			near = append(near, *o)
		}
	}
	if !own.Within(covered) {
		return nil
	}
	return near
}

// sharesResources leaves out statements whose resources cannot include those of another.
func sharesResources(o, s *policy.Statement) bool {
	if o.Resources == nil || s.Resources == nil {
		return true
	}
	return slices.ContainsFunc(s.Resources, func(b policy.Text) bool {
		return slices.ContainsFunc(o.Resources, func(a policy.Text) bool { return facts.Meet(Open(a.Text), Open(b.Text)) })
	})
}

// samePrincipals reports whether a statement names the principals of another, or everybody. That
// an account includes its roles is not enough: naming the account leaves it to the policies of the
// roles, naming a role does not (IAM User Guide, "AWS JSON policy elements: Principal").
func samePrincipals(o, s *policy.Statement) bool {
	switch {
	case o.NotPrincipal != nil || s.NotPrincipal != nil:
		return false
	case o.Principal == nil || s.Principal == nil:
		return o.Principal == s.Principal
	case o.Principal.Any:
		return true
	case s.Principal.Any:
		return false
	}
	within := func(all, some []policy.Text) bool {
		return !slices.ContainsFunc(some, func(t policy.Text) bool {
			return !slices.ContainsFunc(all, func(a policy.Text) bool { return a.Text == t.Text || a.Text == "*" })
		})
	}
	a, b := o.Principal, s.Principal
	return within(a.AWS, b.AWS) && within(a.Service, b.Service) && within(a.Federated, b.Federated) && within(a.CanonicalUser, b.CanonicalUser)
}

func (s ActionSet) meets(o ActionSet) bool {
	for i, w := range s.words {
		if i < len(o.words) && w&o.words[i] != 0 {
			return true
		}
	}
	return false
}

func (s ActionSet) union(o ActionSet) ActionSet {
	out := ActionSet{slices.Clone(s.words)}
	for len(out.words) < len(o.words) {
		out.words = append(out.words, 0)
	}
	for i, w := range o.words {
		out.words[i] |= w
	}
	return out
}

// CanBeNarrower reports whether an action that does more than list has resources to be limited to.
// Actions that may do without any of their resources, such as those that read settings of an
// account or of one resource alike, are left out if they only read.
func CanBeNarrower(a *catalog.Action) bool {
	required := slices.ContainsFunc(a.Resources, func(r catalog.ActionResource) bool { return r.Required })
	return a.Level != catalog.List && len(a.Resources) > 0 && (required || a.Level != catalog.Read || len(a.Resources) == 1 || a.Service == "s3")
}

// SourceUnknown returns the conditions that hold for a request by a service whose source no policy
// names, for the keys that the document asks for.
func (p *Pass) SourceUnknown() []policy.Condition {
	seen := map[string]bool{}
	var out []policy.Condition
	p.Conditions(func(_ *policy.Statement, c *policy.Condition) {
		key := strings.ToLower(c.Key)
		if seen[key] {
			return
		}
		seen[key] = true
		switch key {
		case "aws:sourceaccount":
			out = append(out, Where("StringEquals", c.Key, StrangerAccount))
		case "aws:sourceorgid":
			out = append(out, Where("StringEquals", c.Key, "o-zq7stranger0"))
		case "aws:sourcearn":
			out = append(out, Where("ArnEquals", c.Key, "arn:aws:"+strangerName+":us-east-1:"+StrangerAccount+":"+strangerName))
		case "aws:sourceorgpaths":
			out = append(out, Where("Null", c.Key, "true"))
		}
	})
	return out
}

// Accounts returns the accounts that the configuration calls one's own.
func (p *Pass) Accounts() []string { return p.state.linter.Accounts }
