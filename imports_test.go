package aegis_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors lists every package of the module, the lowest floor first. A package imports packages
// of lower floors only, and its tests do too: what they need beside it is handed in.
//
// Verify stands beside compile, so that its tests of a document cannot come from the compiler.
var floors = [][]string{
	{"docs", "internal/atomicfile", "internal/plainjson", "internal/tsv", "internal/wildcard"},
	{"internal/arn", "internal/lint/facts"},
	{"internal/policy"},
	{"internal/automaton", "internal/catalog", "internal/condition", "internal/finding", "internal/policy/policytest", "internal/tree"},
	{"internal/source"},
	{"internal/catalog/build", "internal/catalog/reference", "internal/intent", "internal/evaluate", "internal/explain", "internal/lint", "internal/reader/lexicon", "internal/report"},
	{"internal/reader/token"},
	{"internal/reader/sentence"},
	{"internal/reader/object"},
	{"internal/reader/origin"},
	{"internal/reader/constrain"},
	{"internal/reader/target"},
	{"internal/reader/wording"},
	{"internal/reader/permission"},
	{"internal/reader/guard"},
	{"internal/reader/party"},
	{"internal/reader/trust"},
	{"internal/reader/resource"},
	{"internal/reader/request"},
	{"internal/reader/followup"},
	{"internal/score", "internal/universe", "internal/verify/sample"},
	{"internal/account", "internal/compare", "internal/verify/mutate", "internal/verify/reach"},
	{"internal/power", "internal/witness"},
	{"internal/lint/config", "internal/lint/rules", "internal/reader", "internal/compile", "internal/verify", "internal/probe", "internal/remedy", "internal/scenario", "internal/score/oracle"},
	{"internal/comply", "internal/suite"},
	{"internal/comply/sheet", "internal/generate"},
	{"internal/batch", "internal/minimize", "internal/terminal", "internal/validate"},
	{"internal/app"},
	{"internal/cli"},
	{"."},
	{"cmd/aegis"},
}

func TestImportsRunDownward(t *testing.T) {
	files := goFiles(t)
	if len(files) < 100 {
		t.Fatalf("%d Go files found: the walk misses packages", len(files))
	}
	for _, problem := range importProblems(t, files) {
		t.Error(problem)
	}
}

// importProblems holds each file's import lines to the floors, those under build constraints too.
func importProblems(t *testing.T, files []string) []string {
	t.Helper()
	floor := map[string]int{}
	for i, packages := range floors {
		for _, p := range packages {
			floor[p] = i
		}
	}
	module := modulePath(t)
	problems := map[string]bool{}
	for _, file := range files {
		from := filepath.ToSlash(filepath.Dir(file))
		level, known := floor[from]
		if !known {
			problems[fmt.Sprintf("%s is on no floor: add it to the list in imports_test.go", from)] = true
			continue
		}
		for _, to := range importsOf(t, file, module) {
			if to == from && strings.HasSuffix(file, "_test.go") {
				continue // a test from outside the package
			}
			if below, known := floor[to]; known && below >= level {
				problems[fmt.Sprintf("%s imports %s, which is not on a lower floor", file, to)] = true
			}
		}
	}
	list := make([]string, 0, len(problems))
	for p := range problems {
		list = append(list, p)
	}
	slices.Sort(list)
	return list
}

// importsOf returns the folders of the module's packages that a file imports.
func importsOf(t *testing.T, file, module string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if path == module {
			folders = append(folders, ".")
		} else if folder, inside := strings.CutPrefix(path, module+"/"); inside {
			folders = append(folders, folder)
		}
	}
	return folders
}

// modulePath reads the name of the module from go.mod.
func modulePath(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if name, found := strings.CutPrefix(strings.TrimSpace(line), "module "); found {
			return name
		}
	}
	t.Fatal("go.mod names no module")
	return ""
}

// goFiles returns the paths of the module's Go files from its root.
func goFiles(t *testing.T) []string {
	t.Helper()
	return filesNamed(t, func(name string) bool { return strings.HasSuffix(name, ".go") })
}

// filesNamed walks the module as the go command does: without other modules, testdata and
// folders that begin with a dot or an underscore. Installed npm packages are left out too.
func filesNamed(t *testing.T, match func(name string) bool) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if !entry.IsDir() {
			if match(name) {
				files = append(files, path)
			}
			return nil
		}
		if path == "." {
			return nil
		}
		if name == "testdata" || name == "node_modules" || name[0] == '.' || name[0] == '_' {
			return fs.SkipDir
		}
		if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
