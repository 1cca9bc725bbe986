package evaluate

import (
	"reflect"
	"sync"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

// checkExplanation holds an explanation to the decision and to itself.
func checkExplanation(t *testing.T, req Request, policies []*Policy) {
	t.Helper()
	want, e := Evaluate(req, policies...), Explain(req, policies...)
	if e.Decision != want {
		t.Errorf("Explain(%+v).Decision = %v, Evaluate says %v", req, e.Decision, want)
	}
	total := 0
	for _, p := range policies {
		total += len(p.statements)
	}
	if len(e.Statements) != total {
		t.Errorf("Explain(%+v) names %d statements of %d", req, len(e.Statements), total)
	}
	if deciding := len(e.Deciding()); (deciding > 0) != (want != ImplicitDeny) {
		t.Errorf("Explain(%+v): %v is decided by %d statements", req, want, deciding)
	}
	for _, p := range e.Statements {
		failed := false
		for _, c := range p.Conditions {
			failed = failed || !c.Holds
		}
		if failed != p.Failed.Has(ConditionElement) {
			t.Errorf("Explain(%+v): statement %d fails its conditions: %v, but they say %v", req, p.Statement, p.Failed, failed)
		}
	}
}

func TestExplainText(t *testing.T) {
	reports := mustCompile(t, policy.IdentityBased, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"},
		{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
		{"Sid": "Own", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}/*"},
		{"Sid": "Mail", "Effect": "Allow", "Action": "ses:*", "Resource": "*"},
		{"Sid": "Call", "Effect": "Allow", "Action": "sns:*", "Resource": "*"}]}`)
	guard := mustCompile(t, policy.IdentityBased, `{"Version": "2012-10-17", "Statement": [
		{"Sid": "TLS", "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
		{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {
			"StringNotEqualsIfExists": {"aws:PrincipalTag/team": ["blue", "${aws:PrincipalTag/deputy}"]},
			"Null": {"aws:SourceVpc": "false"}}}]}`)
	bucket := mustCompile(t, policy.ResourceBased, `{"Version": "2012-10-17", "Statement":
		{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"}}`)
	req := Request{
		Principal: Principal{Type: AWS, ID: "arn:aws:iam::444455556666:user/eva"},
		Action:    "s3:GetObject",
		Resource:  "arn:aws:s3:::reports/a",
		Context:   Context{"aws:SecureTransport": {"true"}, "aws:PrincipalTag/team": {"red"}},
	}
	e := Explain(req, reports, guard, bucket)
	want := `Allowed: s3:GetObject on arn:aws:s3:::reports/a; a statement allows it and none denies it
policy 1 statement 2 "Read" allows it
policy 1 statement 3 "Own" does not allow it: the resource does not match
policy 1: the action does not match statement 1, 4-5
policy 2 statement 1 "TLS" does not deny it: Bool aws:SecureTransport wants "false" but the request has "true"
policy 2 statement 2 does not deny it: Null aws:SourceVpc wants "false" but the request does not have the key
policy 3 statement 1 does not allow it: the principal does not match, the resource does not match
missing from the request: aws:PrincipalTag/deputy, aws:SourceVpc, aws:username
`
	if got := e.String(); got != want {
		t.Errorf("String() =\n%swant\n%s", got, want)
	}
	if d := e.Deciding(); len(d) != 1 || d[0].Sid != "Read" || d[0].Position.Line != 3 {
		t.Errorf("Deciding() = %+v, want statement Read at line 3", d)
	}
	req.Context["aws:SourceVpc"] = []string{"vpc-1"}
	e = Explain(req, reports, guard)
	if d := e.Deciding(); e.Decision != ExplicitDeny || len(d) != 1 || d[0].Policy != 1 || d[0].Statement != 1 {
		t.Errorf("Explain = %v by %+v, want ExplicitDeny by statement 2 of policy 2", e.Decision, d)
	}
}

func TestExplainConditions(t *testing.T) {
	p := mustCompile(t, policy.IdentityBased, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
		"Condition": {"StringLike": {"s3:prefix": ["a*", "b*"]}, "stringequals": {"aws:PrincipalTag/x": "${aws:username}"}}}}`)
	e := Explain(Request{Action: "s3:ListBucket", Context: Context{"s3:Prefix": {"c", "d"}}}, p)
	want := []ConditionPart{
		{Operator: "StringLike", Key: "s3:prefix", Want: []string{"a*", "b*"}, Have: []string{"c", "d"}},
		{Operator: "StringEquals", Key: "aws:PrincipalTag/x", Want: []string{"${aws:username}"}, Missing: true, Unresolved: []string{"aws:username"}},
	}
	if got := e.Statements[0].Conditions; !reflect.DeepEqual(got, want) {
		t.Errorf("Conditions = %+v, want %+v", got, want)
	}
	if f := e.Statements[0].Failed; f != ConditionElement {
		t.Errorf("Failed = %b, want the condition alone", f)
	}
}

// TestConcurrent is for the race detector.
func TestConcurrent(t *testing.T) {
	cases := corpus(t)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for _, c := range cases {
				if got := Explain(c.request, c.policies...).Decision; got != c.want {
					t.Errorf("%s: %v, want %v", c.name, got, c.want)
				}
			}
		})
	}
	wait.Wait()
}

// FuzzExplain holds Explain to Evaluate, and both to not panic.
func FuzzExplain(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}"}}`,
		"identity", "s3:GetObject", "arn:aws:s3:::eva", "arn:aws:iam::111122223333:user/eva", "aws:username", "eva")
	f.Add(`{"Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"NotAction":"a:?","NotResource":"*:*","Condition":{"ForAnyValue:NumericLessThan":{"k":[1,2]},"Null":{"x":true}}}]}`,
		"resource", "a:bc", "*", "arn:aws:sts::111122223333:assumed-role/r/s", "K", "1.5")
	f.Add(`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"DateLessThan":{"d":"2026"},"NotIpAddress":{"d":"10.0.0.0/8"},"ArnLike":{"d":"arn:*"},"Bool":{"d":"true"},"BinaryEquals":{"d":"AQ=="}}}]}`,
		"trust", "STS:assumerole", "", "*", "d", "1780315200")
	f.Fuzz(func(t *testing.T, document, kind, action, resource, principal, key, value string) {
		d, err := policy.Parse([]byte(document))
		if err != nil {
			return
		}
		p, err := Compile(d, policy.Kind(kind))
		if err != nil {
			return
		}
		req := Request{Principal{AWS, principal}, action, resource, Context{key: {value}, "aws:TagKeys": {value, ""}}}
		checkExplanation(t, req, []*Policy{p})
		e := Explain(req, p)
		_ = e.String()
	})
}
