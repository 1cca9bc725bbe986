package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// readExemptions reads who a guard spares ("except role X", "unless done by …"), and whom alone
// it is about ("the root user").
func (g *guarding) readExemptions() {
	for i := range g.tokens {
		if g.clauseOf(i) < 0 {
			continue
		}
		g.readRoot(i)
		g.readPrincipal(i)
		g.readAccount(i)
	}
	for n, c := range g.clause {
		if g.modes[n] != guardExempt {
			continue
		}
		if g.aboutSomeone() && len(g.targetsIn(c.from, c.to)) == 0 {
			g.take("not meant", c.from, c.to) // "the root user may not …, users and roles unaffected"
			continue
		}
		g.readServicesExempt(n)
		g.readItself(n)
		if !g.sparedIn(n) && !g.inClause(n, "global") && !g.conditionIn(n) && len(g.servicesIn(c.from, c.to)) == 0 && g.hasObjects(c) && len(g.targetsIn(c.from, c.to)) == 0 {
			g.ask(g.span(c.from, c.to), "Who is exempt? Name the role or user, by its name or ARN.")
			g.use(c.from, c.to)
		}
	}
}

func (g *guarding) conditionIn(n int) bool {
	for _, c := range g.where {
		if c.clause == n {
			return true
		}
	}
	return false
}

// spare records an exemption from the tokens in [from, to).
func (g *guarding) spare(from, to int, key string, values ...string) {
	n := g.clauseOf(from)
	c := intent.Constraint{Key: key, Values: values, Span: g.span(from, to)}
	g.take("exempt", from, to)
	for k := range g.exempts {
		if e := &g.exempts[k]; e.clause == n && e.Key == key {
			e.Values = append(e.Values, values...)
			return
		}
	}
	g.exempts = append(g.exempts, exemption{n, c})
}

// about records that the guard of clause n only reaches requests of the principal.
func (g *guarding) about(from, to int, value string) {
	g.require(from, to, "who is meant", intent.Constraint{Key: "aws:PrincipalArn", Values: []string{value}})
}

// readRoot reads "root user", "root credentials", "as root".
func (g *guarding) readRoot(i int) {
	if !g.word(i, "root") || g.tokens[i].taken || g.word(i+1, "ou", "volume", "device", "id", "cause") || g.word(i-1, "org", "organization", "organisation") {
		return
	}
	end := i + 1
	for g.word(end, "user", "users", "account", "accounts", "credentials", "login", "principal", "principals", "identity") {
		end++
	}
	if end == i+1 && !g.word(i-1, "as", "the", "by", "for", "from", "with", "account", "aws") {
		return
	}
	const root = "arn:aws:iam::*:root"
	if g.modes[g.clauseOf(i)] == guardExempt {
		g.spare(i, end, "aws:PrincipalArn", root)
		return
	}
	g.about(i, end, root)
}

// readPrincipal reads a role or user that the guard spares or is about.
func (g *guarding) readPrincipal(i int) {
	if g.tokens[i].taken {
		return
	}
	value, from, ok := g.principalAt(i)
	if !ok {
		return
	}
	n := g.clauseOf(i)
	switch {
	case g.modes[n] == guardExempt, g.modes[n] == guardPermit && g.is("modal", i+1), g.byBefore(from), g.modes[n] == guardOblige && g.onlyBefore(from, n):
		g.spare(from, i+1, "aws:PrincipalArn", value)
	case g.modes[n] == guardForbid && g.actsItself(from, i, n):
		g.about(from, i+1, value)
	}
}

// principalAt returns the ARN pattern of the role or user that token i names, and the first
// token of the mention.
func (g *guarding) principalAt(i int) (string, int, bool) {
	t := g.tokens[i]
	if arn, ok := g.literal(i, arnLiteral); ok {
		return arn, g.mention(i), strings.Contains(arn, ":iam::") && !strings.Contains(arn, ":policy/") || strings.Contains(arn, ":sts::")
	}
	typ := ""
	if t.typed != nil && t.typed.service == "iam" {
		typ = t.typed.typ
	}
	proper := t.kind == nameToken || t.kind == wordToken && !g.is("stop", i) && t.text != t.lower && strings.ToUpper(t.text) != t.text
	switch {
	case typ == "role" || typ == "user":
	case proper && (g.word(i+1, "role", "roles") || g.word(i-1, "role", "roles")):
		typ = "role"
	case proper && (g.word(i+1, "user", "users") || g.word(i-1, "user", "users")):
		typ = "user"
	case proper && t.typed == nil && g.linkAt[i] < 0 && g.objectWord(i) && (t.kind == nameToken || g.properCase(i)) && g.modes[g.clauseOf(i)] == guardExempt && t.kind != entityToken:
		typ = "role"
		g.assume(true, g.span(i, i+1), t.text+" is taken for the name of an IAM role.")
	default:
		return "", 0, false
	}
	name := t.text
	if strings.HasPrefix(name, "AWSReservedSSO_") {
		name = "aws-reserved/sso.amazonaws.com/*" + name
	}
	return "arn:aws:iam::*:" + typ + "/" + strings.TrimPrefix(name, "/"), g.mention(i), true
}

