package universe

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aegis-iam/aegis/internal/automaton"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

func TestBitsetAgainstMaps(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func() (Bitset, map[int]bool) {
		var b Bitset
		m := map[int]bool{}
		for range r.IntN(4) {
			low := r.IntN(400)
			high := low + r.IntN(130)
			b.Add(low, high)
			for i := low; i < high; i++ {
				m[i] = true
			}
		}
		return b, m
	}
	numbers := func(b Bitset) map[int]bool {
		m := map[int]bool{}
		for i := range b.All {
			m[i] = true
		}
		return m
	}
	for range 2000 {
		a, x := random()
		b, y := random()
		and, minus, meets, within := map[int]bool{}, map[int]bool{}, false, true
		for i := range x {
			if y[i] {
				and[i], meets = true, true
			} else {
				minus[i], within = true, false
			}
			if !a.Has(i) {
				t.Fatalf("Has(%d) = false after Add", i)
			}
		}
		equal := func(name string, got Bitset, want map[int]bool) {
			have := numbers(got)
			if len(have) != len(want) || got.Count() != len(want) || got.Empty() != (len(want) == 0) {
				t.Fatalf("%s has %d numbers, want %d", name, len(have), len(want))
			}
			for i := range want {
				if !have[i] {
					t.Fatalf("%s lacks %d", name, i)
				}
			}
		}
		equal("And", a.And(b), and)
		equal("Minus", a.Minus(b), minus)
		equal("Full.And", Full(600).And(a), x)
		if a.Meets(b) != meets || a.Within(b) != within {
			t.Fatalf("Meets, Within = %v, %v, want %v, %v", a.Meets(b), a.Within(b), meets, within)
		}
	}
}

// Expand finds the actions that the evaluator finds.
func TestExpandAgainstEvaluate(t *testing.T) {
	u := New(catalog.Default())
	for _, pattern := range []string{
		"*", "s3:*", "S3:getobject", "s3:Get*", "s3:*Object", "s3:?etObject", "*:Get*", "s*", "sqs", "s3:", "s3:GetObjectt",
		"ec2:*Instance?", "s3:Get:*", "**", "*:*", "s3*:Get*", "*s3:GetObject", "", "s?:GetObject", "a*b*",
	} {
		p, err := evaluate.Compile(&policy.Document{Statements: []policy.Statement{{
			Effect: policy.Allow, Actions: []policy.Text{{Text: pattern}}, Resources: []policy.Text{{Text: "*"}},
		}}}, policy.IdentityBased)
		if err != nil {
			t.Fatal(err)
		}
		var got Bitset
		u.Expand(&got, pattern)
		for i := range catalog.Default().Counts().Actions {
			name := catalog.Default().ActionAt(i).String()
			if want := evaluate.Evaluate(evaluate.Request{Action: name}, p) == evaluate.Allowed; got.Has(i) != want {
				t.Errorf("Expand(%q) has %s: %v, want %v", pattern, name, got.Has(i), want)
				break
			}
		}
	}
}

func TestReadFormat(t *testing.T) {
	tests := []struct {
		format, text string
		want         bool
	}{
		{"arn:${Partition}:s3:::${BucketName}", "arn:aws:s3:::media", true},
		{"arn:${Partition}:s3:::${BucketName}", "arn:aws-us-gov:s3:::media", true},
		{"arn:${Partition}:s3:::${BucketName}", "arn:aws:s3:::media/a", false},
		{"arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::media/a/b:c", true},
		{"arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::media/", false},
		{"arn:${Partition}:sqs:${Region}:${Account}:${QueueName}", "arn:aws:sqs:eu-west-1:123456789012:q", true},
		{"arn:${Partition}:sqs:${Region}:${Account}:${QueueName}", "arn:aws:sqs:eu-west-1:12345678901:q", false},
		{"arn:${Partition}:sqs:${Region}:${Account}:${QueueName}", "arn:aws:sqs::123456789012:q", false},
		{"arn:${Partition}:iam::${Account}:policy/${PolicyNameWithPath}", "arn:aws:iam::aws:policy/ReadOnlyAccess", true},
		{"arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:*", "arn:aws:logs:eu-west-1:123456789012:log-group:a:log-stream:b", true},
		{"*", "*", true},
		{"*", "arn:aws:s3:::media", false},
	}
	for _, test := range tests {
		set := automaton.SetOf(&automaton.Variables{}, ReadFormat(test.format)...)
		if got := set.Match(test.text); got != test.want {
			t.Errorf("%s stands for %s: %v, want %v", test.format, test.text, got, test.want)
		}
	}
}

