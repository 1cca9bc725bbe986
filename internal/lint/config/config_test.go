package config

import (
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/witness"

	"github.com/aegis-iam/aegis/internal/compare"
)

var known = []lint.Rule{
	{ID: "action-all", Severity: finding.Security, Aliases: []string{"CODE_ALL"}},
	{ID: "sid-empty", Severity: finding.Suggestion},
}

const settings = `
lint:
  fail-on: error
  accounts: ["111122223333"]
  kinds:
    guardrails/**: scp
    limits: boundary
  rules:
    CODE_ALL: warning
    sid-empty: off
  ignore:
    - rule: action-all
      path: admin/**
      sid: BreakGlass
      reason: the account needs a way in
    - path: legacy
      reason: goes away with the old system
  custom:
    - id: acme-keys
      severity: error
      message: nobody makes users and keys
      together: [iam:CreateUser, iam:CreateAccessKey]
    - id: acme-mfa
      message: deleting needs MFA
      actions: ["s3:DeleteObject"]
      needs: {Bool: {aws:MultiFactorAuthPresent: "true"}}
`

func TestParse(t *testing.T) {
	c, err := Parse([]byte(settings), known)
	if err != nil {
		t.Fatal(err)
	}
	if c.FailOn != finding.Error || len(c.Accounts) != 1 {
		t.Errorf("Parse() = fail-on %s, accounts %v", c.FailOn, c.Accounts)
	}
	var ids []string
	for _, r := range c.Rules(known) {
		ids = append(ids, r.ID)
	}
	if got := strings.Join(ids, " "); got != "action-all acme-keys acme-mfa" {
		t.Errorf("Rules() = %s", got)
	}
	for path, want := range map[string]policy.Kind{"guardrails/a/b.json": policy.ServiceControl, "limits/x.json": policy.PermissionsBoundary, "x.json": ""} {
		if got := c.Kind(path); got != want {
			t.Errorf("Kind(%q) = %q, want %q", path, got, want)
		}
	}
	findings := []finding.Finding{{Rule: "action-all", Severity: finding.Security, Sid: "BreakGlass"}, {Rule: "action-all", Sid: "Other"}}
	for path, want := range map[string]int{"admin/a.json": 1, "user/a.json": 2, "legacy/a.json": 0} {
		kept, ignored := c.Apply(path, findings)
		if len(kept) != want || ignored != 2-want {
			t.Errorf("Apply(%q) keeps %d and ignores %d, want %d and %d", path, len(kept), ignored, want, 2-want)
		}
		if want > 0 && kept[0].Severity != finding.Warning {
			t.Errorf("Apply(%q) gives %s, want the severity of the settings", path, kept[0].Severity)
		}
	}
	if c, err := Parse(nil, known); err != nil || len(c.Rules(known)) != 2 {
		t.Errorf("Parse(nothing) = %+v, %v", c, err)
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"lint: {ignores: []}":                                                       "field ignores not found",
		"lint: [":                                                                   "line ",
		"lint: {fail-on: high}":                                                     "there are error, security, warning, suggestion",
		"lint: {accounts: [\"12\"]}":                                                "12 digits",
		"lint: {kinds: {a: policy}}":                                                "there are identity",
		"lint: {rules: {action-al: off}}":                                           "did you mean action-all",
		"lint: {rules: {action-all: loud}}":                                         "action-all",
		"lint: {ignore: [{rule: action-all}]}":                                      "has no reason",
		"lint: {ignore: [{reason: because}]}":                                       "name a rule",
		"lint: {ignore: [{rule: nothing, reason: because}]}":                        "no rule is called",
		"lint: {custom: [{id: Acme}]}":                                              "small letters",
		"lint: {custom: [{id: a-b}]}":                                               "no message",
		"lint: {custom: [{id: a-b, message: c}]}":                                   "either together or actions",
		"lint: {custom: [{id: action-all, message: c, actions: [a]}]}":              "already",
		"lint: {custom: [{id: a-b, message: c, actions: [a], needs: {X: {a: b}}}]}": "X",
	} {
		if _, err := Parse([]byte(text), known); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, want %q in it", text, err, want)
		}
	}
}

// Rules that are data see conditions and Denies as all others do.
func TestCustomRules(t *testing.T) {
	c, err := Parse([]byte(settings), known)
	if err != nil {
		t.Fatal(err)
	}
	comparer := compare.New(catalog.Default())
	l := &lint.Linter{Catalog: catalog.Default(), Rules: c.Custom, Open: witness.Open(comparer)}
	for text, want := range map[string]string{
		`{"Effect":"Allow","Action":["iam:CreateUser","iam:CreateAccessKey"],"Resource":"*"}`:                                                                                          "acme-keys",
		`{"Effect":"Allow","Action":"iam:CreateUser","Resource":"*"}`:                                                                                                                  "",
		`{"Effect":"Allow","Action":"iam:Create*","Resource":"*"},{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}`:                                                          "",
		`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`:                                                                                                                            "acme-mfa",
		`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`:                                                                 "",
		`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}}`:                                                         "acme-mfa",
		`{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:Delete*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`: "",
	} {
		var ids []string
		for _, f := range l.Run(`{"Version":"2012-10-17","Statement":[`+text+`]}`, policy.IdentityBased) {
			ids = append(ids, f.Rule)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("the rules find %q in %s, want %q", got, text, want)
		}
	}
}

func TestMatch(t *testing.T) {
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"a/*.json", "a/b.json", true}, {"a/*.json", "a/b/c.json", false}, {"a/**", "a/b/c.json", true}, {"a", "a/b/c.json", true},
		{"**/c.json", "a/b/c.json", true}, {"**/c.json", "c.json", true}, {"a", "ab/c.json", false}, {"a/", "./a/x.json", true}, {"", "x", false},
	}
	for _, tt := range tests {
		if got := Match(tt.pattern, tt.path); got != tt.want {
			t.Errorf("Match(%q, %q) = %v, want %v", tt.pattern, tt.path, got, tt.want)
		}
	}
}
