package evaluate

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
)

func mustCompile(t testing.TB, kind policy.Kind, document string) *Policy {
	t.Helper()
	d, err := policy.Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(d, kind)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCompileErrors(t *testing.T) {
	d := &policy.Document{Statements: []policy.Statement{
		{Effect: policy.Allow},
		{Effect: policy.Allow, Conditions: []policy.Condition{{Operator: "StringMatches", Key: "k"}}},
	}}
	_, err := Compile(d, policy.IdentityBased)
	var unknown *condition.UnknownOperatorError
	if !errors.As(err, &unknown) || unknown.Name != "StringMatches" || !strings.Contains(err.Error(), "statement 2") {
		t.Errorf("Compile with an unknown operator: %v", err)
	}
	d.Statements[0].Effect = "allow"
	if _, err = Compile(d, policy.IdentityBased); err == nil || !strings.Contains(err.Error(), `"allow"`) {
		t.Errorf("Compile with effect allow: %v", err)
	}
}

func TestContextValues(t *testing.T) {
	c := Context{"aws:SourceIp": {"a"}, "K": {"1"}, "k": {"2"}}
	for key, want := range map[string]string{"aws:SourceIp": "[a]", "AWS:SOURCEIP": "[a]", "k": "[2]", "aws:Source": "[]", "": "[]"} {
		if got := fmt.Sprint(c.Values(key)); got != want {
			t.Errorf("Values(%q) = %s, want %s", key, got, want)
		}
	}
	if got := Context(nil).Values("k"); got != nil {
		t.Errorf("Values of no context = %v", got)
	}
}

// TestKinds: the kind of a policy decides which elements count.
func TestKinds(t *testing.T) {
	statement := policy.Statement{
		Effect:    policy.Allow,
		Actions:   texts("s3:GetObject"),
		Resources: texts("arn:aws:s3:::b/*"),
		Principal: &policy.Principal{AWS: texts("111122223333")},
	}
	d := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{statement}}
	inside, outside := "arn:aws:s3:::b/k", "arn:aws:s3:::c/k"
	friend, stranger := Principal{AWS, "111122223333"}, Principal{AWS, "444455556666"}
	tests := []struct {
		kind                        policy.Kind
		ofStranger, onOtherResource Decision
	}{
		{policy.IdentityBased, Allowed, ImplicitDeny},
		{policy.PermissionsBoundary, Allowed, ImplicitDeny},
		{policy.SessionPolicy, Allowed, ImplicitDeny},
		{policy.ServiceControl, Allowed, ImplicitDeny},
		{policy.ResourceBased, ImplicitDeny, ImplicitDeny},
		{policy.ResourceControl, ImplicitDeny, ImplicitDeny},
		{policy.Trust, ImplicitDeny, Allowed},
	}
	for _, tt := range tests {
		p, err := Compile(d, tt.kind)
		if err != nil {
			t.Fatal(err)
		}
		if p.Kind() != tt.kind {
			t.Errorf("Kind() = %v, want %v", p.Kind(), tt.kind)
		}
		for _, c := range []struct {
			who  Principal
			on   string
			want Decision
		}{{friend, inside, Allowed}, {stranger, inside, tt.ofStranger}, {friend, outside, tt.onOtherResource}} {
			if got := Evaluate(Request{Principal: c.who, Action: "s3:GetObject", Resource: c.on}, p); got != c.want {
				t.Errorf("Evaluate(%v on %s) by a policy of kind %s = %v, want %v", c.who, c.on, tt.kind, got, c.want)
			}
		}
	}
}

// TestIncompleteStatement: a document that was built, not parsed, may lack elements.
func TestIncompleteStatement(t *testing.T) {
	d := &policy.Document{Statements: []policy.Statement{
		{Effect: policy.Allow},
		{Effect: policy.Allow, Actions: texts("*")},
		{Effect: policy.Allow, Resources: texts("*")},
	}}
	p, err := Compile(d, policy.IdentityBased)
	if err != nil {
		t.Fatal(err)
	}
	if got := Evaluate(Request{Action: "s3:GetObject"}, p); got != ImplicitDeny {
		t.Errorf("Evaluate by incomplete statements = %v, want ImplicitDeny", got)
	}
}

// TestManyStatements goes beyond the space that is set aside for the usual documents.
func TestManyStatements(t *testing.T) {
	d := &policy.Document{}
	for i := range 1000 {
		d.Statements = append(d.Statements, policy.Statement{
			Effect:    policy.Allow,
			Actions:   texts(fmt.Sprintf("s3:Get%d", i)),
			Resources: texts("*"),
		})
	}
	p, err := Compile(d, policy.IdentityBased)
	if err != nil {
		t.Fatal(err)
	}
	for action, want := range map[string]Decision{"s3:Get999": Allowed, "s3:get0": Allowed, "s3:Get1000": ImplicitDeny, strings.Repeat("x", 200): ImplicitDeny} {
		if got := Evaluate(Request{Action: action}, p); got != want {
			t.Errorf("Evaluate(%s) = %v, want %v", action, got, want)
		}
	}
}

func TestEvaluateDoesNotAllocate(t *testing.T) {
	p := mustCompile(t, policy.IdentityBased, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*",
		"Resource": "arn:aws:s3:::home/${aws:username}/*", "Condition": {
			"StringLike": {"aws:PrincipalTag/team": "b*"}, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"},
			"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}, "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}}}`)
	req := Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::home/eva/x", Context: Context{
		"aws:username": {"eva"}, "aws:PrincipalTag/team": {"blue"}, "aws:SourceIp": {"192.0.2.1"},
		"aws:MultiFactorAuthAge": {"60"}, "aws:CurrentTime": {"2026-06-01T12:00:00Z"},
	}}
	if got := Evaluate(req, p); got != Allowed {
		t.Fatalf("Evaluate = %v, want Allowed", got)
	}
	if n := testing.AllocsPerRun(100, func() { Evaluate(req, p) }); n > 0 {
		t.Errorf("Evaluate allocates %v times", n)
	}
}

func TestParsePrincipal(t *testing.T) {
	id := strings.Repeat("0a", 32)
	tests := []struct {
		text string
		want Principal
	}{
		{"", Principal{}},
		{"lambda.amazonaws.com", Principal{Type: Service, ID: "lambda.amazonaws.com"}},
		{"111122223333", Principal{Type: AWS, ID: "111122223333"}},
		{"arn:aws:iam::1:oidc-provider/x", Principal{Type: Federated, ID: "arn:aws:iam::1:oidc-provider/x"}},
		{"federated=cognito-identity.amazonaws.com", Principal{Type: Federated, ID: "cognito-identity.amazonaws.com"}},
		{id, Principal{Type: CanonicalUser, ID: id}},
		{"AWS=*", Principal{Type: AWS, ID: "*"}},
	}
	for _, tt := range tests {
		if got := ParsePrincipal(tt.text); got != tt.want {
			t.Errorf("ParsePrincipal(%q) = %+v, want %+v", tt.text, got, tt.want)
		}
	}
}