// An action with optional resource types may name none, but not one of Amazon S3.
func TestShapes(t *testing.T) {
	u := New(catalog.Default())
	for name, want := range map[string][]string{
		"s3:ListAllMyBuckets": {"*"},
		"sqs:SendMessage":     {"arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"},
		"s3:ListBucket":       {"arn:${Partition}:s3:::${BucketName}", "arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}"},
		"bedrock:ListPrompts": {"*", "arn:${Partition}:bedrock:${Region}:${Account}:prompt/${PromptId}"},
	} {
		a, ok := catalog.Default().Action(name)
		if !ok {
			t.Fatalf("no action %s", name)
		}
		if got := u.ShapeOf(a.Index()); !slices.Equal(got.Formats, want) {
			t.Errorf("ShapeOf(%s) = %q, want %q", name, got.Formats, want)
		} else if n := got.Named; (n != nil) != (len(want) > 1 && want[0] == "*") || n != nil && !slices.Equal(n.Formats, want[1:]) {
			t.Errorf("ShapeOf(%s).Named = %+v, of %q", name, n, want)
		}
		if !u.Carries(a.Index(), "aws:SourceIp") || u.Carries(a.Index(), "ec2:InstanceType") {
			t.Errorf("requests for %s carry aws:SourceIp and not ec2:InstanceType, want that", name)
		}
	}
}

// For every principal there is a representative of which all elements say the same.
func TestPrincipalsStandForAll(t *testing.T) {
	text := func(ids ...string) []policy.Text {
		var out []policy.Text
		for _, id := range ids {
			out = append(out, policy.Text{Text: id})
		}
		return out
	}
	elements := []*policy.Principal{
		{Any: true}, {AWS: text("123456789012")}, {AWS: text("arn:aws:iam::123456789012:role/path/a", "arn:aws:iam::123456789012:user/u")},
		{AWS: text("arn:aws:sts::123456789012:assumed-role/b/s", "123456789012")}, {Service: text("lambda.amazonaws.com")},
		{Federated: text("*")}, {AWS: text("AIDAABCDEFGHIJKLMNOP")},
	}
	ids := []string{
		"*", "arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:user/u", "arn:aws:iam::123456789012:user/v",
		"arn:aws:iam::123456789012:role/path/a", "arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b",
		"arn:aws:sts::123456789012:assumed-role/a/x", "arn:aws:sts::123456789012:assumed-role/b/s", "arn:aws:sts::123456789012:assumed-role/b/t",
		"arn:aws:iam::444455556666:role/a", "arn:aws:sts::444455556666:assumed-role/a/s", "AIDAABCDEFGHIJKLMNOP", "AIDAZZZ", "444455556666",
		"arn:aws:sts::123456789012:federated-user/f", "123456789012",
	}
	var all []evaluate.Principal
	for _, id := range ids {
		all = append(all, evaluate.Principal{Type: evaluate.AWS, ID: id})
	}
	all = append(all, evaluate.Principal{Type: evaluate.Service, ID: "lambda.amazonaws.com"}, evaluate.Principal{Type: evaluate.Service, ID: "ec2.amazonaws.com"},
		evaluate.Principal{Type: evaluate.Federated, ID: "x"}, evaluate.Principal{Type: evaluate.CanonicalUser, ID: "y"})
	answers := func(p evaluate.Principal) string {
		out := ""
		for _, e := range elements {
			for _, s := range []policy.Statement{{Effect: policy.Allow, Principal: e}, {Effect: policy.Allow, NotPrincipal: e}, {Effect: policy.Deny, NotPrincipal: e}} {
				if evaluate.PrincipalTest(&s, policy.ResourceBased)(p) {
					out += "1"
				} else {
					out += "0"
				}
			}
		}
		return out
	}
	known := map[string]bool{}
	for _, p := range Principals(elements) {
		known[answers(p)] = true
	}
	for _, p := range all {
		if !known[answers(p)] {
			t.Errorf("no representative answers as %v: %s", p, answers(p))
		}
	}
}
