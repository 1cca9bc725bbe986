package probe

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

func TestParseProbe(t *testing.T) {
	tests := []struct {
		text string
		want Probe
		err  string
	}{
		{text: "s3:GetObject arn:aws:s3:::b/x", want: Probe{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/x"}},
		{
			text: `sts:AssumeRole - by=AWS:arn:aws:iam::111122223333:role/x sts:ExternalId="a b" alone`,
			want: Probe{
				Action: "sts:AssumeRole", Alone: true, Principal: evaluate.Principal{Type: "AWS", ID: "arn:aws:iam::111122223333:role/x"},
				Context: evaluate.Context{"sts:ExternalId": {"a b"}},
			},
		},
		{
			text: "a:B * aws:TagKeys=[x, y] aws:SourceIp=!",
			err:  `"y]": want key=value`,
		},
		{
			text: "a:B * aws:TagKeys=[x,y] aws:SourceIp=!",
			want: Probe{Action: "a:B", Resource: "*", Context: evaluate.Context{"aws:TagKeys": {"x", "y"}}, Absent: []string{"aws:SourceIp"}},
		},
		{text: "a:B", err: "needs an action and a resource"},
		{text: `a:B * k="x`, err: "quote is not closed"},
		{text: "a:B * by=AWS", err: "want by=TYPE:IDENTIFIER"},
		{text: "a:B * k=1 k=2", err: "stands twice"},
	}
	for _, test := range tests {
		got, err := parseProbe(test.text)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("parseProbe(%q) error = %v, want %q", test.text, err, test.err)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("parseProbe(%q) = %+v, %v, want %+v", test.text, got, err, test.want)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"outside", "a.probes", "# x\n\nallow a:B *\n", `a.probes:3: "allow" stands outside a case`},
		{"no words", "a.probes", "case x\nkind scp\n\n", "a.probes:3: case x has no words"},
		{"kind", "a.probes", "case x\nkind session\n", `a.probes:2: no kind of policy is called "session"`},
		{"before", "a.probes", "case x\nallow a:B *\n", `a.probes:2: "allow" stands before the words`},
		{"gold", "a.probes", "case x\nwords y\ngold [1]\n", "a.probes:3: gold: "},
		{"line", "a.probes", "case x\nwords y\nmaybe\n", `a.probes:3: no line begins with "maybe"`},
		{"late", "a.probes", "case x\nwords y\nkind scp\n", `a.probes:3: "kind" must stand before the words`},
		{"no probes", "a.probes", "case x\nwords y\n", "a.probes:2: these words of case x have no probes"},
		{"json", "a.jsonl", "\n{\"id\":\"x\"", "a.jsonl:2: unexpected end"},
		{"json id", "a.jsonl", "{}", "a.jsonl:1: a case without id"},
		{"turns", "a.jsonl", `{"id":"x","turns":["a","b"],"checks":[{}]}`, "a.jsonl:1: case x: 2 turns but 1 checks"},
		{"value", "a.jsonl", `{"id":"x","must_deny":[{"action":"a:B","context":{"k":{}}}]}`, "case x: turn 1: probe 1: context key k: "},
	}
	for _, test := range tests {
		_, err := Load(strings.NewReader(test.text), test.file)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Load error = %v, want %q", test.name, err, test.want)
		}
	}
}

func TestLoadJSONL(t *testing.T) {
	const line = `{"id":"x","kind":"identity","assume":"allow-all","tags":["a"],"turns":["p","q"],` +
		`"checks":[{"must_allow":[{"action":"s3:GetObject","resource":"arn:aws:s3:::b/x","context":{"aws:SourceIp":null,"k:n":3,"k:l":["a",true]}}]},` +
		`{"kind":"trust","must_deny":[{"action":"sts:AssumeRole","principal":{"Service":"ec2.amazonaws.com"},"alone":true}]}]}`
	cases, err := Load(strings.NewReader(line), "a.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	want := []Case{{
		ID: "x", Kind: policy.IdentityBased, Tags: []string{"a"}, File: "a.jsonl", Line: 1,
		Turns: []Turn{
			{Words: "p", Baseline: true, Line: 1, Probes: []Probe{{
				Allow: true, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/x", Line: 1, Absent: []string{"aws:SourceIp"},
				Context: evaluate.Context{"k:n": {"3"}, "k:l": {"a", "true"}},
			}}},
			{Words: "q", Kind: policy.Trust, Baseline: true, Line: 1, Probes: []Probe{{
				Action: "sts:AssumeRole", Principal: evaluate.Principal{Type: "Service", ID: "ec2.amazonaws.com"}, Alone: true, Line: 1,
			}}},
		},
	}}
	if !reflect.DeepEqual(cases, want) {
		t.Errorf("Load = %+v, want %+v", cases, want)
	}
}

