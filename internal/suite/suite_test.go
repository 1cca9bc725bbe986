package suite

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/tree"
	"github.com/aegis-iam/aegis/internal/verify"
)

var files = map[string]string{
	"policy.json": `{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::media/*"},
  {"Sid": "Keep", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}]}`,
	"org.yaml": `
organization:
  accounts: {111111111111: {scps: [FullAWSAccess, noec2]}}
policies:
  noec2: {Version: 2012-10-17, Statement: {Effect: Deny, Action: "ec2:*", Resource: "*"}}
principals:
  app: {arn: "arn:aws:iam::111111111111:role/app", policies: AdministratorAccess}
`,
}

func open(path string) ([]byte, error) {
	if text, ok := files[path]; ok {
		return []byte(text), nil
	}
	return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("no such file")}
}

const ofPolicy = `format: 2
policies: policy.json
tests:
  - {expect: allow, action: [s3:GetObject, s3:PutObject], resource: "arn:aws:s3:::media/a"}
  - {name: keep, expect: deny, because: nothing goes, action: s3:DeleteObject, resource: "arn:aws:s3:::media/a"}
  - {name: "other # bucket", expect: allow, because: "a slip <here>", action: s3:GetObject, resource: "arn:aws:s3:::other/a"}
`

const ofScenario = `
scenario: org.yaml
tests:
  - {expect: deny, layer: scp, principal: app, action: ec2:StopInstances}
  - {expect: allow, principal: app, action: s3:ListAllMyBuckets}
  - {name: wrong layer, expect: deny, layer: identity, principal: app, action: ec2:StopInstances}
  - {name: keys, expect: allow, principal: app, action: sqs:ListQueues, context: {aws:SourceIp: [192.0.2.1]}}
`

