package guard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
)

// qualify puts the conditions and exemptions on a guard. What must hold is written as a Deny
// unless it holds; two things that must both hold are two Denies.
func (g *guarding) qualify(f guard) []intent.Grant {
	grant, n := f.Grant, f.unit.Clause
	var where, unless []intent.Constraint
	for _, c := range g.Where {
		if !g.reaching(c, n) {
			continue
		}
		if c.Unless {
			unless = append(unless, c.Constraint)
		} else {
			where = append(where, c.Constraint)
		}
	}
	if g.modes[n] == guardOblige && len(unless) == 0 {
		where, unless = nil, where
	}
	if slices.ContainsFunc(unless, func(c intent.Constraint) bool { return slices.Contains(networkKeys, c.Key) }) {
		unless = slices.DeleteFunc(unless, func(c intent.Constraint) bool { return c.Key == "aws:ViaAWSService" }) // it goes with the network
	}
	spares := g.sparesFor(n)
	if g.modes[n] == guardOblige && len(unless) == 0 && !g.sparedIn(n) && len(grant.Where) == 0 {
		return g.allowList(grant, f.unit)
	}
	grant.Where = append(grant.Where, where...)
	if g.modes[n] == guardForbid && len(unless) > 0 || len(unless) == 0 {
		unless = dropDoubles(unless)
		grant.Unless = append(unless, g.always(grant.Where, unless, n)...)
		grant.Unless = append(grant.Unless, spares...)
		return g.perService(grant)
	}
	var out []intent.Grant
	for _, c := range dropDoubles(unless) {
		one := grant
		one.Actions = slices.Clone(grant.Actions)
		one.Where = slices.Clone(grant.Where)
		one.Unless = append([]intent.Constraint{c}, g.always(grant.Where, []intent.Constraint{c}, n)...)
		one.Unless = append(one.Unless, spares...)
		out = append(out, g.perService(one)...)
	}
	return out
}

// reaching: a condition holds for the guards of its clause; from a clause without guards for
// its sentence; from a sentence without guards for all.
func (g *guarding) reaching(c object.Condition, n int) bool {
	if c.Whole || c.Clause < 0 || c.Clause == n {
		return true
	}
	same := g.Clauses[c.Clause].Sentence == g.Clauses[n].Sentence
	if g.guards(c.Clause) {
		return false
	}
	return same || !g.guardsSentence(g.Clauses[c.Clause].Sentence)
}

// guards says that clause n forbids something itself.
func (g *guarding) guards(n int) bool {
	for _, u := range g.Units {
		if u.Clause == n && (len(u.Verbs) > 0 || len(u.Groups) > 0) {
			return true
		}
	}
	return false
}

func (g *guarding) guardsSentence(number int) bool {
	for n, c := range g.Clauses {
		if c.Sentence == number && g.guards(n) {
			return true
		}
	}
	return false
}

// sparesFor returns the exemptions from the guards of clause n: those of its sentence, and those
// of sentences that forbid nothing themselves.
func (g *guarding) sparesFor(n int) []intent.Constraint {
	var out []intent.Constraint
	for _, e := range g.exempts {
		s := g.Clauses[e.clause].Sentence
		if e.clause < n && s == g.Clauses[n].Sentence && g.startsAnew(n, e.clause) {
			continue
		}
		if e.clause != n && s != g.Clauses[n].Sentence && g.guardsSentence(s) && !g.inClause(e.clause, "both", "all", "above", "everything", "these") {
			continue
		}
		out = mergeKey(out, e.Constraint)
	}
	return out
}

// startsAnew says that clause n forbids something to everybody, behind a clause with a rule and an
// exemption of its own: "nobody but X may …, and nobody may …".
func (g *guarding) startsAnew(n, exempt int) bool {
	if !g.inClause(n, "nobody", "noone") && !(g.inClause(n, "no") && g.inClause(n, "one")) {
		return false
	}
	for m := exempt + 1; m < n; m++ {
		if g.guards(m) {
			return true
		}
	}
	return exempt > 0 && g.guards(exempt-1) && g.Clauses[exempt-1].Sentence == g.Clauses[n].Sentence
}

// sparedIn says that clause n itself names who alone may.
func (g *guarding) sparedIn(n int) bool {
	for _, e := range g.exempts {
		if e.clause == n {
			return true
		}
	}
	return false
}

