// Package facts holds what lint rules know about AWS that neither the catalog nor the grammar
// says: small tables, each with its source.
package facts

import (
	_ "embed" // the tables
	"slices"
	"strings"
	"sync"

	"github.com/aegis-iam/aegis/internal/wildcard"
)

//go:embed regions.txt
var regionTable string

var regions = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(regionTable) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] != "#" {
			for _, region := range fields[1:] {
				out[region] = fields[0]
			}
		}
	}
	return out
})

// IsRegion reports whether a text names a Region, or is a pattern that one matches.
func IsRegion(text string) bool {
	if !wildcard.Contains(text) {
		return regions()[text] != ""
	}
	for region := range regions() {
		if wildcard.Match(text, region) {
			return true
		}
	}
	return false
}

// NearestRegion returns the Region whose name is nearest to a text, if one is near.
func NearestRegion(text string) string {
	names := make([]string, 0, len(regions()))
	for region := range regions() {
		names = append(names, region)
	}
	slices.Sort(names)
	return Nearest(text, names)
}

// IsPartition reports whether a text names a partition, or is a pattern that one matches.
func IsPartition(text string) bool {
	for _, partition := range regions() {
		if wildcard.Match(text, partition) {
			return true
		}
	}
	return false
}

// Nearest returns the name that is fewest changes of a letter away from a text, if those are
// few for its length; the first of several.
func Nearest(text string, names []string) string {
	best, distance := "", len(text)/4+2
	text = strings.ToLower(text)
	for _, name := range names {
		if rest, ok := strings.CutPrefix(strings.ToLower(name), text); ok && len(text) >= 4 && len(rest)/2 < distance {
			best, distance = name, len(rest)/2 // it was not written to its end
			continue
		}
		if abs(len(name)-len(text)) >= distance {
			continue
		}
		if d := changes(text, strings.ToLower(name), distance); d < distance {
			best, distance = name, d
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// changes counts the letters to insert, drop, replace or swap with the next; limit or more ends
// the count.
func changes(a, b string, limit int) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least >= limit {
			return limit
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// IsServicePrincipal reports whether a text has the form of a service principal: labels of small
// letters, digits and hyphens before amazonaws.com, the domain of another partition, or the few
// other domains that services have.
func IsServicePrincipal(text string) bool {
	for _, domain := range []string{".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".c2s.ic.gov", ".sc2s.sgov.gov", ".aws.internal", ".amazon.com", ".alexa.com", ".aws.dev", ".api.aws"} {
		if name, ok := strings.CutSuffix(text, domain); ok {
			return name != "" && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
		}
	}
	return false
}

// RemovedKey returns the condition key that replaced another, or "".
func RemovedKey(key string) string {
	switch strings.ToLower(key) {
	case "aws:arn":
		return "aws:PrincipalArn"
	case "aws:sourceowner":
		return "aws:SourceAccount"
	}
	return ""
}

// sensitive are the keys for whose values IAM sees no use of wildcards: IAM User Guide, "AWS
// global condition context keys", on sensitive condition keys.
var sensitive = []string{
	"aws:principalaccount", "aws:principalorgid", "aws:resourceaccount", "aws:resourceorgid", "aws:sourceaccount",
	"aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid",
}

// IsSensitive reports whether a key says who or from where so that a pattern makes no sense.
func IsSensitive(key string) bool { return slices.Contains(sensitive, strings.ToLower(key)) }

// HoldsKMSKey reports whether the values of a condition key, in lower case, are ARNs of KMS keys.
func HoldsKMSKey(key string) bool {
	switch key {
	case "s3:x-amz-server-side-encryption-aws-kms-key-id", "sagemaker:volumekmskey", "sagemaker:outputkmskey":
		return true
	}
	return false
}

// FormsIncomplete reports whether a service has resources whose ARNs the Service Authorization
// Reference does not list in full: recovery points of AWS Backup, change tokens of AWS WAF
// Classic, transforms of AWS CloudFormation, the paths of both versions of Amazon API Gateway.
func FormsIncomplete(service string) bool {
	switch service {
	case "apigateway", "backup", "cloudformation", "waf", "waf-regional":
		return true
	}
	return false
}

// AWSOwns reports whether AWS has resources of a service whose ARNs name no account, such as the
// documents and public parameters of AWS Systems Manager.
func AWSOwns(service string) bool {
	switch service {
	case "ssm", "resource-explorer-2", "ec2", "rds", "imagebuilder":
		return true
	}
	return false
}

// IsTagKey reports whether the name of a key is that of tags of resources or requests.
func IsTagKey(name string) bool {
	return strings.HasSuffix(name, "/${TagKey}") || name == "aws:TagKeys"
}

// SessionKey reports whether a key stays with a session, whatever action it asks for.
func SessionKey(key string) bool {
	key = strings.ToLower(key)
	for _, prefix := range []string{"sts:", "saml:", "ec2:sourceinstance", "ec2:roledelivery", "lambda:sourcefunctionarn", "glue:", "identitystore:userid", "cognito-identity.amazonaws.com:", "kms:viaservice", "ssm:sourceinstancearn", "codebuild:"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// TellsWho reports whether a condition key says who makes a request, or from which network, in a
// way that the caller cannot choose.
func TellsWho(key string) bool {
	key = strings.ToLower(key)
	for _, prefix := range []string{
		"aws:principal", "aws:source", "aws:vpc", "aws:userid", "aws:username", "aws:multifactor", "aws:federatedprovider", "aws:calledvia",
		"kms:calleraccount", "kms:viaservice", "lambda:functionurlauthtype", "sns:endpoint", "s3:dataaccesspoint",
	} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// boundary are keys that say from which network, organization or source a request comes, and that
// requests from elsewhere do not have: IAM User Guide, "AWS global condition context keys".
var boundary = []string{
	"aws:principalorgid", "aws:principalorgpaths", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip",
	"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths", "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths",
	"sts:externalid",
}

// IsBoundary reports whether requests from outside do not have a condition key, so that a
// condition that holds where it is missing lets them in.
func IsBoundary(key string) bool { return slices.Contains(boundary, strings.ToLower(key)) }
