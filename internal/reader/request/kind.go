package request

import (
	"github.com/aegis-iam/aegis/internal/policy"
)

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
func (rd *Reading) tellKind() policy.Kind {
	for _, p := range kindPhrases {
		for _, words := range p.words {
			for i := range rd.Tokens {
				if rd.wordsAt(i, words) && rd.isSubject(i, p.kind) {
					return p.kind
				}
			}
		}
	}
	return policy.IdentityBased
}

func (rd *Reading) wordsAt(i int, words []string) bool {
	for k, w := range words {
		if !rd.Word(i+k, w) {
			return false
		}
	}
	return true
}

// isSubject says that the words name the document that is asked for, rather than a thing that
// somebody works on: "may edit bucket policies", "without changing the key policy".
func (rd *Reading) isSubject(i int, kind policy.Kind) bool {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		switch {
		case rd.Punct(j, ".\n:("):
			return true
		case rd.Word(j, "write", "need", "want", "make", "give", "create", "draft", "generate", "build", "me", "please"):
			return true
		case rd.Word(j, "edit", "change", "update", "read", "get", "put", "view", "delete", "modify", "attach", "detach", "manage", "see", "list", "without", "its", "remove", "replace", "touch"):
			return false
		}
	}
	if kind == policy.PermissionsBoundary {
		return i < 6
	}
	return i < 6 || kind.OfOrganization()
}

// denies says that a request for permissions only takes away.
func (rd *Reading) denies() bool {
	if rd.OnlyDenies() {
		return true
	}
	for i := range rd.Tokens {
		switch {
		case rd.Word(i, "explicit", "explicitly") && rd.Word(i+1, "deny", "denies", "denied", "block"), rd.Word(i, "deny") && rd.Word(i+1, "rule", "guard", "list"), i < 3 && rd.Word(i, "guardrail") && (rd.Punct(i+1, ":") || rd.Word(i+1, "policy")):
			return true
		case rd.Word(i, "add-on", "addon") && (rd.Word(i+1, "policy", "that", "deny", "to", "guard") || rd.Punct(i+1, ":")):
			return true
		}
	}
	return rd.EveryClauseForbids()
}

// readPermissions reads an identity-based policy.
func (rd *Reading) readPermissions() {
	if rd.denies() {
		rd.ReadDenials()
		return
	}
	rd.ReadIdentity()
}
