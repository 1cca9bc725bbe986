package witness

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A request is found if there is one, by evaluation or by search, and it is allowed.
func TestFind(t *testing.T) {
	const deny = `,{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::a/*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-12345678"}}}`
	tests := []struct {
		name, statements string
		query            lint.Query
		want             bool
	}{
		{"plain", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, lint.Query{Action: "s3:GetObject"}, true},
		{"not named", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, lint.Query{Action: "sqs:SendMessage"}, false},
		{"other resource", `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::a/*"}`, lint.Query{Action: "s3:GetObject", Resource: "arn:*:s3:::b/*"}, false},
		{"a condition has to be met", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/t":"a*b"}}}`, lint.Query{Action: "s3:GetObject"}, true},
		{"a Deny has to be evaded", `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::a/*"}` + deny, lint.Query{Action: "s3:GetObject"}, true},
		{"a Deny cannot be evaded", `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::a/*"}` + deny,
			lint.Query{Action: "s3:GetObject", Where: []policy.Condition{lint.Where("Null", "aws:SourceVpce", "true")}}, false},
		{"a pattern of actions", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, lint.Query{Action: "s3:Get*"}, true},
		{"patterns that cross", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a-*/x"}`, lint.Query{Action: "s3:GetObject", Resource: "arn:aws:s3:::*-b/*"}, true},
	}
	open := Open(compare.New(catalog.Default()))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + tt.statements + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			o := open(d, policy.IdentityBased)
			r, ok := o.Find(tt.query)
			if ok != tt.want {
				t.Errorf("Find(%+v) = %v, %v, want %v", tt.query, r, ok, tt.want)
			}
			if ok && !o.Decide(r) {
				t.Errorf("Find(%+v) = %s, which is not allowed", tt.query, r.String())
			}
		})
	}
	if o := open(&policy.Document{Statements: []policy.Statement{{Effect: "Maybe"}}}, policy.IdentityBased); o != nil {
		t.Error("a document without meaning has an oracle")
	}
}

func TestCovers(t *testing.T) {
	covers := Covers(compare.New(catalog.Default()))
	wide := &policy.Document{Statements: []policy.Statement{{Effect: policy.Allow, Actions: []policy.Text{{Text: "s3:*"}}, Resources: []policy.Text{{Text: "*"}}}}}
	narrow := &policy.Document{Statements: []policy.Statement{{Effect: policy.Allow, Actions: []policy.Text{{Text: "s3:Get*"}}, Resources: []policy.Text{{Text: "*"}}}}}
	if !covers(wide, narrow, policy.IdentityBased) || covers(narrow, wide, policy.IdentityBased) {
		t.Error("s3:* does not cover s3:Get*, or the other way round")
	}
}
