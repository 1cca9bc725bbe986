package reader

import (
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
)

// kindWords are the wordings for kinds of documents, as stems.
var kindWords = [][]string{
	{"service", "control", "policy"}, {"resource", "control", "policy"}, {"permission", "boundary"}, {"boundary", "policy"},
	{"deny-only", "policy"}, {"deny", "policy"}, {"add-on", "policy"}, {"guardrail", "policy"}, {"deny", "statement"},
	{"scp"}, {"rcp"}, {"boundary"}, {"deny-only"}, {"add-on"}, {"guardrail"},
}

// takeKindWords takes the words that name a guard before anything reads them as a resource.
func (rd *reading) takeKindWords() {
	switch rd.out.Kind {
	case policy.ServiceControl, policy.ResourceControl, policy.PermissionsBoundary:
		g := &guarding{reading: rd, lex: lexicon.DefaultGuards()}
		g.takeKind()
	}
	for i := range rd.tokens {
		if rd.word(i, "deny-only") || rd.word(i, "deny") && rd.word(i+1, "only") {
			rd.take("kind of document", i, rd.pass(i+1, "only", "addon", "add-on", "policy", "statement", "document", "overlay"))
		}
	}
}

// takeKind takes the first words that say what kind of document is wanted.
func (g *guarding) takeKind() {
	for _, words := range kindWords {
		for i := range g.tokens {
			if !g.phraseAt(i, words) || g.owned(i, i+len(words)) {
				continue
			}
			if last := g.tokens[i+len(words)-1]; strings.HasSuffix(last.lower, "s") && words[len(words)-1] != last.lower {
				break // "detach SCPs": the thing itself
			}
			if i > 0 && g.word(i-1, "trust", "bucket", "key", "queue", "password", "managed", "inline", "retention", "lifecycle", "resource", "put", "attach", "detach") {
				break
			}
			g.take("kind of document", i, i+len(words))
			break
		}
	}
}

func (g *guarding) phraseAt(i int, stems []string) bool {
	for k, s := range stems {
		if i+k >= len(g.tokens) || g.tokens[i+k].kind == punctToken || g.tokens[i+k].stem != s && g.tokens[i+k].lower != s {
			return false
		}
	}
	return true
}

func (g *guarding) owned(from, to int) bool {
	for i := from; i < to; i++ {
		if g.tokens[i].taken {
			return true
		}
	}
	return false
}

// takeAttachment takes words that say where the policy will be attached, which a policy cannot
// hold itself: "in prod accounts", "for the sandbox OU", "anywhere in the org", "org wide".
func (g *guarding) takeAttachment() {
	const role = "where the policy is attached"
	for i := range g.tokens {
		if g.tokens[i].taken {
			continue
		}
		if g.word(i, "org-wide", "organization-wide", "organisation-wide", "company-wide", "account-wide") {
			g.take(role, i, i+1)
		}
		if g.word(i, "org", "organization", "organisation", "company") && g.word(i+1, "wide", "widely") {
			g.take(role, i, i+2)
		}
		if end := g.attachmentEnd(i); end > 0 {
			from := i
			if g.word(i-1, "anywhere", "everywhere") {
				from--
			}
			g.take(role, from, end)
		}
	}
}

// attachmentEnd returns the token after an attachment that begins with the preposition at i, or 0.
func (g *guarding) attachmentEnd(i int) int {
	if !g.word(i, "in", "for", "of", "on", "across", "throughout", "within", "under", "inside", "from") {
		return 0
	}
	for j := i + 1; j < i+6 && j < len(g.tokens); j++ {
		switch {
		case g.tokens[j].kind == punctToken || g.tokens[j].taken || g.tokens[j].kind == entityToken:
			return 0
		case g.word(j, "ou", "ous", "org", "organization", "organisation"), g.word(j, "accounts") && !g.word(i, "from", "of") || g.word(j, "account", "accounts") && g.word(j-1, "member", "linked", "child"):
			if _, id := g.literal(j+1, orgLiteral); id || j+1 < len(g.tokens) && g.tokens[j+1].kind == nameToken || g.word(j+1, "id", "policies", "policy", "trail", "unit", "units") {
				return 0
			}
			if g.word(i, "from") && !g.word(j, "ou") {
				return 0 // "leave from", "outside from": speaks about callers
			}
			if _, ok := g.literal(j+1, ouLiteral); ok {
				return j + 2
			}
			return j + 1
		case g.is("verbal", j), g.listed("forbid", j), g.is("modal", j), g.is("preposition", j):
			return 0
		}
	}
	return 0
}

// freeRegions turns a region that was read as the place of resources into a bound: guards speak
// about where calls go.
func (g *guarding) freeRegions() {
	for i := range g.tokens {
		if g.tokens[i].role != "region of the resources" {
			continue
		}
		region, ok := g.literal(i, regionLiteral)
		if !ok {
			continue
		}
		g.out.Region = ""
		m := g.mood(i)
		end := g.after(i+1, &m)
		g.condition(m, max(end, i+1), "region", intent.Constraint{Key: "aws:RequestedRegion", Values: []string{region}})
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
	if i < 0 || i >= len(g.tokens) || g.tokens[i].taken || g.tokens[i].typed != nil && g.tokens[i].kind == nameToken || g.word(i, "org", "organization", "organisation") {
		return ""
	}
	if n := g.linkAt[i]; n >= 0 && g.links[n].from == i {
		best, score := "", 0.0
		for _, e := range g.links[n].entries {
			if e.Kind != 0 {
				continue
			}
			if s := g.fame(e.Service) + min(g.named[e.Service], 12)/100; s > score {
				best, score = e.Service, s
			}
		}
		if best != "" {
			return best
		}
	}
	lower := g.lowerAt(i)
	if s, ok := g.Catalog.Service(lower); ok && g.tokens[i].kind == wordToken && (g.inServiceList(i)) {
		return s.Prefix
	}
	return ""
}

// inServiceList: an ordinary word is a service's prefix in a list of services: "iam,
// organizations and account services".
func (g *guarding) inServiceList(i int) bool {
	if g.word(i+1, "service", "services", "actions", "calls", "apis") {
		return true
	}
	for _, step := range []int{-1, 1} {
		j := i + step
		for j >= 0 && j < len(g.tokens) && (g.punct(j, ",+") || g.word(j, "and", "or")) {
			j += step
		}
		if j < 0 || j >= len(g.tokens) || j == i+step || g.linkAt[j] < 0 {
			continue
		}
		for _, e := range g.links[g.linkAt[j]].entries {
			if e.Kind == 0 {
				return true
			}
		}
	}
	return false
}

// readScope takes the services that headings name.
func (g *guarding) readScope() {
	for n, c := range g.clause {
		if g.modes[n] == guardContext {
			g.scope = append(g.scope, g.servicesIn(c.from, c.to)...)
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
