package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

const fullJSON = `{
  "Version": "2012-10-17",
  "Id": "all",
  "Statement": [
    {
      "Sid": "One",
      "Effect": "Allow",
      "Principal": {
        "AWS": [
          "111122223333",
          "*"
        ],
        "Service": "lambda.amazonaws.com",
        "Federated": "accounts.google.com",
        "CanonicalUser": "79a59d"
      },
      "Action": [
        "s3:GetObject",
        "s3:GetObjet"
      ],
      "NotResource": "arn:aws:s3:::b/${aws:username}",
      "Condition": {
        "ForAnyValue:StringLikeIfExists": {
          "aws:CalledVia": [
            "a<b>&",
            "cé😀"
          ]
        },
        "Bool": {
          "aws:SecureTransport": "true"
        },
        "NumericLessThan": {
          "aws:MultiFactorAuthAge": [
            "5",
            "-1.5e3"
          ]
        }
      }
    },
    {
      "Effect": "Deny",
      "NotPrincipal": "*",
      "NotAction": "iam:*",
      "Resource": "*",
      "Condition": {}
    }
  ]
}`

func TestJSON(t *testing.T) {
	if got := string(wantFull().JSON()); got != fullJSON {
		t.Errorf("JSON() = %s, want %s", got, fullJSON)
	}
	var compacted bytes.Buffer
	if err := json.Compact(&compacted, []byte(fullJSON)); err != nil {
		t.Fatal(err)
	}
	if got := string(wantFull().Compact()); got != compacted.String() {
		t.Errorf("Compact() = %s, want %s", got, compacted.String())
	}
}