func mergeKey(list []intent.Constraint, c intent.Constraint) []intent.Constraint {
	for i := range list {
		if list[i].Key == c.Key && list[i].Test == c.Test {
			for _, v := range c.Values {
				if !slices.Contains(list[i].Values, v) {
					list[i].Values = append(list[i].Values, v)
				}
			}
			return list
		}
	}
	c.Values = slices.Clone(c.Values)
	return append(list, c)
}

func dropDoubles(list []intent.Constraint) []intent.Constraint {
	var out []intent.Constraint
	for _, c := range list {
		if !slices.ContainsFunc(out, func(o intent.Constraint) bool {
			return strings.EqualFold(o.Key, c.Key) && o.Test == c.Test && slices.Equal(o.Values, c.Values)
		}) {
			out = append(out, c)
		}
	}
	return out
}

// networkKeys are the keys that calls of AWS services on a caller's behalf do not carry as the
// caller's own.
var networkKeys = []string{"aws:SourceIp", "aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp"}

// callerKeys are the keys that a call by an AWS service as principal does not carry.
var callerKeys = []string{"aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount"}

// always adds the exemptions that a Deny by network or by caller needs so that AWS services go
// on working.
func (g *guarding) always(where, unless []intent.Constraint, n int) []intent.Constraint {
	var out []intent.Constraint
	span := g.Span(g.Clauses[n].From, g.Clauses[n].To)
	has := func(keys []string) bool {
		for _, c := range unless {
			if slices.Contains(keys, c.Key) {
				return true
			}
		}
		for _, c := range where {
			if c.Test == intent.IsNot && slices.Contains(keys, c.Key) {
				return true
			}
		}
		return false
	}
	if has(networkKeys) {
		out = append(out, intent.Constraint{Key: "aws:ViaAWSService", Values: []string{"true"}, Span: span})
	}
	if g.Out.Kind == policy.ResourceControl && (has(callerKeys) || has(networkKeys)) {
		out = append(out, intent.Constraint{Key: "aws:PrincipalIsAWSService", Values: []string{"true"}, Span: span})
	}
	return out
}

// allowList reads "only X" without a condition: everything but these services, or everything
// but these resources, is denied.
func (g *guarding) allowList(grant intent.Grant, u object.Unit) []intent.Grant {
	spares := g.sparesFor(u.Clause)
	whole := len(grant.Actions) > 0
	for _, a := range grant.Actions {
		whole = whole && strings.HasSuffix(a.Name, ":*")
	}
	switch {
	case g.insists(u.Clause):
		grant.Unless = append(grant.Unless, spares...)
		return []intent.Grant{grant}
	case whole && len(grant.Targets) == 0 && g.saysOnly(u.Clause):
		for _, a := range grant.Actions {
			grant.NotActions = append(grant.NotActions, a.Name)
		}
		grant.Actions = nil
		grant.NotActions = append(grant.NotActions, g.spared...)
		grant.Unless = append(grant.Unless, spares...)
		return []intent.Grant{grant}
	case len(grant.Targets) > 0 && g.saysOnly(u.Clause):
		grant.Except, grant.Targets = grant.Targets, nil
		grant.Unless = append(grant.Unless, spares...)
		return []intent.Grant{grant}
	}
	g.Ask(grant.Span, "Under which condition is this allowed? Everything else would be denied.")
	return nil
}

// saysOnly says that a clause names all that is allowed, rather than what must hold.
func (g *guarding) saysOnly(n int) bool {
	if slices.Contains(g.bounds, n) || g.inClause(n, "only", "solely", "exclusively", "restrict", "restricted", "limit", "limited") {
		return true
	}
	return n > 0 && g.inClause(n-1, "allow-list", "allowlist", "whitelist", "only")
}

// insists says that a clause obliges something to stay as it is, so that its verbs are
// forbidden: "cloudtrail must stay on".
func (g *guarding) insists(n int) bool {
	return g.inClause(n, "stay", "stays", "remain", "remains", "keep", "kept", "running", "enabled", "intact", "immutable")
}

