package cli

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/catalog/reference"
)

// builtIn names a file, so that no test looks into the home folder.
func builtIn(t *testing.T) string {
	t.Helper()
	services := []*catalog.Service{}
	for _, prefix := range []string{"sqs", "sts"} {
		s, ok := catalog.Default().Service(prefix)
		if !ok {
			t.Fatalf("Service(%q) finds nothing", prefix)
		}
		services = append(services, s)
	}
	path := filepath.Join(t.TempDir(), "catalog.bin")
	u := reference.Updater{
		Path: path, Date: "2026-02-03", Current: emptyCatalog(t), URL: "https://ref.test/",
		Fetch: func(_ context.Context, url string) ([]byte, error) { return []byte(referenceOf(services)[url]), nil },
	}
	if _, err := u.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return path
}

func emptyCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	data, err := catalog.Encode(catalog.Meta{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Parse(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// referenceOf returns a list of services and their documents, with names only.
func referenceOf(services []*catalog.Service) map[string]string {
	documents := map[string]string{}
	var entries []string
	for _, s := range services {
		url := "https://ref.test/" + s.Prefix + ".json"
		entries = append(entries, `{"service": "`+s.Prefix+`", "url": "`+url+`"}`)
		var actions []string
		for _, a := range s.Actions {
			actions = append(actions, `{"Name": "`+a.Name+`", "Resources": [{"Name": "thing"}], "ActionConditionKeys": ["`+s.Prefix+`:Colour"]}`)
		}
		documents[url] = `{"Name": "` + s.Prefix + `", "Actions": [` + strings.Join(actions, ",") + `],
			"Resources": [{"Name": "thing", "ARNFormats": ["arn:${Partition}:` + s.Prefix + `:::${Thing}"]}],
			"ConditionKeys": [{"Name": "` + s.Prefix + `:Colour", "Types": ["ArrayOfString"]}]}`
	}
	documents["https://ref.test/"] = "[" + strings.Join(entries, ",") + "]"
	return documents
}

func TestCatalogCommand(t *testing.T) {
	file := builtIn(t)
	tests := []struct {
		args []string
		want []string
	}{
		{nil, []string{"date            2026-02-03\n", "services        2\n"}},
		{[]string{"--json"}, []string{`"date": "2026-02-03"`, `"services": 2`}},
		{[]string{"services"}, []string{"PREFIX  ACTIONS  NAME\n", "sqs     "}},
		{[]string{"services", "sts"}, []string{"sts     "}},
		{[]string{"services", "--json"}, []string{`"prefix": "sqs"`}},
		{[]string{"actions", "sqs:Send*", "sqs:sendmessage"}, []string{"ACTION           LEVEL  RESOURCE TYPES\nsqs:SendMessage  Read   thing\n"}},
		{[]string{"actions", "--json", "sqs:SendMessage"}, []string{`"arn:${Partition}:sqs:::${Thing}"`, `"sqs:Colour"`, `"required": false`}},
		{[]string{"actions", "--level", "list", "sqs:*"}, []string{"ACTION  LEVEL  RESOURCE TYPES\n"}},
		{[]string{"resources", "SQS"}, []string{"sqs thing      arn:${Partition}:sqs:::${Thing}\n"}},
		{[]string{"keys"}, []string{"aws:PrincipalOrgPaths", "ArrayOfString\n"}},
		{[]string{"keys", "sqs"}, []string{"sqs:Colour  ArrayOfString\n"}},
		{[]string{"keys", "sqs:SendMessage"}, []string{"sqs:Colour  ArrayOfString\n"}},
		{[]string{"keys", "aws:ResourceTag/Team"}, []string{"aws:ResourceTag/${TagKey}  String\n"}},
		{[]string{"keys", "--json", "aws:TagKeys"}, []string{`"multivalued": true`, `"global": true`}},
		{[]string{"search", "send", "message"}, []string{"sqs:SendMessage"}},
		{[]string{"search", "--json", "--limit", "1", "thing"}, []string{`"type": "sqs thing"`, `"services": []`}},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		command := newCatalog(Streams{Out: &out, Err: &out})
		command.SetArgs(append([]string{"--file", file}, tt.args...))
		if err := command.Execute(); err != nil {
			t.Errorf("catalog %q: %v", tt.args, err)
		}
		for _, want := range tt.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("catalog %q prints\n%s\nwant %q in it", tt.args, &out, want)
			}
		}
	}
}

func TestCatalogCommandFindsNothing(t *testing.T) {
	file := builtIn(t)
	for _, args := range [][]string{
		{"actions", "sqs:Nope*"}, {"resources", "nope"}, {"keys", "nope"}, {"search", "zzqq"}, {"services", "zzqq"},
	} {
		var out bytes.Buffer
		command := newCatalog(Streams{Out: &out, Err: &out})
		command.SilenceErrors, command.SilenceUsage = true, true
		command.SetArgs(append([]string{"--file", file}, args...))
		if err := command.Execute(); !errors.Is(err, errNothingFound) {
			t.Errorf("catalog %q = %v, want errNothingFound", args, err)
		}
	}
}

func TestCatalogUpdateCommand(t *testing.T) {
	var out, messages bytes.Buffer
	o := catalogUpdateOptions{url: "https://ref.test/", today: "2027-01-01"}
	o.file = filepath.Join(t.TempDir(), "catalog.bin")
	sqs, _ := catalog.Default().Service("sqs")
	documents := referenceOf([]*catalog.Service{sqs})
	o.fetch = func(_ context.Context, url string) ([]byte, error) { return []byte(documents[url]), nil }
	// One service is far less than the built-in catalog has.
	err := runCatalogUpdate(t.Context(), Streams{Out: &out, Err: &messages}, o)
	if !errors.Is(err, reference.ErrImplausible) || out.Len() > 0 {
		t.Errorf("update = %v and prints %q, want ErrImplausible and nothing", err, &out)
	}
	documents = referenceOf(allServices())
	if err := runCatalogUpdate(t.Context(), Streams{Out: &out, Err: &messages}, o); err != nil {
		t.Errorf("update = %v", err)
	}
	if !strings.HasPrefix(out.String(), "2027-01-01: ") || !strings.Contains(messages.String(), o.file) {
		t.Errorf("update prints %q and reports %q", &out, &messages)
	}
}

func allServices() []*catalog.Service {
	var services []*catalog.Service
	for _, prefix := range catalog.Default().Prefixes() {
		if s, ok := catalog.Default().Service(prefix); ok {
			services = append(services, s)
		}
	}
	return services
}

func TestFetchHTTP(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/good" {
			http.NotFound(w, r)
			return
		}
		if _, err := w.Write([]byte("[]")); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	fetch := fetchHTTP(server.Client())
	if data, err := fetch(t.Context(), server.URL+"/good"); err != nil || string(data) != "[]" {
		t.Errorf("fetch(good) = %q, %v", data, err)
	}
	if _, err := fetch(t.Context(), server.URL+"/bad"); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("fetch(bad) = %v, want an error with 404", err)
	}
}

