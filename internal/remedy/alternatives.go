package remedy

import (
	"fmt"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// alternatives returns the changes that remove the obstacle which a denial names.
func (w *world) alternatives(a *evaluate.Authorization) []Change {
	if a.Decided < 0 {
		return nil // no policy decided, so none can help
	}
	l := &a.Layers[a.Decided]
	if a.Decision == evaluate.ExplicitDeny {
		return w.pastDeny(l)
	}
	changes := append(w.meeting(l), w.allowing(l)...)
	// In one account a resource-based policy that names the caller makes up for the others.
	if l.Kind == policy.IdentityBased && w.alone == "" && !a.CrossAccount && len(w.setting.Layers.Resource) > 0 {
		for i := range a.Layers {
			if a.Layers[i].Kind == policy.ResourceBased {
				changes = append(changes, w.allowing(&a.Layers[i])...)
			}
		}
	}
	return changes
}

// pastDeny returns the ways past the first statement that denies.
func (w *world) pastDeny(l *evaluate.Layer) []Change {
	e := l.Explanation(w.request)
	part := e.Deciding()[0]
	place := l.Place(&part)
	var changes []Change
	for i := range part.Conditions {
		if c, ok := w.otherwise(&part.Conditions[i], false); ok {
			changes = append(changes, c)
		}
	}
	number, at := part.Statement, part.Policy
	return append(changes, Change{
		Kind: l.Kind, Level: l.Level, Policy: l.Policies[at].Name(), Statement: number + 1, cost: 1,
		Text: fmt.Sprintf("exempt the request from %s, or remove that Deny (%s)", place, where(l)),
		apply: func(next *world) {
			to := next.policies(l.Kind, l.Level)
			changed := append([]*evaluate.Policy(nil), *to...)
			changed[at] = changed[at].Without(number)
			*to = changed
		},
	})
}

func where(l *evaluate.Layer) string {
	if l.Level != "" {
		return l.Title() + " at " + l.Level
	}
	return l.Title()
}

// meeting returns the changes of the request that have an Allow of the layer apply, of which
// only conditions do not hold.
func (w *world) meeting(l *evaluate.Layer) []Change {
	e := l.Explanation(w.request)
	var changes []Change
	for i := range e.Statements {
		part := &e.Statements[i]
		if part.Effect != policy.Allow || part.Failed != evaluate.ConditionElement {
			continue
		}
		var all []Change
		for n := range part.Conditions {
			if part.Conditions[n].Holds {
				continue
			}
			c, ok := w.otherwise(&part.Conditions[n], true)
			if !ok {
				all = nil
				break
			}
			all = append(all, c)
		}
		if len(all) > 0 {
			changes = append(changes, join(all))
		}
	}
	return changes
}

// join makes one change of several, which costs what they cost.
func join(all []Change) Change {
	whole := all[0]
	for _, c := range all[1:] {
		whole.Text += " and " + c.Text
		whole.Key += ", " + c.Key
		whole.cost += c.cost
	}
	whole.apply = func(next *world) {
		for _, c := range all {
			c.apply(next)
		}
	}
	return whole
}

// allowing returns the change that has a layer allow the request: a wider statement if one
// names only other resources, else a new one.
func (w *world) allowing(l *evaluate.Layer) []Change {
	added, err := evaluate.Compile(w.allow(l.Kind), w.kindIn(l))
	if err != nil {
		return nil
	}
	c := Change{
		Kind: l.Kind, Level: l.Level, cost: 1, Text: w.allowText(l),
		apply: func(next *world) {
			to := next.policies(l.Kind, l.Level)
			*to = append((*to)[:len(*to):len(*to)], added)
		},
	}
	e := l.Explanation(w.request)
	for i := range e.Statements {
		part := &e.Statements[i]
		if part.Effect == policy.Allow && part.Failed == evaluate.ResourceElement {
			c.Policy, c.Statement = l.Policies[part.Policy].Name(), part.Statement+1
			c.Text = fmt.Sprintf("add %s to the resources of %s (%s)", w.request.Resource, l.Place(part), where(l))
			break
		}
	}
	return []Change{c}
}

// kindIn is the kind of the documents of a layer: trust policies are the resource-based
// policies of roles.
func (w *world) kindIn(l *evaluate.Layer) policy.Kind {
	if l.Kind == policy.ResourceBased && (w.alone == policy.Trust || l.Title() == "trust policy") {
		return policy.Trust
	}
	return l.Kind
}

func (w *world) allowText(l *evaluate.Layer) string {
	what := "allow " + w.request.Action
	if w.request.Resource != "" && w.request.Resource != "*" {
		what += " on " + w.request.Resource
	}
	switch {
	case l.Kind == policy.ResourceBased:
		return what + " to " + principalText(w.request.Principal) + " in the " + where(l)
	case l.Kind == policy.ServiceControl && len(l.Policies) == 0 && w.alone == "":
		return what + " in the " + where(l) + ", where FullAWSAccess is not attached"
	}
	return what + " in the " + where(l)
}

func principalText(p evaluate.Principal) string {
	if p.ID == "" {
		return "the caller"
	}
	return p.ID
}

// allow is a document that allows the request to its principal and nothing more.
func (w *world) allow(kind policy.Kind) *policy.Document {
	resource := w.request.Resource
	if resource == "" {
		resource = "*"
	}
	s := policy.Statement{
		Effect:    policy.Allow,
		Actions:   []policy.Text{{Text: w.request.Action}},
		Resources: []policy.Text{{Text: resource}},
	}
	if kind.HasPrincipal() {
		s.Principal = principalElement(w.request.Principal)
	}
	if kind == policy.Endpoint {
		s.Principal = &policy.Principal{Any: true}
	}
	return &policy.Document{Version: policy.Version2008, Statements: []policy.Statement{s}}
}

func principalElement(p evaluate.Principal) *policy.Principal {
	id := []policy.Text{{Text: p.ID}}
	switch p.Type {
	case evaluate.Service:
		return &policy.Principal{Service: id}
	case evaluate.Federated:
		return &policy.Principal{Federated: id}
	case evaluate.CanonicalUser:
		return &policy.Principal{CanonicalUser: id}
	}
	if p.ID == "" || p.ID == "*" {
		return &policy.Principal{Any: true}
	}
	return &policy.Principal{AWS: id}
}