// fitted fits the actions of a guard to its conditions: a rule about a property is about the
// requests that carry it, and on the resource types that do.
func (g *guarding) fitted(grant intent.Grant) intent.Grant {
	keys := conditionKeys(grant)
	for _, key := range keys {
		g.actionsWith(&grant, key)
	}
	if len(grant.Targets) == 0 {
		for i := range grant.Actions {
			if on := g.typesWith(grant, grant.Actions[i].Name, keys); len(on) > 0 {
				grant.Actions[i].On = on
			}
		}
	}
	if g.Out.Kind == policy.ResourceControl {
		grant.Principals = []intent.Principal{{Type: "*"}}
	}
	for _, c := range grant.Unless {
		if c.Key == "aws:RequestedRegion" {
			g.rail(&grant)
		}
	}
	if len(g.spared) > 0 && len(grant.Actions) == 1 && grant.Actions[0].Name == "*" {
		grant.NotActions, grant.Actions = slices.Clone(g.spared), nil
	}
	return grant
}

// rail leaves the global services out of a bound on regions: they are called in one region only.
func (g *guarding) rail(grant *intent.Grant) {
	if len(grant.Actions) != 1 || grant.Actions[0].Name != "*" {
		return
	}
	grant.Actions = nil
	grant.NotActions = slices.Clone(g.spared)
	if len(grant.NotActions) == 0 {
		grant.NotActions = g.globals()
		g.Assume(true, grant.Span, "Global services such as IAM, Organizations, Route 53 and CloudFront are left out of the bound on regions: their calls all go to one region.")
	}
}

func conditionKeys(grant intent.Grant) []string {
	var out []string
	for _, c := range append(slices.Clone(grant.Where), grant.Unless...) {
		if !slices.Contains(out, c.Key) {
			out = append(out, c.Key)
		}
	}
	return out
}

// actionsWith replaces "every action" by the actions whose requests carry a service's own key.
func (g *guarding) actionsWith(grant *intent.Grant, key string) {
	if strings.HasPrefix(key, "aws:") || len(grant.Actions) == 0 {
		return
	}
	for _, a := range grant.Actions {
		if !strings.HasSuffix(a.Name, "*") {
			return
		}
	}
	names := g.lex.Holders(key)
	if len(names) == 0 {
		names = g.carrying(grant, key)
	}
	if len(names) == 0 {
		return
	}
	because := fmt.Sprintf("its requests carry %s", key)
	actions := grant.Actions[:0:0]
	for _, name := range names {
		actions = append(actions, intent.Action{Name: name, On: []string{"*"}, Because: because, Span: grant.Span, Wide: true})
	}
	grant.Actions = actions
}

// carrying lists the actions that change something and whose requests carry the key.
func (g *guarding) carrying(grant *intent.Grant, key string) []string {
	prefix, _, _ := strings.Cut(key, ":")
	s, ok := g.Catalog.Service(prefix)
	if !ok {
		return nil
	}
	var out []string
	for _, a := range s.Actions {
		if a.Level != catalog.Read && a.Level != catalog.List && a.Honours(key) {
			out = append(out, a.String())
		}
	}
	return out
}

// typesWith returns the resource types of an action that carry one of the keys, if only some of
// its types do: the instance type stands in a launch only beside the instance.
func (g *guarding) typesWith(grant intent.Grant, action string, keys []string) []string {
	a, ok := g.Catalog.Action(action)
	if !ok || len(a.Resources) < 2 {
		return nil
	}
	for _, key := range keys {
		if strings.HasPrefix(key, "aws:RequestTag/") || strings.HasPrefix(key, "aws:TagKeys") {
			return g.taggedTypes(grant, a)
		}
		var with []string
		for _, r := range a.Resources {
			if r.Required && (containsFold(r.Keys, key) || containsFold(r.Type.Keys, key)) {
				with = append(with, r.Type.Name)
			}
		}
		if len(with) > 0 && len(with) < len(a.Resources) && !strings.HasPrefix(key, "aws:") {
			return with
		}
	}
	return nil
}

// taggedTypes returns the types of resources that a rule about request tags means: those that
// the words mention, or what the action makes.
func (g *guarding) taggedTypes(grant intent.Grant, a *catalog.Action) []string {
	var out []string
	for _, r := range a.Resources {
		if r.Required && catalogHasPrefix(r.Type.Keys, "aws:RequestTag/") && g.Mentions(r.Type, 0, len(g.Tokens)) {
			out = append(out, r.Type.Name)
		}
	}
	if len(out) == 0 && a.Service == "ec2" && a.Name == "RunInstances" {
		return []string{"instance"}
	}
	return out
}

func catalogHasPrefix(keys []string, prefix string) bool {
	for _, k := range keys {
		if strings.HasPrefix(strings.ToLower(k), strings.ToLower(prefix)) {
			return true
		}
	}
	return false
}
