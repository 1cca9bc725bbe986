package comply_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/comply"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/tree"
)

const framework = `# What we hold our policies to.
id: acme
title: Acme cloud standard
version: "2026"
note: Reviewed in spring.
controls:
  - id: A-1
    title: Nobody administers
    source: standard of 2026, page 3
    checks: [full-admin, service-wildcard]
  - id: A-2
    title: No role for every service
    rules: PASS_ROLE_WITH_STAR_IN_RESOURCE
  - id: A-3
    title: Nobody makes users and their keys
    together: [iam:CreateUser, iam:CreateAccessKey]
  - id: A-4
    title: Deleting needs MFA
    actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    resource: arn:aws:s3:::acme-*/*
    needs: {Bool: {"aws:MultiFactorAuthPresent": true}}
    kinds: identity
  - id: A-5
    title: Nobody closes the account
    actions: account:CloseAccount
  - id: A-6
    title: Reviewed every quarter
    manual: the minutes of the review show it
`

func TestCustomFramework(t *testing.T) {
	f, err := comply.Read("acme.yaml", []byte(framework), rules.All())
	if err != nil {
		t.Fatal(err)
	}
	if f.Title() != "Acme cloud standard 2026" || f.ID != "acme" || f.ThirdParty() || len(f.Controls) != 6 || f.Controls[0].Source == "" {
		t.Errorf("Read() = %+v", f)
	}
	mfa := `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`
	for statement, want := range map[string]string{
		`"Action":"s3:GetObject","Resource":"*"`:                                                "pass,pass,pass,pass,pass,not assessable",
		`"Action":"*","Resource":"*"`:                                                           "fail,fail,fail,fail,fail,not assessable",
		`"Action":["iam:CreateUser","iam:PassRole"],"Resource":"*"`:                             "pass,fail,pass,pass,pass,not assessable",
		`"Action":"iam:Create*","Resource":"*"`:                                                 "pass,pass,fail,pass,pass,not assessable",
		`"Action":"s3:Delete*","Resource":"arn:aws:s3:::acme-x/*"`:                              "pass,pass,pass,fail,pass,not assessable",
		`"Action":"s3:Delete*","Resource":"arn:aws:s3:::acme-x/*"` + mfa:                        "pass,pass,pass,pass,pass,not assessable",
		`"Action":"s3:Delete*","Resource":"arn:aws:s3:::b/*"`:                                   "pass,pass,pass,pass,pass,not assessable",
		`"Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"arn:aws:s3:::acme-x/*"`: "not applicable,not applicable,pass,not applicable,pass,not assessable",
	} {
		report, err := checker().Run(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",`+statement+`}]}`, "", []*comply.Framework{f})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range report.Frameworks[0].Controls {
			got = append(got, string(c.Result))
		}
		if results := strings.Join(got, ","); results != want {
			t.Errorf("%s: %s, want %s", statement, results, want)
		}
	}
}

// What is wrong with a framework is told with its place.
func TestReadErrors(t *testing.T) {
	const control = "title: t\ncontrols:\n  - id: A\n    title: b\n"
	for text, want := range map[string]string{
		"":                                   "the text is empty",
		"- a":                                "f.yaml:1:1: the framework must be a map, not a list",
		"title: t":                           "the framework has no controls",
		"controls: []":                       "the framework has no title",
		"title: t\ncontrols: a":              "f.yaml:2:11: controls must be a list, not a text",
		"titl: t":                            `f.yaml:1:1: the framework has no "titl"; did you mean "title"?`,
		"title: \"\"":                        "f.yaml:1:8: title is empty",
		"title: t\ncontrols:\n  - title: b":  "f.yaml:3:5: the control has no id",
		"title: t\ncontrols:\n  - id: A":     "f.yaml:3:5: the control A has no title",
		control:                              "f.yaml:3:5: the control A says nothing to check",
		control + "    checks: full-admn":    "f.yaml:5:13: no check is called \"full-admn\"; did you mean full-admin?",
		control + "    checks: zzzzzzzz":     "there are account-settings, assume-role-all",
		control + "    rules: [action-al]":   "f.yaml:5:13: no rule of lint is called \"action-al\"; did you mean action-all?",
		control + "    rules: [zzzzzzzzzzz]": "aegis lint --list",
		control + "    actions: GetObject":   "f.yaml:5:14: \"GetObject\" is no action",
		control + "    actions: s3:A\n    together: s3:B":                                 "both together and actions",
		control + "    actions: s3:A\n    kinds: [role]":                                  "f.yaml:6:13: no kind of policy is called \"role\"; there are identity",
		control + "    manual: m\n    needs: {Bool: {a: true}}":                           "f.yaml:6:12: needs says what actions need",
		control + "    manual: m\n    resource: arn:aws:s3:::b":                           "but has neither",
		control + "    actions: s3:A\n    needs: {StringSame: {a: b}}":                    "f.yaml:6:13: ",
		control + "    actions: s3:A\n    needs: {\"ForAllValues:StringEquals\": {a: b}}": "needs takes no operator",
		control + "    actions: s3:A\n    needs: {Bool: {a: []}}":                         "a has no value",
		control + "    manual: m\n  - id: A\n    title: c\n    manual: m":                 "f.yaml:6:9: there is a control A already",
		control + "    manual: &x m":                                                      "",
		"title: [":                                                                        "f.yaml:",
	} {
		_, err := comply.Read("f.yaml", []byte(text), rules.All())
		if want == "" {
			if err != nil {
				t.Errorf("Read(%q) = %v", text, err)
			}
			continue
		}
		var place *tree.Error
		if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &place) {
			t.Errorf("Read(%q) = %v, want %q in it", text, err, want)
		}
	}
}

// FuzzRead: a framework that is read has what a report needs, and what is not read is an error with
// the file.
func FuzzRead(f *testing.F) {
	f.Add(framework)
	f.Add("title: t\ncontrols: [{id: A, title: b, actions: '*', needs: {NumericLessThan: {a: [1, 2]}}}]")
	f.Add(`{"title":"t","controls":[{"id":"A","title":"b","manual":"m"}]}`)
	list := rules.All()
	f.Fuzz(func(t *testing.T, text string) {
		got, err := comply.Read("f", []byte(text), list)
		if err != nil {
			var place *tree.Error
			if !errors.As(err, &place) || place.File != "f" {
				t.Errorf("Read(%q) = %v, without the place", text, err)
			}
			return
		}
		if got.ID == "" || got.Title() == "" || len(got.Controls) == 0 {
			t.Errorf("Read(%q) = %+v", text, got)
		}
		for _, c := range got.Controls {
			if c.ID == "" || c.Title == "" || len(c.Checks) == 0 {
				t.Errorf("Read(%q) has the control %+v", text, c)
			}
			for _, check := range c.Checks {
				if check == nil || check.Title == "" || check.Decidable() == "no" && check.Beyond == "" {
					t.Errorf("Read(%q) has the check %+v", text, check)
				}
			}
		}
	})
}