// mention returns where the words that lead to a principal begin.
func (g *guarding) mention(i int) int {
	for i > 0 && (g.word(i-1, "role", "roles", "user", "users", "the", "iam", "named", "called", "principal", "our")) {
		i--
	}
	return i
}

func (g *guarding) byBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-4 && g.tokens[j].kind != punctToken; j-- {
		if g.word(j, "by", "through") {
			return true
		}
	}
	return false
}

// onlyBefore: "only role X may delete buckets".
func (g *guarding) onlyBefore(i, n int) bool {
	only := false
	for j := i - 1; j >= g.clause[n].from && j >= i-5; j-- {
		only = only || g.word(j, "only", "solely", "exclusively", "nobody", "just")
	}
	if !only {
		return false
	}
	for j := i; j < g.clause[n].to; j++ {
		if g.is("modal", j) || g.word(j, "is", "are", "has", "have") {
			return true
		}
	}
	return false
}

// actsItself: "role X must not …": the role is who acts, not what is acted on.
func (g *guarding) actsItself(from, i, n int) bool {
	for j := g.clause[n].from; j < from; j++ {
		if g.objectWord(j) || g.listed("forbid", j) {
			return false
		}
	}
	return g.is("modal", i+1) || g.listed("negation", i+1)
}

// readAccount reads an account that an exemption names.
func (g *guarding) readAccount(i int) {
	id, ok := g.literal(i, accountLiteral)
	n := g.clauseOf(i)
	if !ok || g.modes[n] != guardExempt || g.tokens[i].taken && g.tokens[i].role != "account of the resources" {
		return
	}
	if g.out.Account == id {
		g.out.Account = ""
	}
	for k := range g.exempts {
		if g.exempts[k].clause == n && g.exempts[k].Key == "aws:PrincipalArn" && g.word(i-1, "account") {
			for v, value := range g.exempts[k].Values {
				g.exempts[k].Values[v] = strings.Replace(value, ":iam::*:", ":iam::"+id+":", 1)
			}
			return
		}
	}
	g.spare(i, i+1, "aws:PrincipalAccount", id)
}

// readServicesExempt reads that AWS services are spared: as principals of their own, or when they
// call on the caller's behalf.
func (g *guarding) readServicesExempt(n int) {
	c := g.clause[n]
	for i := c.from; i < c.to; i++ {
		linked := g.word(i, "service-linked") || g.word(i, "service") && g.word(i+1, "linked")
		named := g.word(i, "service", "services") && g.word(i-1, "aws", "amazon") || g.word(i, "service") && g.word(i+1, "principal", "principals")
		switch {
		case linked:
			g.spare(i, i+1, "aws:PrincipalArn", "arn:aws:iam::*:role/aws-service-role/*")
			return
		case named && (g.inClause(n, "behalf", "via", "us", "forward") || g.out.Kind != policy.ResourceControl):
			g.spare(i, i+1, "aws:ViaAWSService", "true")
			return
		case named:
			g.spare(i, i+1, "aws:PrincipalIsAWSService", "true")
			return
		}
	}
}

func (g *guarding) inClause(n int, words ...string) bool {
	for i := g.clause[n].from; i < g.clause[n].to; i++ {
		if g.word(i, words...) {
			return true
		}
	}
	return false
}

// aboutSomeone says that the guard reaches only requests of somebody.
func (g *guarding) aboutSomeone() bool {
	return slices.ContainsFunc(g.where, func(c scoped) bool { return c.Key == "aws:PrincipalArn" })
}

// readItself: "except by itself" spares the role that the sentence protects.
func (g *guarding) readItself(n int) {
	from, to := g.sentenceRange(n)
	for i := g.clause[n].from; i < g.clause[n].to; i++ {
		if !g.word(i, "itself", "themselves") {
			continue
		}
		for _, t := range g.targetsIn(from, to) {
			if t.Service == "iam" && (t.Type == "role" || t.Type == "user") {
				name := t.Vars["RoleNameWithPath"] + t.Vars["UserNameWithPath"]
				g.spare(i, i+1, "aws:PrincipalArn", "arn:aws:iam::*:"+t.Type+"/"+name)
			}
		}
	}
}

// readSpared takes the services that a Deny of everything leaves out.
func (g *guarding) readSpared() {
	for n, c := range g.clause {
		if g.modes[n] != guardExempt && g.modes[n] != guardPermit {
			continue
		}
		names := g.servicesIn(c.from, c.to)
		if len(names) == 0 && (g.inClause(n, "global")) {
			g.spared = append(g.spared, g.globals()...)
		}
		for _, p := range names {
			g.spared = append(g.spared, p+":*")
		}
	}
}

// globals are the actions of services that have no region of their own.
func (g *guarding) globals() []string {
	var out []string
	for _, name := range g.lex.List("global") {
		if !strings.Contains(name, ":") {
			name += ":*"
		}
		out = append(out, name)
	}
	return out
}
