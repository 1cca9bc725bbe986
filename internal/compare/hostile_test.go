package compare_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/policy"
)

// puzzle returns a policy of random clauses of three boolean keys each: it allows everything if and
// only if no values of the keys make all clauses true, which is hard to find out.
func puzzle(r *rand.Rand, keys, clauses int) *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	for range clauses {
		s := policy.Statement{Effect: policy.Allow, Actions: texts("s3:GetObject"), Resources: texts("*")}
		for _, k := range r.Perm(keys)[:3] {
			c := policy.Condition{Operator: "Null", Key: fmt.Sprintf("aws:PrincipalTag/k%d", k), Values: texts([]string{"true", "false"}[r.IntN(2)])}
			s.Conditions = append(s.Conditions, c)
		}
		d.Statements = append(d.Statements, s)
	}
	return d
}

// Documents that are made to be hard end with the budget, and what is said of them is true.
func TestHostileDocuments(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	all := document(t, `Allow "Action": "s3:GetObject", "Resource": "*"`)
	wild := func(marks int) *policy.Document {
		return document(t, `Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*a`+strings.Repeat("?", marks)+`"`)
	}
	many := func(n int, name string) *policy.Document {
		d := &policy.Document{Version: policy.Version2012}
		for i := range n {
			d.Statements = append(d.Statements, policy.Statement{
				Effect: policy.Allow, Actions: texts("s3:GetObject", "s3:PutObject"), Resources: texts(fmt.Sprintf("arn:aws:s3:::%s%d/*", name, i)),
				Conditions: []policy.Condition{{Operator: "StringEquals", Key: "aws:PrincipalTag/t", Values: texts(fmt.Sprint(i))}},
			})
		}
		return d
	}
	stars := &policy.Document{Version: policy.Version2012}
	for i := range 40 {
		s := policy.Statement{Effect: policy.Allow, Actions: texts("s3:GetObject"), Resources: texts("arn:aws:s3:::*" + strings.Repeat("a*b*", i%7+1) + strings.Repeat("?", i) + "*c")}
		stars.Statements = append(stars.Statements, s)
	}
	on := func(pattern string, times int) *policy.Document {
		return document(t, `Allow "Action": "s3:GetObject", "Resource": "arn:aws:s3:::`+strings.Repeat(pattern, times)+`"`)
	}
	var tags strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&tags, "/${aws:PrincipalTag/k%d}", i)
	}
	variables := on("a"+tags.String(), 1)
	owners := on("a/${aws:PrincipalTag/k}", 1)
	for i := range 5_000 {
		owners.Statements[0].Resources = append(owners.Statements[0].Resources, policy.Text{Text: fmt.Sprintf("arn:aws:s3:::b/${aws:PrincipalTag/k%d}", i)})
	}
	verbs := all.Clone()
	for i := range 50_000 {
		verbs.Statements[0].Actions = append(verbs.Statements[0].Actions, policy.Text{Text: fmt.Sprintf("*:Get%d*", i)})
	}
	keys := all.Clone()
	for i := range 27_000 {
		c := policy.Condition{Operator: "StringLike", Key: fmt.Sprintf("aws:PrincipalTag/k%d", i), Values: texts("v*")}
		keys.Statements[0].Conditions = append(keys.Statements[0].Conditions, c)
	}
	tests := []struct {
		name     string
		old, new *policy.Document
		wrong    compare.Verdict // what would be a wrong answer
	}{
		{"a small puzzle without a solution", puzzle(r, 6, 120), all, compare.Counterexample},
		{"a puzzle with solutions", puzzle(r, 40, 60), all, compare.Proved},
		{"a hard puzzle", puzzle(r, 300, 1278), all, -1},
		{"many marks behind a star", wild(24), wild(24), compare.Counterexample},
		{"many marks behind a star, less", wild(25), wild(24), compare.Proved},
		{"patterns of many stars", stars, all, compare.Proved},
		{"1,000 wildcards", on("a*", 1000), on("*a", 1000), compare.Proved},
		{"1,000 wildcards and marks", on("*a?b", 1000), on("*a?b", 1001), compare.Counterexample},
		{"1,000 wildcards, others", on("*a?b", 1000), on("*b?a", 1000), compare.Proved},
		{"1,000 variables", all, variables, compare.Counterexample},
		{"1,000 variables, the other way", variables, all, compare.Proved},
		{"5,000 variables", all, owners, compare.Counterexample},
		{"5,000 variables, the other way", owners, all, compare.Proved},
		{"50,000 patterns for many services", verbs, all, compare.Counterexample},
		{"27,000 condition keys", all, keys, compare.Counterexample},
		{"27,000 condition keys, the other way", keys, all, compare.Proved},
		{"10,000 statements", many(10000, "a"), many(10000, "a"), compare.Counterexample},
		{"10,000 other statements", many(10000, "b"), many(10000, "a"), compare.Proved},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := comparer.Subsumes(one(test.old), one(test.new), compare.Options{Budget: 1_000_000})
			if err != nil {
				t.Fatal(err)
			}
			if a.Verdict == test.wrong {
				t.Errorf("verdict %v", a.Verdict)
			}
			if a.Verdict == compare.Unknown && a.Reason == "" {
				t.Error("unknown without a reason")
			}
			t.Log(a.Verdict, a.Reason)
		})
	}
}
