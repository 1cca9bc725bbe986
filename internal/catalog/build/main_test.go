package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
)

// The committed file is what the pinned package gives. The package is not part of
// the repository: `make catalog-check` installs it and sets the variable.
func TestCatalogIsFresh(t *testing.T) {
	source := os.Getenv("AEGIS_CATALOG_SOURCE")
	if source == "" {
		t.Skip("AEGIS_CATALOG_SOURCE does not name the folder of the installed package")
	}
	got, err := compile(source)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../catalog.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("compile(%q) gives %d other bytes than the %d of catalog.bin: run go generate ./internal/catalog", source, len(got), len(want))
	}
}

func TestCompile(t *testing.T) {
	data, err := compile("testdata/package")
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Parse(string(data))
	if err != nil {
		t.Fatal(err)
	}
	if c.Date() != "2026-01-02" || c.Source() != "npm example 1.2.3" {
		t.Errorf("Date() = %q, Source() = %q", c.Date(), c.Source())
	}
	a, ok := c.Action("shelf:PutBook")
	if !ok || a.Level != catalog.Tagging || len(a.Resources) != 1 || !a.Resources[0].Required || len(a.Resources[0].Type.ARNs) != 2 {
		t.Errorf(`Action("shelf:PutBook") = %+v, %v`, a, ok)
	}
	if k, ok := c.Key("shelf:BookTag/Genre"); !ok || k.Name != "shelf:BookTag/${key}" {
		t.Errorf(`Key("shelf:BookTag/Genre") = %+v, %v`, k, ok)
	}
	s, _ := c.Service("shelf")
	if s.Name != "Amazon Shelf" || !s.RCP {
		t.Errorf(`Service("shelf") = %+v`, s)
	}
}

func TestCompileWithoutPackage(t *testing.T) {
	if _, err := compile(t.TempDir()); err == nil {
		t.Error("compile of an empty folder gives no error")
	}
}
