package guard

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/object"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// readExemptions reads who a guard spares ("except role X", "unless done by …"), and whom alone
// it is about ("the root user").
func (g *guarding) readExemptions() {
	for i := range g.Tokens {
		if g.ClauseOf(i) < 0 {
			continue
		}
		g.readRoot(i)
		g.readPrincipal(i)
		g.readAccount(i)
	}
	for n, c := range g.Clauses {
		if g.modes[n] != guardExempt {
			continue
		}
		if g.aboutSomeone() && len(g.TargetsIn(c.From, c.To)) == 0 {
			g.Take("not meant", c.From, c.To) // "the root user may not …, users and roles unaffected"
			continue
		}
		g.readServicesExempt(n)
		g.readItself(n)
		from, to := c.From, c.To
		if g.sparesAll(n) {
			from, to = g.SentenceRange(n)
		}
		if !g.sparedIn(n) && !g.inClause(n, "global") && !g.conditionIn(n) && len(g.servicesIn(from, to)) == 0 && g.hasObjects(c) && len(g.TargetsIn(c.From, c.To)) == 0 {
			g.Ask(g.Span(c.From, c.To), "Who is exempt? Name the role or user, by its name or ARN.")
			g.Use(c.From, c.To)
		}
	}
}

// sparesAll says that every clause of the sentence of clause n spares something.
func (g *guarding) sparesAll(n int) bool {
	for m, c := range g.Clauses {
		if c.Sentence == g.Clauses[n].Sentence && g.modes[m] != guardExempt {
			return false
		}
	}
	return true
}

func (g *guarding) conditionIn(n int) bool {
	for _, c := range g.Where {
		if c.Clause == n {
			return true
		}
	}
	return false
}

// spare records an exemption from the tokens in [from, to).
func (g *guarding) spare(from, to int, key string, values ...string) {
	n := g.ClauseOf(from)
	c := intent.Constraint{Key: key, Values: values, Span: g.Span(from, to)}
	g.Take("exempt", from, to)
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
	g.Require(from, to, "who is meant", intent.Constraint{Key: "aws:PrincipalArn", Values: []string{value}})
}

// readRoot reads "root user", "root credentials", "as root".
func (g *guarding) readRoot(i int) {
	if !g.Word(i, "root") || g.Tokens[i].Taken || g.Word(i+1, "ou", "volume", "device", "id", "cause") || g.Word(i-1, "org", "organization", "organisation") {
		return
	}
	end := i + 1
	for g.Word(end, "user", "users", "account", "accounts", "credentials", "login", "principal", "principals", "identity") {
		end++
	}
	if end == i+1 && !g.Word(i-1, "as", "the", "by", "for", "from", "with", "account", "aws") {
		return
	}
	const root = "arn:aws:iam::*:root"
	if g.modes[g.ClauseOf(i)] == guardExempt {
		g.spare(i, end, "aws:PrincipalArn", root)
		return
	}
	g.about(i, end, root)
}

// readPrincipal reads a role or user that the guard spares or is about.
func (g *guarding) readPrincipal(i int) {
	if g.Tokens[i].Taken {
		return
	}
	value, from, ok := g.principalAt(i)
	if !ok {
		return
	}
	n := g.ClauseOf(i)
	switch {
	case g.modes[n] == guardExempt, g.modes[n] == guardPermit && (g.Is("modal", i+1) || g.Word(i+1, "is", "are") && g.Word(i+2, "allowed", "permitted", "free", "ok", "okay", "fine", "exempt")), g.byBefore(from), g.modes[n] == guardOblige && g.onlyBefore(from, n):
		g.spare(from, i+1, "aws:PrincipalArn", value)
	case g.modes[n] == guardForbid && g.actsItself(from, i, n):
		g.about(from, i+1, value)
	}
}

// principalAt returns the ARN pattern of the role or user that token i names, and the first
// token of the mention.
func (g *guarding) principalAt(i int) (string, int, bool) {
	t := g.Tokens[i]
	if arn, ok := g.Literal(i, token.ARNLiteral); ok {
		return arn, g.mention(i), strings.Contains(arn, ":iam::") && !strings.Contains(arn, ":policy/") || strings.Contains(arn, ":sts::")
	}
	typ := ""
	if t.Typed != nil && t.Typed.Service == "iam" {
		typ = t.Typed.Type
	}
	proper := t.Kind == token.Name || t.Kind == token.Word && !g.Is("stop", i) && t.Cased() != t.Lower && strings.ToUpper(t.Text) != t.Text
	switch {
	case typ == "role" || typ == "user":
	case proper && (g.Word(i+1, "role", "roles") || g.Word(i-1, "role", "roles")):
		typ = "role"
	case proper && (g.Word(i+1, "user", "users") || g.Word(i-1, "user", "users")):
		typ = "user"
	case proper && t.Typed == nil && g.LinkAt[i] < 0 && g.objectWord(i) && (t.Kind == token.Name || g.ProperCase(i)) && g.modes[g.ClauseOf(i)] == guardExempt && t.Kind != token.Entity:
		typ = "role"
		g.Assume(true, g.Span(i, i+1), t.Text+" is taken for the name of an IAM role.")
	default:
		return "", 0, false
	}
	name := t.Text
	if strings.HasPrefix(name, "AWSReservedSSO_") {
		name = "aws-reserved/sso.amazonaws.com/*" + name
	}
	return "arn:aws:iam::*:" + typ + "/" + strings.TrimPrefix(name, "/"), g.mention(i), true
}

