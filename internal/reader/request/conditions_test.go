package request

import (
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/reader/lexicon"
	"github.com/aegis-iam/aegis/internal/reader/sentence"
)

// begin begins the reading of a request for an identity-based policy.
func begin(words string) *Reading {
	return New(sentence.NewLibrary(catalog.Default(), lexicon.Default()), words, sentence.Options{Kind: policy.IdentityBased})
}

// conditionsOf lists the conditions that were read from the words, each as
// "key test values", with "all" or "any" before the values of a set and "unless" in front.
func conditionsOf(t *testing.T, words string) ([]string, *Reading) {
	t.Helper()
	rd := begin(words)
	rd.Read()
	var out []string
	for _, s := range rd.Where {
		parts := []string{s.Key}
		if s.Unless {
			parts = []string{"unless", s.Key}
		}
		for _, p := range []string{string(s.Test), string(s.Set), strings.Join(s.Values, ",")} {
			if p != "" {
				parts = append(parts, p)
			}
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out, rd
}

func TestScanConditions(t *testing.T) {
	for _, tc := range []struct {
		words string
		want  []string
	}{
		{"get objects from bucket maps, only from 203.0.113.0/25 and 192.0.2.64/26", []string{"aws:SourceIp 203.0.113.0/25,192.0.2.64/26"}},
		{"get objects from bucket maps, coming from the office 203.0.113.5", []string{"aws:SourceIp 203.0.113.5/32"}},
		{"read bucket maps, but not from 203.0.113.9", []string{"aws:SourceIp not 203.0.113.9/32"}},
		{"read bucket maps only from 10.1.0.0/16 inside vpc-0abc12345678def90", []string{"aws:SourceVpc vpc-0abc12345678def90", "aws:VpcSourceIp 10.1.0.0/16"}},
		{"read bucket maps, only through vpc endpoint vpce-0a1b2c3d4e5f67890", []string{"aws:SourceVpce vpce-0a1b2c3d4e5f67890"}},
		{"read bucket maps as long as the caller belongs to org o-a1b2c3d4e5", []string{"aws:PrincipalOrgID o-a1b2c3d4e5"}},
		{"only principals in o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ may read bucket maps", []string{"aws:PrincipalOrgPaths any o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"}},
		{"principals of account 111122223333 may read bucket maps", []string{"aws:PrincipalAccount 111122223333"}},
		{"only read resources in account 123456789012 from s3", []string{"aws:ResourceAccount 123456789012"}},
		{"do anything in ec2 but nothing outside eu-west-1 and eu-central-1", []string{"aws:RequestedRegion eu-west-1,eu-central-1"}},
		{"list instances only in eu-west-1 or eu-central-1", []string{"aws:RequestedRegion eu-west-1,eu-central-1"}},
		{"terminate instances only when signed in with mfa, less than 30 minutes ago", []string{"aws:MultiFactorAuthAge less 1800", "aws:MultiFactorAuthPresent true"}},
		{"delete objects in bucket maps, requires MFA not older than 1 hour", []string{"aws:MultiFactorAuthAge atMost 3600", "aws:MultiFactorAuthPresent true"}},
		{"deactivate the MFA device of user tom", nil},
		{"get objects from bucket maps over TLS only", []string{"aws:SecureTransport true"}},
		{"put objects in bucket maps using at least TLS 1.2", []string{"s3:TlsVersion atLeast 1.2"}},
		{"get objects from bucket maps until 2026-12-31", []string{"aws:CurrentTime atMost 2026-12-31T23:59:59Z"}},
		{"get objects from bucket maps during September 2026 (UTC)", []string{"aws:CurrentTime atLeast 2026-09-01T00:00:00Z", "aws:CurrentTime atMost 2026-09-30T23:59:59Z"}},
		{"get objects from bucket maps between 1 March 2026 and 2026-04-02T10:00:00Z", []string{"aws:CurrentTime atLeast 2026-03-01T00:00:00Z", "aws:CurrentTime atMost 2026-04-02T10:00:00Z"}},
		{"get objects from bucket maps before 2027-01-01", []string{"aws:CurrentTime less 2027-01-01T00:00:00Z"}},
	} {
		if got, _ := conditionsOf(t, tc.words); !slices.Equal(got, tc.want) {
			t.Errorf("%s\n got %q\nwant %q", tc.words, got, tc.want)
		}
	}
}

func TestScanTags(t *testing.T) {
	for _, tc := range []struct {
		words string
		want  []string
	}{
		{"stop instances tagged Project=Backtest", []string{"aws:ResourceTag/Project Backtest"}},
		{"stop instances whose Env tag is dev or test", []string{"aws:ResourceTag/Env dev,test"}},
		{"read secrets that are tagged Team: backend", []string{"aws:ResourceTag/Team backend"}},
		{"create snapshots of volumes that carry the tag Backup", []string{"aws:ResourceTag/Backup exists"}},
		{"stop instances with tag Owner = your IAM user name", []string{"aws:ResourceTag/Owner ${aws:username}"}},
		{"stop instances if their Team tag equals the caller's Team tag", []string{"aws:ResourceTag/Team ${aws:PrincipalTag/Team}"}},
		{"update functions if their team tag matches the resource's team tag", []string{"aws:ResourceTag/team ${aws:PrincipalTag/team}"}},
		{"delete objects in bucket maps unless they are tagged Hold=true", []string{"aws:ResourceTag/Hold not true"}},
		{"get an object only when the object carries the tag class=public", []string{"s3:ExistingObjectTag/class public"}},
		{"users tagged dept=ops may receive messages of queue jobs", []string{"aws:PrincipalTag/dept ops"}},
		{"launch instances only with tag Env=dev or test", []string{"aws:RequestTag/Env dev,test"}},
		{"create ec2 volumes, must set tag CostCenter", []string{"aws:RequestTag/CostCenter exists"}},
		{"put the tag CostCode with value X-1 or X-2 on any IAM user; no other keys may be set", []string{"aws:RequestTag/CostCode X-1,X-2", "aws:TagKeys all CostCode"}},
		{"remove tags from IAM users, but the only key they may remove is TempAccess", []string{"aws:TagKeys all TempAccess"}},
		{"delete tags from instances but solely the keys tmp and old-owner, nothing else", []string{"aws:TagKeys all tmp,old-owner"}},
		{"create EBS volumes; tagging is allowed only as part of volume creation", []string{"ec2:CreateAction CreateVolume"}},
	} {
		if got, _ := conditionsOf(t, tc.words); !slices.Equal(got, tc.want) {
			t.Errorf("%s\n got %q\nwant %q", tc.words, got, tc.want)
		}
	}
}

func TestScanServices(t *testing.T) {
	for _, tc := range []struct {
		words string
		want  []string
	}{
		{"pass role web-task to ecs tasks only", []string{"iam:PassedToService ecs-tasks.amazonaws.com"}},
		{"pass role runner to lambda and to emr-serverless.amazonaws.com", []string{"iam:PassedToService lambda.amazonaws.com,emr-serverless.amazonaws.com"}},
		{"decrypt with kms key alias/x just via S3 in eu-west-1, never directly", []string{"kms:ViaService s3.eu-west-1.amazonaws.com"}},
		{"query table Metrics in dynamodb only via athena", []string{"aws:CalledVia any athena.amazonaws.com"}},
		{"create kms grants only for AWS resources", []string{"kms:GrantIsForAWSResource true"}},
		{"encrypt with kms key alias/x with encryption context app=web", []string{"kms:EncryptionContext:app web"}},
		{"create volumes only if they are encrypted", []string{"ec2:Encrypted true"}},
		{"put objects in bucket maps only with sse-kms", []string{"s3:x-amz-server-side-encryption aws:kms"}},
		{"launch instances of type t3.micro or t3.small", []string{"ec2:InstanceType t3.micro,t3.small"}},
		{"publish metrics to cloudwatch, only into namespace Acme/Checkout", []string{"cloudwatch:namespace Acme/Checkout"}},
		{"create volumes in ec2 with a volume size of at most 200 GiB", []string{"ec2:VolumeSize atMost 200"}},
		{"create users only with boundary arn:aws:iam::123456789012:policy/b", []string{"iam:PermissionsBoundary arn:aws:iam::123456789012:policy/b"}},
		{"attach only the AWS managed policy ReadOnlyAccess to users", []string{"iam:PolicyARN arn:aws:iam::aws:policy/ReadOnlyAccess"}},
		{"get items from dynamodb table Games, only rows whose partition key equals their user id", []string{"dynamodb:LeadingKeys all ${aws:userid}"}},
		{"get items from dynamodb table Games but only the attributes id, city and plan", []string{"dynamodb:Attributes all id,city,plan", "dynamodb:Select SPECIFIC_ATTRIBUTES"}},
		{"send mail with ses as hello@example.com", []string{"ses:FromAddress hello@example.com"}},
		{"upsert only TXT records in route53 for names starting _acme-challenge.", []string{"route53:ChangeResourceRecordSetsRecordTypes all TXT", "route53:ChangeResourceRecordSetsActions all UPSERT", "route53:ChangeResourceRecordSetsNormalizedRecordNames all _acme-challenge.*"}},
	} {
		if got, _ := conditionsOf(t, tc.words); !slices.Equal(got, tc.want) {
			t.Errorf("%s\n got %q\nwant %q", tc.words, got, tc.want)
		}
	}
}

func TestScanExemptions(t *testing.T) {
	for _, tc := range []struct {
		words string
		want  []string
	}{
		{"deny-only: no object deletion in bucket maps unless MFA was used", []string{"unless aws:MultiFactorAuthPresent true"}},
		{"deny getting objects from bucket maps from outside 203.0.113.0/24", []string{"unless aws:SourceIp 203.0.113.0/24", "unless aws:ViaAWSService true"}},
		{"deny starting instances without the tag Owner", []string{"unless aws:ResourceTag/Owner exists"}},
		{"deny only: refuse requests to bucket maps over plain http", []string{"unless aws:SecureTransport true"}},
		{"add your own MFA device without MFA", nil},
	} {
		if got, _ := conditionsOf(t, tc.words); !slices.Equal(got, tc.want) {
			t.Errorf("%s\n got %q\nwant %q", tc.words, got, tc.want)
		}
	}
}

func TestScanAsks(t *testing.T) {
	for _, words := range []string{
		"read bucket maps only from our VPC", "read bucket maps only from our office IP", "let everyone in our org read bucket maps",
		"read bucket maps only from 10.1.0.0/16", "read bucket maps only during business hours", "read bucket maps only via the vpc endpoint",
	} {
		got, rd := conditionsOf(t, words)
		if len(got) > 0 || len(rd.Out.Questions) == 0 {
			t.Errorf("%s: got conditions %q and questions %v, want a question only", words, got, rd.Out.Questions)
		}
	}
}

func TestOwnCredentials(t *testing.T) {
	rd := begin("each IAM user can create and delete their own access keys only")
	rd.Read()
	in := rd.Finish()
	for _, g := range in.Grants {
		if len(g.Targets) != 1 || g.Targets[0].Vars["UserNameWithPath"] != "${aws:username}" {
			t.Errorf("%s: targets %v, want the caller's own user", g.Actions[0].Name, g.Targets)
		}
	}
}

func TestConditionsReachTheirGrants(t *testing.T) {
	rd := begin("list the tables of dynamodb; get objects from bucket maps with MFA")
	rd.Read()
	in := rd.Finish()
	for _, g := range in.Grants {
		mfa := slices.ContainsFunc(g.Where, func(c intent.Constraint) bool { return c.Key == "aws:MultiFactorAuthPresent" })
		if s3 := strings.HasPrefix(g.Actions[0].Name, "s3:"); s3 != mfa {
			t.Errorf("%s: MFA required = %v", g.Actions[0].Name, mfa)
		}
	}
}
