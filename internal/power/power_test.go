package power

import (
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/policy"
)

func open(t *testing.T, statements string) *Holder {
	t.Helper()
	d, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + statements + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	h, err := Open(catalog.Default(), compare.New(catalog.Default()), d, policy.KindOf(d))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const (
	all     = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	powerly = `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`
	noIAM   = `{"Effect":"Deny","Action":"iam:*","Resource":"*"}`
	tls     = `"Condition":{"Bool":{"aws:SecureTransport":"false"}}`
)

// alphabet names every action by the first letter of its service.
func alphabet() string {
	var actions []string
	for c := 'a'; c <= 'z'; c++ {
		actions = append(actions, `"`+string(c)+`*"`)
	}
	return `{"Effect":"Allow","Action":[` + strings.Join(actions, ",") + `],"Resource":"*"}`
}

// services names every service of the catalog.
func services() string {
	var actions []string
	for _, p := range catalog.Default().Prefixes() {
		actions = append(actions, `"`+p+`:*"`)
	}
	return `{"Effect":"Allow","Action":[` + strings.Join(actions, ",") + `],"Resource":"*"}`
}

// Each power is found in whatever form it is written, and is gone where a Deny takes it away.
func TestPowers(t *testing.T) {
	administers := func(h *Holder) Answer { return h.Administers() }
	whole := func(h *Holder) Answer { return h.WholeService() }
	kms := func(h *Holder) Answer { return h.Whole("kms") }
	decrypts := func(h *Holder) Answer { return h.Decrypts() }
	assumes := func(h *Holder) Answer { return h.AssumesAny() }
	public := func(h *Holder) Answer { return h.Public() }
	bucket := func(h *Holder) Answer { return h.ByService("s3.amazonaws.com") }
	plain := func(h *Holder) Answer { return h.PlainText() }
	tests := []struct {
		name, statements string
		ask              func(*Holder) Answer
		want             bool
	}{
		{"all", all, administers, true},
		{"all in a list", `{"Effect":"Allow","Action":["s3:GetObject","*:*"],"Resource":["*"]}`, administers, true},
		{"all ARNs", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:*:*:*:*"}`, administers, true},
		{"in two parts", powerly + `,{"Effect":"Allow","Action":"iam:*","Resource":"*"}`, administers, true},
		{"all but one", `{"Effect":"Allow","NotAction":"s3:DeleteBucket","Resource":"*"}`, administers, true},
		{"by letters", alphabet(), administers, true},
		{"by services", services(), administers, true},
		{"with a condition", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`, administers, true},
		{"with an idle Deny", all + `,{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}`, administers, true},
		{"without IAM", powerly, administers, false},
		{"IAM denied", all + "," + noIAM, administers, false},
		{"one bucket", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/*"}`, administers, false},
		{"all denied", all + `,{"Effect":"Deny","Action":"*","Resource":"*"}`, administers, false},
		{"never", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"a"},"StringNotEquals":{"aws:RequestedRegion":"a"}}}`, administers, false},

		{"service", `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}`, whole, true},
		{"service in capitals", `{"Effect":"Allow","Action":"S3:**","Resource":"*"}`, whole, true},
		{"all but a service", powerly, whole, true},
		{"service by letters", `{"Effect":"Allow","Action":["sqs:A*","sqs:C*","sqs:D*","sqs:G*","sqs:L*","sqs:P*","sqs:R*","sqs:S*","sqs:T*","sqs:U*"],"Resource":"*"}`, whole, true},
		{"a Deny of one action", `{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}`, whole, true},
		{"service denied", `{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"}`, whole, false},
		{"all but reads denied", `{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","NotAction":"s3:Get*","Resource":"*"}`, whole, false},
		{"reads", `{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"}`, whole, false},
		{"another service", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, kms, false},
		{"this service", all, kms, true},

		{"all keys", `{"Effect":"Allow","Action":"kms:D*","Resource":"*"}`, decrypts, true},
		{"all keys of an account", `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:*:111122223333:key/*"}`, decrypts, true},
		{"all keys that a condition leaves", `{"Effect":"Allow","Action":"kms:ReEncrypt*","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}}}`, decrypts, true},
		{"all keys of a Region", `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:111122223333:key/*"}`, decrypts, false},
		{"all but decryption", `{"Effect":"Allow","Action":"kms:*","Resource":"*"},{"Effect":"Deny","Action":["kms:Decrypt","kms:ReEncrypt*"],"Resource":"*"}`, decrypts, false},
		{"the holder's key", `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:*:*:key/${aws:PrincipalTag/Key}"}`, decrypts, false},
		{"all but the holder's key", `{"Effect":"Allow","Action":"kms:Decrypt","NotResource":"arn:aws:kms:*:*:key/${aws:PrincipalTag/Key}"}`, decrypts, true},
		{"roles", `{"Effect":"Allow","Action":"sts:*","Resource":"*"}`, assumes, true},
		{"one role", `{"Effect":"Allow","Action":"sts:*","Resource":"arn:aws:iam::111122223333:role/a"}`, assumes, false},

		{"public", `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}`, public, true},
		{"public from everywhere", `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}}`, public, true},
		{"sessions of a name", `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"StringLike":{"aws:userid":"*:deploy"}}}`, public, true},
		{"sessions of a role", `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"StringLike":{"aws:userid":"AROAEXAMPLEEXAMPLE:*"}}}`, public, false},
		{"events of any bucket", `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}}}`, public, true},
		{"events of a bucket", `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::acme*"}}}`, public, false},
		{"roles of a name", `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deploy"}}}`, public, true},
		{"organization", `{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}}`, public, false},
		{"public, denied to all but an account", `{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}}`, public, false},
		{"any bucket", `{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*"}`, bucket, true},
		{"buckets of any name", `{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}}}`, bucket, true},
		{"buckets of an account", `{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}}`, bucket, false},
		{"one bucket's events", `{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::b"}}}`, bucket, false},

		{"TLS", `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],` + tls + `}`, plain, false},
		{"TLS in parts", `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b",` + tls + `},{"Effect":"Deny","Principal":{"AWS":"*"},"NotAction":"sqs:*","NotResource":"arn:aws:s3:::b","Condition":{"BoolIfExists":{"aws:SecureTransport":["false"]}}}`, plain, false},
		{"TLS of objects only", `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*",` + tls + `}`, plain, true},
		{"TLS of reads only", `{"Effect":"Deny","Principal":"*","Action":"s3:Get*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],` + tls + `}`, plain, true},
		{"TLS of one account", `{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],` + tls + `}`, plain, true},
		{"TLS allowed, not demanded", `{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"true"}}}`, plain, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.ask(open(t, tt.statements))
			want := compare.Proved
			if tt.want {
				want = compare.Counterexample
			}
			if got.Verdict != want {
				t.Errorf("the answer about %s is %v (%s) with %v, want %v", tt.statements, got.Verdict, got.Reason, got.Request.String(), want)
			}
			if got.Given() && got.Position == (policy.Position{}) && got.Statement >= 0 {
				t.Errorf("no place for %v", got.Request.String())
			}
			if got.Given() && strings.Contains(got.Request.Action, unnamed) {
				t.Errorf("the request is for %s, want one that there is", got.Request.Action)
			}
		})
	}
}

// The place is that of the pattern which names the action.
func TestPlace(t *testing.T) {
	h := open(t, `{"Effect":"Allow","Action":"sqs:GetQueueUrl","Resource":"*"},
{"Effect":"Allow","Action":["s3:GetObject",
"kms:*"],"Resource":"*"}`)
	for name, got := range map[string]Answer{"WholeService": h.WholeService(), "Decrypts": h.Decrypts()} {
		if got.Statement != 1 || got.Position != (policy.Position{Line: 3, Column: 1}) {
			t.Errorf("%s() is at statement %d, %v; want 1, 3:1", name, got.Statement, got.Position)
		}
	}
	if _, err := Open(catalog.Default(), compare.New(catalog.Default()), &policy.Document{Statements: []policy.Statement{{Effect: "Maybe"}}}, policy.IdentityBased); err == nil {
		t.Error("Open of a document without meaning gives no error")
	}
}
