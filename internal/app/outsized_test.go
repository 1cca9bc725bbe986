package app

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
)

// What would search a document that no service takes says at once that it is too large.
func TestOutsizedDocumentsAreRefused(t *testing.T) {
	offline := New(catalog.Default())
	var b strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&b, `,{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b%d/*"}`, i)
	}
	text := `{"Version":"2012-10-17","Statement":[` + b.String()[1:] + `]}`
	d, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := offline.Minimize(d, Scope{}); !errors.Is(err, policy.ErrOutsized) {
		t.Errorf("Minimize: error %v", err)
	}
	quota, _ := policy.QuotaOf(policy.IdentityBased, "managed")
	if _, err := offline.Split(d, quota, Scope{}); !errors.Is(err, policy.ErrOutsized) {
		t.Errorf("Split: error %v", err)
	}
	named := LintText{Name: "many.json", Text: text}
	if scored, err := ScoreTexts(t.Context(), offline.Scorer(nil), []LintText{named}); err != nil || !errors.Is(scored[0].Err, policy.ErrOutsized) {
		t.Errorf("ScoreTexts: %v, %v", scored, err)
	}
	if found := offline.Validate(named, nil, nil, nil); !errors.Is(found.Broken, policy.ErrOutsized) {
		t.Errorf("Validate: %v", found.Broken)
	}
}
