package followup

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// moreValues adds values to a condition that is there already: "us-east-1 is ok too".
func (f *followup) moreValues() bool {
	cs := f.scanned()
	if f.Out.Region != f.e.in.Region {
		cs = append(cs, intent.Constraint{Key: "aws:RequestedRegion", Values: []string{f.Out.Region}, Span: f.all()})
	}
	cs = append(cs, f.passed()...)
	done := false
	for _, c := range cs {
		for i := range f.e.in.Grants {
			done = f.moreOf(&f.e.in.Grants[i], c) || done
		}
	}
	return done
}

// moreOf adds the values of a condition to the one that a grant has on the same key.
func (f *followup) moreOf(g *intent.Grant, c intent.Constraint) bool {
	done := false
	for _, list := range [][]intent.Constraint{g.Where, g.Unless} {
		for j := range list {
			w := &list[j]
			spares := g.Effect == policy.Deny && w.Test == intent.IsNot && c.Test == intent.Is
			if !strings.EqualFold(w.Key, c.Key) || w.Test != c.Test && !spares || !f.also && !f.fine {
				continue
			}
			for _, v := range c.Values {
				if !slices.Contains(w.Values, v) {
					w.Values = append(w.Values, v)
					f.e.did(w.Key + " may be " + v + " as well")
					done = true
				}
			}
		}
	}
	return done
}

// passed are the services that the segment names, for roles that are passed to services.
func (f *followup) passed() []intent.Constraint {
	var out []intent.Constraint
	for _, m := range f.ServiceMentions() {
		out = append(out, intent.Constraint{Key: "iam:PassedToService", Values: []string{m.ID}, Span: f.Span(m.From, m.To)})
		f.Take("service a role is passed to", m.From, m.To)
	}
	return out
}

// principals are those whom the segment names, as the reader of the kind found them.
func (f *followup) principals() []intent.Principal {
	var out []intent.Principal
	for _, g := range f.Out.Grants {
		for _, p := range g.Principals {
			if !slices.ContainsFunc(out, func(x intent.Principal) bool { return x.Type == p.Type && x.ID == p.ID }) {
				out = append(out, p)
			}
		}
	}
	for _, p := range f.reading.Parties {
		if p.ID != "" && !slices.ContainsFunc(out, func(x intent.Principal) bool { return x.ID == p.ID }) {
			out = append(out, p.Principal)
		}
	}
	return out
}

// addPrincipals lets more principals do what those of their type may do.
func (f *followup) addPrincipals() bool {
	if f.e.in.Kind == policy.Trust && f.changeSubjects(true) {
		f.e.did("added to the subjects of the token")
		return true
	}
	if f.e.in.Kind == policy.ResourceBased {
		f.SettleParties()
	}
	ps := f.principals()
	if f.e.in.Kind == policy.ResourceBased {
		f.Out.Questions = nil // whose policy it is the conversation has said
		if len(ps) == 0 && f.verbs() == 0 {
			for _, m := range f.ServiceMentions() {
				ps = append(ps, intent.Principal{Type: "Service", ID: m.ID, Span: f.Span(m.From, m.To)})
				f.Take("principal", m.From, m.To)
			}
		}
		if f.verbs() > 0 && len(f.Out.Grants) == 0 && f.addForResource(ps) {
			return true
		}
	}
	ps = slices.DeleteFunc(ps, func(p intent.Principal) bool { return f.trusted(p) })
	if len(ps) == 0 {
		return false
	}
	if f.e.in.Kind == policy.ResourceBased && f.verbs() > 0 && len(f.Out.Grants) > 0 {
		return false
	}
	for _, p := range ps {
		if !f.joinPrincipal(p) {
			for _, g := range f.readGrants() {
				if slices.ContainsFunc(g.Principals, func(x intent.Principal) bool { return x.ID == p.ID }) {
					f.e.in.Grants = append(f.e.in.Grants, g)
				}
			}
		}
		f.e.did("added " + p.ID)
	}
	return true
}

func (f *followup) trusted(p intent.Principal) bool {
	for _, g := range f.e.in.Grants {
		if slices.ContainsFunc(g.Principals, func(x intent.Principal) bool { return x.Type == p.Type && x.ID == p.ID }) {
			return true
		}
	}
	return false
}

// addForResource lets the principals (none: those who are let in) do more on the resource of the
// document. The verbs are read as permissions; who and on what is known.
func (f *followup) addForResource(ps []intent.Principal) bool {
	k := slices.IndexFunc(f.e.in.Grants, func(g intent.Grant) bool { return g.Effect != policy.Deny && len(g.Principals) > 0 })
	if k < 0 {
		return false
	}
	like := f.e.in.Grants[k].Clone()
	o := *f.e
	o.in = f.e.in.Clone()
	o.in.Kind = policy.IdentityBased
	sub := o.followup(strings.TrimLeft(f.Text, " "), f.Tokens[0].Start)
	gs := sub.readGrants()
	if len(gs) == 0 || sub.vague(gs) {
		gs = sub.inContext()
	}
	for _, g := range gs {
		if onlyCompanion(g) {
			continue
		}
		g.Targets, g.Principals = like.Targets, like.Principals
		if len(ps) > 0 {
			g.Principals = ps
		} else {
			g.Where = append(g.Where, like.Where...)
		}
		f.e.in.Grants = append(f.e.in.Grants, g)
		f.e.did("added " + actionNames([]intent.Grant{g}))
	}
	f.Use(0, len(f.Tokens))
	return len(gs) > 0
}

// joinPrincipal adds a principal to the grants of principals of its type; in a resource-based
// document to all grants if none has its type.
func (f *followup) joinPrincipal(p intent.Principal) bool {
	joined := false
	for _, typ := range []bool{true, false} {
		for i := range f.e.in.Grants {
			g := &f.e.in.Grants[i]
			same := slices.ContainsFunc(g.Principals, func(x intent.Principal) bool { return x.Type == p.Type })
			if len(g.Principals) == 0 || g.Effect == policy.Deny || typ && !same || !typ && len(f.Out.Grants) > 0 {
				continue
			}
			g.Principals = append(g.Principals, p)
			joined = true
		}
		if joined {
			return true
		}
	}
	return false
}
