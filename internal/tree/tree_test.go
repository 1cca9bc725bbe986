package tree

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

const document = `{
  "Version": "2012-10-17",
  "Id": "x",
  "Statement": [
    {"Sid": "A", "Effect": "Allow", "Principal": {"AWS": ["111122223333", "*"]},
     "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
     "Condition": {"Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"aws:MultiFactorAuthAge": 5}}}
  ]
}`

// TestDocumentOfJSON: a document that stands alone is what package policy reads, positions
// included, and inside another text its positions are those of that text.
func TestDocumentOfJSON(t *testing.T) {
	want, err := policy.Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	v, err := Read("p.json", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	got, err := v.Document()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Document = %+v, %v; want %+v", got, err, want)
	}
	v, err = Read("p.json", []byte("{\n\n  \"p\": "+document+"}"))
	if err != nil {
		t.Fatal(err)
	}
	got, err = v.Field("p").Document()
	if err != nil {
		t.Fatal(err)
	}
	if at := got.Statements[0].Position; at != (policy.Position{Line: 7, Column: 5}) {
		t.Errorf("the statement stands at %v, want 7:5", at)
	}
}

// TestYAML: YAML is read as the JSON that means the same, and lines are told.
func TestYAML(t *testing.T) {
	text := `
# A comment.
Version: 2012-10-17
Id: x
Statement:
  - Sid: A
    Effect: Allow
    Principal: {AWS: [111122223333, "*"]}
    Action: s3:*
    Resource:
      - arn:aws:s3:::b
      - arn:aws:s3:::b/*
    Condition:
      Bool: {"aws:SecureTransport": true}
      NumericLessThan: {"aws:MultiFactorAuthAge": 5}
`
	v, err := Read("p.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := v.Document()
	if err != nil {
		t.Fatal(err)
	}
	want, err := policy.Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	if string(got.JSON()) != string(want.JSON()) {
		t.Errorf("Document = %s\nwant %s", got.JSON(), want.JSON())
	}
	if line := got.Statements[0].Resources[1].Position.Line; line != 12 {
		t.Errorf("the second resource stands in line %d, want 12", line)
	}
}

func TestScalars(t *testing.T) {
	v, err := Read("f", []byte("a: 012345678901\nb: yes\nc: true\nd: ~\ne: [1, x]\nf: 2026-01-01\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range v.Fields {
		texts, err := f.Value.Scalars(f.Name)
		got = append(got, fmt.Sprint(f.Value.Kind, texts, err != nil))
	}
	want := "a text [012345678901] false; a text [yes] false; true or false [true] false; nothing [] true; a list [1 x] false; a text [2026-01-01] false"
	if text := strings.Join(got, "; "); text != want {
		t.Errorf("Scalars = %s, want %s", text, want)
	}
}

// FuzzDocument: what package policy reads, is read through a tree as the same document. A tree also
// reads a byte order mark and half a surrogate pair, which package policy does not.
func FuzzDocument(f *testing.F) {
	f.Add(document)
	f.Add(`{"Statement":{"Effect":"Deny","NotPrincipal":"*","NotAction":["a:\u0062","\u2028<&>"],"NotResource":"*"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		want, wantErr := policy.Parse([]byte(text))
		v, err := Read("p.json", []byte(text))
		if err == nil {
			var got *policy.Document
			if got, err = v.Document(); err == nil && wantErr == nil && string(got.JSON()) != string(want.JSON()) {
				t.Errorf("Document = %s, want %s", got.JSON(), want.JSON())
			}
		}
		if err != nil && wantErr == nil && strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
			t.Errorf("%v, but package policy reads it", err)
		}
	})
}
