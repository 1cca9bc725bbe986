package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/facts"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/rogpeppe/go-internal/txtar"
)

// Each known path is found where its actions are allowed, and not where one of them is missing,
// denied or limited to named resources, nor where its role may be passed to another service only.
func TestEveryEscalationPath(t *testing.T) {
	list, err := rules.Named([]string{"privilege-escalation"})
	if err != nil {
		t.Fatal(err)
	}
	l := linter(list)
	if n := len(facts.Paths()); n != 66 {
		t.Errorf("%d paths, want 66", n)
	}
	for _, path := range facts.Paths() {
		t.Run(path.ID, func(t *testing.T) {
			all := allow(path.Actions, "")
			if !finds(l, all, path.ID) {
				t.Errorf("not found in %s", all)
			}
			for i, action := range path.Actions {
				rest := slices.Delete(slices.Clone(path.Actions), i, i+1)
				if len(rest) > 0 && finds(l, allow(rest, ""), path.ID) {
					t.Errorf("found without %s", action)
				}
				if denied := all + `,{"Effect":"Deny","Action":"` + action + `","Resource":"*"}`; finds(l, denied, path.ID) {
					t.Errorf("found although %s is denied", action)
				}
			}
			if path.Service == "" {
				return
			}
			other := `{"StringEquals":{"iam:PassedToService":"other.amazonaws.com"}}`
			rest := slices.DeleteFunc(slices.Clone(path.Actions), func(a string) bool { return a == "iam:PassRole" })
			limited := allow(rest, "") + "," + allow([]string{"iam:PassRole"}, other)
			if finds(l, limited, path.ID) {
				t.Errorf("found although roles are passed to another service: %s", limited)
			}
			if right := strings.Replace(limited, "other.amazonaws.com", path.Service, 1); !finds(l, right, path.ID) {
				t.Errorf("not found although roles are passed to %s", path.Service)
			}
		})
	}
}

// The archive has two documents for each path: one in which it is found, and one in which a link of
// it is cut, so that it is not.
func TestEscalationArchive(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/escalation/paths.txtar")
	if err != nil {
		t.Fatal(err)
	}
	list, err := rules.Named([]string{"privilege-escalation"})
	if err != nil {
		t.Fatal(err)
	}
	l := linter(list)
	documents := map[string]string{}
	for _, f := range archive.Files {
		documents[f.Name] = string(f.Data)
	}
	for _, path := range facts.Paths() {
		open, cut := documents[path.ID+".open.json"], documents[path.ID+".cut.json"]
		if open == "" || cut == "" {
			t.Errorf("%s has not both documents", path.ID)
			continue
		}
		if !lists(serious(l, open), path.ID) {
			t.Errorf("%s is not found in %s", path.ID, open)
		}
		if lists(serious(l, cut), path.ID) {
			t.Errorf("%s is found although it is cut in %s", path.ID, cut)
		}
	}
	if len(documents) != 2*len(facts.Paths()) {
		t.Errorf("%d documents for %d paths", len(documents), len(facts.Paths()))
	}
}

func allow(actions []string, condition string) string {
	if condition != "" {
		condition = `,"Condition":` + condition
	}
	return fmt.Sprintf(`{"Effect":"Allow","Action":["%s"],"Resource":"*"%s}`, strings.Join(actions, `","`), condition)
}

// serious returns the security findings in a document.
func serious(l *lint.Linter, text string) []finding.Finding {
	return slices.DeleteFunc(l.Run(text, policy.IdentityBased), func(f finding.Finding) bool { return f.Severity != finding.Security })
}

// lists reports whether a path is among those that findings list.
func lists(found []finding.Finding, id string) bool {
	return slices.ContainsFunc(found, func(f finding.Finding) bool {
		return slices.ContainsFunc(f.Notes, func(n string) bool { return strings.HasPrefix(n, id+":") })
	})
}

// finds reports whether a path is among those that are open.
func finds(l *lint.Linter, statements, id string) bool {
	return lists(serious(l, `{"Version":"2012-10-17","Statement":[`+statements+`]}`), id)
}
