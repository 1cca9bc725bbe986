package evaluate

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

// largeDocuments returns documents of about the size that a managed policy may have (6,144
// characters without white space), the same ones every time.
func largeDocuments(tb testing.TB, n int) []*Policy {
	tb.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	policies := make([]*Policy, n)
	for i := range policies {
		p, err := Compile(largeDocument(r), policy.IdentityBased)
		if err != nil {
			tb.Fatal(err)
		}
		policies[i] = p
	}
	return policies
}

var (
	benchServices = []string{"s3", "ec2", "dynamodb", "sqs", "sns", "lambda", "iam", "kms", "logs", "ecr"}
	benchVerbs    = []string{"Get", "List", "Describe", "Put", "Create", "Delete", "Update", "Tag"}
	benchNouns    = []string{"Object", "Item", "Queue", "Function", "Key", "Role", "Stream", "Image", "Alias", "Policy"}
)

func largeDocument(r *rand.Rand) *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	for size := 0; size < 6144; {
		s := largeStatement(r, len(d.Statements))
		d.Statements = append(d.Statements, s)
		size += 60 + len(s.Sid)
		for _, list := range [][]policy.Text{s.Actions, s.Resources} {
			for _, t := range list {
				size += len(t.Text) + 3
			}
		}
		for _, c := range s.Conditions {
			size += len(c.Operator) + len(c.Key) + len(c.Values)*24
		}
	}
	return d
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func largeStatement(r *rand.Rand, i int) policy.Statement {
	s := policy.Statement{Sid: fmt.Sprintf("Statement%d", i), Effect: policy.Allow}
	if r.IntN(8) == 0 {
		s.Effect = policy.Deny
	}
	for range 3 + r.IntN(8) {
		action := pick(r, benchServices) + ":" + pick(r, benchVerbs)
		switch r.IntN(4) {
		case 0:
			action += "*"
		case 1:
			action += "*" + pick(r, benchNouns) + "*"
		default:
			action += pick(r, benchNouns)
		}
		s.Actions = append(s.Actions, policy.Text{Text: action})
	}
	for range 1 + r.IntN(3) {
		service := pick(r, benchServices)
		name := []string{"app-*", "team/${aws:PrincipalTag/team}/*", "table/orders", "*"}[r.IntN(4)]
		s.Resources = append(s.Resources, policy.Text{Text: "arn:aws:" + service + ":*:123456789012:" + name})
	}
	conditions := []policy.Condition{
		{Operator: "StringEquals", Key: "aws:RequestedRegion", Values: texts("eu-west-1", "eu-central-1")},
		{Operator: "IpAddress", Key: "aws:SourceIp", Values: texts("192.0.2.0/24", "2001:db8::/32")},
		{Operator: "BoolIfExists", Key: "aws:MultiFactorAuthPresent", Values: texts("true")},
		{Operator: "ArnNotLike", Key: "aws:PrincipalArn", Values: texts("arn:aws:iam::*:role/admin-*")},
		{Operator: "DateLessThan", Key: "aws:CurrentTime", Values: texts("2030-01-01T00:00:00Z")},
	}
	for range r.IntN(3) {
		s.Conditions = append(s.Conditions, pick(r, conditions))
	}
	return s
}

func texts(ss ...string) []policy.Text {
	ts := make([]policy.Text, len(ss))
	for i, s := range ss {
		ts[i].Text = s
	}
	return ts
}

func benchRequests() []Request {
	r := rand.New(rand.NewPCG(3, 4))
	requests := make([]Request, 256)
	for i := range requests {
		service := pick(r, benchServices)
		requests[i] = Request{
			Action:   service + ":" + pick(r, benchVerbs) + pick(r, benchNouns),
			Resource: "arn:aws:" + service + ":eu-west-1:123456789012:" + pick(r, []string{"app-7", "team/blue/x", "table/orders", "other"}),
			Context: Context{
				"aws:RequestedRegion":        {"eu-west-1"},
				"aws:SourceIp":               {pick(r, []string{"192.0.2.7", "198.51.100.7"})},
				"aws:MultiFactorAuthPresent": {"true"},
				"aws:PrincipalArn":           {"arn:aws:iam::123456789012:role/app"},
				"aws:PrincipalAccount":       {"123456789012"},
				"aws:PrincipalTag/team":      {"blue"},
				"aws:CurrentTime":            {"2026-06-01T12:00:00Z"},
				"aws:SecureTransport":        {"true"},
			},
		}
	}
	return requests
}

// BenchmarkEvaluate decides requests over 20 large documents.
func BenchmarkEvaluate(b *testing.B) {
	policies, requests := largeDocuments(b, 20), benchRequests()
	b.ReportAllocs()
	var decided [3]int
	for i := range b.N {
		decided[Evaluate(requests[i%len(requests)], policies...)]++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
	b.ReportMetric(float64(decided[Allowed])/float64(b.N), "allowed")
}

// BenchmarkExplain decides and explains requests over 20 large documents.
func BenchmarkExplain(b *testing.B) {
	policies, requests := largeDocuments(b, 20), benchRequests()
	b.ReportAllocs()
	for i := range b.N {
		Explain(requests[i%len(requests)], policies...)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// BenchmarkExplainText decides, explains and writes the explanation out.
func BenchmarkExplainText(b *testing.B) {
	policies, requests := largeDocuments(b, 20), benchRequests()
	b.ReportAllocs()
	var text []byte
	for i := range b.N {
		e := Explain(requests[i%len(requests)], policies...)
		text = e.AppendText(text[:0])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