func TestJSONOfBuiltDocuments(t *testing.T) {
	tests := []struct {
		name string
		in   *Document
		want string
	}{
		{"zero", &Document{}, `{"Statement":[]}`},
		{"interleaved operators", &Document{Statements: []Statement{{Conditions: []Condition{
			{Operator: "B", Key: "1", Values: texts("x")}, {Operator: "A", Key: "1"}, {Operator: "B", Key: "2", Values: texts("y", "z")},
		}}}}, `{"Statement":[{"Condition":{"B":{"1":"x","2":["y","z"]},"A":{"1":[]}}}]}`},
		{"not UTF-8", &Document{ID: "a\xff"}, `{"Id":"a�","Statement":[]}`},
		{"control characters", &Document{ID: "\x00\x1f\u2028\x7f"}, `{"Id":"\u0000\u001f` + "\u2028\x7f" + `","Statement":[]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.in.Compact()
			if string(got) != tt.want || !json.Valid(got) {
				t.Errorf("Compact() = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestMarshalJSON(t *testing.T) {
	type answer struct {
		Policy   Document
		Pointer  *Document
		Optional *Document `json:",omitempty"`
	}
	d, err := Parse([]byte(`{"Statement":[{"Effect":"Deny","Action":"*"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(answer{Policy: *d, Pointer: d})
	const text = `{"Statement":[{"Effect":"Deny","Action":"*"}]}`
	if want := `{"Policy":` + text + `,"Pointer":` + text + `}`; err != nil || string(got) != want {
		t.Fatalf("Marshal = %s, %v, want %s", got, err, want)
	}
	var back answer
	if err := json.Unmarshal(got, &back); err != nil || !Equal(&back.Policy, d) || !Equal(back.Pointer, d) {
		t.Errorf("Unmarshal(%s) = %+v, %v", got, back, err)
	}
	if err := json.Unmarshal([]byte(`{"Policy":{"Statement":5}}`), &back); err == nil {
		t.Error("Unmarshal of a wrong policy gives no error")
	}
}

func TestCloneAndEqual(t *testing.T) {
	d, err := Parse([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	c := d.Clone()
	if !reflect.DeepEqual(c, d) || !Equal(c, d) {
		t.Fatalf("Clone() = %s, want %s", c.JSON(), d.JSON())
	}
	before := string(d.JSON())
	s := &c.Statements[0]
	s.Sid, s.Actions[0].Text, s.Principal.AWS[0].Text, s.Conditions[0].Values[0].Text = "x", "x", "x", "x"
	if got := string(d.JSON()); got != before {
		t.Errorf("a change of the clone changed the document: %s", got)
	}
	if Equal(c, d) {
		t.Error("Equal(changed clone, document) = true")
	}
}

// FuzzParse holds reading and printing together: what is read is printed so that it is read
// as the same document, in both forms, and printing that again changes nothing.
func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte(fullJSON))
	f.Add([]byte(`{"Statement":{"Effect":"Deny","NotAction":[],"Condition":{"a":{"b":[1,true,"\u00e9"]}}}}`))
	f.Add([]byte(`{"Statement":[{"Effect":"Allow","Action":"*","Principal":{"AWS":[]}},{}],"x":[[]]}`))
	f.Add([]byte("\uFEFF{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, errs := ParseAll(data)
		for i, err := range errs {
			if err.Reason == "" || err.Code == "" || err.Position.Line < 1 || err.Position.Column < 1 {
				t.Fatalf("ParseAll(%q): error %d = %#v", data, i, err)
			}
		}
		if len(errs) > 0 {
			return
		}
		if !json.Valid(data) {
			t.Fatalf("Parse(%q) takes what is not JSON", data)
		}
		want := bare(d.Clone())
		for _, text := range [][]byte{d.JSON(), d.Compact()} {
			again, err := Parse(text)
			if err != nil {
				t.Fatalf("Parse(print(Parse(%q))) = %v", data, err)
			}
			if !reflect.DeepEqual(bare(again.Clone()), want) {
				t.Fatalf("Parse(print(Parse(%q))) = %s, want %s", data, again.Compact(), d.Compact())
			}
			if !bytes.Equal(again.JSON(), d.JSON()) || !json.Valid(text) {
				t.Fatalf("printing %q twice differs", data)
			}
		}
	})
}

// A maker makes documents out of a stream of random numbers.
type maker struct{ *rand.Rand }

func (m maker) text() string {
	pieces := []string{"", "s3:", "*", "?", "${aws:username}", "a b", `"`, `\`, "<&>", "é", "😀", "\n", "\r", "\t", "\u2028", "\x7f", ":"}
	var b strings.Builder
	for range m.IntN(5) {
		b.WriteString(pieces[m.IntN(len(pieces))])
	}
	return b.String()
}

func (m maker) texts() []Text {
	out := []Text{}
	for range m.IntN(4) {
		out = append(out, Text{Text: m.text()})
	}
	return out
}

// maybe returns texts or nil.
func (m maker) maybe() []Text {
	if m.IntN(2) == 0 {
		return nil
	}
	return m.texts()
}

func (m maker) principal() *Principal {
	if m.IntN(3) == 0 {
		return &Principal{Any: true}
	}
	return &Principal{AWS: m.maybe(), Service: m.maybe(), Federated: m.maybe(), CanonicalUser: m.maybe()}
}

func (m maker) conditions() []Condition {
	out := []Condition{}
	for i := range m.IntN(3) {
		for j := range m.IntN(3) {
			out = append(out, Condition{Operator: fmt.Sprint(m.text(), i), Key: fmt.Sprint(m.text(), j), Values: m.texts()})
			out[len(out)-1].Operator = out[len(out)-1-j].Operator
		}
	}
	return out
}

func (m maker) statement() Statement {
	s := Statement{Sid: m.text(), Effect: Allow}
	if m.IntN(2) == 0 {
		s.Effect = Deny
	}
	switch m.IntN(3) {
	case 0:
		s.Principal = m.principal()
	case 1:
		s.NotPrincipal = m.principal()
	}
	if m.IntN(2) == 0 {
		s.Actions = m.texts()
	} else {
		s.NotActions = m.texts()
	}
	if m.IntN(2) == 0 {
		s.Resources = m.maybe()
	} else {
		s.NotResources = m.maybe()
	}
	if m.IntN(2) == 0 {
		s.Conditions = m.conditions()
	}
	return s
}

func (m maker) document() *Document {
	d := &Document{Version: []string{"", Version2008, Version2012}[m.IntN(3)], ID: m.text(), Statements: []Statement{}}
	for range m.IntN(4) {
		d.Statements = append(d.Statements, m.statement())
	}
	return d
}

// TestPrintThenParse goes the other way round than FuzzParse: from a document.
func TestPrintThenParse(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(1, 2))}
	for range 3000 {
		d := m.document()
		for _, text := range [][]byte{d.JSON(), d.Compact()} {
			got, err := Parse(text)
			if err != nil || !reflect.DeepEqual(bare(got), d) {
				t.Fatalf("Parse(%s) = %v, %v", text, got, err)
			}
		}
		if n := CountNonSpace.Size(d.JSON()); n != d.Size() {
			t.Fatalf("CountNonSpace.Size(%s) = %d, want %d", d.JSON(), n, d.Size())
		}
	}
}

// large is a document of the size of the largest managed policies.
func large() []byte {
	var b strings.Builder
	b.WriteString(`{"Version": "2012-10-17", "Statement": [`)
	for i := range 40 {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `
  {"Sid": "S%d", "Effect": "Allow", "Action": ["ec2:Describe%d*", "ec2:Get%d", "s3:List*"],
   "Resource": ["arn:aws:ec2:*:*:instance/%d", "*"], "Condition": {"StringEquals": {"aws:ResourceTag/t%d": "v"}}}`, i, i, i, i, i)
	}
	b.WriteString("]}")
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	text := large()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJSON(b *testing.B) {
	d, err := Parse(large())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		d.JSON()
	}
}
