package reader

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

// render writes the grants of an intent in short lines: effect, principals, actions, conditions.
func render(in intent.Intent) string {
	var lines []string
	for _, g := range in.Grants {
		var who, what, where []string
		for _, p := range g.Principals {
			who = append(who, strings.TrimSuffix(p.Type+":"+p.ID, ":"))
		}
		for _, a := range g.Actions {
			what = append(what, a.Name)
		}
		for _, c := range g.Where {
			where = append(where, strings.TrimSpace(fmt.Sprintf("%s%s=%s", c.Key, c.Test, strings.Join(c.Values, "|"))))
		}
		for _, c := range g.Unless {
			where = append(where, fmt.Sprintf("unless %s%s=%s", c.Key, c.Test, strings.Join(c.Values, "|")))
		}
		line := string(g.Effect) + " " + strings.Join(who, " ") + " " + strings.Join(what, " ")
		if len(where) > 0 {
			line += " if " + strings.Join(where, " ")
		}
		lines = append(lines, line)
	}
	for _, q := range in.Questions {
		lines = append(lines, "? "+q.Text)
	}
	return strings.Join(lines, "\n")
}

func checkReading(t *testing.T, kind policy.Kind, cases map[string]string) {
	t.Helper()
	r := New()
	for words, want := range cases {
		t.Run(words, func(t *testing.T) {
			in, err := r.Read(context.Background(), words, Options{Kind: kind})
			if err != nil {
				t.Fatal(err)
			}
			if got := render(in); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			for _, w := range in.Words {
				if w.Use == intent.Unread {
					t.Errorf("%q was not read", w.Text)
				}
			}
		})
	}
}

const github = "token.actions.githubusercontent.com"

func TestTrustServices(t *testing.T) {
	checkReading(t, policy.Trust, map[string]string{
		"trust policy for a role used by codebuild":                                                   "Allow Service:codebuild.amazonaws.com sts:AssumeRole",
		"who can assume: fargate tasks, not ec2":                                                      "Allow Service:ecs-tasks.amazonaws.com sts:AssumeRole",
		"api gateway and lambda can assume":                                                           "Allow Service:apigateway.amazonaws.com Service:lambda.amazonaws.com sts:AssumeRole",
		"the role is for vpc flow logs":                                                               "Allow Service:vpc-flow-logs.amazonaws.com sts:AssumeRole",
		"lambda@edge may assume":                                                                      "Allow Service:edgelambda.amazonaws.com sts:AssumeRole",
		"role for the principal firehose.amazonaws.com":                                               "Allow Service:firehose.amazonaws.com sts:AssumeRole",
		"role for EKS pod identity":                                                                   "Allow Service:pods.eks.amazonaws.com sts:AssumeRole sts:TagSession",
		"glue, only for account 123456789012":                                                         "Allow Service:glue.amazonaws.com sts:AssumeRole if aws:SourceAccount=123456789012",
		"lambda and account 111122223333 may assume":                                                  "Allow Service:lambda.amazonaws.com AWS:arn:aws:iam::111122223333:root sts:AssumeRole",
		"step functions, only state machine flow-1 in us-east-1, account 123456789012":                "Allow Service:states.amazonaws.com sts:AssumeRole if aws:SourceArn=arn:aws:states:us-east-1:123456789012:stateMachine:flow-1 aws:SourceAccount=123456789012",
		"eventbridge scheduler, only from schedule group nightly in account 123456789012 (eu-west-1)": "Allow Service:scheduler.amazonaws.com sts:AssumeRole if aws:SourceArn=arn:aws:scheduler:eu-west-1:123456789012:schedule/nightly/* aws:SourceAccount=123456789012",
	})
}

func TestTrustCallers(t *testing.T) {
	root := "Allow AWS:arn:aws:iam::111122223333:root sts:AssumeRole"
	checkReading(t, policy.Trust, map[string]string{
		"account 111122223333 may assume with external id x-1":                        root + " if sts:ExternalId=x-1",
		"our vendor (aws account 111122223333) assumes it; ext id AB-7":               root + " if sts:ExternalId=AB-7",
		"roles deployer-a and deployer-b in 111122223333 assume this role":            "Allow AWS:arn:aws:iam::111122223333:role/deployer-a AWS:arn:aws:iam::111122223333:role/deployer-b sts:AssumeRole",
		"111122223333's role sync-bot can assume the role":                            "Allow AWS:arn:aws:iam::111122223333:role/sync-bot sts:AssumeRole",
		"anyone in org o-abcd123456 can assume it":                                    "Allow AWS:* sts:AssumeRole if aws:PrincipalOrgID=o-abcd123456",
		"nobody but role arn:aws:iam::111122223333:role/Ops may assume":               "Allow AWS:arn:aws:iam::111122223333:role/Ops sts:AssumeRole",
		"trust account 111122223333 except its role Intern":                           root + "\nDeny AWS:arn:aws:iam::111122223333:role/Intern sts:AssumeRole",
		"account 111122223333, session name must be their iam user name":              root + " if sts:RoleSessionName=${aws:username}",
		"account 111122223333 may assume, session tags Project and Team":              "Allow AWS:arn:aws:iam::111122223333:root sts:AssumeRole sts:TagSession if aws:TagKeys=Project|Team",
		"lambda. also account 111122223333 with external id x-1":                      "Allow Service:lambda.amazonaws.com sts:AssumeRole\n" + root + " if sts:ExternalId=x-1",
		"role Auditor assumes this role":                                              "? In which account is the role Auditor?",
		"account 111122223333 may assume, with an external id":                        root + "\n? Which external id must the caller send?",
		"principals tagged team=platform in account 111122223333 may assume the role": root + " if aws:PrincipalTag/team=platform",
	})
}

