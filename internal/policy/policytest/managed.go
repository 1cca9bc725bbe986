// Package policytest reads the managed policies of AWS, for tests and benchmarks of other packages.
package policytest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A ManagedPolicy is a managed policy of AWS, as AWS shows it: some are no policies that could be
// written today.
type ManagedPolicy struct {
	Name     string
	Versions []string // the texts of its documents, the newest first
}

// fewest is how many managed policies there are at least.
const fewest = 1500

// Managed returns the managed policies of AWS by name, from the package that tools/managed pins. It
// skips the test if AEGIS_MANAGED_POLICIES does not name the folder that the package is in.
func Managed(tb testing.TB) []ManagedPolicy {
	tb.Helper()
	folder := os.Getenv("AEGIS_MANAGED_POLICIES")
	if folder == "" {
		tb.Skip("AEGIS_MANAGED_POLICIES does not name the folder of the package that tools/managed/README.md has installed")
	}
	data, err := os.ReadFile(filepath.Join(folder, "dist", "managedPolicies.json"))
	if err != nil {
		tb.Fatal(err)
	}
	all, err := read(data)
	if err != nil || len(all) < fewest {
		tb.Fatalf("%d managed policies, %v, want %d", len(all), err, fewest)
	}
	return all
}

// A version is one version of a policy as the package has it.
type version struct {
	Document json.RawMessage `json:"document"`
	Created  time.Time       `json:"createdDate"`
}

// read reads the file of the package.
func read(data []byte) ([]ManagedPolicy, error) {
	var all map[string]struct {
		Latest   string             `json:"latestVersionId"`
		Versions map[string]version `json:"versions"`
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	out := make([]ManagedPolicy, 0, len(all))
	for name, p := range all {
		var before []version
		latest := p.Versions[p.Latest]
		for _, v := range p.Versions {
			if v.Created.Before(latest.Created) {
				before = append(before, v)
			}
		}
		slices.SortFunc(before, func(a, b version) int { return b.Created.Compare(a.Created) })
		m := ManagedPolicy{Name: name, Versions: []string{string(latest.Document)}}
		for _, v := range before {
			m.Versions = append(m.Versions, string(v.Document))
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b ManagedPolicy) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}
