package app

import (
	"context"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compile"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader"
)

// compiled reads a request and returns its document as compact JSON, and the number of questions.
func compiled(t *testing.T, kind policy.Kind, words string) (string, int) {
	t.Helper()
	in, err := reader.New().Read(context.Background(), words, reader.Options{Kind: kind})
	if err != nil {
		t.Fatalf("Read(%q): %v", words, err)
	}
	return string(compile.Compile(in, catalog.Default()).Document.Compact()), len(in.Questions)
}

func TestGuards(t *testing.T) {
	tests := []struct {
		name  string
		kind  policy.Kind
		words string
		want  []string // pieces of the compiled document
		not   []string
	}{
		{"leave", policy.ServiceControl, "prevent anyone from leaving the organization", []string{`"Deny"`, `organizations:LeaveOrganization`}, nil},
		{"disable and delete", policy.ServiceControl, "nobody may turn off AWS Config or delete config rules", []string{"config:StopConfigurationRecorder", "config:DeleteConfigRule"}, nil},
		{"passive", policy.ServiceControl, "trails can't be stopped, deleted or modified", []string{"cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail"}, nil},
		{"exempt role", policy.ServiceControl, "no new IAM users or access keys, except the role IdentityAdmin", []string{"iam:CreateUser", "iam:CreateAccessKey", `"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/IdentityAdmin"}`}, nil},
		{"only role", policy.ServiceControl, "only role Deployer may delete cloudformation stacks", []string{"cloudformation:DeleteStack", "role/Deployer"}, nil},
		{"root", policy.ServiceControl, "the root user must not do anything", []string{`"Action":"*"`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}`}, nil},
		{"regions with exempt services", policy.ServiceControl, "only eu-west-1 and eu-north-1 may be used; iam, sts and support are exempt", []string{`"NotAction":["iam:*","sts:*","support:*"]`, "aws:RequestedRegion"}, nil},
		{"allow-list", policy.ServiceControl, "only s3, ec2 and lambda are allowed", []string{`"NotAction":["s3:*","ec2:*","lambda:*"]`}, nil},
		{"instance types", policy.ServiceControl, "only t3.micro and t3.small ec2 instances may be launched", []string{"ec2:RunInstances", "instance/*", `"StringNotEquals":{"ec2:InstanceType":["t3.micro","t3.small"]}`}, []string{"StartInstances"}},
		{"tags", policy.ServiceControl, "ec2 instances must be launched with the tags CostCenter and Owner", []string{`"Null":{"aws:RequestTag/CostCenter":"true"}`, `"Null":{"aws:RequestTag/Owner":"true"}`, "instance/*"}, nil},
		{"mfa", policy.ServiceControl, "stopping and terminating ec2 instances needs MFA", []string{"ec2:StopInstances", "ec2:TerminateInstances", `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`}, nil},
		{"named resource", policy.ServiceControl, "deny deletion of bucket audit-archive-org", []string{"s3:DeleteBucket", "arn:aws:s3:::audit-archive-org"}, nil},
		{"setting as object", policy.ServiceControl, "nobody may disable EBS encryption by default", []string{"ec2:DisableEbsEncryptionByDefault"}, []string{"ec2:Encrypted"}},
		{"address", policy.ServiceControl, "deny all requests not coming from 203.0.113.0/24", []string{`"NotIpAddress"`, `"aws:ViaAWSService":"false"`}, nil},
		{"deny-only", policy.IdentityBased, "deny-only policy: no s3 object or bucket deletion unless MFA was used", []string{"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:DeleteBucket", "BoolIfExists"}, []string{`"Allow"`}},
		{"a rule about the organization beside another", policy.ServiceControl, "accounts must not leave the organization and must not delete their GuardDuty detector", []string{"organizations:LeaveOrganization", "guardduty:DeleteDetector"}, nil},
		{"unable", policy.ServiceControl, "member accounts must be unable to leave the org, or to stop config recorders", []string{"organizations:LeaveOrganization", "config:StopConfigurationRecorder"}, nil},
		{"kept to a region", policy.ServiceControl, "keep ec2 and rds to eu-central-1, other services are not restricted", []string{`"Action":["ec2:*","rds:*"]`, `"StringNotEquals":{"aws:RequestedRegion":"eu-central-1"}`}, nil},
		{"locked to regions", policy.ServiceControl, "lock bedrock to eu-west-1 and eu-west-3", []string{`"Action":"bedrock:*"`, `"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-west-3"]}`}, nil},
		{"global services go on", policy.ServiceControl, "deny any region besides us-east-1. global stuff has to keep working: iam, sts, route53", []string{`"NotAction":["iam:*","sts:*","route53:*"]`, "aws:RequestedRegion"}, nil},
		{"anything but", policy.ServiceControl, "launching anything but t3.micro ec2 instances is forbidden", []string{`"StringNotEquals":{"ec2:InstanceType":"t3.micro"}`}, nil},
		{"an exemption of one rule", policy.ServiceControl, "nobody except the role Admin may delete config rules, and nobody can leave the organization", []string{`"Action":"organizations:LeaveOrganization","Resource":"*"}`, "role/Admin"}, nil},
		{"usage", policy.ServiceControl, "nobody may assume roles without MFA", []string{`"Action":"sts:AssumeRole"`, "aws:MultiFactorAuthPresent"}, nil},
		{"a tag to be carried", policy.ServiceControl, "every new EBS volume has to carry Owner and CostCenter tags", []string{`"Null":{"aws:RequestTag/CostCenter":"true"}`, `"Null":{"aws:RequestTag/Owner":"true"}`}, nil},
		{"impossible", policy.ServiceControl, "make it impossible to delete guardduty detectors. The role SecurityAdmin is allowed to.", []string{"guardduty:DeleteDetector", "role/SecurityAdmin"}, []string{"Create"}},
		{"encryption by service", policy.ServiceControl, "deny creating unencrypted EBS volumes and unencrypted RDS instances", []string{`{"ec2:Encrypted":"false"}`, `{"rds:StorageEncrypted":"false"}`}, nil},
		{"families", policy.ServiceControl, "nobody may launch ec2 instances other than the t3 and t4g families", []string{`{"ec2:InstanceType":["t3.*","t4g.*"]}`}, nil},
		{"boundary of a role", policy.ServiceControl, "IAM roles can't be created without the permissions boundary arn:aws:iam::123456789012:policy/dev", []string{"iam:CreateRole", `"iam:PermissionsBoundary":"arn:aws:iam::123456789012:policy/dev"`}, []string{"iam:DeletePolicy"}},
		{"usable from", policy.ResourceControl, "sqs queues accessible solely from our org o-abc1234567", []string{`"sqs:*"`}, []string{"CreateQueue"}},
		{"perimeter", policy.ResourceControl, "only principals from our organization o-abc1234567 may access S3 and KMS", []string{`"Principal":"*"`, "kms:*", "s3:*", "aws:PrincipalOrgID", `"aws:PrincipalIsAWSService":"false"`}, nil},
		{"deputy", policy.ResourceControl, "AWS services may only access our S3 buckets on behalf of accounts in org o-abc1234567", []string{"aws:SourceOrgID", `"Null":{"aws:SourceAccount":"false"}`, `"Bool":{"aws:PrincipalIsAWSService":"true"}`}, nil},
		{"boundary of services", policy.PermissionsBoundary, "permissions boundary: at most s3, dynamodb and cloudwatch logs", []string{`"Allow"`, "dynamodb:*", "logs:*", "s3:*"}, []string{`"Deny"`}},
		{"boundary of all but", policy.PermissionsBoundary, "boundary: everything but iam and organizations", []string{`"Action":"*"`, `"Action":["iam:*","organizations:*"]`}, nil},
		{"boundary with a closing remark", policy.PermissionsBoundary, "boundary for the bootcamp roles: ceiling is s3 and lambda (everything in them), no other service", []string{`"Action":["lambda:*","s3:*"]`}, []string{`"Action":"*"`, "iam:"}},
		{"boundary outside of", policy.PermissionsBoundary, "permissions boundary for the app-team role, may do anything in s3 and sqs. anything outside of those two is out", []string{`"Action":["s3:*","sqs:*"]`}, []string{`"Action":"*"`, "iam:"}},
		{"boundary of two levels", policy.PermissionsBoundary, "boundary: read-only on s3 and glue, full access on athena", []string{"athena:*", "glue:Get*", "s3:List*"}, []string{"s3:*", "athena:Get"}},
		{"boundary with a contrast", policy.PermissionsBoundary, "boundary: upper limit are s3 and sqs with all actions, however deleting a queue or an s3 bucket must never be possible", []string{"sqs:DeleteQueue", "s3:DeleteBucket", `"s3:*"`}, nil},
		{"boundary with prohibition", policy.PermissionsBoundary, "boundary: sqs and sns, but no deleting of queues", []string{"sqs:*", "sns:*", "sqs:DeleteQueue"}, []string{"sqs:DeleteMessage"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := compiled(t, tt.kind, tt.words)
			for _, w := range tt.want {
				if !strings.Contains(got, w) {
					t.Errorf("Read(%q) compiles to %s, want it to contain %s", tt.words, got, w)
				}
			}
			for _, w := range tt.not {
				if strings.Contains(got, w) {
					t.Errorf("Read(%q) compiles to %s, want it without %s", tt.words, got, w)
				}
			}
		})
	}
}

func TestGuardsAsk(t *testing.T) {
	for _, words := range []string{
		"deny changes to iam, except the security people",
		"lambda functions must be nice",
	} {
		if doc, questions := compiled(t, policy.ServiceControl, words); questions == 0 {
			t.Errorf("Read(%q) asks nothing and compiles to %s, want a question", words, doc)
		}
	}
}
