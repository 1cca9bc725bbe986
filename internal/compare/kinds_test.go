package compare_test

import (
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

func TestKindsWithPrincipals(t *testing.T) {
	trust := func(principal string) string { return `Allow "Action": "sts:AssumeRole", ` + principal }
	tests := []struct {
		name     string
		kind     policy.Kind
		old, new []string
		want     compare.Verdict
	}{
		{"a role and its account", policy.Trust, []string{trust(`"Principal": {"AWS": "123456789012"}`)}, []string{trust(`"Principal": {"AWS": "arn:aws:iam::123456789012:role/a"}`)}, compare.Proved},
		{"an account and one of its roles", policy.Trust, []string{trust(`"Principal": {"AWS": "arn:aws:iam::123456789012:role/a"}`)}, []string{trust(`"Principal": {"AWS": "123456789012"}`)}, compare.Counterexample},
		{"the root is the account", policy.Trust, []string{trust(`"Principal": {"AWS": "arn:aws:iam::123456789012:root"}`)}, []string{trust(`"Principal": {"AWS": "123456789012"}`)}, compare.Proved},
		{"a session of the role", policy.Trust, []string{trust(`"Principal": {"AWS": "arn:aws:iam::123456789012:role/a"}`)}, []string{trust(`"Principal": {"AWS": "arn:aws:sts::123456789012:assumed-role/a/s"}`)}, compare.Proved},
		{"the role of a session", policy.Trust, []string{trust(`"Principal": {"AWS": "arn:aws:sts::123456789012:assumed-role/a/s"}`)}, []string{trust(`"Principal": {"AWS": "arn:aws:iam::123456789012:role/a"}`)}, compare.Counterexample},
		{"two services", policy.Trust, []string{trust(`"Principal": {"Service": "lambda.amazonaws.com"}`)}, []string{trust(`"Principal": {"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}`)}, compare.Counterexample},
		{"anyone", policy.Trust, []string{trust(`"Principal": "*"`)}, []string{trust(`"Principal": {"AWS": "*"}`)}, compare.Proved},
		{"all but one", policy.ResourceBased, []string{`Allow "Principal": "*", "Action": "s3:GetObject", "Resource": "*"`}, []string{`Allow "NotPrincipal": {"AWS": "123456789012"}, "Action": "s3:GetObject", "Resource": "*"`}, compare.Proved},
		{"an identity provider and a repository", policy.Trust,
			[]string{`Allow "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}, "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"}}`},
			[]string{`Allow "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}, "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme*"}}`},
			compare.Counterexample},
		{"a resource policy without Resource", policy.ResourceBased, []string{`Allow "Principal": "*", "Action": "ecr:BatchGetImage"`}, []string{`Allow "Principal": "*", "Action": "ecr:BatchGetImage", "Resource": "arn:aws:ecr:eu-west-1:123456789012:repository/a"`}, compare.Proved},
		{"an identity policy without Resource allows nothing", policy.IdentityBased, nil, []string{`Allow "Action": "s3:GetObject"`}, compare.Proved},
		{"a resource policy without Principal allows nothing", policy.ResourceBased, nil, []string{`Allow "Action": "s3:GetObject", "Resource": "*"`}, compare.Proved},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			old, new := document(t, test.old...), document(t, test.new...)
			got, err := comparer.Subsumes(compare.One(test.kind, old), compare.One(test.kind, new), compare.Options{})
			if err != nil || got.Verdict != test.want {
				t.Errorf("Subsumes = %+v, %v, want %v", got, err, test.want)
			}
		})
	}
}

