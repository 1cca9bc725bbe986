package guard

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// kindWords are the wordings for kinds of documents, as stems.
var kindWords = [][]string{
	{"service", "control", "policy"}, {"resource", "control", "policy"}, {"permission", "boundary"}, {"boundary", "policy"},
	{"deny-only", "policy"}, {"deny", "policy"}, {"add-on", "policy"}, {"guardrail", "policy"}, {"deny", "statement"},
	{"scp"}, {"rcp"}, {"boundary"}, {"deny-only"}, {"add-on"}, {"guardrail"},
}

// TakeKindWords takes the words that name a guard before anything reads them as a resource.
func (rd *Reading) TakeKindWords() {
	switch rd.Out.Kind {
	case policy.ServiceControl, policy.ResourceControl, policy.PermissionsBoundary:
		g := &guarding{Reading: rd, lex: lexicon.DefaultGuards()}
		g.takeKind()
		if rd.Out.Kind == policy.ServiceControl {
			g.takeAttachment()
		}
	}
	for i := range rd.Tokens {
		if rd.Word(i, "deny-only") || rd.Word(i, "deny") && rd.Word(i+1, "only") {
			rd.Take("kind of document", i, rd.Pass(i+1, "only", "addon", "add-on", "policy", "statement", "document", "overlay"))
		}
	}
}

// takeKind takes the first words that say what kind of document is wanted.
func (g *guarding) takeKind() {
	for _, words := range kindWords {
		if words[len(words)-1] == "boundary" && g.Out.Kind.OfOrganization() {
			continue // a boundary is then what the guard is about
		}
		for i := range g.Tokens {
			if !g.phraseAt(i, words) || g.owned(i, i+len(words)) {
				continue
			}
			if last := g.Tokens[i+len(words)-1]; strings.HasSuffix(last.Lower, "s") && words[len(words)-1] != last.Lower {
				break // "detach SCPs": the thing itself
			}
			if i > 0 && g.Word(i-1, "trust", "bucket", "key", "queue", "password", "managed", "inline", "retention", "lifecycle", "resource", "put", "attach", "detach") {
				break
			}
			g.Take("kind of document", i, i+len(words))
			break
		}
	}
}

// takeHolder takes the words behind the kind of document that say who will carry it: "for the
// hackathon roles". Their nouns are nothing that is allowed.
func (g *guarding) takeHolder() {
	if g.Out.Kind != policy.PermissionsBoundary {
		return
	}
	for i := 1; i < len(g.Tokens); i++ {
		if g.Tokens[i-1].Role != "kind of document" || !g.Word(i, "for", "of", "on") {
			continue
		}
		for j := i + 1; j < i+9 && j < len(g.Tokens) && !g.Tokens[j].Taken && g.Tokens[j].Kind != token.Punct && !g.Is("modal", j) && !g.Is("auxiliary", j); j++ {
			if g.Word(j, "role", "roles", "user", "users", "team", "teams", "group", "groups") && !g.Word(j+1, "role", "roles", "user", "users") {
				end := j + 1
				if end < len(g.Tokens) && g.Tokens[end].Kind == token.Name && g.Tokens[end].Typed != nil {
					end++
				}
				g.Take("who carries the boundary", i, end)
				return
			}
			if g.Punct(j+1, ":.=") && len(g.servicesIn(i, j+1)) == 0 {
				g.Take("who carries the boundary", i, j+1)
				return
			}
		}
	}
}

func (g *guarding) phraseAt(i int, stems []string) bool {
	for k, s := range stems {
		if i+k >= len(g.Tokens) || g.Tokens[i+k].Kind == token.Punct || g.Tokens[i+k].Stem != s && g.Tokens[i+k].Lower != s {
			return false
		}
	}
	return true
}

func (g *guarding) owned(from, to int) bool {
	for i := from; i < to; i++ {
		if g.Tokens[i].Taken {
			return true
		}
	}
	return false
}

// takeAttachment takes words that say where the policy will be attached, which a policy cannot
// hold itself: "in prod accounts", "for the sandbox OU", "anywhere in the org", "org wide".
func (g *guarding) takeAttachment() {
	const role = "where the policy is attached"
	for i := range g.Tokens {
		if g.Tokens[i].Taken {
			continue
		}
		if g.Word(i, "org-wide", "organization-wide", "organisation-wide", "company-wide", "account-wide") {
			g.Take(role, i, i+1)
		}
		if g.Word(i, "org", "organization", "organisation", "company") && g.Word(i+1, "wide", "widely") {
			g.Take(role, i, i+2)
		}
		if end := g.attachmentEnd(i); end > 0 {
			from := i
			if g.Word(i-1, "anywhere", "everywhere") {
				from--
			}
			g.Take(role, from, end)
		}
	}
}

