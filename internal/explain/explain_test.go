package explain

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/tsv"
)

var update = flag.Bool("update", false, "rewrite the wanted texts")

// A section is one part of an archive: a line "-- name --" and what follows it.
type section struct{ name, text string }

func readArchive(t *testing.T, path string) (comment string, sections []section) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		name, ok := strings.CutPrefix(line, "-- ")
		name, end := strings.CutSuffix(name, " --\n")
		switch {
		case ok && end:
			sections = append(sections, section{name: name})
		case len(sections) == 0:
			comment += line
		default:
			sections[len(sections)-1].text += line
		}
	}
	return comment, sections
}

// TestDocument explains the documents of the archives: name.kind.json is followed by the
// wanted texts name.short and name.full.
func TestDocument(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	if len(paths) == 0 {
		t.Fatal("no archives")
	}
	for _, path := range paths {
		comment, sections := readArchive(t, path)
		wanted := make(map[string]string)
		for _, s := range sections {
			wanted[s.name] = s.text
		}
		out := comment
		for _, s := range sections {
			file, ok := strings.CutSuffix(s.name, ".json")
			if !ok {
				continue
			}
			name, kind, _ := strings.Cut(file, ".")
			d, err := policy.Parse([]byte(s.text))
			if err != nil {
				t.Fatalf("%s: %s: %v", path, s.name, err)
			}
			out += "-- " + s.name + " --\n" + s.text
			for _, r := range []struct {
				suffix   string
				register Register
			}{{".short", Short}, {".full", Full}} {
				e := Document(d, policy.Kind(kind), catalog.Default(), r.register)
				checkExplanation(t, d, e)
				got := e.Text()
				out += "-- " + name + r.suffix + " --\n" + got
				if want := wanted[name+r.suffix]; got != want && !*update {
					t.Errorf("%s: Document(%s, %s) =\n%s\nwant\n%s", path, s.name, r.suffix, got, want)
				}
			}
		}
		if *update {
			if err := os.WriteFile(path, []byte(out), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// checkExplanation holds an explanation to what every explanation promises.
func checkExplanation(t *testing.T, d *policy.Document, e Explanation) {
	t.Helper()
	if e.Summary == "" || len(e.Statements) != len(d.Statements) {
		t.Errorf("summary %q and %d texts for %d statements", e.Summary, len(e.Statements), len(d.Statements))
		return
	}
	for i, s := range e.Statements {
		if len(s.Text) < 2 || !strings.HasSuffix(s.Text, ".") {
			t.Errorf("statement %d has the text %q", i+1, s.Text)
		}
		if s.Sid != d.Statements[i].Sid || s.Effect != d.Statements[i].Effect || s.Position != d.Statements[i].Position {
			t.Errorf("statement %d is %q %q %v, want those of the document", i+1, s.Sid, s.Effect, s.Position)
		}
		for _, text := range append([]string{e.Summary, s.Text, s.Who}, append(s.Conditions, s.Resources...)...) {
			if strings.ContainsAny(text, "\n\r\x00\x1b") {
				t.Errorf("statement %d: the text %q is not fit to print", i+1, text)
			}
		}
	}
}

// TestOperators holds the table to the operators there are.
func TestOperators(t *testing.T) {
	for _, b := range condition.Bases() {
		words := table().operators[b]
		if !strings.Contains(words.one, "{}") || !strings.Contains(words.several, "{}") {
			t.Errorf("operators.tsv: %v has the row %+v, want {} in both phrases", b, words)
		}
	}
}

// TestKeys holds the table to the catalog: no key is misspelt, and every global key is there.
func TestKeys(t *testing.T) {
	for _, r := range tsv.Rows(keysTSV, 9) {
		name := r[0]
		if strings.HasPrefix(name, "*:") {
			continue
		}
		if strings.HasSuffix(name, "/") || strings.HasSuffix(name, ":") {
			name += "Team"
		}
		if _, ok := catalog.Default().Key(name); !ok {
			t.Errorf("keys.tsv: %s is no key of the catalog", name)
		}
		if (r[3] == "") != (r[4] == "") {
			t.Errorf("keys.tsv: %s has only one of its two phrases", name)
		}
	}
	w := &writer{catalog: catalog.Default()}
	for _, k := range catalog.GlobalKeys() {
		if name, _, _ := strings.Cut(k.Name, "$"); strings.HasPrefix(name, "aws:") && !w.key(name).known {
			t.Errorf("keys.tsv lacks %s", k.Name)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, kind := range []policy.Kind{
		policy.IdentityBased, policy.Trust, policy.ResourceBased, policy.ServiceControl,
		policy.ResourceControl, policy.PermissionsBoundary, policy.SessionPolicy,
	} {
		if kindOf(kind).kind != kind {
			t.Errorf("kindOf(%q) = %+v, want a row of kinds.tsv", kind, kindOf(kind))
		}
	}
}

func TestResource(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"everything", "*", "every resource"},
		{"bucket", "arn:aws:s3:::media-acme", "the bucket media-acme"},
		{"objects", "arn:aws:s3:::media-acme/*", "any object in the bucket media-acme"},
		{"objects below", "arn:aws:s3:::media-acme/uploads/*", "objects below uploads/ in the bucket media-acme"},
		{"one object", "arn:aws:s3:::media-acme/a/b.png", "the object a/b.png in the bucket media-acme"},
		{"all of a service", "arn:aws:s3:::*", "every resource of Amazon S3"},
		{"any table", "arn:aws:dynamodb:eu-west-1:123412341234:table/*", "any table in eu-west-1 of account 123412341234"},
		{"index", "arn:aws:dynamodb:eu-west-1:123412341234:table/orders/index/*",
			"any index of the table orders in eu-west-1 of account 123412341234"},
		{"any place", "arn:aws:sqs:*:*:jobs", "the queue jobs in any region and account"},
		{"secret", "arn:aws:secretsmanager:eu-west-1:123412341234:secret:db-??????",
			"the secret db in eu-west-1 of account 123412341234"},
		{"log group", "arn:aws:logs:eu-west-1:123412341234:log-group:/aws/lambda/f:*",
			"the log group /aws/lambda/f in eu-west-1 of account 123412341234"},
		{"log stream", "arn:aws:logs:eu-west-1:123412341234:log-group:/aws/lambda/f:log-stream:*",
			"any log stream in the log group /aws/lambda/f in eu-west-1 of account 123412341234"},
		{"variable", "arn:aws:s3:::home/${aws:PrincipalTag/Team}/*",
			"objects below [the caller's tag Team]/ in the bucket home"},
		{"function alias", "arn:aws:lambda:eu-west-1:123412341234:function:f:live",
			"the version or alias live of the function f in eu-west-1 of account 123412341234"},
		{"role", "arn:aws:iam::123412341234:role/app-*", "roles whose name begins with app- in account 123412341234"},
		{"AWS managed policy", "arn:aws:iam::aws:policy/ReadOnlyAccess", "the policy ReadOnlyAccess of AWS itself"},
		{"unknown service", "arn:aws:acme:::thing/1", "the acme resource thing/1"},
		{"China", "arn:aws-cn:s3:::b", "the bucket b in China (aws-cn)"},
		{"incomplete", "arn:aws:s3", "every resource of Amazon S3 in any region and account"},
		{"no ARN", "bucket", "bucket (which is no ARN)"},
	}
	w := &writer{catalog: catalog.Default(), variables: true, work: new(int)}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			thing, place := w.resource(tt.in)
			if got := thing + place; got != tt.want {
				t.Errorf("resource(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestMeet(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"a*", "*b", true}, {"a*", "b*", false}, {"*", "", true}, {"", "", true}, {"a", "", false},
		{"*/*", "bucket", false}, {"*/*", "bucket*", true}, {"a?c", "abc", true}, {"a?c", "ac", false}, {"*x", "*y", false},
	}
	for _, tt := range tests {
		if got := meet(tt.a, tt.b); got != tt.want {
			t.Errorf("meet(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
		if got := meet(tt.b, tt.a); got != tt.want {
			t.Errorf("meet(%q, %q) = %v, want %v", tt.b, tt.a, got, tt.want)
		}
	}
}

// FuzzExplain explains whatever can be parsed, also with defects, as every kind of policy.
func FuzzExplain(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range strings.Split(string(data), "\n-- ") {
			if _, text, ok := strings.Cut(part, ".json --\n"); ok {
				f.Add([]byte(text))
			}
		}
	}
	f.Add([]byte(`{"Statement":[{"Effect":"x","Principal":{"AWS":[]},"NotPrincipal":"*","Action":[],"Resource":["arn:aws:s3:::${a","${*}${b, '${c'}*"]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _ := policy.ParseAll(data)
		before := d.Clone()
		for kind := range table().kinds {
			short := Document(d, kind, catalog.Default(), Short)
			full := Document(d, kind, catalog.Default(), Full)
			checkExplanation(t, d, short)
			checkExplanation(t, d, full)
			if again := Document(d, kind, catalog.Default(), Full); again.Text() != full.Text() {
				t.Errorf("Document(%q, %s) is not the same twice", data, kind)
			}
		}
		if !policy.Equal(before, d) {
			t.Errorf("Document changed %q", data)
		}
	})
}

// TestUnparsed explains documents that no text gives: Go code can build them.
func TestUnparsed(t *testing.T) {
	text := []policy.Text{{Text: "\x1b[31m\n"}, {Text: "\xff\xfe"}, {Text: "arn:aws:s3:::\x00/" + strings.Repeat("é", 400)}, {Text: "\uE000${x}"}}
	for _, s := range []policy.Statement{
		{},
		{Effect: policy.Allow, Actions: text, Resources: text, Principal: &policy.Principal{AWS: text, Service: text, Federated: text, CanonicalUser: text}},
		{Effect: policy.Deny, NotActions: text, NotResources: text, NotPrincipal: &policy.Principal{}},
		{Effect: policy.Deny, Conditions: []policy.Condition{{}, {Operator: "Null", Key: "a"}, {Operator: "StringLike", Key: "\n", Values: text},
			{Operator: "Bool", Key: "aws:PrincipalTag/\n{tag}", Values: text}}},
	} {
		for kind := range table().kinds {
			d := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{s}}
			checkExplanation(t, d, Document(d, kind, catalog.Default(), Full))
			checkExplanation(t, d, Document(d, kind, catalog.Default(), Short))
		}
	}
}

func BenchmarkDocument(b *testing.B) {
	_, data, _ := strings.Cut(string(mustRead(b, "testdata/identity.txtar")), "several.identity.json --\n")
	data, _, _ = strings.Cut(data, "\n-- ")
	d, err := policy.Parse([]byte(data))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Document(d, policy.IdentityBased, catalog.Default(), Full)
	}
}

func mustRead(b *testing.B, path string) []byte {
	b.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	return data
}
