package scenario

import (
	"slices"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/tree"
)

// readOrganization reads the tree of an organization. A level that does not say which service
// control policies are attached has FullAWSAccess, which AWS attaches by itself.
func (r *reader) readOrganization(v *tree.Value) error {
	o := &organization{accounts: map[string]account{}}
	r.scenario.organization = o
	top := account{}
	if err := r.levels(v, "the root", &top); err != nil {
		return err
	}
	text := func(to *string) func(*tree.Value) error {
		return func(v *tree.Value) (err error) {
			*to, err = v.Scalar("an ID of an organization")
			return err
		}
	}
	fields := r.below(&top)
	fields["id"] = text(&o.id)
	fields["root"] = text(&o.root)
	fields["management"] = func(v *tree.Value) (err error) {
		o.management, err = accountID(v)
		return err
	}
	if id := v.Field("id"); id != nil {
		top.path = id.Text + "/"
	}
	if root := v.Field("root"); root != nil {
		top.path += root.Text + "/"
	}
	return v.Each("an organization", fields)
}

func accountID(v *tree.Value) (string, error) {
	id, err := v.Scalar("an account")
	if err == nil && !arn.IsAccountID(id) {
		return "", v.Errorf("%q is no account: twelve digits", id)
	}
	return id, err
}

// levels adds the level of a root, unit or account to those above it.
func (r *reader) levels(v *tree.Value, name string, to *account) error {
	if v.Kind != tree.Map && v.Kind != tree.Null {
		return v.Errorf("%s must be a map, not %v", name, v.Kind)
	}
	scp := evaluate.Level{Name: name}
	var err error
	if attached := v.Field("scps"); attached != nil {
		scp.Policies, err = r.policies(attached, policy.ServiceControl)
	} else {
		scp.Policies, err = r.policies(&tree.Value{Kind: tree.String, Text: "FullAWSAccess"}, policy.ServiceControl)
	}
	if err != nil {
		return err
	}
	to.scps = append(slices.Clip(to.scps), scp)
	rcp := evaluate.Level{Name: name}
	if rcp.Policies, err = r.policies(v.Field("rcps"), policy.ResourceControl); err != nil {
		return err
	}
	to.rcps = append(slices.Clip(to.rcps), rcp)
	return nil
}

// below reads what a root or a unit holds.
func (r *reader) below(above *account) map[string]func(*tree.Value) error {
	done := func(*tree.Value) error { return nil }
	return map[string]func(*tree.Value) error{
		"scps": done, "rcps": done, // read by levels
		"units": func(v *tree.Value) error {
			return v.Entries("units", func(name, v *tree.Value) error { return r.readUnit(name.Text, v, *above) })
		},
		"accounts": func(v *tree.Value) error { return r.readAccounts(v, *above) },
	}
}

func (r *reader) readUnit(name string, v *tree.Value, at account) error {
	if err := r.levels(v, "the unit "+name, &at); err != nil {
		return err
	}
	id := name
	if given := v.Field("id"); given != nil {
		id = given.Text
	}
	at.path += id + "/"
	fields := r.below(&at)
	fields["id"] = func(v *tree.Value) error {
		_, err := v.Scalar("an ID of a unit")
		return err
	}
	if v.Kind == tree.Null {
		return nil
	}
	return v.Each("a unit", fields)
}

// readAccounts reads a list of accounts, or a map of them with their policies.
func (r *reader) readAccounts(v *tree.Value, above account) error {
	add := func(name, content *tree.Value) error {
		id, err := accountID(name)
		if err != nil {
			return err
		}
		o, at := r.scenario.organization, above
		if _, twice := o.accounts[id]; twice {
			return name.Errorf("the account %s is in the organization twice", id)
		}
		if err := r.levels(content, "the account "+id, &at); err != nil {
			return err
		}
		o.accounts[id] = at
		if content.Kind == tree.Null {
			return nil
		}
		done := func(*tree.Value) error { return nil }
		return content.Each("an account", map[string]func(*tree.Value) error{"scps": done, "rcps": done, "name": done})
	}
	if v.Kind != tree.Map {
		return v.List(func(item *tree.Value) error { return add(item, &tree.Value{Position: item.Position}) })
	}
	return v.Entries("accounts", add)
}