// Who stands before "may assume" is who assumes; the role behind "trust policy for" is not.
func TestTrustSubjects(t *testing.T) {
	checkReading(t, policy.Trust, map[string]string{
		"who can assume it: the roles ci and release-mgr from account 111122223333":                "Allow AWS:arn:aws:iam::111122223333:role/ci AWS:arn:aws:iam::111122223333:role/release-mgr sts:AssumeRole",
		"trust policy for the vendor: role arn:aws:iam::777788889999:role/scanner may assume ours": "Allow AWS:arn:aws:iam::777788889999:role/scanner sts:AssumeRole",
		"trust policy: users alice and bob of account 123456789012 can assume the role":            "Allow AWS:arn:aws:iam::123456789012:user/alice AWS:arn:aws:iam::123456789012:user/bob sts:AssumeRole",
		"trust: roles starting with ci- in account 123456789012 may assume":                        "Allow AWS:arn:aws:iam::123456789012:root sts:AssumeRole if aws:PrincipalArn=arn:aws:iam::123456789012:role/ci-*",
		"any role of the org o-a1b2c3d4e5 whose name begins with deploy- can assume this":          "Allow AWS:* sts:AssumeRole if aws:PrincipalArn=arn:aws:iam::*:role/deploy-* aws:PrincipalOrgID=o-a1b2c3d4e5",
		"role arn:aws:iam::111122223333:role/ci may assume and must pass session tags Team":        "Allow AWS:arn:aws:iam::111122223333:role/ci sts:AssumeRole sts:TagSession if aws:RequestTag/Teamexists=",
		"trust policy for role backup-runner: backup.amazonaws.com":                                "Allow Service:backup.amazonaws.com sts:AssumeRole",
	})
}

func TestTrustFederated(t *testing.T) {
	provider := "Allow Federated:arn:aws:iam::123456789012:oidc-provider/" + github + " sts:AssumeRoleWithWebIdentity if " + github + ":aud=sts.amazonaws.com " + github + ":sub="
	eks := "oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF0123456789ABCDEF0123456789"
	checkReading(t, policy.Trust, map[string]string{
		"github actions in acme/shop, branch main, account 123456789012":               provider + "repo:acme/shop:ref:refs/heads/main",
		"github repos acme/a-1 and acme/b-2, main branch; account 123456789012":        provider + "repo:acme/a-1:ref:refs/heads/main|repo:acme/b-2:ref:refs/heads/main",
		"gh actions: any repo in the acme organization, account 123456789012":          provider + "repo:acme/*:*",
		"github acme/web-1 but only for tags v* (account 123456789012)":                provider + "repo:acme/web-1:ref:refs/tags/v*",
		"github: pull requests of acme/web-1, 123456789012":                            provider + "repo:acme/web-1:pull_request",
		"github repo acme/web-1 environment staging or production, acct 123456789012":  provider + "repo:acme/web-1:environment:staging|repo:acme/web-1:environment:production",
		"gitlab project acme/my-app, branch main, account 123456789012":                "Allow Federated:arn:aws:iam::123456789012:oidc-provider/gitlab.com sts:AssumeRoleWithWebIdentity if gitlab.com:aud=https://gitlab.com gitlab.com:sub=project_path:acme/my-app:ref_type:branch:ref:main",
		"terraform cloud org acme workspace net-1, account 123456789012":               "Allow Federated:arn:aws:iam::123456789012:oidc-provider/app.terraform.io sts:AssumeRoleWithWebIdentity if app.terraform.io:aud=aws.workload.identity app.terraform.io:sub=organization:acme:project:*:workspace:net-1:run_phase:*",
		"service account api in namespace pay, " + eks + ", account 123456789012":      "Allow Federated:arn:aws:iam::123456789012:oidc-provider/" + eks + " sts:AssumeRoleWithWebIdentity if " + eks + ":aud=sts.amazonaws.com " + eks + ":sub=system:serviceaccount:pay:api",
		"saml federation with provider Okta in account 123456789012":                   "Allow Federated:arn:aws:iam::123456789012:saml-provider/Okta sts:AssumeRoleWithSAML if SAML:aud=https://signin.aws.amazon.com/saml",
		"cognito identity pool eu-west-1:aaaabbbb-1111-2222-3333-ccccddddeeee, guests": "Allow Federated:cognito-identity.amazonaws.com sts:AssumeRoleWithWebIdentity if cognito-identity.amazonaws.com:aud=eu-west-1:aaaabbbb-1111-2222-3333-ccccddddeeee cognito-identity.amazonaws.com:amr=unauthenticated",
		"github actions in account 123456789012":                                       "? Whose tokens of github may assume the role (subject)?",
	})
}

