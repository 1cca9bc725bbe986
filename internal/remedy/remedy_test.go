package remedy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

func compiled(t testing.TB, kind policy.Kind, name, statements string) *evaluate.Policy {
	t.Helper()
	d, err := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [` + statements + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	p, err := evaluate.Compile(d, kind)
	if err != nil {
		t.Fatal(err)
	}
	return p.Named(name)
}

const (
	everything = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	sqs        = `{"Sid": "Queues", "Effect": "Allow", "Action": "sqs:*", "Resource": "*"}`
	other      = `{"Sid": "Other", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"}`
	mfa        = `{"Sid": "MFA", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}`
	region     = `{"Sid": "Europe", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}}`
	tagged     = `{"Sid": "Team", "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "data"}, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}`
	ofAccount  = `{"Sid": "Fixed", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "111111111111"}}}`
)

func TestSmallest(t *testing.T) {
	identity := func(s string) []*evaluate.Policy {
		return []*evaluate.Policy{compiled(t, policy.IdentityBased, "app", s)}
	}
	bucket := []*evaluate.Policy{compiled(t, policy.ResourceBased, "bucket",
		`{"Effect": "Allow", "Principal": {"AWS": "333333333333"}, "Action": "s3:*", "Resource": "*"}`)}
	boundary := []*evaluate.Policy{compiled(t, policy.PermissionsBoundary, "bound", sqs)}
	level := func(name, s string) evaluate.Level {
		return evaluate.Level{Name: name, Policies: []*evaluate.Policy{compiled(t, policy.ServiceControl, name, s)}}
	}
	ctx := evaluate.Context{
		"aws:MultiFactorAuthPresent": {"false"}, "aws:RequestedRegion": {"us-east-1"},
		"aws:PrincipalAccount": {"111111111111"},
	}
	tests := []struct {
		name    string
		setting evaluate.Setting
		want    string // plans, one a line, their changes separated by semicolons
	}{
		{"allowed", evaluate.Setting{Layers: evaluate.Layers{Identity: identity(everything)}}, ""},
		{"no allow", evaluate.Setting{Layers: evaluate.Layers{Identity: identity(sqs)}},
			"allow s3:GetObject on arn:aws:s3:::b/k in the identity-based policies"},
		{"another resource", evaluate.Setting{Layers: evaluate.Layers{Identity: identity(other)}},
			`add arn:aws:s3:::b/k to the resources of app statement 1 "Other" (identity-based policies)`},
		{"or by the resource", evaluate.Setting{Layers: evaluate.Layers{Identity: identity(sqs), Resource: bucket}},
			"allow s3:GetObject on arn:aws:s3:::b/k in the identity-based policies\n" +
				"allow s3:GetObject on arn:aws:s3:::b/k to arn:aws:iam::111111111111:user/eva in the resource-based policy"},
		{"both accounts", evaluate.Setting{Owner: "222222222222", Layers: evaluate.Layers{Identity: identity(sqs), Resource: bucket}},
			"allow s3:GetObject on arn:aws:s3:::b/k to arn:aws:iam::111111111111:user/eva in the resource-based policy; " +
				"allow s3:GetObject on arn:aws:s3:::b/k in the identity-based policies"},
		{"a deny", evaluate.Setting{Layers: evaluate.Layers{Identity: identity(everything + "," + mfa)}},
			"make the request with aws:MultiFactorAuthPresent=true\n" +
				`exempt the request from app statement 2 "MFA", or remove that Deny (identity-based policies)`},
		{"a level", evaluate.Setting{Layers: evaluate.Layers{Identity: identity(everything), SCPs: []evaluate.Level{level("Root", everything+","+region)}}},
			"make the request with aws:RequestedRegion=eu-west-1\n" +
				`exempt the request from Root statement 2 "Europe", or remove that Deny (service control policies at Root)`},
		{"a level that is silent", evaluate.Setting{Layers: evaluate.Layers{Identity: identity(everything), SCPs: []evaluate.Level{level("Root", everything), {Name: "Prod"}}}},
			"allow s3:GetObject on arn:aws:s3:::b/k in the service control policies at Prod, where FullAWSAccess is not attached"},
		{"a boundary as well", evaluate.Setting{Layers: evaluate.Layers{Identity: identity(sqs), Boundary: boundary}},
			"allow s3:GetObject on arn:aws:s3:::b/k in the identity-based policies; allow s3:GetObject on arn:aws:s3:::b/k in the permissions boundary"},
		{"conditions", evaluate.Setting{Layers: evaluate.Layers{Identity: identity(tagged)}},
			"allow s3:GetObject on arn:aws:s3:::b/k in the identity-based policies"},
		{"a key that cannot be another", evaluate.Setting{Layers: evaluate.Layers{Identity: identity(everything + "," + ofAccount)}},
			`exempt the request from app statement 2 "Fixed", or remove that Deny (identity-based policies)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := evaluate.Request{
				Principal: evaluate.Principal{Type: evaluate.AWS, ID: "arn:aws:iam::111111111111:user/eva"},
				Action:    "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: ctx,
			}
			plans, _ := Smallest(r, &tt.setting)
			if got := text(plans); got != tt.want {
				t.Errorf("Smallest =\n%s\nwant\n%s", got, tt.want)
			}
			checkPlans(t, r, &tt.setting, plans)
		})
	}
}

func text(plans []Plan) string {
	var lines []string
	for _, p := range plans {
		var changes []string
		for _, c := range p {
			changes = append(changes, c.Text)
		}
		lines = append(lines, strings.Join(changes, "; "))
	}
	return strings.Join(lines, "\n")
}

// checkPlans makes each plan's changes: with all of them the request is allowed, with one left
// out it is not.
func checkPlans(t *testing.T, r evaluate.Request, s *evaluate.Setting, plans []Plan) {
	t.Helper()
	for _, p := range plans {
		for skip := -1; skip < len(p); skip++ {
			w := &world{request: r, setting: *s}
			for i, c := range p {
				if i != skip {
					w = w.with(c)
				}
			}
			a := w.decide()
			if allowed := a.Decision == evaluate.Allowed; allowed != (skip < 0) {
				t.Errorf("%s without change %d: allowed %v\n%s", text([]Plan{p}), skip, allowed, a.String())
			}
		}
	}
}

// TestSmallestInLayer: the policies of one layer decide alone, whatever the layer.
func TestSmallestInLayer(t *testing.T) {
	r := evaluate.Request{
		Principal: evaluate.Principal{Type: evaluate.Service, ID: "ec2.amazonaws.com"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k",
		Context: evaluate.Context{"aws:PrincipalTag/team": {"data"}, "aws:SourceIp": {"198.51.100.7"}},
	}
	tests := []struct {
		kind             policy.Kind
		statements, want string
	}{
		{policy.IdentityBased, everything, ""},
		{policy.IdentityBased, tagged, "make the request with aws:SourceIp in 192.0.2.0/24\nallow s3:GetObject on arn:aws:s3:::b/k in the identity-based policies"},
		{policy.PermissionsBoundary, sqs, "allow s3:GetObject on arn:aws:s3:::b/k in the permissions boundary"},
		{policy.ServiceControl, other, `add arn:aws:s3:::b/k to the resources of p statement 1 "Other" (service control policies)`},
		{policy.ResourceBased, `{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "s3:*", "Resource": "*"}`,
			"allow s3:GetObject on arn:aws:s3:::b/k to ec2.amazonaws.com in the resource-based policy"},
		{policy.Trust, `{"Effect": "Deny", "Principal": "*", "Action": "s3:*"}`,
			"exempt the request from p statement 1, or remove that Deny (resource-based policy); allow s3:GetObject on arn:aws:s3:::b/k to ec2.amazonaws.com in the resource-based policy"},
		{policy.SessionPolicy, `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}`,
			"make the request with aws:SourceIp outside 198.51.100.0/24\nallow s3:GetObject on arn:aws:s3:::b/k in the session policies"},
	}
	for _, tt := range tests {
		p := compiled(t, tt.kind, "p", tt.statements)
		plans, possible := SmallestInLayer(r, tt.kind, []*evaluate.Policy{p})
		if got := text(plans); got != tt.want || !possible && tt.want != "" {
			t.Errorf("SmallestInLayer(%s) =\n%s\nwant\n%s", tt.kind, got, tt.want)
		}
	}
}

// TestRule: what no policy decides, no policy can change.
func TestRule(t *testing.T) {
	r := evaluate.Request{Principal: evaluate.Principal{ID: "arn:aws:iam::111111111111:root"}, Action: "sts:AssumeRole", Resource: "arn:aws:iam::111111111111:role/r"}
	if plans, possible := Smallest(r, &evaluate.Setting{}); len(plans) != 0 || possible {
		t.Errorf("Smallest for a root user who assumes a role = %s", text(plans))
	}
}

// TestTrust: the policy of a role is a trust policy, which has no Resource.
func TestTrust(t *testing.T) {
	r := evaluate.Request{Principal: evaluate.Principal{ID: "arn:aws:iam::111111111111:user/eva"}, Action: "sts:AssumeRole", Resource: "arn:aws:iam::111111111111:role/r"}
	s := &evaluate.Setting{}
	plans, _ := Smallest(r, s)
	want := "allow sts:AssumeRole on arn:aws:iam::111111111111:role/r to arn:aws:iam::111111111111:user/eva in the trust policy"
	if got := text(plans); got != want {
		t.Errorf("Smallest = %s, want %s", got, want)
	}
	checkPlans(t, r, s, plans)
}

// TestManyDenies: a hundred statements deny, which one plan gets past.
func TestManyDenies(t *testing.T) {
	statements := everything
	for i := range 100 {
		statements += fmt.Sprintf(`, {"Sid": "S%d", "Effect": "Deny", "Action": "*", "Resource": "*"}`, i)
	}
	s := &evaluate.Setting{Layers: evaluate.Layers{Identity: []*evaluate.Policy{compiled(t, policy.IdentityBased, "app", statements)}}}
	r := evaluate.Request{Principal: evaluate.Principal{ID: "arn:aws:iam::111111111111:user/eva"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}
	plans, _ := Smallest(r, s)
	if len(plans) != 1 || len(plans[0]) != 100 {
		t.Fatalf("Smallest = %d plans, want one of 100 changes", len(plans))
	}
	checkPlans(t, r, s, plans)
}

// TestTooManyDenies: ten thousand statements deny; no plan is found, and not for long looked for.
func TestTooManyDenies(t *testing.T) {
	var statements strings.Builder
	statements.WriteString(everything)
	for range 10000 {
		statements.WriteString(`,{"Effect":"Deny","Action":"*","Resource":"*"}`)
	}
	s := &evaluate.Setting{Layers: evaluate.Layers{Identity: []*evaluate.Policy{compiled(t, policy.IdentityBased, "app", statements.String())}}}
	r := evaluate.Request{Principal: evaluate.Principal{ID: "arn:aws:iam::111111111111:user/eva"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}
	if plans, possible := Smallest(r, s); len(plans) != 0 || !possible {
		t.Errorf("Smallest = %d plans, possible %v; want none, possible", len(plans), possible)
	}
}

func BenchmarkSmallest(b *testing.B) {
	s := &evaluate.Setting{Owner: "222222222222", Layers: evaluate.Layers{
		Identity: []*evaluate.Policy{compiled(b, policy.IdentityBased, "app", sqs+","+mfa+","+tagged)},
		Boundary: []*evaluate.Policy{compiled(b, policy.PermissionsBoundary, "bound", sqs)},
		SCPs:     []evaluate.Level{{Name: "Root", Policies: []*evaluate.Policy{compiled(b, policy.ServiceControl, "scp", everything+","+region)}}},
	}}
	r := evaluate.Request{Principal: evaluate.Principal{ID: "arn:aws:iam::111111111111:user/eva"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}
	for b.Loop() {
		if plans, _ := Smallest(r, s); len(plans) == 0 {
			b.Fatal("no plan")
		}
	}
}
