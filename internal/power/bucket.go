package power

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Buckets returns the ARNs of the buckets that a policy is about, patterns included: those that
// its resources name, or whose objects they name.
func Buckets(d *policy.Document) []string {
	var out []string
	for i := range d.Statements {
		for _, list := range [][]policy.Text{d.Statements[i].Resources, d.Statements[i].NotResources} {
			for _, t := range list {
				fields, n := arn.Fields(t.Text)
				if n < len(fields) || fields[2] != "s3" || fields[4] != "" {
					continue
				}
				fields[5], _, _ = strings.Cut(fields[5], "/")
				if bucket := strings.Join(fields[:], ":"); !slices.Contains(out, bucket) {
					out = append(out, bucket)
				}
			}
		}
	}
	return out
}

// PlainText answers whether a bucket policy lets through a request without TLS, by whomever else
// it may be allowed: one to the bucket or to an object of it that no Deny statement denies.
func (h *Holder) PlainText() Answer {
	resources := []string{}
	for _, bucket := range Buckets(h.Document) {
		resources = append(resources, bucket, bucket+"/*")
	}
	if len(resources) == 0 {
		resources = []string{"arn:*:s3:::*"}
	}
	everything := about([]string{"*"}, "*")
	everything.Principal = &policy.Principal{Any: true}
	d := *h.Document
	d.Statements = append(slices.Clip(slices.Clone(d.Statements)), everything)
	var answer Answer
	// Of what comes through, what everybody knows shows it best.
	for _, actions := range [][]string{{"s3:GetObject", "s3:PutObject", "s3:ListBucket"}, {"s3:*"}} {
		box := about(resources, actions...)
		box.Conditions = []policy.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: texts([]string{"false"})}}
		if answer = h.find(&d, box, false); answer.Given() {
			break
		}
	}
	if answer.Verdict == compare.Counterexample {
		answer.Statement, answer.Position = h.nearestDeny()
	}
	return answer
}

// nearestDeny returns the Deny statement that asks for TLS, though not enough, or the place of the
// document.
func (h *Holder) nearestDeny() (int, policy.Position) {
	for i := range h.Document.Statements {
		s := &h.Document.Statements[i]
		if s.Effect != policy.Deny {
			continue
		}
		for _, c := range s.Conditions {
			if strings.EqualFold(c.Key, "aws:SecureTransport") || strings.EqualFold(c.Key, "s3:TlsVersion") {
				return i, s.Position
			}
		}
	}
	return -1, h.Document.Position
}