// mention returns where the words that lead to a principal begin.
func (g *guarding) mention(i int) int {
	for i > 0 && (g.Word(i-1, "role", "roles", "user", "users", "the", "iam", "named", "called", "principal", "our")) {
		i--
	}
	return i
}

func (g *guarding) byBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-4 && g.Tokens[j].Kind != token.Punct; j-- {
		if g.Word(j, "by", "through") {
			return true
		}
	}
	return false
}

// onlyBefore: "only role X may delete buckets".
func (g *guarding) onlyBefore(i, n int) bool {
	only := false
	for j := i - 1; j >= g.Clauses[n].From && j >= i-5; j-- {
		only = only || g.Word(j, "only", "solely", "exclusively", "nobody", "just")
	}
	if !only {
		return false
	}
	for j := i; j < g.Clauses[n].To; j++ {
		if g.Is("modal", j) || g.Word(j, "is", "are", "has", "have") {
			return true
		}
	}
	return false
}

// actsItself: "role X must not …": the role is who acts, not what is acted on.
func (g *guarding) actsItself(from, i, n int) bool {
	for j := g.Clauses[n].From; j < from; j++ {
		if g.objectWord(j) || g.listed("forbid", j) {
			return false
		}
	}
	return g.Is("modal", i+1) || g.listed("negation", i+1)
}

// readAccount reads an account that an exemption names.
func (g *guarding) readAccount(i int) {
	id, ok := g.Literal(i, token.AccountLiteral)
	n := g.ClauseOf(i)
	if !ok || g.modes[n] != guardExempt || g.Tokens[i].Taken && g.Tokens[i].Role != "account of the resources" {
		return
	}
	if g.Out.Account == id {
		g.Out.Account = ""
	}
	for k := range g.exempts {
		if g.exempts[k].clause == n && g.exempts[k].Key == "aws:PrincipalArn" && g.Word(i-1, "account") {
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
	c := g.Clauses[n]
	for i := c.From; i < c.To; i++ {
		linked := g.Word(i, "service-linked") || g.Word(i, "service") && g.Word(i+1, "linked")
		named := g.Word(i, "service", "services") && g.Word(i-1, "aws", "amazon") || g.Word(i, "service") && g.Word(i+1, "principal", "principals")
		switch {
		case linked:
			g.spare(i, i+1, "aws:PrincipalArn", "arn:aws:iam::*:role/aws-service-role/*")
			return
		case named && (g.inClause(n, "behalf", "via", "us", "forward") || g.Out.Kind != policy.ResourceControl):
			g.spare(i, i+1, "aws:ViaAWSService", "true")
			return
		case named:
			g.spare(i, i+1, "aws:PrincipalIsAWSService", "true")
			return
		}
	}
}

func (g *guarding) inClause(n int, words ...string) bool {
	for i := g.Clauses[n].From; i < g.Clauses[n].To; i++ {
		if g.Word(i, words...) {
			return true
		}
	}
	return false
}

// aboutSomeone says that the guard reaches only requests of somebody.
func (g *guarding) aboutSomeone() bool {
	return slices.ContainsFunc(g.Where, func(c object.Condition) bool { return c.Key == "aws:PrincipalArn" })
}

// readItself: "except by itself" spares the role that the sentence protects.
func (g *guarding) readItself(n int) {
	from, to := g.SentenceRange(n)
	for i := g.Clauses[n].From; i < g.Clauses[n].To; i++ {
		if !g.Word(i, "itself", "themselves") {
			continue
		}
		for _, t := range g.TargetsIn(from, to) {
			if t.Service == "iam" && (t.Type == "role" || t.Type == "user") {
				name := t.Vars["RoleNameWithPath"] + t.Vars["UserNameWithPath"]
				g.spare(i, i+1, "aws:PrincipalArn", "arn:aws:iam::*:"+t.Type+"/"+name)
			}
		}
	}
}

// readSpared takes the services that a Deny of everything leaves out.
func (g *guarding) readSpared() {
	for n, c := range g.Clauses {
		if g.modes[n] != guardExempt && g.modes[n] != guardPermit {
			continue
		}
		names := g.servicesIn(c.From, c.To)
		from, to := g.SentenceRange(n)
		if len(names) == 0 && g.inClause(n, "global") && !(g.sparesAll(n) && len(g.servicesIn(from, to)) > 0) {
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
