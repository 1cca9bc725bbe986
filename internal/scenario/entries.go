package scenario

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/tree"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// keys are condition keys that a scenario gives by hand; one without values is taken away.
type keys map[string][]string

// Context reads condition keys, each with a value or a list of them; null takes a key away
// that would be set otherwise.
func Context(v *tree.Value) (map[string][]string, error) {
	out := map[string][]string{}
	err := v.Entries("context", func(name, value *tree.Value) error {
		if value.Kind == tree.Null {
			out[name.Text] = nil
			return nil
		}
		values, err := value.Scalars("the value of " + name.Text)
		out[name.Text] = values
		return err
	})
	return out, err
}

func (r *reader) readPrincipal(name, v *tree.Value) error {
	p := &principal{name: name.Text, who: evaluate.ParsePrincipal(name.Text)}
	text := func(to *string) func(*tree.Value) error {
		return func(v *tree.Value) (err error) {
			*to, err = v.Scalar("this")
			return err
		}
	}
	attach := func(to *[]*evaluate.Policy, kind policy.Kind) func(*tree.Value) error {
		return func(v *tree.Value) (err error) {
			*to, err = r.policies(v, kind)
			return err
		}
	}
	id := ""
	fields := map[string]func(*tree.Value) error{
		"arn": text(&id), "role": text(&p.caller.Source), "user": text(&p.caller.Source), "provider": text(&p.caller.Provider),
		"policies": attach(&p.identity, policy.IdentityBased),
		"boundary": attach(&p.boundary, policy.PermissionsBoundary),
		"session":  attach(&p.session, policy.SessionPolicy),
		"serviceLinked": func(v *tree.Value) (err error) {
			p.caller.ServiceLinked, err = v.True("serviceLinked")
			return err
		},
		"tags":    func(v *tree.Value) (err error) { p.tags, err = tags(v); return err },
		"context": func(v *tree.Value) (err error) { p.context, err = Context(v); return err },
	}
	if v.Kind != tree.Null {
		if err := v.Each("a principal", fields); err != nil {
			return err
		}
	}
	if id != "" {
		p.who = evaluate.ParsePrincipal(id)
	}
	if !identifies(p.who) {
		return name.Errorf("%q is no ARN: say which user, role or session it is by arn", name.Text)
	}
	if len(p.boundary) > 1 {
		return name.Errorf("%s has %d permissions boundaries; a user or role has one at most", name.Text, len(p.boundary))
	}
	r.scenario.principals[name.Text] = p
	r.scenario.names = append(r.scenario.names, name.Text)
	return nil
}

// identifies reports whether a principal has an identifier that policies can name.
func identifies(p evaluate.Principal) bool {
	if p.Type != evaluate.AWS {
		return true
	}
	_, err := arn.Parse(p.ID)
	return err == nil || arn.IsAccountID(p.ID) || p.ID == "*"
}

func tags(v *tree.Value) (map[string]string, error) {
	out := map[string]string{}
	err := v.Entries("tags", func(name, value *tree.Value) (err error) {
		out[name.Text], err = value.Scalar("the tag " + name.Text)
		return err
	})
	return out, err
}

func (r *reader) readResource(name, v *tree.Value) error {
	res := &resource{arn: name.Text}
	parsed, err := arn.Parse(name.Text)
	if err != nil {
		return name.Errorf("%q is no ARN", name.Text)
	}
	if wildcard.Contains(name.Text) {
		pattern := wildcard.Compile(name.Text)
		res.pattern = &pattern
	}
	kind := policy.ResourceBased
	if parsed.Service == "iam" && strings.HasPrefix(parsed.Resource, "role/") {
		kind = policy.Trust
	}
	if arn.IsAccountID(parsed.AccountID) {
		res.owner = parsed.AccountID
	}
	if v.Kind != tree.Null {
		err = v.Each("a resource", map[string]func(*tree.Value) error{
			"account": func(v *tree.Value) (err error) {
				res.owner, err = accountID(v)
				return err
			},
			"policy": func(v *tree.Value) (err error) {
				res.policies, err = r.policies(v, kind)
				return err
			},
			"awsManaged": func(v *tree.Value) (err error) {
				res.awsManaged, err = v.True("awsManaged")
				return err
			},
			"tags":    func(v *tree.Value) (err error) { res.tags, err = tags(v); return err },
			"context": func(v *tree.Value) (err error) { res.context, err = Context(v); return err },
		})
	}
	r.scenario.resources = append(r.scenario.resources, res)
	return err
}

func (r *reader) readEndpoint(name, v *tree.Value) error {
	e := &endpoint{}
	r.scenario.endpoints[name.Text] = e
	if v.Kind == tree.Null {
		return nil
	}
	return v.Each("an endpoint", map[string]func(*tree.Value) error{
		"policy": func(v *tree.Value) (err error) {
			e.policies, err = r.policies(v, policy.Endpoint)
			return err
		},
		"gateway": func(v *tree.Value) (err error) { e.gateway, err = v.True("gateway"); return err },
		"vpc":     func(v *tree.Value) (err error) { e.vpc, err = v.Scalar("vpc"); return err },
	})
}
