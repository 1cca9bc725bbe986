package oracle_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/score"
)

const (
	github     = "token.actions.githubusercontent.com"
	federation = `"Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/` + github + `"}`
	subject    = `"` + github + `:sub":"repo:acme/app:ref:refs/heads/main"`
	audience   = `"` + github + `:aud":"sts.amazonaws.com"`
)

// Each control passes a document and fails a mutant of it.
func TestControls(t *testing.T) {
	tests := []struct{ control, good, bad string }{
		{"IAM.1", `{"Effect":"Allow","NotAction":["iam:*"],"Resource":"*"}`, `{"Effect":"Allow","NotAction":["iam:CreateUser"],"Resource":"*"}`},
		{"IAM.1", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}`,
			`{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:Create*","Resource":"*"}`},
		{"IAM.1", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::media/*"}`, `{"Effect":"Allow","Action":"*","Resource":"arn:aws:*"}`},
		{"IAM.21", `{"Effect":"Allow","Action":"sqs:*","Resource":"*"},{"Effect":"Deny","Action":"sqs:DeleteQueue","Resource":"*"}`, `{"Effect":"Allow","Action":"sqs:*","Resource":"*"}`},
		{"IAM.21", `{"Effect":"Allow","Action":["sqs:Send*","sqs:Get*"],"Resource":"arn:aws:sqs:*:*:jobs"}`, `{"Effect":"Allow","Action":["sqs:*"],"Resource":"arn:aws:sqs:*:*:jobs"}`},
		{"IAM.21", `{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`, `{"Effect":"Allow","Action":["s3:??*"],"Resource":"*"}`},
		{"IAM.21", `{"Effect":"Allow","Action":"rds-db:connect","Resource":"*"}`, `{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`},
		{"Resource Wildcard", `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:*:*:table/orders"}`,
			`{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/*"}`},
		{"Resource Wildcard", `{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"arn:aws:ec2:*:*:instance/*"}`, `{"Effect":"Allow","Action":"ec2:TerminateInstances","Resource":"arn:aws:ec2:*:*:instance/*"}`},
		{"Resource Wildcard", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${aws:PrincipalTag/team}/*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${*}/*"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::*/*"}`},
		{"Resource Wildcard", `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}}`,
			`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{"iam:PassedToService":"*"}}}`},
		{"Condition Check", `{"Effect":"Allow","Action":"iam:PutRolePolicy","Resource":"arn:aws:iam::*:role/app","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`,
			`{"Effect":"Allow","Action":"iam:PutRolePolicy","Resource":"arn:aws:iam::*:role/app","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}}`},
		{"Condition Check", `{"Effect":"Allow","Action":"s3:PutBucketPolicy","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["198.51.100.0/24","203.0.113.0/24"]}}}`,
			`{"Effect":"Allow","Action":"s3:PutBucketPolicy","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}}`},
		{"Condition Check", `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"}}}`,
			`{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}}`},
		{"Condition Check", `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:*:secret:db-*"}`, `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}`},
		{"Condition Check", `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`,
			`{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}`},
		{"Condition Check", `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*","Condition":{"Bool":{"aws:ViaAWSService":"true"}}}`, `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`},
		{"AEGIS.1", `{"Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":"arn:aws:iam::*:policy/team/*"}`, `{"Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":"*"}`},
		{"AEGIS.1", `{"Effect":"Allow","Action":["iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"},{"Effect":"Deny","Action":"iam:PassRole","Resource":"*"}`,
			`{"Effect":"Allow","Action":["lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"},{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}`},
		{"AEGIS.1", `{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"arn:aws:iam::*:user/bot"}`, `{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"arn:aws:iam::*:user/${aws:username}"}`},
		{"AEGIS.1", `{"Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":"arn:aws:iam::*:user/${aws:username}"}`,
			`{"Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":["arn:aws:iam::*:user/${aws:username}","arn:aws:iam::*:policy/*"],"Condition":{"Null":{"aws:PrincipalTag/team":"true"},"StringNotEquals":{"aws:PrincipalTag/spare":"${aws:PrincipalTag/team}"}}}`},

		{"TRUST.1", `{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abc123xyz0"}}}`,
			`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Condition":{"StringEquals":{"sts:ExternalId":"x"}}}`},
		{"TRUST.1", `{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"111122223333"}}`, `{"Effect":"Allow","Action":"sts:AssumeRole","NotPrincipal":{"AWS":"111122223333"}}`},
		{"TRUST.2", `{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::111122223333:role/app"}}`, `{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"111122223333"}}`},
		{"TRUST.2", `{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"111122223333"},"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app-*"}}}`,
			`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}}`},
		{"TRUST.3", `{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::444455556666:role/app"}}`, `{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::111122223333:role/app"}}`},
		{"TRUST.4", `{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"states.amazonaws.com"},"Condition":{"StringEquals":{"aws:SourceAccount":"444455556666"}}}`,
			`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"states.amazonaws.com"}}`},
		{"TRUST.5", `{"Effect":"Allow",` + federation + `,"Condition":{"StringEquals":{` + subject + `,` + audience + `}}}`, `{"Effect":"Allow",` + federation + `,"Condition":{"StringLike":{"` + github + `:sub":"repo:*"},"StringEquals":{` + audience + `}}}`},
		{"TRUST.6", `{"Effect":"Allow",` + federation + `,"Condition":{"StringEquals":{` + subject + `,` + audience + `}}}`, `{"Effect":"Allow",` + federation + `,"Condition":{"StringEquals":{` + subject + `}}}`},

		{"RESOURCE.1", `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sqs:SendMessage","Resource":"*"}`, `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`},
		{"RESOURCE.2", `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sqs:SendMessage","Resource":"*"}`, `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sqs:SendMessage","Resource":"*"}`},
		{"RESOURCE.3", `{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:444455556666:news"}}}`,
			`{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}`},
	}
	s := newScorer("444455556666")
	for _, test := range tests {
		t.Run(test.control, func(t *testing.T) {
			for text, want := range map[string]bool{test.good: false, test.bad: true} {
				d := parse(t, text)
				r := scoreOf(t, s, d)
				if got := slices.Contains(strings.Split(failed(r), ", "), test.control); got != want {
					t.Errorf("%s\nfails %q: %s among them is %v, want %v", text, failed(r), test.control, got, want)
				}
				checkShown(t, d, r)
			}
		})
	}
	for _, kind := range []policy.Kind{policy.IdentityBased, policy.Trust, policy.ResourceBased} {
		for _, c := range score.Controls(kind) {
			if !slices.ContainsFunc(tests, func(x struct{ control, good, bad string }) bool { return x.control == c.ID }) {
				t.Errorf("%s has no test", c.ID)
			}
			if c.Title == "" || c.Why == "" || c.Impact <= 0 || c.Severity == "" {
				t.Errorf("%s lacks a title, a rationale, an impact or a severity", c.ID)
			}
		}
	}
}

// Policies that only limit have no score.
func TestGuards(t *testing.T) {
	d := parse(t, `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	for _, kind := range []policy.Kind{policy.ServiceControl, policy.ResourceControl, policy.PermissionsBoundary, policy.SessionPolicy, policy.Endpoint} {
		r, err := newScorer().Score([]*policy.Document{d}, kind)
		if err != nil || r.Scored || r.Grade != score.Ungraded || r.Reason == "" || len(r.Controls) > 0 {
			t.Errorf("%s: %+v, %v, want no score", kind, r, err)
		}
	}
}

// Documents in force together are scored together, and a role loses what all its documents lose.
func TestTogether(t *testing.T) {
	s := newScorer()
	one := parse(t, `{"Effect":"Allow","Action":["lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"}`)
	two := parse(t, `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}`)
	for _, d := range []*policy.Document{one, two} {
		if r := scoreOf(t, s, d); strings.Contains(failed(r), "AEGIS.1") {
			t.Errorf("%s alone fails AEGIS.1", d.Compact())
		}
	}
	permissions := scoreOf(t, s, one, two)
	if !strings.Contains(failed(permissions), "AEGIS.1") {
		t.Errorf("together they fail %q", failed(permissions))
	}
	trust := scoreOf(t, s, parse(t, `{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"111122223333"}}`))
	role := score.Join(permissions, trust)
	if want := permissions.Score + trust.Score - score.Full; role.Score != want || role.Grade != score.Grade(want) {
		t.Errorf("Join of %d and %d is %d %s", permissions.Score, trust.Score, role.Score, role.Grade)
	}
	if r := score.Join(); r.Scored || r.Grade != score.Ungraded {
		t.Errorf("Join of nothing is %+v", r)
	}
}

// What cannot be evaluated is an error.
func TestMeaningless(t *testing.T) {
	d := &policy.Document{Statements: []policy.Statement{{Effect: "Perhaps"}}}
	if _, err := newScorer().Score([]*policy.Document{d}, policy.IdentityBased); err == nil {
		t.Error("a document without meaning has a score")
	}
}