// attachmentEnd returns the token after an attachment that begins with the preposition at i, or 0.
func (g *guarding) attachmentEnd(i int) int {
	if !g.Word(i, "in", "for", "of", "on", "across", "throughout", "within", "under", "inside", "from") {
		return 0
	}
	for j := i + 1; j < i+6 && j < len(g.Tokens); j++ {
		switch {
		case g.Tokens[j].Kind == token.Punct || g.Tokens[j].Taken || g.Tokens[j].Kind == token.Entity:
			return 0
		case g.Word(j, "ou", "ous", "org", "organization", "organisation"), g.Word(j, "accounts") && !g.Word(i, "from", "of") || g.Word(j, "account", "accounts") && g.Word(j-1, "member", "linked", "child"):
			if _, id := g.Literal(j+1, token.OrgLiteral); id || j+1 < len(g.Tokens) && g.Tokens[j+1].Kind == token.Name || g.Word(j+1, "id", "policies", "policy", "trail", "unit", "units") {
				return 0
			}
			if g.Word(i, "from") && !g.Word(j, "ou") {
				return 0 // "leave from", "outside from": speaks about callers
			}
			if _, ok := g.Literal(j+1, token.OULiteral); ok {
				return j + 2
			}
			return j + 1
		case g.Is("verbal", j), g.listed("forbid", j), g.Is("modal", j), g.Is("preposition", j):
			return 0
		}
	}
	return 0
}

// freeRegions turns a region that was read as the place of resources into a bound: guards speak
// about where calls go.
func (g *guarding) freeRegions() {
	for i := range g.Tokens {
		if g.Tokens[i].Role != "region of the resources" {
			continue
		}
		region, ok := g.Literal(i, token.RegionLiteral)
		if !ok {
			continue
		}
		g.Out.Region = ""
		m := g.Mood(i)
		end := g.After(i+1, &m)
		g.Condition(m, max(end, i+1), "region", intent.Constraint{Key: "aws:RequestedRegion", Values: []string{region}})
	}
}

// servicesIn returns the services that the tokens in [from, to) name by their names.
func (g *guarding) servicesIn(from, to int) []string {
	var out []string
	for i := from; i < to; i++ {
		if p := g.serviceAt(i); p != "" && !containsFold(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func (g *guarding) namesService(i int) bool { return g.serviceAt(i) != "" }

// serviceAt returns the service that a phrase which begins at token i names, or "".
func (g *guarding) serviceAt(i int) string {
	if i < 0 || i >= len(g.Tokens) || g.Tokens[i].Taken || g.Tokens[i].Typed != nil && g.Tokens[i].Kind == token.Name || g.Word(i, "org", "organization", "organisation") {
		return ""
	}
	if n := g.LinkAt[i]; n >= 0 && g.Links[n].From == i {
		best, score := "", 0.0
		for _, e := range g.Links[n].Entries {
			if e.Kind != 0 {
				continue
			}
			if s := g.Fame(e.Service) + min(g.Named[e.Service], 12)/100; s > score {
				best, score = e.Service, s
			}
		}
		if best != "" {
			return best
		}
	}
	lower := g.lowerAt(i)
	if s, ok := g.Catalog.Service(lower); ok && g.Tokens[i].Kind == token.Word && (g.inServiceList(i)) {
		return s.Prefix
	}
	return ""
}

// inServiceList: an ordinary word is a service's prefix in a list of services: "iam,
// organizations and account services".
func (g *guarding) inServiceList(i int) bool {
	if g.Word(i+1, "service", "services", "actions", "calls", "apis") {
		return true
	}
	for _, step := range []int{-1, 1} {
		j := i + step
		for j >= 0 && j < len(g.Tokens) && (g.Punct(j, ",+") || g.Word(j, "and", "or")) {
			j += step
		}
		if j < 0 || j >= len(g.Tokens) || j == i+step || g.LinkAt[j] < 0 {
			continue
		}
		for _, e := range g.Links[g.LinkAt[j]].Entries {
			if e.Kind == 0 {
				return true
			}
		}
	}
	return false
}

// readScope takes the services that headings name.
func (g *guarding) readScope() {
	for n, c := range g.Clauses {
		if g.modes[n] == guardContext {
			g.scope = append(g.scope, g.servicesIn(c.From, c.To)...)
		}
	}
}

func containsFold(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}