func parse(t testing.TB, text string) *Suite {
	t.Helper()
	s, err := Parse("tests.yaml", []byte(text), open, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRun(t *testing.T) {
	o := parse(t, ofPolicy).Run()
	var got []string
	for _, r := range o.Results {
		got = append(got, fmt.Sprintf("%s: %v %v", r.Test.Name, r.Decision, r.Passed))
	}
	want := []string{
		"allow s3:GetObject on arn:aws:s3:::media/a: Allowed true",
		"allow s3:PutObject on arn:aws:s3:::media/a: Allowed true",
		"keep: ExplicitDeny true",
		"other # bucket: ImplicitDeny false",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") || o.Failed != 1 {
		t.Errorf("Run = %d failed\n%s\nwant\n%s", o.Failed, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	o = parse(t, ofScenario).Run()
	for i, passed := range []bool{true, true, false, true} {
		if r := o.Results[i]; r.Passed != passed {
			t.Errorf("%s: passed %v, want %v\n%s", r.Test.Name, r.Passed, passed, r.Detail)
		}
	}
}

// TestBeside: control policies, and tests that say so, have a policy beside them that allows
// everything.
func TestBeside(t *testing.T) {
	o := parse(t, `{"kind": "scp", "policies": {"Statement": {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}}, "tests": [
		{"expect": "allow", "action": "s3:GetObject"}, {"expect": "deny", "action": "s3:GetObject", "alone": true}, {"expect": "deny", "action": "ec2:StopInstances"}]}`).Run()
	if o.Failed != 0 {
		t.Errorf("%d tests of a control policy fail: %+v", o.Failed, o.Results)
	}
	o = parse(t, `{"policies": {"Statement": {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}}, "tests": [
		{"expect": "allow", "action": "s3:GetObject", "baseline": true}, {"expect": "deny", "action": "s3:GetObject"}]}`).Run()
	if o.Failed != 0 {
		t.Errorf("%d tests of a policy that denies fail", o.Failed)
	}
}

func TestOverride(t *testing.T) {
	d, err := policy.Parse([]byte(`{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse("tests.yaml", []byte(ofPolicy), open, []*policy.Document{d})
	if err != nil {
		t.Fatal(err)
	}
	if o := s.Run(); o.Failed != 1 || o.Results[2].Passed {
		t.Errorf("Run of another policy: %d failed", o.Failed)
	}
}

func TestErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "tests.yaml: the text is empty"},
		{"old format", `{"format": 1, "tests": []}`, `tests.yaml:1:12: the format of tests is 2, not "1"`},
		{"no policy", "tests: [{expect: allow, action: s3:GetObject}]", "names neither policies nor a scenario"},
		{"both", "policies: policy.json\nscenario: org.yaml\ntests: []", "not of both"},
		{"no tests", "policies: policy.json", "the file has no tests"},
		{"empty tests", "policies: policy.json\ntests: []", "tests.yaml:2:8: the file has no tests"},
		{"unknown field", "policies: policy.json\ntests:\n- {expect: allow, acton: s3:GetObject}", `tests.yaml:3:19: a test has no "acton"; did you mean "action"?`},
		{"no expectation", "policies: policy.json\ntests:\n- {action: s3:GetObject}", "tests.yaml:3:3: the test does not say what to expect"},
		{"odd expectation", "policies: policy.json\ntests:\n- {expect: yes, action: s3:GetObject}", `expect must be allow or deny, not "yes"`},
		{"no action", "policies: policy.json\ntests:\n- {expect: allow}", "the test has no action"},
		{"no service", "policies: policy.json\ntests:\n- {expect: allow, action: GetObject}", "must name its service"},
		{"layer of policies", "policies: policy.json\ntests:\n- {expect: deny, layer: scp, action: s3:GetObject}", "layer and endpoint are for tests of a scenario"},
		{"unknown layer", "scenario: org.yaml\ntests:\n- {expect: deny, layer: ou, principal: app, action: s3:GetObject}", `no kind of policy is called "ou"`},
		{"unknown principal", "scenario: org.yaml\ntests:\n- {expect: deny, principal: ap, action: s3:GetObject}", `tests.yaml:3:3: the scenario has no principal "ap": there are app`},
		{"missing file", "policies: none.json\ntests: []", "tests.yaml:1:11: open none.json: no such file"},
		{"fault in a policy", "policies: {Statement: [{Effect: Allow}]}\ntests: []", "tests.yaml:1:24: the statement has neither Action nor NotAction"},
		{"fault in a scenario", "scenario: {principals: {eva: }}\ntests: []", `tests.yaml:1:25: "eva" is no ARN`},
		{"too many", "policies: policy.json\ntests:\n- {expect: deny, action: [" + strings.Repeat("a:b, ", 201) + "], resource: [" + strings.Repeat("x, ", 200) + "]}", "one file has at most 20000 tests"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("tests.yaml", []byte(tt.text), open, nil)
			var located *tree.Error
			if err == nil || !strings.Contains(err.Error(), tt.want) || !errors.As(err, &located) {
				t.Errorf("Parse = %v, want %s", err, tt.want)
			}
		})
	}
}

// TestWrite: what is written is read as the same tests.
func TestWrite(t *testing.T) {
	written := []verify.Test{
		{Name: "1", Allow: true, Because: "a<b", Request: evaluate.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: evaluate.Context{"aws:SourceIp": {"192.0.2.1"}}}},
		{Name: "2", Baseline: true, Alone: true, Request: evaluate.Request{Principal: evaluate.Principal{Type: evaluate.Service, ID: "sns.amazonaws.com"}, Action: "sts:AssumeRole"}},
		{Name: "3", Request: evaluate.Request{Principal: evaluate.Principal{Type: evaluate.Federated, ID: "cognito-identity.amazonaws.com"}, Action: "sts:AssumeRole"}},
	}
	d, err := policy.Parse([]byte(files["policy.json"]))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Write(&out, Subject{Kind: policy.IdentityBased, Document: d}, written); err != nil {
		t.Fatal(err)
	}
	s, err := Parse("tests.json", out.Bytes(), open, nil)
	if err != nil || s.Kind != policy.IdentityBased || len(s.Tests) != len(written) {
		t.Fatalf("Parse(Write(tests)) = %v, %v of\n%s", s, err, out.String())
	}
	for i, got := range s.Tests {
		want := written[i]
		if got.Name != want.Name || got.Allow != want.Allow || got.Because != want.Because || got.Baseline != want.Baseline || got.Alone != want.Alone ||
			evaluate.ParsePrincipal(got.Request.Principal) != want.Request.Principal && want.Request.Principal != (evaluate.Principal{}) ||
			got.Request.Action != want.Request.Action || got.Request.Resource != want.Request.Resource ||
			fmt.Sprint(got.Request.Context) != fmt.Sprint(map[string][]string(want.Request.Context)) {
			t.Errorf("test %d = %+v, want %+v", i, got, want)
		}
	}
}

func TestReports(t *testing.T) {
	outcomes := []Outcome{parse(t, ofPolicy).Run(), parse(t, ofScenario).Run()}
	var text, tap, junit strings.Builder
	Text(&text, outcomes, false)
	wantText := `FAIL tests.yaml:6:5 other # bucket
     the request must be allowed: a slip <here>
     ImplicitDeny: s3:GetObject on arn:aws:s3:::other/a; no statement allows it
     policy 1 statement 1 does not allow it: the resource does not match
     policy 1: the action does not match statement 2
tests.yaml: 1 of 4 tests fail
FAIL tests.yaml:6:5 wrong layer
     the request must be denied by the layer identity
`
	if !strings.HasPrefix(text.String(), wantText) || !strings.HasSuffix(text.String(), "tests.yaml: 1 of 4 tests fail\n") {
		t.Errorf("Text =\n%s\nwant it to begin\n%s", text.String(), wantText)
	}
	TAP(&tap, outcomes)
	wantTAP := "TAP version 14\n1..8\nok 1 - tests.yaml: allow s3:GetObject on arn:aws:s3:::media/a\n"
	if !strings.HasPrefix(tap.String(), wantTAP) || !strings.Contains(tap.String(), "not ok 4 - tests.yaml: other \\# bucket\n  ---\n") {
		t.Errorf("TAP =\n%s\nwant it to begin\n%s", tap.String(), wantTAP)
	}
	if err := JUnit(&junit, outcomes); err != nil {
		t.Fatal(err)
	}
	var read junitSuites
	if err := xml.Unmarshal([]byte(junit.String()), &read); err != nil {
		t.Fatal(err)
	}
	if read.Tests != 8 || read.Failures != 2 || len(read.Suites) != 2 || read.Suites[0].Cases[3].Failure == nil || read.Suites[0].Cases[0].Failure != nil {
		t.Errorf("JUnit =\n%s", junit.String())
	}
	if message := read.Suites[0].Cases[3].Failure.Message; message != "the request must be allowed: a slip <here>" {
		t.Errorf("message of JUnit = %q", message)
	}
}

// FuzzParse: no text makes the reader panic, and a suite that is read can be run and reported.
func FuzzParse(f *testing.F) {
	f.Add(ofPolicy)
	f.Add(ofScenario)
	f.Add(`{"format": 2, "kind": "scp", "policies": [{"Statement": []}], "tests": [{"expect": "deny", "action": "a:b", "alone": true}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse("tests", []byte(text), open, nil)
		if err != nil {
			return
		}
		o := []Outcome{s.Run()}
		var out bytes.Buffer
		Text(&out, o, true)
		TAP(&out, o)
		if err := JUnit(&out, o); err != nil {
			t.Errorf("JUnit = %v", err)
		}
	})
}
