package rules_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/rogpeppe/go-internal/txtar"
)

// The archive of a rule shows every shape for which IAM Access Analyzer has a code.
func TestArchivesShowEveryAlias(t *testing.T) {
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
