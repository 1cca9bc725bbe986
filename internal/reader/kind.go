package reader

import "github.com/aegis-iam/aegis/internal/policy"

// kindPhrases are the wordings that name a kind of document, the telling ones first.
var kindPhrases = []struct {
	kind  policy.Kind
	words [][]string
}{
	{policy.ServiceControl, [][]string{{"scp"}, {"scps"}, {"service", "control", "policy"}, {"service", "control", "policies"}, {"org", "guardrail"}, {"organization", "guardrail"}, {"org", "guardrails"}}},
	{policy.ResourceControl, [][]string{{"rcp"}, {"rcps"}, {"resource", "control", "policy"}, {"resource", "control", "policies"}}},
	{policy.PermissionsBoundary, [][]string{{"permissions", "boundary"}, {"permission", "boundary"}, {"permissions", "boundaries"}, {"permission", "boundaries"}, {"iam", "boundary"}, {"boundary", "policy"}, {"boundary", "for"}}},
	{policy.Trust, [][]string{{"trust", "policy"}, {"trust", "relationship"}, {"trust", "document"}, {"assume", "role", "policy"}, {"assume-role", "policy"}, {"trust", "for"}, {"oidc", "trust"}, {"saml", "trust"}, {"who", "can", "assume"}, {"who", "may", "assume"}, {"can", "assume", "this", "role"}, {"may", "assume", "this", "role"}, {"to", "assume", "this", "role"}, {"can", "assume", "the", "role"}, {"may", "assume", "the", "role"}}},
	{policy.ResourceBased, [][]string{{"bucket", "policy"}, {"queue", "policy"}, {"topic", "policy"}, {"key", "policy"}, {"resource", "policy"}, {"resource-based", "policy"}, {"resource", "based", "policy"}, {"repository", "policy"}, {"repo", "policy"}, {"secret", "policy"}, {"vault", "policy"}, {"function", "policy"}, {"lambda", "policy", "on"}, {"event", "bus", "policy"}, {"file", "system", "policy"}, {"domain", "policy"}, {"access", "policy", "on"}, {"access", "policy", "of"}}},
}

// tellKind reads from the words which kind of document is asked for.
func (rd *reading) tellKind() policy.Kind {
	for _, p := range kindPhrases {
		for _, words := range p.words {
			for i := range rd.tokens {
				if rd.wordsAt(i, words) && rd.isSubject(i, p.kind) {
					return p.kind
				}
			}
		}
	}
	return policy.IdentityBased
}

func (rd *reading) wordsAt(i int, words []string) bool {
	for k, w := range words {
		if !rd.word(i+k, w) {
			return false
		}
	}
	return true
}

// isSubject says that the words name the document that is asked for, rather than a thing that
// somebody works on: "may edit bucket policies", "without changing the key policy".
func (rd *reading) isSubject(i int, kind policy.Kind) bool {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		switch {
		case rd.punct(j, ".\n:("):
			return true
		case rd.word(j, "write", "need", "want", "make", "give", "create", "draft", "generate", "build", "me", "please"):
			return true
		case rd.word(j, "edit", "change", "update", "read", "get", "put", "view", "delete", "modify", "attach", "detach", "manage", "see", "list", "without", "its", "remove", "replace", "touch"):
			return false
		}
	}
	if kind == policy.PermissionsBoundary {
		return i < 6
	}
	return i < 6 || kind.OfOrganization()
}

// denies says that a request for permissions only takes away.
func (rd *reading) denies() bool {
	if rd.onlyDenies() {
		return true
	}
	for i := range rd.tokens {
		switch {
		case rd.word(i, "explicit", "explicitly") && rd.word(i+1, "deny", "denies", "denied", "block"), rd.word(i, "deny") && rd.word(i+1, "rule", "guard", "list"), i < 3 && rd.word(i, "guardrail") && (rd.punct(i+1, ":") || rd.word(i+1, "policy")):
			return true
		case rd.word(i, "add-on", "addon") && (rd.word(i+1, "policy", "that", "deny", "to", "guard") || rd.punct(i+1, ":")):
			return true
		}
	}
	return rd.everyClauseForbids()
}

// everyClauseForbids says that every sentence begins with words that forbid, and that none
// grants anything.
func (rd *reading) everyClauseForbids() bool {
	g := &guarding{reading: rd}
	begins := false
	for n, c := range rd.clause {
		first := n == 0 || rd.clause[n-1].sentence != c.sentence
		if !first {
			continue
		}
		if c.effect != policy.Deny && !rd.word(c.from, "nobody", "noone", "block", "deny", "prevent", "forbid", "prohibit", "disallow") && !(rd.word(c.from, "no") && rd.word(c.from+1, "one")) {
			return false
		}
		if !g.forbidsFirst(c) {
			return false
		}
		begins = true
	}
	return begins
}

// forbidsFirst says that the first words of a clause forbid.
func (g *guarding) forbidsFirst(c clause) bool {
	for i := c.from; i < c.to && i < c.from+3; i++ {
		if g.word(i, "deny", "denies", "block", "blocks", "prevent", "prevents", "forbid", "forbids", "prohibit", "prohibits", "disallow", "ban", "nobody", "noone") || g.word(i, "no") && g.word(i+1, "one") {
			return true
		}
	}
	return false
}

// readPermissions reads an identity-based policy.
func (rd *reading) readPermissions() {
	if rd.denies() {
		rd.readDenials()
		return
	}
	rd.readIdentity()
}
