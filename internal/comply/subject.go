package comply

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/power"
	"github.com/aegis-iam/aegis/internal/wildcard"
)

// What a check is about.
type about string

const (
	anything  about = "policies"
	identity  about = "identity-based policies"
	principal about = "policies of resources and trust policies"
	bucket    about = "policies of Amazon S3 buckets"
	key       about = "policies of AWS KMS keys"
	function  about = "policies of AWS Lambda functions"
	queue     about = "policies of Amazon SQS queues"
	topic     about = "policies of Amazon SNS topics"
)

// services has the service of what a policy of a resource is about.
var services = map[about]string{bucket: "s3", key: "kms", function: "lambda", queue: "sqs", topic: "sns"}

// A subject is what is known of a document before it is checked.
type subject struct {
	kind     policy.Kind
	services []string // of a resource-based policy: those that its actions and resources name
	buckets  bool     // it names a bucket, or nothing of S3 but actions
}

func subjectOf(d *policy.Document, kind policy.Kind) subject {
	s := subject{kind: kind}
	if kind != policy.ResourceBased {
		return s
	}
	add := func(service string) {
		service = strings.ToLower(service)
		if service != "" && !wildcard.Contains(service) && !slices.Contains(s.services, service) {
			s.services = append(s.services, service)
		}
	}
	s3 := false
	for i := range d.Statements {
		st := &d.Statements[i]
		for _, t := range slices.Concat(st.Actions, st.NotActions) {
			if prefix, _, found := strings.Cut(t.Text, ":"); found {
				add(prefix)
			}
		}
		for _, t := range slices.Concat(st.Resources, st.NotResources) {
			if fields, n := arn.Fields(t.Text); n == len(fields) {
				add(fields[2])
				s3 = s3 || fields[2] == "s3"
			}
		}
	}
	s.buckets = len(power.Buckets(d)) > 0 || !s3
	return s
}

// outside returns why a check is not about the document; sure is false where the document does not
// tell.
func (s subject) outside(c *Check) (reason string, sure bool) {
	if len(c.Kinds) > 0 {
		if !slices.Contains(c.Kinds, s.kind) {
			return "it is about other kinds of policies", true
		}
		return "", true
	}
	elsewhere := "it is about " + string(c.about)
	service, ofResource := services[c.about]
	switch {
	case c.about == anything:
		return "", true
	case s.kind.OfOrganization() || s.kind == policy.PermissionsBoundary || s.kind == policy.SessionPolicy:
		return "a policy of kind " + string(s.kind) + " limits what others grant, and grants nothing", true
	case c.about == identity && s.kind == policy.IdentityBased, c.about == principal && s.kind.HasPrincipal():
		return "", true
	case !ofResource || s.kind != policy.ResourceBased:
		return elsewhere, true
	case len(s.services) == 0:
		return "it is about " + string(c.about) + ", and no action and no resource tells what this is a policy of", false
	case !slices.Contains(s.services, service), c.about == bucket && !s.buckets:
		return elsewhere, true
	}
	return "", true
}
