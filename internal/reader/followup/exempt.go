package followup

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// exempt spares those whom the segment names from what is denied.
func (f *followup) exempt() {
	who := f.spared()
	if len(who) == 0 {
		f.e.ask(f.all(), "Who shall be exempt? Name a role, a user or an account.")
		return
	}
	if f.again {
		f.unspare(who)
		return
	}
	concerned := f.concernedDenials()
	n := 0
	for _, c := range who {
		n += f.exemptOne(c, concerned)
	}
	if n == 0 {
		f.e.noted("was exempt already")
		return
	}
	f.e.did("exempted " + strings.Join(who[0].Values, ", "))
}

// unspare takes exemptions back: "role Admin is no longer exempt".
func (f *followup) unspare(who []intent.Constraint) {
	n := 0
	for i := range f.e.in.Grants {
		u := &f.e.in.Grants[i].Unless
		for j := range *u {
			for _, c := range who {
				before := len((*u)[j].Values)
				(*u)[j].Values = slices.DeleteFunc((*u)[j].Values, func(v string) bool { return slices.Contains(c.Values, v) })
				n += before - len((*u)[j].Values)
			}
		}
		*u = slices.DeleteFunc(*u, func(c intent.Constraint) bool { return len(c.Values) == 0 })
	}
	if n == 0 {
		f.e.ask(f.all(), "Nobody of that name is exempt.")
		return
	}
	f.e.did("exempt no longer: " + strings.Join(who[0].Values, ", "))
}

// exemptOne adds to an exemption of the same key, or a new one.
func (f *followup) exemptOne(c intent.Constraint, concerned func(intent.Grant) bool) int {
	n := 0
	for i := range f.e.in.Grants {
		g := &f.e.in.Grants[i]
		if g.Effect != policy.Deny || !concerned(*g) {
			continue
		}
		k := slices.IndexFunc(g.Unless, func(u intent.Constraint) bool { return u.Key == c.Key && u.Test == c.Test })
		if k < 0 {
			g.Unless = append(g.Unless, c)
			n++
			continue
		}
		for _, v := range c.Values {
			if !slices.Contains(g.Unless[k].Values, v) {
				g.Unless[k].Values = append(g.Unless[k].Values, v)
				n++
			}
		}
	}
	return n
}

// concernedDenials chooses the denials that an exemption is about: those of a service that is
// named, else all.
func (f *followup) concernedDenials() func(intent.Grant) bool {
	in := servicesOf(f.e.in)
	services := map[string]bool{}
	for _, l := range f.Links {
		for _, e := range l.Entries {
			if in[e.Service] && f.onlyServiceOf(l, in) && e.Service != "iam" {
				services[e.Service] = true
			}
		}
	}
	return func(g intent.Grant) bool {
		return len(services) == 0 || slices.ContainsFunc(g.Actions, func(a intent.Action) bool { p, _, _ := strings.Cut(a.Name, ":"); return services[p] })
	}
}

// spared reads roles, users, accounts, organization units and ARNs as conditions on who calls.
func (f *followup) spared() []intent.Constraint {
	var arns, accounts []string
	noun := "role"
	for i := range f.Tokens {
		switch {
		case f.Word(i, "role", "roles"):
			noun = "role"
			f.Take("who is exempt", i, i+1)
			if !f.thing(i+1) && !f.thing(i-1) {
				f.forceName(f.nameBeside(i))
			}
		case f.Word(i, "user", "users"):
			noun = "user"
			f.Take("who is exempt", i, i+1)
			if !f.thing(i+1) && !f.thing(i-1) {
				f.forceName(f.nameBeside(i))
			}
		}
	}
	for i := range f.Tokens {
		if a, ok := f.Literal(i, token.AccountLiteral); ok {
			accounts = append(accounts, a)
		} else if a, ok := f.Literal(i, token.ARNLiteral); ok {
			arns = append(arns, a)
		} else if f.Tokens[i].Kind == token.Name && f.Tokens[i].Text != "" {
			kind := noun
			if f.Word(i+1, "user", "users") || f.Word(i-1, "user", "users") {
				kind = "user"
			}
			arns = append(arns, "arn:"+cmp.Or(f.e.in.Partition, "aws")+":iam::*:"+kind+"/"+strings.Trim(f.Tokens[i].Text, "/"))
		} else {
			continue
		}
		f.Tokens[i].Taken, f.Tokens[i].Used, f.Tokens[i].Role = true, true, "who is exempt"
	}
	if len(accounts) > 0 && len(arns) > 0 {
		for k := range arns {
			arns[k] = strings.Replace(arns[k], "::*:", "::"+accounts[0]+":", 1)
		}
		accounts = nil
	}
	var out []intent.Constraint
	if len(arns) > 0 {
		out = append(out, intent.Constraint{Key: "aws:PrincipalArn", Values: arns, Span: f.all()})
	}
	if len(accounts) > 0 {
		out = append(out, intent.Constraint{Key: "aws:PrincipalAccount", Values: accounts, Span: f.all()})
	}
	for _, c := range f.scanned() {
		if strings.HasPrefix(c.Key, "aws:Principal") && !slices.ContainsFunc(out, func(o intent.Constraint) bool { return o.Key == c.Key }) {
			out = append(out, c)
		}
	}
	return out
}

// nameBeside returns the word before or after a noun such as "role" that may be its name.
func (f *followup) nameBeside(i int) int {
	for _, j := range []int{i + 1, i - 1} {
		if j >= 0 && j < len(f.Tokens) && f.Tokens[j].Kind == token.Word && !f.Tokens[j].Taken && !f.Is("stop", j) && !f.Is("article", j) && !f.Is("auxiliary", j) {
			return j
		}
	}
	return -1
}
