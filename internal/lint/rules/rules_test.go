package rules_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/lint"
	"github.com/aegis-iam/aegis/internal/lint/rules"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/witness"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the wanted findings of the archives")

const pages = "../../../docs/rules"

// Each rule finds what its archive says: in one document at least something, in one nothing.
// Documents are named name.json or, where their elements do not tell, name.KIND.json.
func TestArchives(t *testing.T) {
	for _, rule := range rules.All() {
		t.Run(rule.ID, func(t *testing.T) {
			path := filepath.Join("testdata", rule.ID+".txtar")
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			l := linter([]lint.Rule{rule})
			clean, dirty := 0, 0
			out := &txtar.Archive{Comment: archive.Comment}
			wants := map[string]string{}
			for _, f := range archive.Files {
				if name, ok := strings.CutSuffix(f.Name, ".want"); ok {
					wants[name] = string(f.Data)
				}
			}
			for _, f := range archive.Files {
				name, ok := strings.CutSuffix(f.Name, ".json")
				if !ok {
					continue
				}
				got := text(l.Run(string(f.Data), kindOf(name, f.Data)))
				if got == "" {
					clean++
				} else {
					dirty++
				}
				if got != wants[name] && !*update {
					t.Errorf("%s: %s finds\n%swant\n%s", path, f.Name, got, wants[name])
				}
				out.Files = append(out.Files, f)
				if got != "" {
					out.Files = append(out.Files, txtar.File{Name: name + ".want", Data: []byte(got)})
				}
			}
			if clean == 0 || dirty == 0 {
				t.Errorf("%s has %d documents with findings and %d without, want both", path, dirty, clean)
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(out), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

var comparer = sync.OnceValue(func() *compare.Comparer { return compare.New(catalog.Default()) })

func linter(list []lint.Rule) *lint.Linter {
	c := comparer()
	return &lint.Linter{Catalog: catalog.Default(), Rules: list, Open: witness.Open(c), Covers: witness.Covers(c)}
}

func kindOf(name string, data []byte) policy.Kind {
	if ext := filepath.Ext(name); ext != "" {
		return policy.Kind(ext[1:])
	}
	d, _ := policy.ParseAll(data)
	return policy.KindOf(d)
}

func text(findings []finding.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s %s %s: %s\n", f.Position, f.Severity, f.Rule, f.Message)
		for _, note := range f.Notes {
			fmt.Fprintf(&b, "\t%s\n", note)
		}
		if f.Witness != nil {
			fmt.Fprintf(&b, "\trequest: %s\n", f.Witness)
		}
		if f.Fix != nil {
			fmt.Fprintf(&b, "\tfix: %s\n", f.Fix.Title)
		}
	}
	return b.String()
}

// Each rule has a file, a page with its summary and the four headings, and an archive; the list
// is in the order of the IDs, and no alias stands for two rules.
func TestRulesAreComplete(t *testing.T) {
	all := rules.All()
	aliases := map[string]string{}
	want := map[string]bool{"rules.go": true, "rules_test.go": true}
	for i, rule := range all {
		if i > 0 && all[i-1].ID >= rule.ID {
			t.Errorf("%s stands behind %s", rule.ID, all[i-1].ID)
		}
		want[strings.ReplaceAll(rule.ID, "-", "_")+".go"] = true
		page, err := os.ReadFile(filepath.Join(pages, rule.ID+".md"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range []string{"# " + rule.ID + "\n\n" + rule.Summary + "\n", "## Why", "## Avoid", "## Prefer", "## Exceptions"} {
			if !strings.Contains(string(page), part) {
				t.Errorf("the page of %s lacks %q", rule.ID, part)
			}
		}
		if rule.Severity == 0 || rule.Check == nil || !strings.HasSuffix(rule.Summary, ".") {
			t.Errorf("%s: severity %s, summary %q", rule.ID, rule.Severity, rule.Summary)
		}
		for _, alias := range rule.Aliases {
			if other := aliases[alias]; other != "" {
				t.Errorf("%s is an alias of %s and of %s", alias, other, rule.ID)
			}
			aliases[alias] = rule.ID
		}
	}
	compareNames(t, "*.go", want)
	compareNames(t, "testdata/*.txtar", names(all, "testdata/", ".txtar"))
	compareNames(t, pages+"/*.md", names(all, pages+"/", ".md"))
}

func names(all []lint.Rule, before, after string) map[string]bool {
	out := map[string]bool{}
	for _, rule := range all {
		out[before+rule.ID+after] = true
	}
	return out
}

// compareNames fails for a file that is of no rule.
func compareNames(t *testing.T, glob string, want map[string]bool) {
	t.Helper()
	found, err := filepath.Glob(glob)
	if err != nil || len(found) < len(want)-2 {
		t.Errorf("%s: %d files, %v; want %d", glob, len(found), err, len(want))
	}
	for _, name := range found {
		if !want[filepath.ToSlash(name)] && !strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s is of no rule in the list", name)
		}
	}
	for name := range want {
		if !slices.Contains(found, filepath.FromSlash(name)) {
			t.Errorf("%s is missing", name)
		}
	}
}
