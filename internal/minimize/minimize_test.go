package minimize_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/minimize"
	"github.com/aegis-iam/aegis/internal/policy"
)

var comparer = compare.New(catalog.Default())

func within(t *testing.T, old, new []*policy.Document) bool {
	t.Helper()
	a, err := comparer.Subsumes(compare.One(policy.IdentityBased, old...), compare.One(policy.IdentityBased, new...), compare.Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	return a.Verdict == compare.Proved
}

func proof(t *testing.T) minimize.Proof {
	return func(a, b []*policy.Document) bool { return within(t, a, b) }
}

func parse(t *testing.T, statements string) *policy.Document {
	t.Helper()
	d, err := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [` + statements + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDocument(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing to do", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}`,
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}`},
		{"a statement within another",
			`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}`,
			`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`},
		{"an action and a resource within others",
			`{"Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject", "s3:PutObject"], "Resource": ["arn:aws:s3:::b/x/*", "arn:aws:s3:::b/*"]}`,
			`{"Effect": "Allow", "Action": ["s3:Get*", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*"}`},
		{"two statements about the same resource",
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}, {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"}`,
			`{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*"}`},
		{"a Deny of what nothing allows",
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`,
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`},
		{"a condition that is always true",
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddressIfExists": {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}}}`,
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`},
		{"values within others",
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "10.1.0.0/16"]}}}`,
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in, want := parse(t, test.in), parse(t, test.want)
			got, complete := minimize.Document(in, proof(t))
			if !policy.Equal(got, want) || !complete {
				t.Errorf("Document(%s) = %s, complete: %v, want %s", in.Compact(), got.Compact(), complete, want.Compact())
			}
			if again, _ := minimize.Document(got, proof(t)); !policy.Equal(again, got) {
				t.Errorf("Document(%s) = %s, want the same again", got.Compact(), again.Compact())
			}
		})
	}
}

// What comes out allows the same, is no larger, and cannot be made smaller once more.
func TestRandomDocuments(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	list := func(from ...string) string {
		out := make([]string, 1+r.IntN(3))
		for i := range out {
			out[i] = strconv.Quote(from[r.IntN(len(from))])
		}
		return "[" + strings.Join(out, ",") + "]"
	}
	smaller := 0
	for range 60 {
		var statements []string
		for range 1 + r.IntN(4) {
			s := `{"Effect": "Allow", `
			if r.IntN(4) == 0 {
				s = `{"Effect": "Deny", `
			}
			s += `"Action": ` + list("s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "sqs:SendMessage", "*") +
				`, "Resource": ` + list("*", "arn:aws:s3:::a/*", "arn:aws:s3:::a/b/*", "arn:aws:s3:::*", "arn:aws:sqs:*:*:q")
			if r.IntN(3) == 0 {
				s += `, "Condition": {"StringLike": {"aws:PrincipalTag/t": ` + list("*", "a*", "ab", "b") + `}}`
			}
			statements = append(statements, s+"}")
		}
		d := parse(t, strings.Join(statements, ","))
		got, complete := minimize.Document(d, proof(t))
		before, after := []*policy.Document{d}, []*policy.Document{got}
		if !complete || got.Size() > d.Size() || !within(t, before, after) || !within(t, after, before) {
			t.Errorf("Document(%s) = %s, complete: %v: not the same, or larger", d.Compact(), got.Compact(), complete)
		}
		if again, _ := minimize.Document(got, proof(t)); !policy.Equal(again, got) {
			t.Errorf("Document(%s) = %s, want the same again", got.Compact(), again.Compact())
		}
		if got.Size() < d.Size() {
			smaller++
		}
	}
	if smaller < 20 {
		t.Errorf("%d of 60 documents got smaller, want 20", smaller)
	}
}

func TestSplit(t *testing.T) {
	quota, ok := policy.QuotaOf(policy.IdentityBased, "user")
	if !ok {
		t.Fatal("no quota for the policies of users")
	}
	var statements []string
	for i := range 40 {
		statements = append(statements, fmt.Sprintf(`{"Sid": "S%d", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::bucket-%d/*"}`, i, i))
	}
	var actions []string
	for i := range 200 {
		actions = append(actions, fmt.Sprintf(`"s3:Get%dObject"`, i))
	}
	statements = append(statements, `{"Effect": "Allow", "Action": [`+strings.Join(actions, ",")+`], "Resource": "*"}`,
		`{"Effect": "Deny", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket-7/*"}`)
	d := parse(t, strings.Join(statements, ","))
	parts, err := minimize.Split(d, quota, proof(t))
	if err != nil || len(parts) < 3 {
		t.Fatalf("Split gives %d parts, %v", len(parts), err)
	}
	for i, p := range parts {
		if size := quota.Counting.Size(p.Compact()); size > quota.Limit {
			t.Errorf("part %d has %d characters, want at most %d", i+1, size, quota.Limit)
		}
	}
	if whole := []*policy.Document{d}; !within(t, whole, parts) || !within(t, parts, whole) {
		t.Error("the parts do not allow what the whole allows")
	}
	long := parse(t, `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::`+strings.Repeat("x", 3000)+`"}`)
	if _, err := minimize.Split(long, quota, proof(t)); !errors.Is(err, minimize.ErrTooLarge) {
		t.Errorf("Split of one long resource: %v, want ErrTooLarge", err)
	}
	never := func(_, _ []*policy.Document) bool { return false }
	if _, err := minimize.Split(d, quota, never); !errors.Is(err, minimize.ErrNotProved) {
		t.Errorf("Split without proof: %v, want ErrNotProved", err)
	}
	if got, _ := minimize.Document(d, never); !policy.Equal(got, d) {
		t.Errorf("Document without proof changed the document: %s", got.Compact())
	}
}