func TestRequestDefaults(t *testing.T) {
	tests := []struct {
		probe string
		key   string
		want  string
	}{
		{"sqs:SendMessage arn:aws:sqs:eu-west-1:111122223333:q", "aws:RequestedRegion", "eu-west-1"},
		{"sqs:SendMessage arn:aws:sqs:eu-west-1:111122223333:q", "aws:ResourceAccount", "111122223333"},
		{"s3:GetObject arn:aws:s3:::b/x", "aws:RequestedRegion", "us-east-1"},
		{"s3:GetObject arn:aws:s3:::b/x aws:SourceIp=!", "aws:SourceIp", ""},
		{"s3:GetObject arn:aws:s3:::b/x", "aws:MultiFactorAuthPresent", ""},
		{"s3:GetObject arn:aws:s3:::b/x by=Service:x.amazonaws.com", "aws:SourceIp", ""},
		{"s3:GetObject arn:aws:s3:::b/x by=Service:x.amazonaws.com aws:SourceArn=arn:aws:sns:us-east-1:111122223333:t", "aws:SourceAccount", "111122223333"},
		{"s3:GetObject arn:aws:s3:::b/x by=AWS:arn:aws:iam::111122223333:role/r", "aws:PrincipalAccount", "111122223333"},
		{"ec2:RunInstances arn:aws:ec2:eu-west-1:123456789012:instance/i-1 aws:RequestedRegion=us-west-2", "ec2:Region", "us-west-2"},
		{"ec2:StopInstances arn:aws:ec2:eu-west-1:123456789012:instance/i-1 aws:ResourceTag/a=b", "ec2:ResourceTag/a", "b"},
		{"ssm:GetParameter arn:aws:ssm:eu-west-1:123456789012:parameter/p aws:ResourceTag/a=b", "ssm:resourceTag/a", "b"},
	}
	for _, test := range tests {
		p, err := parseProbe(test.probe)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(p.Request().Context.Values(test.key), ","); got != test.want {
			t.Errorf("%q: %s = %q, want %q", test.probe, test.key, got, test.want)
		}
	}
}

func TestJudge(t *testing.T) {
	const allow = `{"Version":"2012-10-17","Statement":[`
	tests := []struct {
		name, head, probes, doc string
		misses                  int
	}{
		{"group without star", "", "allow logs:PutRetentionPolicy arn:aws:logs:us-east-1:123456789012:log-group:g", `{"Effect":"Allow","Action":"logs:*","Resource":"arn:aws:logs:*:*:log-group:g:*"}`, 0},
		{"NotResource spares both spellings", "beside allow-all\n", "allow logs:PutRetentionPolicy arn:aws:logs:us-east-1:123456789012:log-group:g", `{"Effect":"Deny","Action":"logs:*","NotResource":"arn:aws:logs:*:*:log-group:g:*"}`, 0},
		{"alone", "beside allow-all\n", "deny s3:GetObject arn:aws:s3:::b/x alone", `{"Effect":"Deny","Action":"logs:*","Resource":"*"}`, 0},
		{"form", "", "deny s3:GetObject arn:aws:s3:::b/x", `{"Effect":"Allow","Principal":"*","Action":"logs:*","Resource":"*"}`, 1},
		{"trust with resource", "kind trust\n", "deny sts:TagSession - by=Service:a", `{"Effect":"Allow","Principal":{"Service":"a"},"Action":"sts:AssumeRole","Resource":"*"}`, 1},
		{"unknown operator", "", "deny s3:GetObject arn:aws:s3:::b/x", `{"Effect":"Allow","Action":"logs:*","Resource":"*","Condition":{"Equals":{"a":"b"}}}`, 1},
		{"wrong", "", "allow s3:GetObject arn:aws:s3:::b/x\ndeny s3:PutObject arn:aws:s3:::b/x", `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`, 2},
	}
	for _, test := range tests {
		cases, err := Load(strings.NewReader("case x\n"+test.head+"words y\n"+test.probes+"\n"), "a.probes")
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		doc, err := policy.Parse([]byte(allow + test.doc + "]}"))
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if got := cases[0].Judge(0, doc); len(got) != test.misses {
			t.Errorf("%s: Judge = %v, want %d misses", test.name, got, test.misses)
		}
	}
	if got := (Case{Turns: []Turn{{}}}).Judge(0, nil); len(got) != 1 {
		t.Errorf("Judge(nil) = %v, want one miss", got)
	}
}

func TestCheck(t *testing.T) {
	const set = `case a
kind resource
words y
allow s3:GetObject arn:aws:s3:::b/x
deny s3:getObject arn:aws:s3:::b/x by=AWS:1 no:Such=1
gold [{"Effect":"Allow","Principal":"*","Action":"s3:Nothing","Resource":"*"}]

case a
words y
allow s3:Nope *
deny s3:GetObject arn:aws:s3:::b
deny s3:PutObject b
`
	cases, err := Load(strings.NewReader(set), "a.probes")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, p := range Check(cases, catalog.Default()) {
		got.WriteString(p.String() + "\n")
	}
	for _, want := range []string{
		"a.probes:4: error: case a: a probe of a resource policy needs a principal",
		"a.probes:5: warning: case a: no condition key no:Such",
		"a.probes:5: warning: case a: s3:getObject is spelled s3:GetObject",
		"a.probes:4: error: case a: gold is not exact: want allow s3:GetObject",
		"gold has the unknown action s3:Nothing",
		"a.probes:8: error: case a: the id stands in line 1 already",
		"a.probes:10: error: case a: no action s3:Nope",
		"a.probes:11: warning: case a: arn:aws:s3:::b fits no resource type of s3:GetObject",
		"a.probes:12: error: case a: b: not an ARN",
	} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("Check lacks %q:\n%s", want, got.String())
		}
	}
}
