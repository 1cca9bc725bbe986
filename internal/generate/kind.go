package generate

import (
	"fmt"
	"strings"

	"github.com/aegis-iam/aegis/internal/policy"
)

// An UnknownKindError says that a word names no kind of policy.
type UnknownKindError struct {
	Word string
}

// Error returns the word and the kinds that there are.
func (e *UnknownKindError) Error() string {
	return fmt.Sprintf("no kind of policy is called %q: there are identity, trust, resource, scp, rcp and boundary", e.Word)
}

// kinds are the words for the kinds of policies, without the word policy.
var kinds = map[string]policy.Kind{
	"identity": policy.IdentityBased, "identitybased": policy.IdentityBased, "permissions": policy.IdentityBased,
	"permission": policy.IdentityBased, "iam": policy.IdentityBased, "managed": policy.IdentityBased,
	"inline": policy.IdentityBased, "role": policy.IdentityBased, "user": policy.IdentityBased,
	"trust": policy.Trust, "assumerole": policy.Trust, "assume": policy.Trust, "roletrust": policy.Trust,
	"trustrelationship": policy.Trust, "assumerolepolicydocument": policy.Trust,
	"resource": policy.ResourceBased, "resourcebased": policy.ResourceBased, "bucket": policy.ResourceBased,
	"key": policy.ResourceBased, "queue": policy.ResourceBased, "topic": policy.ResourceBased,
	"scp": policy.ServiceControl, "servicecontrol": policy.ServiceControl,
	"rcp": policy.ResourceControl, "resourcecontrol": policy.ResourceControl,
	"boundary": policy.PermissionsBoundary, "permissionsboundary": policy.PermissionsBoundary,
	"permissionboundary": policy.PermissionsBoundary,
}

// ParseKind returns the kind of policy that a word names; none for no word. Case, the word
// policy and the marks between words do not matter. The error is an *UnknownKindError.
func ParseKind(word string) (policy.Kind, error) {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -_\t", r) {
			return -1
		}
		return r
	}, strings.ToLower(word))
	if name == "" {
		return "", nil
	}
	name = strings.TrimSuffix(strings.TrimSuffix(name, "policies"), "policy")
	if kind, ok := kinds[name]; ok {
		return kind, nil
	}
	return "", &UnknownKindError{Word: word}
}
