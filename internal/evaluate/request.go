package evaluate

import (
	"regexp"
	"strings"
)

// A Request is one request to AWS: who wants to do what with which resource, and what else
// is known about it.
type Request struct {
	Principal Principal
	Action    string // with its service prefix, "s3:GetObject" for example; case does not count
	Resource  string // an ARN; empty or "*" for an action that has no resource
	Context   Context
}

// The types of principals, as the Principal element names them.
const (
	AWS           = "AWS"
	Service       = "Service"
	Federated     = "Federated"
	CanonicalUser = "CanonicalUser"
)

// A Principal is who makes a request: its type (an empty one is AWS) and the identifier that
// a Principal element would name it by. For AWS that is the ARN of a user, a role, an
// assumed-role session, a federated user or an account's root, the ID of an account for its
// root, or "*" for a principal that is anonymous. The zero Principal is the one that the
// policies are attached to; of the Principal elements only "*" matches it.
type Principal struct {
	Type, ID string
}

var (
	serviceName = regexp.MustCompile(`^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$`)
	canonicalID = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// ParsePrincipal reads who makes a request: type=id, or an id alone whose type is told from its
// shape. No text is the principal that the policies are attached to.
func ParsePrincipal(text string) Principal {
	for _, kind := range []string{AWS, Service, Federated, CanonicalUser} {
		if len(text) > len(kind) && strings.EqualFold(text[:len(kind)], kind) && strings.ContainsRune("=", rune(text[len(kind)])) {
			return Principal{Type: kind, ID: text[len(kind)+1:]}
		}
	}
	switch {
	case text == "":
		return Principal{}
	case serviceName.MatchString(text):
		return Principal{Type: Service, ID: text}
	case strings.Contains(text, ":oidc-provider/") || strings.Contains(text, ":saml-provider/"):
		return Principal{Type: Federated, ID: text}
	case canonicalID.MatchString(text):
		return Principal{Type: CanonicalUser, ID: text}
	}
	return Principal{Type: AWS, ID: text}
}

// String returns a text that ParsePrincipal reads as the same principal.
func (p Principal) String() string {
	if p.Type == "" || ParsePrincipal(p.ID) == p {
		return p.ID
	}
	return p.Type + "=" + p.ID
}

// A Context holds the condition keys of a request with their values. The case of keys does
// not count; a Context that has one key in two spellings is read by only one of them. A key
// that is absent, or that has no values, is missing from the request.
type Context map[string][]string

// Values returns the values of a key, or none if the request does not have it.
func (c Context) Values(key string) []string {
	if values, ok := c[key]; ok {
		return values
	}
	var found string
	var values []string
	for k, v := range c {
		// Of several spellings the first in byte order counts, so that the same request
		// always has the same outcome.
		if len(k) == len(key) && strings.EqualFold(k, key) && (found == "" || k < found) {
			found, values = k, v
		}
	}
	return values
}
