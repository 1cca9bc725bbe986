package rules_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/rogpeppe/go-internal/txtar"
)

// milder are codes of whose shapes some are reported with less severity than IAM Access Analyzer
// gives them: a pattern that matches no action, a resource of the right service but no right type.
var milder = map[string]bool{"INVALID_ACTION": true, "UNSUPPORTED_RESOURCE_ARN_IN_POLICY": true}

// The archive of a rule shows every shape for which IAM Access Analyzer has a code, with the
// severity that it has there.
func TestArchivesShowEveryAlias(t *testing.T) {
	severities := codes(t)
	for _, rule := range rules.All() {
		archive, err := txtar.ParseFile(filepath.Join("testdata", rule.ID+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		l := linter([]lint.Rule{rule})
		shown := map[string]bool{}
		for _, f := range archive.Files {
			if name, ok := strings.CutSuffix(f.Name, ".json"); ok {
				for _, x := range l.Run(string(f.Data), kindOf(name, f.Data)) {
					shown[x.Alias] = true
					if x.Alias != "" && x.Severity.String() != severities[x.Alias] && !milder[x.Alias] {
						t.Errorf("%s in %s of %s is of severity %s, want %s", x.Alias, f.Name, rule.ID, x.Severity, severities[x.Alias])
					}
				}
			}
		}
		for _, alias := range rule.Aliases {
			if !shown[alias] {
				t.Errorf("the archive of %s shows no %s", rule.ID, alias)
			}
		}
	}
}
