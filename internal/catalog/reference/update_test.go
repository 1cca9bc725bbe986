package reference

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
)

// Two services as AWS's service reference writes them, by hand and small.
var referenceDocuments = map[string]string{
	"https://ref.test/": `[
		{"service": "shelf", "url": "https://ref.test/v1/shelf/shelf.json"},
		{"service": "lamp", "url": "https://ref.test/v1/lamp/lamp.json"}]`,
	"https://ref.test/v1/shelf/shelf.json": `{
		"Name": "shelf",
		"Actions": [
			{"Name": "PutBook", "ActionConditionKeys": ["shelf:Colour"],
			 "Annotations": {"Properties": {"IsList": false, "IsPermissionManagement": false, "IsTaggingOnly": false, "IsWrite": true}},
			 "Resources": [{"Name": "book", "ConditionKeys": ["shelf:BookTag/<key>"]}]},
			{"Name": "ListBooks", "Annotations": {"Properties": {"IsList": true}}},
			{"Name": "TagBook", "Annotations": {"Properties": {"IsTaggingOnly": true, "IsWrite": true}}, "Resources": [{"Name": "book"}]},
			{"Name": "ShareShelf", "Annotations": {"Properties": {"IsPermissionManagement": true, "IsWrite": true}}},
			{"Name": "ReadBook", "Resources": [{"Name": "book"}]}],
		"ConditionKeys": [{"Name": "shelf:Colour", "Types": ["ArrayOfString"]}, {"Name": "shelf:BookTag/<key>", "Types": ["String"]}],
		"Resources": [{"Name": "book", "ARNFormats": ["arn:${Partition}:shelf:${Region}:${Account}:book/${BookId}"]}],
		"Version": "v1.4"}`,
	"https://ref.test/v1/lamp/lamp.json": `{"Name": "lamp", "Actions": [{"Name": "Switch", "Annotations": {"Properties": {"IsWrite": true}}}]}`,
}

func knownCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	book := &catalog.ResourceType{Service: "shelf", Name: "book"}
	data, err := catalog.Encode(catalog.Meta{Date: "2026-01-01"}, []*catalog.Service{
		{Prefix: "shelf", Name: "Amazon Shelf", RCP: true, Resources: []*catalog.ResourceType{book}, Actions: []*catalog.Action{
			{Service: "shelf", Name: "PutBook", Level: catalog.Write, Terms: []string{"store"}, Resources: []catalog.ActionResource{{Type: book, Required: true}}},
		}},
		{Prefix: "lamp", Name: "Amazon Lamp", Actions: []*catalog.Action{{Service: "lamp", Name: "Switch", Level: catalog.Write}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Parse(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func updater(t *testing.T, documents map[string]string) Updater {
	return Updater{
		URL: "https://ref.test/", Current: knownCatalog(t), Date: "2026-11-21",
		Path: filepath.Join(t.TempDir(), "aegis", "catalog.bin"),
		Fetch: func(_ context.Context, url string) ([]byte, error) {
			if text, ok := documents[url]; ok {
				return []byte(text), nil
			}
			return nil, fmt.Errorf("%s: not found", url)
		},
	}
}

func TestUpdate(t *testing.T) {
	u := updater(t, referenceDocuments)
	if _, err := u.Run(t.Context()); err != nil {
		t.Fatalf("Run() = %v", err)
	}
	c, err := catalog.Open(u.Path)
	if err != nil {
		t.Fatalf("Open(%q) = %v", u.Path, err)
	}
	if c.Date() != "2026-11-21" || c.Counts().Actions != 6 {
		t.Errorf("Date() = %q, Counts() = %+v, want 2026-11-21 and 6 actions", c.Date(), c.Counts())
	}
	levels := map[string]catalog.AccessLevel{
		"shelf:PutBook": catalog.Write, "shelf:ListBooks": catalog.List, "shelf:TagBook": catalog.Tagging,
		"shelf:ShareShelf": catalog.PermissionsManagement, "shelf:ReadBook": catalog.Read, "lamp:Switch": catalog.Write,
	}
	for name, want := range levels {
		if a, ok := c.Action(name); !ok || a.Level != want {
			t.Errorf("Action(%q) = %+v, %v, want level %s", name, a, ok, want)
		}
	}
	s, _ := c.Service("shelf")
	put, _ := c.Action("shelf:PutBook")
	if s.Name != "Amazon Shelf" || !s.RCP || !slices.Equal(put.Terms, []string{"store"}) || !put.Resources[0].Required {
		t.Errorf("what was known is lost: %q, %v, %q, %+v", s.Name, s.RCP, put.Terms, put.Resources)
	}
	if k, ok := c.Key("shelf:colour"); !ok || k.Type.String() != "ArrayOfString" {
		t.Errorf(`Key("shelf:colour") = %+v, %v`, k, ok)
	}
	if !put.Honours("shelf:BookTag/Genre") {
		t.Errorf(`PutBook.Honours("shelf:BookTag/Genre") = false`)
	}
}

func TestUpdateKeepsTheFile(t *testing.T) {
	with := func(url, text string) map[string]string {
		documents := map[string]string{}
		for k, v := range referenceDocuments {
			documents[k] = v
		}
		if text == "" {
			delete(documents, url)
		} else {
			documents[url] = text
		}
		return documents
	}
	index, shelf := "https://ref.test/", "https://ref.test/v1/shelf/shelf.json"
	tests := []struct {
		name      string
		documents map[string]string
		want      string
	}{
		{"no list", with(index, ""), "not found"},
		{"list is a page", with(index, "<html>"), "list of services"},
		{"document missing", with(shelf, ""), "service shelf"},
		{"document cut", with(shelf, referenceDocuments[shelf][:200]), "service shelf"},
		{"other document", with(shelf, `{"Name": "lamp"}`), `about "lamp"`},
		{"unknown type", with(shelf, `{"Name": "shelf", "Actions": [{"Name": "A", "Resources": [{"Name": "x"}]}]}`), "no resource type"},
		{"bad action", with(shelf, `{"Name": "shelf", "Actions": [{"Name": "A*"}]}`), "not a name"},
		{"action twice", with(shelf, `{"Name": "shelf", "Actions": [{"Name": "A"}, {"Name": "a"}]}`), "twice"},
		{"other host", with(index, `[{"service": "shelf", "url": "https://elsewhere.test/shelf.json"}]`), "outside"},
		{"too few actions", with(shelf, `{"Name": "shelf"}`), ErrImplausible.Error()},
		{"too few services", with(index, `[]`), ErrImplausible.Error()},
	}
	for _, tt := range tests {
		u := updater(t, tt.documents)
		if err := os.MkdirAll(filepath.Dir(u.Path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(u.Path, []byte("good"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := u.Run(t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Run() = %v, want an error with %q", tt.name, err, tt.want)
		}
		if data, err := os.ReadFile(u.Path); err != nil || string(data) != "good" {
			t.Errorf("%s: the file holds %q, %v, want it untouched", tt.name, data, err)
		}
		if files, err := os.ReadDir(filepath.Dir(u.Path)); err != nil || len(files) != 1 {
			t.Errorf("%s: %d files beside the catalog, %v, want none", tt.name, len(files)-1, err)
		}
	}
}

func TestUpdateCanBeCancelled(t *testing.T) {
	u := updater(t, referenceDocuments)
	ctx, cancel := context.WithCancel(t.Context())
	fetch := u.Fetch
	u.Fetch = func(ctx context.Context, url string) ([]byte, error) {
		cancel()
		return fetch(ctx, url)
	}
	if _, err := u.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Run() = %v, want context.Canceled", err)
	}
}
