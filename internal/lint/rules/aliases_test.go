package rules_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/lint/rules"
)

// codes returns the codes of IAM Access Analyzer with the severity that it gives them.
func codes(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/access-analyzer.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if code, severity, ok := strings.Cut(strings.TrimSpace(line), " "); ok && code != "#" {
			out[code] = severity
		}
	}
	if len(out) != 151 {
		t.Fatalf("%d codes, want 151", len(out))
	}
	return out
}

// Every check of IAM Access Analyzer has a rule, or a reason why there is none.
func TestEveryAccessAnalyzerCode(t *testing.T) {
	known := map[string]string{}
	for _, r := range rules.All() {
		for _, alias := range r.Aliases {
			known[alias] = r.ID
		}
	}
	for _, c := range rules.Retired() {
		if id := known[c.Code]; id != "" {
			t.Errorf("%s has the rule %s and a reason why it has none", c.Code, id)
		}
		if c.Reason == "" {
			t.Errorf("%s has neither a rule nor a reason", c.Code)
		}
		known[c.Code] = "retired"
	}
	for code := range codes(t) {
		if known[code] == "" {
			t.Errorf("%s has neither a rule nor a reason", code)
		}
		delete(known, code)
	}
	for code := range known {
		if !slices.Contains(formerCodes, code) {
			t.Errorf("%s is no code of IAM Access Analyzer", code)
		}
	}
}

// formerCodes were checks until service control policies took the whole policy language.
var formerCodes = []string{
	"SCP_SYNTAX_ERROR_ALLOW_CONDITION", "SCP_SYNTAX_ERROR_ALLOW_NOTACTION",
	"SCP_SYNTAX_ERROR_ALLOW_RESOURCE", "SCP_SYNTAX_ERROR_NOTRESOURCE",
}
