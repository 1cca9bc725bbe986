package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A list of as many patterns as a text can hold is not compared each with each, and what one of
// them covers is found all the same.
func TestLongLists(t *testing.T) {
	list, err := rules.Named([]string{"resource-redundant"})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range 25_000 {
		fmt.Fprintf(&b, `"arn:aws:s3:::bucket-%05d/*",`, i)
	}
	text := `{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":[` + b.String() + `"arn:aws:s3:::bucket-12345/a/*","arn:aws:s3:::bucket-0000?/*"]}]}`
	found := linter(list).Run(text, policy.IdentityBased)
	if len(found) != 11 {
		t.Errorf("%d resources are covered, want 11", len(found))
	}
}
