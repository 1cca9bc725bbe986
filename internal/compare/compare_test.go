package compare_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/policy"
)

var comparer = compare.New(catalog.Default())

// document reads statements in short: the elements of each without the braces, Effect as a word
// in front.
func document(tb testing.TB, statements ...string) *policy.Document {
	tb.Helper()
	var full []string
	for _, s := range statements {
		effect, rest, _ := strings.Cut(s, " ")
		full = append(full, fmt.Sprintf(`{"Effect": %q, %s}`, effect, rest))
	}
	d, err := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [` + strings.Join(full, ",") + `]}`))
	if err != nil {
		tb.Fatalf("%v: %v", statements, err)
	}
	return d
}

func TestSubsumes(t *testing.T) {
	const (
		all      = `Allow "Action": "*", "Resource": "*"`
		s3       = `Allow "Action": "s3:*", "Resource": "*"`
		get      = `Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"`
		getNamed = `Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/?*"`
	)
	condition := func(c string) string {
		return `Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {` + c + `}`
	}
	tests := []struct {
		name     string
		old, new []string
		want     compare.Verdict
	}{
		{"itself", []string{get}, []string{get}, compare.Proved},
		{"less", []string{s3}, []string{get}, compare.Proved},
		{"more", []string{get}, []string{s3}, compare.Counterexample},
		{"nothing allows nothing", nil, nil, compare.Proved},
		{"something is more than nothing", nil, []string{get}, compare.Counterexample},
		{"an object has a name", []string{getNamed}, []string{get}, compare.Proved},
		{"a deny takes away", []string{all}, []string{all, `Deny "Action": "iam:*", "Resource": "*"`}, compare.Proved},
		{"a deny that is gone", []string{all, `Deny "Action": "iam:*", "Resource": "*"`}, []string{all}, compare.Counterexample},
		{"a deny of nothing", []string{all, `Deny "Action": "iam:Nothing", "Resource": "*"`}, []string{all}, compare.Proved},
		{"not the other actions", []string{all, `Deny "NotAction": "s3:*", "Resource": "*"`}, []string{s3}, compare.Proved},
		{"two halves", []string{`Allow "Action": "s3:GetObject*", "Resource": "*"`, `Allow "Action": "s3:GetObject", "Resource": "*"`}, []string{get}, compare.Proved},
		{"no such action", []string{get}, []string{get, `Allow "Action": "s3:GetObjectt", "Resource": "*"`}, compare.Proved},
		{"the action has no such resource", []string{get}, []string{get, `Allow "Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::b"`}, compare.Proved},
		{"the action's requests have no such key", []string{get}, []string{get, `Allow "Action": "sqs:SendMessage", "Resource": "*", "Condition": {"StringEquals": {"s3:prefix": "a"}}`}, compare.Proved},
		{"a missing key", []string{condition(`"StringEquals": {"aws:PrincipalTag/a": "b"}`)}, []string{condition(`"StringEqualsIfExists": {"aws:PrincipalTag/a": "b"}`)}, compare.Counterexample},
		{"case", []string{condition(`"StringEqualsIgnoreCase": {"aws:PrincipalTag/a": "Straße"}`)}, []string{condition(`"StringEquals": {"aws:PrincipalTag/a": ["STRAßE", "straße"]}`)}, compare.Proved},
		{"case the other way", []string{condition(`"StringEquals": {"aws:PrincipalTag/a": ["b", "B"]}`)}, []string{condition(`"StringEqualsIgnoreCase": {"aws:PrincipalTag/a": "b"}`)}, compare.Proved},
		{"both truths and none", []string{condition(`"Bool": {"aws:MultiFactorAuthPresent": "true"}`), condition(`"Bool": {"aws:MultiFactorAuthPresent": "false"}`), condition(`"Null": {"aws:MultiFactorAuthPresent": "true"}`)}, []string{get}, compare.Proved},
		{"both truths", []string{condition(`"Bool": {"aws:MultiFactorAuthPresent": "true"}`), condition(`"Bool": {"aws:MultiFactorAuthPresent": "false"}`)}, []string{get}, compare.Counterexample},
		{"addresses", []string{condition(`"IpAddress": {"aws:SourceIp": ["10.0.0.0/9", "10.128.0.0/9"]}`)}, []string{condition(`"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}`)}, compare.Proved},
		{"addresses of version 6", []string{condition(`"IpAddress": {"aws:SourceIp": "2001:db8::/32"}`)}, []string{condition(`"IpAddress": {"aws:SourceIp": "2001:db8::/31"}`)}, compare.Counterexample},
		{"numbers", []string{condition(`"NumericLessThan": {"s3:signatureAge": "10"}`)}, []string{condition(`"NumericLessThanEquals": {"s3:signatureAge": "9.99"}`)}, compare.Proved},
		{"dates", []string{condition(`"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}`)}, []string{condition(`"DateLessThanEquals": {"aws:CurrentTime": "1767225599"}`)}, compare.Proved},
		{"all values", []string{condition(`"ForAnyValue:StringEquals": {"aws:CalledVia": ["a", "b"]}`)}, []string{condition(`"ForAllValues:StringEquals": {"aws:CalledVia": ["a"]}, "Null": {"aws:CalledVia": "false"}`)}, compare.Counterexample},
		{"any value", []string{condition(`"ForAnyValue:StringLike": {"aws:CalledVia": "?*"}`)}, []string{condition(`"ForAnyValue:StringEquals": {"aws:CalledVia": ["a", "b"]}`)}, compare.Proved},
		{"two values at once", []string{get + `, "Condition": {"Null": {"aws:CalledVia": "true"}}`}, []string{condition(`"ForAnyValue:StringEquals": {"aws:CalledVia": "a"}`), condition(`"ForAnyValue:StringEquals": {"aws:CalledVia": "b"}`)}, compare.Counterexample},
		{"no value differs, some value does", []string{condition(`"StringNotEquals": {"aws:CalledVia": "a"}`)}, []string{condition(`"ForAnyValue:StringNotEquals": {"aws:CalledVia": "a"}`)}, compare.Counterexample},
		{"all values differ", []string{condition(`"ForAllValues:StringNotEquals": {"aws:CalledVia": "a"}`)}, []string{condition(`"StringNotEquals": {"aws:CalledVia": "a"}`)}, compare.Proved},
		{"an empty value is none", []string{condition(`"ForAnyValue:StringLike": {"aws:CalledVia": "*"}`)}, []string{condition(`"StringLike": {"aws:CalledVia": "*"}`)}, compare.Counterexample},
		{"the value of a variable", []string{`Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}*"`}, []string{`Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"`}, compare.Proved},
		{"the value of another variable", []string{`Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:userid}/*"`}, []string{`Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"`}, compare.Counterexample},
		{"a variable and a default", []string{`Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"`}, []string{`Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username, 'x'}/*"`}, compare.Counterexample},
		{"the fields of an ARN", []string{condition(`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}`)}, []string{condition(`"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}`)}, compare.Counterexample},
		{"an ARN as a text", []string{condition(`"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}`)}, []string{condition(`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}`)}, compare.Proved},
		{"binary", []string{condition(`"BinaryEquals": {"acme:key": "QmluYXJ5"}`)}, []string{condition(`"BinaryEquals": {"acme:key": "QmluYXJ5"}, "Null": {"acme:key": "false"}`)}, compare.Proved},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			old, new := document(t, test.old...), document(t, test.new...)
			got, err := comparer.Subsumes(compare.One(policy.IdentityBased, old), compare.One(policy.IdentityBased, new), compare.Options{})
			if err != nil || got.Verdict != test.want {
				t.Errorf("Subsumes = %+v, %v, want %v", got, err, test.want)
			}
		})
	}
}
