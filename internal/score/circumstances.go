package score

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
)

// What the values of keys are in a request by somebody, from somewhere, about something that no
// policy means. They do not depend on the documents, so that more access or one Deny more cannot
// change the question.
const (
	strangerAccount = "999988887777"
	strangerName    = "zq7stranger"
	// No network of anybody: an anycast address that RFC 7526 took out of use, and one of RFC 9637.
	strangerIPv4 = "192.88.99.77/32"
	strangerIPv6 = "3fff:fff:77::77/128"
	// A time after which no policy is meant to be in force.
	strangerTime = "2050-01-01T00:00:00Z"
)

// A mention is a condition key that documents ask for.
type mention struct {
	key, lower string
}

// mentions returns the condition keys of documents in the order of their names.
func mentions(documents []*policy.Document) []mention {
	found := map[string]mention{}
	for _, d := range documents {
		for i := range d.Statements {
			for _, c := range d.Statements[i].Conditions {
				lower := strings.ToLower(c.Key)
				if _, ok := found[lower]; !ok {
					found[lower] = mention{c.Key, lower}
				}
			}
		}
	}
	out := make([]mention, 0, len(found))
	for _, m := range found {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b mention) int { return strings.Compare(a.lower, b.lower) })
	return out
}

// nobody returns the conditions of requests whose keys have the values of a stranger or are not
// there: every condition that restricts something fails.
func (q *inquiry) nobody(except ...string) []policy.Condition {
	var out []policy.Condition
	for _, m := range q.keys() {
		if !contains(except, m.lower) {
			out = append(out, q.strange(m)...)
		}
	}
	return out
}

// unnamed returns the conditions of requests about a resource that nobody has named, by anybody
// under any circumstances.
func (q *inquiry) unnamed(except ...string) []policy.Condition {
	var out []policy.Condition
	for _, m := range q.keys() {
		if q.scorer.ofResource(m.lower) && !contains(except, m.lower) {
			out = append(out, q.strange(m)...)
		}
	}
	return out
}

// strange returns the conditions for one key: missing, or of a value that nobody means.
func (q *inquiry) strange(m mention) []policy.Condition {
	one := func(operator string, values ...string) []policy.Condition {
		return []policy.Condition{where(operator, m.key, values...)}
	}
	switch m.lower {
	case "aws:sourceip":
		return one("IpAddressIfExists", strangerIPv4, strangerIPv6)
	case "aws:useragent", "aws:referer", "aws:securetransport", "aws:principaltype":
		return nil // the caller chooses them
	case "aws:multifactorauthpresent", "aws:viaawsservice", "aws:principalisawsservice", "aws:calledviaawsmcp", "aws:ismcpserviceaction":
		return one("StringNotEqualsIgnoreCaseIfExists", "true")
	case "aws:principalaccount", "kms:calleraccount", "s3:dataaccesspointaccount", "aws:vpceaccount", "aws:resourceaccount", "s3:resourceaccount":
		return one("StringEqualsIfExists", strangerAccount)
	case "aws:principalorgid", "aws:vpceorgid", "aws:resourceorgid":
		return one("StringEqualsIfExists", "o-"+strangerName)
	case "aws:sourcevpc", "aws:ec2instancesourcevpc":
		return one("StringEqualsIfExists", "vpc-"+strangerName)
	case "aws:sourcevpce":
		return one("StringEqualsIfExists", "vpce-"+strangerName)
	case "aws:principalarn":
		return one("StringEqualsIfExists", "arn:aws:iam::"+strangerAccount+":role/"+strangerName)
	case "aws:multifactorauthage", "aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths",
		"aws:principalservicename", "aws:principalservicenameslist", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast",
		"aws:vpcsourceip", "aws:federatedprovider":
		return one("Null", "true")
	}
	return one(q.token(m))
}

// Token returns the value of a condition key, as a text, that no policy names. Keys that hold the
// same thing have the same.
func Token(key string) string {
	switch lower := strings.ToLower(key); lower {
	case "aws:principalaccount", "aws:resourceaccount":
		return strangerAccount
	case "aws:principalorgid", "aws:resourceorgid":
		return "o-" + strangerName
	case "aws:sourcevpc":
		return "vpc-" + strangerName
	case "aws:sourcevpce":
		return "vpce-" + strangerName
	}
	return "zq7-" + strings.NewReplacer(":", "-", "/", "-").Replace(strings.ToLower(key))
}

// token returns the operator and the value for a key by its type.
func (q *inquiry) token(m mention) (operator, value string) {
	t := catalog.KeyType{Base: catalog.String}
	if k, ok := q.scorer.Catalog.Key(m.key); ok {
		t = k.Type
	}
	value = Token(m.lower)
	switch t.Base {
	case catalog.Bool:
		return "Null", "true"
	case catalog.Numeric:
		return "NumericEqualsIfExists", "987654321"
	case catalog.Date:
		return "DateEqualsIfExists", strangerTime
	case catalog.IPAddress:
		return "Null", "true"
	case catalog.ARN:
		value = "arn:aws:zq7:us-east-1:" + strangerAccount + ":" + value
	}
	if t.Multi {
		return "ForAllValues:StringEquals", value
	}
	return "StringEqualsIfExists", value
}

// limiting are keys beside those of resource types that say which resource a request is about, or
// what it is connected with: IAM User Guide, "Actions, resources, and condition keys for AWS services".
var limiting = []string{
	"aws:tagkeys", "iam:passedtoservice", "iam:policyarn", "iam:permissionsboundary", "iam:awsservicename", "iam:associatedresourcearn",
	"dynamodb:leadingkeys", "kms:viaservice", "kms:resourcealiases", "kms:requestalias", "secretsmanager:name", "s3:prefix",
	"cloudwatch:namespace", "sts:externalid", "ecs:cluster", "ecs:task-definition",
}

// ofResource reports whether a key, in lower case, limits which resources requests are about: tags
// of resources and requests, keys of resource types, and keys that hold the ARN of a resource.
func (s *Scorer) ofResource(key string) bool {
	if strings.Contains(key, "resourcetag/") || strings.Contains(key, "requesttag/") || strings.Contains(key, "objecttag/") || contains(limiting, key) {
		return true
	}
	prefix, name, _ := strings.Cut(key, ":")
	if prefix == "aws" || strings.HasPrefix(name, "region") || strings.HasPrefix(name, "resourceaccount") {
		return false
	}
	if k, ok := s.Catalog.Key(key); ok && k.Type.Base == catalog.ARN {
		return true
	}
	service, ok := s.Catalog.Service(prefix)
	return ok && slices.ContainsFunc(service.Resources, func(t *catalog.ResourceType) bool {
		return slices.ContainsFunc(t.Keys, func(k string) bool { return strings.EqualFold(k, key) })
	})
}
