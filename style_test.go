package aegis_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The linter holds the length of files and functions, the number of parameters and the comments
// of exported names; what it cannot see stands here.

// packageLines bounds a package, tests not counted; largePackages may have more, for the reason given.
const packageLines = 2000

var largePackages = map[string]int{
	// Grammars of one type each, whose methods lean on each other; most of the lines are wordings.
	"internal/reader/sentence": 2340,
	"internal/reader/guard":    3300,
	"internal/reader/followup": 4400,
	// One file a command, which share nothing but streams and exit codes: it grows with the commands.
	"internal/cli": 6000,
	// One file a rule, and the list.
	"internal/lint/rules": 9000,
}

// refused are names of packages that would have no reason to refuse a file.
var refused = []string{"base", "common", "core", "helper", "helpers", "manager", "misc", "shared", "types", "util", "utils"}

func TestPackageSize(t *testing.T) {
	lines := map[string]int{}
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(text, []byte("// Code generated ")) {
			lines[filepath.ToSlash(filepath.Dir(file))] += bytes.Count(text, []byte("\n"))
		}
	}
	for folder, n := range lines {
		limit := max(packageLines, largePackages[folder])
		if n > limit {
			t.Errorf("%s has %d lines without tests, want at most %d: split it by concept", folder, n, limit)
		}
	}
}

func TestPackageNames(t *testing.T) {
	for _, file := range goFiles(t) {
		for part := range strings.SplitSeq(filepath.ToSlash(filepath.Dir(file)), "/") {
			if slices.Contains(refused, part) {
				t.Errorf("%s: a package named %q says nothing about what belongs to it", file, part)
			}
		}
	}
}

// A skipped test says what is missing, except where a fuzz target leaves an input aside.
func TestSkipsSayWhy(t *testing.T) {
	for _, file := range goFiles(t) {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range silentSkips(parsed) {
			t.Errorf("%s: a skip without a reason: say what to install or to set", set.Position(call.Pos()))
		}
	}
}

// silentSkips finds calls of Skip and SkipNow without arguments outside fuzz targets.
func silentSkips(file *ast.File) []*ast.CallExpr {
	var calls []*ast.CallExpr
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "Fuzz") {
			continue
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if ok && len(call.Args) == 0 && (method.Sel.Name == "Skip" || method.Sel.Name == "SkipNow") {
				calls = append(calls, call)
			}
			return true
		})
	}
	return calls
}

// Lock files name packages and their sums; from where they are installed is the installer's choice.
func TestLockFilesNameNoHost(t *testing.T) {
	locks, err := filepath.Glob("tools/*/package-lock.json")
	if err != nil || len(locks) == 0 {
		t.Fatalf("no lock files: %v", err)
	}
	for _, lock := range locks {
		text, err := os.ReadFile(lock)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(`"resolved"`)) {
			t.Errorf("%s names hosts: keep omit-lockfile-registry-resolved=true in .npmrc beside it", lock)
		}
	}
}
