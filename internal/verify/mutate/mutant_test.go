package mutate

import (
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
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

func TestMutants(t *testing.T) {
	doc := parse(t, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:111122223333:q",`+
		`"Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":"900"}}}`)
	var names []string
	for _, m := range Mutants(doc, catalog.Default()) {
		names = append(names, strings.TrimPrefix(m.Name, "statement 1: "))
	}
	for _, want := range []string{
		"effect turned round", "action sqs:SendMessage dropped, and with it the statement", "action sqs:SendMessage widened to sqs:*",
		"resource arn:aws:sqs:eu-west-1:111122223333:q widened to arn:aws:sqs:eu-west-1:*:q",
		"resource arn:aws:sqs:eu-west-1:111122223333:q widened to *",
		"condition NumericLessThan aws:MultiFactorAuthAge dropped",
		"condition NumericLessThan aws:MultiFactorAuthAge value 900 widened to 901",
		"principal widened to anyone", "principal arn:aws:iam::111122223333:role/r widened to its account",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("Mutants lacks %q in %q", want, names)
		}
	}
}

// TestEquivalent holds the rules to changes that cannot matter and to changes that do.
func TestEquivalent(t *testing.T) {
	tests := []struct {
		name, doc, mutant string
		equivalent        bool
	}{
		{"covered resource", `{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/x","arn:aws:s3:::b/*"]}`, "resource arn:aws:s3:::b/x dropped", true},
		{"needed resource", `{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/x","arn:aws:s3:::b/y"]}`, "resource arn:aws:s3:::b/x dropped", false},
		{"any queue", `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:*:*:*"}`, "resource arn:aws:sqs:*:*:* widened to *", true},
		{"one account", `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:*:111122223333:*"}`, "resource arn:aws:sqs:*:111122223333:* widened to *", false},
		{"other type", `{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/*","arn:aws:s3:::b"]}`, "resource arn:aws:s3:::b dropped", true},
		{"only verb", `{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/r"}`, "action iam:PassRole widened to iam:Pass*", true},
		{"many of the verb", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`, "action s3:GetObject widened to s3:Get*", false},
		{"implied Null", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"},"Null":{"aws:SourceVpc":"false"}}}`, "condition Null aws:SourceVpc dropped", true},
		{"needed Null", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"a"},"Null":{"aws:TagKeys":"false"}}}`, "condition Null aws:TagKeys dropped", false},
		{"covered network", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","10.1.0.0/16"]}}}`, "condition IpAddress aws:SourceIp value 10.1.0.0/16 dropped", true},
		{"given elsewhere", `{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`, "statement 2: action s3:GetObject dropped", true},
	}
	for _, test := range tests {
		found := false
		for _, m := range Mutants(parse(t, test.doc), catalog.Default()) {
			if strings.Contains(m.Name, test.mutant) {
				found = true
				if (m.Equivalent != "") != test.equivalent {
					t.Errorf("%s: %s is equivalent: %q, want %v", test.name, m.Name, m.Equivalent, test.equivalent)
				}
				break
			}
		}
		if !found {
			t.Errorf("%s: no mutant %q", test.name, test.mutant)
		}
	}
}