func TestResourceBased(t *testing.T) {
	invoke := " lambda:InvokeFunction"
	checkReading(t, policy.ResourceBased, map[string]string{
		"bucket policy for acme-a1: account 111122223333 may list it and download objects, no writes":                           "Allow AWS:arn:aws:iam::111122223333:root s3:ListBucket s3:GetObject",
		"bucket policy on acme-web1: public read of objects":                                                                    "Allow * s3:GetObject",
		"bucket policy acme-w1: cloudfront distribution E1ABC (account 123456789012) reads via OAC":                             "Allow Service:cloudfront.amazonaws.com s3:GetObject if aws:SourceArn=arn:aws:cloudfront::123456789012:distribution/E1ABC",
		"bucket policy for acme-x1; allow account 111122223333 to list, deny http":                                              "Allow AWS:arn:aws:iam::111122223333:root s3:ListBucket\nDeny * s3:* if unless aws:SecureTransport=true",
		"bucket policy on acme-d1: block everyone outside org o-abcd123456":                                                     "Deny * s3:* if unless aws:PrincipalOrgID=o-abcd123456",
		"queue policy: account 111122223333 may send to queue q-1 (us-east-1, 123456789012), role w-1 in 222233334444 receives": "Allow AWS:arn:aws:iam::111122223333:root sqs:SendMessage\nAllow AWS:arn:aws:iam::222233334444:role/w-1 sqs:ReceiveMessage",
		"eventbridge rule r-1 can invoke function f-1, eu-west-1 123456789012":                                                  "Allow Service:events.amazonaws.com" + invoke + " if aws:SourceArn=arn:aws:events:eu-west-1:123456789012:rule/r-1",
		"bucket b-1 (account 123456789012) triggers function f-1 in us-east-1":                                                  "Allow Service:s3.amazonaws.com" + invoke + " if aws:SourceArn=arn:aws:s3:::b-1 aws:SourceAccount=123456789012",
		"key policy: root of 123456789012 keeps full control; role app-1 of the same account can decrypt":                       "Allow AWS:arn:aws:iam::123456789012:root kms:*\nAllow AWS:arn:aws:iam::123456789012:role/app-1 kms:Decrypt",
		"ecr repo policy for team/app-1 in us-east-1 123456789012: org o-abcd123456 can pull":                                   "Allow * ecr:BatchGetImage ecr:GetDownloadUrlForLayer ecr:BatchCheckLayerAvailability if aws:PrincipalOrgID=o-abcd123456",
		"bucket policy for logs-1: account 111122223333 may list and read everything":                                           "Allow AWS:arn:aws:iam::111122223333:root s3:ListBucket s3:GetObject",
		"bucket policy on vault-1: nobody may delete objects except role arn:aws:iam::123456789012:role/admin":                  "Deny * s3:DeleteObject s3:DeleteObjectVersion if unless aws:PrincipalArn=arn:aws:iam::123456789012:role/admin",
		"bucket policy on vault-1: role arn:aws:iam::123456789012:role/app reads, everybody else is denied":                     "Allow AWS:arn:aws:iam::123456789012:role/app s3:GetObject",
		"deny-only bucket policy for scans-1, plain http requests get blocked":                                                  "Deny * s3:* if unless aws:SecureTransport=true",
		"kms key policy: account 123456789012 root administers":                                                                 "Allow AWS:arn:aws:iam::123456789012:root kms:*",
		"kms key policy: role arn:aws:iam::123456789012:role/etl may create grants for aws resources only":                      "Allow AWS:arn:aws:iam::123456789012:role/etl kms:CreateGrant if kms:GrantIsForAWSResource=true",
		"queue policy for jobs-1: accounts 111122223333 and 444455556666 can send messages, only the first one can purge":       "Allow AWS:arn:aws:iam::111122223333:root AWS:arn:aws:iam::444455556666:root sqs:SendMessage\nAllow AWS:arn:aws:iam::111122223333:root sqs:PurgeQueue",
		"bucket policy: account 111122223333 may read objects":                                                                  "Allow AWS:arn:aws:iam::111122223333:root s3:GetObject\n? What is the name of the bucket that the policy belongs to?",
	})
}