// Without a file named, the newer of the built-in catalog and the user's copy counts.
func TestOpenCatalog(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("AppData", home)
	path, err := catalogPath()
	if err != nil {
		t.Fatal(err)
	}
	copyOf := func(date string) []byte {
		data, err := catalog.Encode(catalog.Meta{Date: date}, allServices()[:3])
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	builtInDate := catalog.Default().Date()
	tests := []struct {
		name     string
		data     []byte
		wantDate string
		wantErr  string
	}{
		{"no copy", nil, builtInDate, ""},
		{"older copy", copyOf("2001-01-01"), builtInDate, ""},
		{"newer copy", copyOf("2999-01-01"), "2999-01-01", ""},
		{"damaged copy", []byte("x"), builtInDate, "using the built-in catalog"},
	}
	for _, tt := range tests {
		if tt.data != nil {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, tt.data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var messages bytes.Buffer
		c, err := catalogOptions{}.open(Streams{Err: &messages})
		if err != nil || c.Date() != tt.wantDate {
			t.Errorf("%s: open() = %v, want the catalog of %s", tt.name, err, tt.wantDate)
		}
		if !strings.Contains(messages.String(), tt.wantErr) || (tt.wantErr == "") != (messages.Len() == 0) {
			t.Errorf("%s: open() reports %q, want %q", tt.name, &messages, tt.wantErr)
		}
	}
}