// Layers only limit each other, and what they limit is found in the statements of each.
func TestLayers(t *testing.T) {
	all := document(t, `Allow "Action": "*", "Resource": "*"`)
	s3 := document(t, `Allow "Action": "s3:*", "Resource": "*"`)
	region := document(t, `Allow "Action": "*", "Resource": "*"`, `Deny "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}`)
	ireland := document(t, `Allow "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}`)
	layers := func(documents ...*policy.Document) compare.Access {
		var a compare.Access
		for _, d := range documents {
			a = append(a, one(d)...)
		}
		return a
	}
	tests := []struct {
		name     string
		old, new compare.Access
		want     compare.Verdict
	}{
		{"a boundary cuts", one(s3), layers(all, s3), compare.Proved},
		{"two layers are what both allow", layers(all, s3, region), one(ireland), compare.Proved},
		{"and no more", one(ireland), layers(all, s3, region), compare.Proved},
		{"one layer less", layers(s3, region), layers(s3), compare.Counterexample},
		{"no layers allow everything", nil, one(all), compare.Proved},
		{"and everything is more than something", one(s3), nil, compare.Counterexample},
		{"documents of one layer add up", compare.One(policy.IdentityBased, s3, document(t, `Allow "Action": "sqs:*", "Resource": "*"`)),
			one(document(t, `Allow "Action": ["s3:Get*", "sqs:*"], "Resource": "*"`)), compare.Proved},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := comparer.Subsumes(test.old, test.new, compare.Options{})
			if err != nil || got.Verdict != test.want {
				t.Fatalf("Subsumes = %+v, %v, want %v", got, err, test.want)
			}
			if got.Verdict == compare.Counterexample && len(got.Allowed) != len(test.new) {
				t.Errorf("%d statements allow the request, want one of each of %d layers", len(got.Allowed), len(test.new))
			}
		})
	}
}

func TestFind(t *testing.T) {
	d := document(t, `Allow "Action": "s3:*", "Resource": "arn:aws:s3:::media/*"`, `Deny "Action": "s3:Delete*", "Resource": "*"`)
	tests := []struct {
		name string
		box  policy.Statement
		want compare.Verdict
	}{
		{"anything", policy.Statement{}, compare.Counterexample},
		{"an action", policy.Statement{Actions: texts("s3:PutObject")}, compare.Counterexample},
		{"a denied action", policy.Statement{Actions: texts("s3:DeleteObject")}, compare.Proved},
		{"another resource", policy.Statement{Resources: texts("arn:aws:s3:::other/*")}, compare.Proved},
		{"not that resource", policy.Statement{NotResources: texts("arn:aws:s3:::media/*")}, compare.Proved},
		{"without a key", policy.Statement{Conditions: []policy.Condition{{Operator: "Null", Key: "aws:SourceIp", Values: texts("true")}}}, compare.Counterexample},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := comparer.Find(one(d), test.box, compare.Options{})
			if err != nil || got.Verdict != test.want {
				t.Fatalf("Find = %+v, %v, want %v", got, err, test.want)
			}
			if got.Verdict == compare.Counterexample && !allows(compiled(t, one(d)), got.Request) {
				t.Errorf("Find = %+v, which is not allowed", got.Request)
			}
		})
	}
	if _, err := comparer.Find(one(d), policy.Statement{Actions: texts("*"), NotActions: texts("s3:*")}, compare.Options{}); err == nil {
		t.Error("Find of Action and NotAction: no error")
	}
}

// Statements about other actions count for nothing: their variables stand in no witness, but an
// operator that IAM does not have is an error there too.
func TestOtherActions(t *testing.T) {
	about := `Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"`
	other := `Allow "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:${aws:PrincipalTag/team}"`
	got, err := comparer.Find(one(document(t, other, about)), policy.Statement{Actions: texts("s3:GetObject")}, compare.Options{})
	if err != nil || got.Verdict != compare.Counterexample {
		t.Fatalf("Find = %+v, %v", got, err)
	}
	if c := got.Request.Context; len(c) != 1 || len(c["aws:username"]) != 1 {
		t.Errorf("the witness has the keys %v, want aws:username", c)
	}
	if want := (compare.Place{Statement: 1}); len(got.Allowed) != 1 || got.Allowed[0] != want {
		t.Errorf("allowed by %v, want %v", got.Allowed, want)
	}
	wrong := document(t, about, other+`, "Condition": {"StringEqual": {"aws:username": "a"}}`)
	if _, err := comparer.Find(one(wrong), policy.Statement{Actions: texts("s3:GetObject")}, compare.Options{}); err == nil {
		t.Error("Find with an operator that IAM does not have: no error")
	}
}

