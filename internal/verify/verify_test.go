package verify

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/policy"
)

func parse(t *testing.T, statements string) *policy.Document {
	t.Helper()
	doc, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + statements + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// reading is a grant to read what lies below a prefix from one network.
var reading = intent.Intent{Kind: policy.IdentityBased, Grants: []intent.Grant{{
	Effect:  policy.Allow,
	Actions: []intent.Action{{Name: "s3:GetObject"}, {Name: "s3:ListBucket"}},
	Targets: []intent.Target{{Service: "s3", Type: "object", Vars: map[string]string{"BucketName": "tulip", "ObjectName": "maps/*"}}},
	Where:   []intent.Constraint{{Key: "aws:SourceIp", Values: []string{"203.0.113.0/25"}}},
}}}

func TestTestsOfReading(t *testing.T) {
	tests := Tests(reading, catalog.Default())
	wants := []struct {
		allow    bool
		action   string
		resource string
		key      string // and its value
		value    string
	}{
		{true, "s3:GetObject", "arn:aws:s3:::tulip/maps/alpha", "aws:SourceIp", "203.0.113.0"},
		{true, "s3:GetObject", "arn:aws:s3:::tulip/maps/alpha", "aws:SourceIp", "203.0.113.127"},
		{false, "s3:GetObject", "arn:aws:s3:::tulip/maps/alpha", "aws:SourceIp", "203.0.113.128"},
		{false, "s3:GetObject", "arn:aws:s3:::tulip/maps/alpha", "aws:SourceIp", "203.0.112.255"},
		{false, "s3:GetObject", "arn:aws:s3:::tulip/maps/alpha", "aws:SourceIp", ""},
		{false, "s3:GetObject", "arn:aws:s3:::tulip/maps0/alpha", "aws:SourceIp", "203.0.113.0"},
		{false, "s3:GetObject", "arn:aws:s3:::tulip0/maps/alpha", "aws:SourceIp", "203.0.113.0"},
		{true, "s3:ListBucket", "arn:aws:s3:::tulip", "s3:prefix", "maps/alpha"},
		{false, "s3:ListBucket", "arn:aws:s3:::tulip", "s3:prefix", "maps0alpha"},
		{false, "s3:ListBucket", "arn:aws:s3:::tulip", "s3:prefix", ""},
	}
	for _, want := range wants {
		if !slices.ContainsFunc(tests, func(x Test) bool {
			return x.Allow == want.allow && x.Request.Action == want.action && x.Request.Resource == want.resource &&
				strings.Join(x.Request.Context.Values(want.key), ",") == want.value
		}) {
			t.Errorf("Tests has no %+v", want)
		}
	}
}

func TestRunFindsFaults(t *testing.T) {
	const sound = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::tulip/maps/*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/25"}}},` +
		`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::tulip","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/25"},"StringLike":{"s3:prefix":"maps/*"}}}`
	faults := []struct{ name, old, new string }{
		{"sound", "", ""},
		{"other prefix", "tulip/maps/*", "tulip/*"},
		{"no network", `"IpAddress":{"aws:SourceIp":"203.0.113.0/25"},`, ""},
		{"wider network", "203.0.113.0/25", "203.0.113.0/24"},
		{"other verb", "s3:GetObject", "s3:Get*"},
		{"without key", `"IpAddress":{"aws:SourceIp":"203.0.113.0/25"},`, `"IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/25"},`},
		{"whole listing", `,"StringLike":{"s3:prefix":"maps/*"}`, ""},
		{"object listing", `"arn:aws:s3:::tulip"`, `"arn:aws:s3:::tulip/*"`},
	}
	tests := Tests(reading, catalog.Default())
	for _, f := range faults {
		failures := Run(tests, parse(t, strings.Replace(sound, f.old, f.new, 1)), policy.IdentityBased)
		if (len(failures) > 0) != (f.old != "") {
			t.Errorf("%s: Run = %v", f.name, failures)
		}
	}
}

func TestRunOfUnknownOperator(t *testing.T) {
	doc := parse(t, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Same":{"a:b":"c"}}}`)
	failures := Run(nil, doc, policy.IdentityBased)
	if len(failures) != 1 || failures[0].Err == nil || !strings.Contains(failures[0].String(), "Same") {
		t.Errorf("Run = %v, want one failure that names the operator", failures)
	}
}

func TestCut(t *testing.T) {
	var many []Test
	for i := range 1000 {
		many = append(many, Test{rank: uint8(i % 3), Grant: i})
	}
	got := cut(many)
	if len(got) > MaxTests || len(got) < MaxTests-3 {
		t.Errorf("cut kept %d, want about %d", len(got), MaxTests)
	}
	if last := got[len(got)-1].Grant; last < 900 {
		t.Errorf("cut kept nothing after %d: not spread evenly", last)
	}
}

func TestAblate(t *testing.T) {
	in := intent.Intent{Kind: policy.IdentityBased, Grants: []intent.Grant{{
		Effect: policy.Allow, Actions: []intent.Action{{Name: "sqs:SendMessage"}},
		Targets: []intent.Target{{Service: "sqs", Type: "queue", Vars: map[string]string{"QueueName": "q"}}},
	}}}
	tests := Tests(in, catalog.Default())
	wants := []struct {
		name, doc string
		want      []Idle
	}{
		{"minimal", `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:*:*:q"}`, nil},
		{
			"twice", `{"Effect":"Allow","Action":["sqs:SendMessage","sqs:sendmessage"],"Resource":"arn:aws:sqs:*:*:q"}`,
			[]Idle{{0, "action sqs:SendMessage dropped", "another pattern of the statement covers the action"}, {0, "action sqs:sendmessage dropped", "another pattern of the statement covers the action"}},
		},
		{
			"needless", `{"Effect":"Allow","Action":["sqs:SendMessage","sns:Publish"],"Resource":"arn:aws:sqs:*:*:q"}`,
			[]Idle{{0, "action sns:Publish dropped", ""}},
		},
	}
	for _, w := range wants {
		if got := Ablate(parse(t, w.doc), tests, policy.IdentityBased, catalog.Default()); !reflect.DeepEqual(got, w.want) {
			t.Errorf("%s: Ablate = %+v, want %+v", w.name, got, w.want)
		}
	}
}