// A witness names a resource where requests for the action can name one, and * only where nothing
// else is gained.
func TestWitnessResources(t *testing.T) {
	all := func(action string) *policy.Document {
		return document(t, `Allow "Action": "`+action+`", "Resource": "*"`)
	}
	tests := []struct {
		action, old string
		want        string // the start of the resource
	}{
		{"s3:GetObject", "arn:aws:sqs:::none", "arn:aws:s3:::"},
		{"s3:GetObject", "arn:aws:s3:::*", "arn:"},
		{"bedrock:ListPrompts", "arn:aws:s3:::none", "arn:aws:bedrock:"},
		{"bedrock:ListPrompts", "arn:*", "*"},
		{"s3:ListAllMyBuckets", "arn:aws:s3:::none", "*"},
	}
	for _, test := range tests {
		old := document(t, `Allow "Action": "`+test.action+`", "Resource": "`+test.old+`"`)
		a := subsumes(t, old, all(test.action))
		if got := a.Request.Resource; a.Verdict != compare.Counterexample || !strings.HasPrefix(got, test.want) || len(got) == len("arn:aws:s3:::") {
			t.Errorf("%s on all but %s: %v, %q, want %q", test.action, test.old, a.Verdict, got, test.want)
		}
	}
	if a := subsumes(t, document(t, `Allow "Action": "s3:GetObject", "Resource": "arn:*"`), all("s3:GetObject")); a.Verdict != compare.Proved {
		t.Errorf("s3:GetObject on * against all ARNs: %+v, want a proof", a)
	}
}

// Differences names all actions, and both reasons for which the old side does not allow them.
func TestDifferences(t *testing.T) {
	old := document(t, `Allow "Action": "sqs:*", "Resource": "*"`, `Deny "Action": "sqs:DeleteQueue", "Resource": "*"`)
	new := document(t, `Allow "Action": ["sqs:DeleteQueue", "sqs:SendMessage", "s3:ListAllMyBuckets", "s3:GetObject"], "Resource": "*"`)
	report, err := comparer.Differences(one(old), one(new), compare.Limits{})
	if err != nil || report.Verdict != compare.Counterexample || report.Reason != "" {
		t.Fatalf("Differences = %+v, %v", report, err)
	}
	named := map[string]bool{}
	for _, d := range report.Differences {
		for _, a := range d.Actions {
			named[a] = len(d.Denied) > 0
		}
	}
	want := map[string]bool{"sqs:DeleteQueue": true, "s3:ListAllMyBuckets": false, "s3:GetObject": false}
	for a, denied := range want {
		if got, ok := named[a]; !ok || got != denied {
			t.Errorf("%s is listed: %v, denied: %v, want denied: %v", a, ok, got, denied)
		}
	}
	if len(named) != len(want) {
		t.Errorf("actions %v, want %v", named, want)
	}
	one, err := comparer.Differences(one(old), one(new), compare.Limits{Differences: 1})
	if err != nil || len(one.Differences) != 1 || !one.Stopped {
		t.Errorf("one of the differences: %+v, %v", one, err)
	}
}

// Comparisons end and do not panic, whatever the documents.
func FuzzSubsumes(f *testing.F) {
	m := newMaker(51)
	m.variables = true
	for range 20 {
		f.Add(m.document().Compact(), m.document().Compact())
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		old, err1 := policy.Parse(a)
		new, err2 := policy.Parse(b)
		if err1 != nil || err2 != nil {
			t.Skip()
		}
		for _, kind := range []policy.Kind{policy.IdentityBased, policy.ResourceBased} {
			before, after := compare.One(kind, old), compare.One(kind, new)
			answer, err := comparer.Subsumes(before, after, compare.Options{Budget: 20000})
			if err != nil || answer.Verdict != compare.Counterexample {
				continue
			}
			if x, y := compiled(t, after), compiled(t, before); !allows(x, answer.Request) || allows(y, answer.Request) {
				t.Errorf("the counterexample %+v is none", answer.Request)
			}
			if answer.Request.Principal == (evaluate.Principal{}) && kind.HasPrincipal() {
				t.Error("a request without a principal")
			}
		}
	})
}
