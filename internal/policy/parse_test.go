package policy

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// full has every element; the columns are those of TestParsePositions.
const full = `{"Version": "2012-10-17", "Id": "all",
 "Statement": [
  {"Sid": "One",
   "Effect": "Allow",
   "Principal": {"AWS": ["111122223333", "*"], "Service": "lambda.amazonaws.com",
                 "Federated": "accounts.google.com", "CanonicalUser": ["79a59d"]},
   "Action": ["s3:GetObject", "s3:GetObjet"],
   "NotResource": "arn:aws:s3:::b/${aws:username}",
   "Condition": {
     "ForAnyValue:StringLikeIfExists": {"aws:CalledVia": ["a<b>&", "c\u00e9\ud83d\ude00"]},
     "Bool": {"aws:SecureTransport": true},
     "NumericLessThan": {"aws:MultiFactorAuthAge": [5, -1.5e3]}}},
  {"Effect": "Deny", "NotPrincipal": "*", "NotAction": "iam:*", "Resource": ["*"], "Condition": {"Null": {}}}
 ]}`

func texts(values ...string) []Text {
	out := []Text{}
	for _, v := range values {
		out = append(out, Text{Text: v})
	}
	return out
}

func wantFull() *Document {
	return &Document{Version: "2012-10-17", ID: "all", Statements: []Statement{
		{
			Sid: "One", Effect: Allow,
			Principal: &Principal{
				AWS: texts("111122223333", "*"), Service: texts("lambda.amazonaws.com"),
				Federated: texts("accounts.google.com"), CanonicalUser: texts("79a59d"),
			},
			Actions: texts("s3:GetObject", "s3:GetObjet"), NotResources: texts("arn:aws:s3:::b/${aws:username}"),
			Conditions: []Condition{
				{Operator: "ForAnyValue:StringLikeIfExists", Key: "aws:CalledVia", Values: texts("a<b>&", "cé😀")},
				{Operator: "Bool", Key: "aws:SecureTransport", Values: texts("true")},
				{Operator: "NumericLessThan", Key: "aws:MultiFactorAuthAge", Values: texts("5", "-1.5e3")},
			},
		},
		{
			Effect: Deny, NotPrincipal: &Principal{Any: true}, NotActions: texts("iam:*"), Resources: texts("*"),
			Conditions: []Condition{},
		},
	}}
}

// bare returns v without positions, whatever v is made of.
func bare[T any](v T) T {
	clear := reflect.ValueOf(&v).Elem()
	stripPositions(clear)
	return v
}

func stripPositions(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[Position]():
		v.SetZero()
	case v.Kind() == reflect.Pointer && !v.IsNil():
		stripPositions(v.Elem())
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			stripPositions(v.Field(i))
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			stripPositions(v.Index(i))
		}
	}
}

func TestParse(t *testing.T) {
	for name, text := range map[string]string{
		"line feeds": full, "carriage returns": strings.ReplaceAll(full, "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := Parse([]byte(text))
			if err != nil {
				t.Fatalf("Parse(full) = %v", err)
			}
			if want := wantFull(); !reflect.DeepEqual(bare(d.Clone()), want) {
				t.Errorf("Parse(full) = %s, want %s", d.JSON(), want.JSON())
			}
		})
	}
}

func TestParsePositions(t *testing.T) {
	for name, text := range map[string]string{
		"line feeds": full, "carriage returns": strings.ReplaceAll(full, "\n", "\r\n"),
	} {
		d, err := Parse([]byte(text))
		if err != nil {
			t.Fatalf("Parse(%s) = %v", name, err)
		}
		one, two := d.Statements[0], d.Statements[1]
		for _, tt := range []struct {
			what string
			got  Position
			want string
		}{
			{"document", d.Position, "1:1"},
			{"Version", d.VersionPosition, "1:13"},
			{"Id", d.IDPosition, "1:33"},
			{"statement", one.Position, "3:3"},
			{"Sid", one.SidPosition, "3:11"},
			{"Effect", one.EffectPosition, "4:14"},
			{"Principal", one.Principal.Position, "5:17"},
			{"AWS", one.Principal.AWS[1].Position, "5:42"},
			{"CanonicalUser", one.Principal.CanonicalUser[0].Position, "6:72"},
			{"Action", one.ActionPosition, "7:14"},
			{"action", one.Actions[1].Position, "7:31"},
			{"NotResource", one.ResourcePosition, "8:19"},
			{"resource", one.NotResources[0].Position, "8:19"},
			{"Condition", one.ConditionPosition, "9:17"},
			{"operator", one.Conditions[0].OperatorPosition, "10:6"},
			{"key", one.Conditions[0].Position, "10:41"},
			{"value", one.Conditions[0].Values[1].Position, "10:68"},
			{"boolean", one.Conditions[1].Values[0].Position, "11:38"},
			{"number", one.Conditions[2].Values[1].Position, "12:56"},
			{"second statement", two.Position, "13:3"},
			{"NotPrincipal", two.NotPrincipal.Position, "13:38"},
		} {
			if tt.got.String() != tt.want {
				t.Errorf("%s: position of %s = %s, want %s", name, tt.what, tt.got, tt.want)
			}
		}
	}
}

// TestParseForms lists what is accepted although it looks odd: it is for lint to judge.
func TestParseForms(t *testing.T) {
	tests := []struct{ name, in, compact string }{
		{"one statement", `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
			`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`},
		{"old version", `{"Version":"2008-10-17","Statement":[]}`, `{"Version":"2008-10-17","Statement":[]}`},
		{"empty lists", `{"Statement":[{"Effect":"Allow","Action":[],"Resource":[],"Condition":{"Bool":{"k":[]}}}]}`,
			`{"Statement":[{"Effect":"Allow","Action":[],"Resource":[],"Condition":{"Bool":{"k":[]}}}]}`},
		{"empty principal", `{"Statement":[{"Effect":"Allow","Action":"*","Principal":{}}]}`,
			`{"Statement":[{"Effect":"Allow","Principal":{},"Action":"*"}]}`},
		{"empty principal list", `{"Statement":[{"Effect":"Allow","Action":"*","Principal":{"AWS":[]}}]}`,
			`{"Statement":[{"Effect":"Allow","Principal":{"AWS":[]},"Action":"*"}]}`},
		{"list of one", `{"Statement":[{"Effect":"Allow","Action":["*"]}]}`,
			`{"Statement":[{"Effect":"Allow","Action":"*"}]}`},
		{"unknown operator", `{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"StringIs":{"k":"v"}}}]}`,
			`{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"StringIs":{"k":"v"}}}]}`},
		{"keys that differ in case", `{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"Bool":{"k":"v","K":"v"}}}]}`,
			`{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"Bool":{"k":"v","K":"v"}}}]}`},
		{"white space around", "\r\n\t {\"Statement\":[]} \r\n\t", `{"Statement":[]}`},
		{"order of elements", `{"Statement":[{"Resource":"*","Action":"*","Effect":"Deny","Sid":"S"}],"Id":"i","Version":"2012-10-17"}`,
			`{"Version":"2012-10-17","Id":"i","Statement":[{"Sid":"S","Effect":"Deny","Action":"*","Resource":"*"}]}`},
		{"escapes", `{"Id":"\"\\\/\n\r\t\u0041\u00e9","Statement":[]}`, `{"Id":"\"\\/\n\r\tAé","Statement":[]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Parse([]byte(tt.in))
			if err != nil {
				t.Fatalf("Parse(%q) = %v", tt.in, err)
			}
			if got := string(d.Compact()); got != tt.compact {
				t.Errorf("Parse(%q).Compact() = %s, want %s", tt.in, got, tt.compact)
			}
		})
	}
}

// statement puts elements into a statement that is complete without them.
func statement(elements string) string {
	return `{"Statement":[{"Effect":"Allow","Action":"*",` + "\n" + elements + `}]}`
}

var parseErrors = []struct {
	name, in string
	code     Code
	position string
	reason   string // a part of it
}{
	{"empty", "", CodeJSON, "1:1", "the text is empty"},
	{"white space", " \n ", CodeJSON, "2:2", "the text is empty"},
	{"list", `[]`, CodeDataType, "1:1", "a policy must be an object, not a list"},
	{"string", ` "x"`, CodeDataType, "1:2", "a policy must be an object, not a string"},
	{"number", `1`, CodeDataType, "1:1", "not a number"},
	{"null", `null`, CodeDataType, "1:1", "not null"},
	{"word", `nul`, CodeJSON, "1:1", `unexpected "n"`},
	{"byte order mark", "\uFEFF{}", CodeEncoding, "1:1", "byte order mark"},
	{"UTF-16", "\xff\xfe{\x00}\x00", CodeEncoding, "1:1", "not UTF-8"},
	{"Latin-1", "{\"Id\":\n \"\xe9\"}", CodeEncoding, "2:3", "not UTF-8"},
	{"too long", strings.Repeat(" ", MaxSize) + "{}", CodeSize, "1:1", "at most 1048576"},
	{"open object", `{"Id":"a"`, CodeJSON, "1:10", "unexpected end of the text"},
	{"open list", `{"Statement":[`, CodeJSON, "1:15", "unexpected end of the text"},
	{"open string", `{"Id":"a`, CodeJSON, "1:7", "without a closing quote"},
	{"open escape", `{"Id":"a\`, CodeJSON, "1:9", "without a closing quote"},
	{"trailing comma", `{"Id":"a",}`, CodeJSON, "1:11", `unexpected "}" after ","`},
	{"trailing comma in a list", statement(`"Resource":["*",]`), CodeJSON, "2:17", `unexpected "]"`},
	{"no comma", "{\"Id\":\"a\"\n\"Version\":1}", CodeJSON, "2:1", `unexpected "\""`},
	{"no colon", `{"Id" "a"}`, CodeJSON, "1:7", "after the name"},
	{"single quotes", `{'Id':1}`, CodeJSON, "1:2", `unexpected "'"`},
	{"comment", `{"Id":"a" // x`, CodeJSON, "1:11", `unexpected "/"`},
	{"no quotes", `{Id:"a"}`, CodeJSON, "1:2", `unexpected "I"`},
	{"wrong bracket", `{"Statement":[}`, CodeJSON, "1:15", `unexpected "}"`},
	{"garbage behind", `{"Statement":[]} x`, CodeJSON, "1:18", `unexpected "x" after the end`},
	{"second policy", "{\"Statement\":[]}\n{}", CodeJSON, "2:1", `unexpected "{" after the end`},
	{"NUL behind", "{\"Statement\":[]}\x00", CodeJSON, "1:17", `unexpected "\x00"`},
	{"NUL", "\x00", CodeJSON, "1:1", `unexpected "\x00"`},
	{"NUL in a string", "{\"Id\":\"a\x00\"}", CodeJSON, "1:9", "U+0000"},
	{"escaped NUL", `{"Id":"a\u0000"}`, CodeJSON, "1:9", "U+0000"},
	{"escaped backspace", `{"Id":"a\b"}`, CodeJSON, "1:9", `\b`},
	{"line break in a string", "{\"Id\":\"a\n\"}", CodeJSON, "1:9", "U+000A"},
	{"no-break space", "{\u00a0}", CodeJSON, "1:2", "unexpected"},
	{"unknown escape", `{"Id":"a\x"}`, CodeJSON, "1:9", "unknown escape"},
	{"short escape", `{"Id":"a\u12"}`, CodeJSON, "1:9", "four hexadecimal"},
	{"high surrogate", `{"Id":"a\ud800"}`, CodeJSON, "1:9", "surrogate"},
	{"low surrogate", `{"Id":"a\udc00"}`, CodeJSON, "1:9", "surrogate"},
	{"two high surrogates", `{"Id":"a\ud800\ud800"}`, CodeJSON, "1:9", "surrogate"},
	{"huge number", statement(`"Condition":{"N":{"k":1e999}}`), CodeJSON, "2:23", "out of range"},
	{"leading zero", statement(`"Condition":{"N":{"k":01}}`), CodeJSON, "2:24", "leading zero"},
	{"minus", statement(`"Condition":{"N":{"k":-}}`), CodeJSON, "2:24", `after "-"`},
	{"point", statement(`"Condition":{"N":{"k":1.}}`), CodeJSON, "2:25", "after the point"},
	{"exponent", statement(`"Condition":{"N":{"k":1e+}}`), CodeJSON, "2:26", "after the exponent"},
	{"NaN", statement(`"Condition":{"N":{"k":NaN}}`), CodeJSON, "2:23", `unexpected "N"`},
	{"null value", statement(`"Condition":{"N":{"k":null}}`), CodeDataType, "2:23", "not null"},
	{"object value", statement(`"Condition":{"N":{"k":{}}}`), CodeDataType, "2:23", "k must be"},
	{"nested list value", statement(`"Condition":{"N":{"k":[["v"]]}}`), CodeDataType, "2:24", "not a list"},
	{"operator value", statement(`"Condition":{"Bool":"k"}`), CodeDataType, "2:21", "Bool must be an object"},
	{"condition list", statement(`"Condition":[]`), CodeDataType, "2:13", "Condition must be an object"},
	{"deep", `{"Id":` + strings.Repeat("[", 500000), CodeDataType, "1:7", "Id must be a string"},
	{"duplicate element", `{"Id":"a","Id":"b","Statement":[]}`, CodeDuplicate, "1:11", `"Id" is given twice`},
	{"duplicate in a statement", statement(`"Effect":"Deny"`), CodeDuplicate, "2:1", `"Effect"`},
	{"duplicate operator", statement(`"Condition":{"Bool":{},"Bool":{}}`), CodeDuplicate, "2:24", `"Bool"`},
	{"duplicate key", statement(`"Condition":{"Bool":{"k":"1","k":"2"}}`), CodeDuplicate, "2:30", `"k"`},
	{"duplicate by escape", `{"Id":"a","\u0049d":"b","Statement":[]}`, CodeDuplicate, "1:11", `"Id"`},
	{"duplicate principal", statement(`"Principal":{"AWS":"*","AWS":"*"}`), CodeDuplicate, "2:24", `"AWS"`},
	{"unknown element", `{"Statement":[],"Comment":{"a":[1]}}`, CodeUnknownElement, "1:17", `no element "Comment"`},
	{"case of an element", `{"statement":[]}`, CodeUnknownElement, "1:2", "write Statement"},
	{"case of an action", `{"Statement":[{"effect":"Allow","Actions":"*"}]}`, CodeUnknownElement, "1:16", "write Effect"},
	{"unknown in a statement", statement(`"Resources":"*"`), CodeUnknownElement, "2:1", "write Resource"},
	{"version", `{"Version":"2012-10-18","Statement":[]}`, CodeInvalidVersion, "1:12", "2012-10-18"},
	{"version number", `{"Version":2012,"Statement":[]}`, CodeDataType, "1:12", "Version must be a string"},
	{"no statement", ` {"Version":"2012-10-17"}`, CodeMissingStatement, "1:2", "no Statement"},
	{"statement string", `{"Statement":"x"}`, CodeDataType, "1:14", "Statement must be an object or a list"},
	{"statement in a list", `{"Statement":[1]}`, CodeDataType, "1:15", "a statement must be an object"},
	{"no effect", `{"Statement":[{"Action":"*"}]}`, CodeMissingEffect, "1:15", "no Effect"},
	{"no action", `{"Statement":[{"Effect":"Allow"}]}`, CodeMissingAction, "1:15", "neither Action"},
	{"effect", `{"Statement":[{"Effect":"allow","Action":"*"}]}`, CodeInvalidEffect, "1:25", `not "allow"`},
	{"two actions", statement(`"NotAction":"*"`), CodeElementCombination, "2:1", "both Action and NotAction"},
	{"two resources", statement(`"NotResource":"*","Resource":"*"`), CodeElementCombination, "2:19", "both"},
	{"two principals", statement(`"NotPrincipal":"*","Principal":"*"`), CodeElementCombination, "2:20", "both"},
	{"action number", statement(`"Resource":5`), CodeDataType, "2:12", "Resource must be a string or a list"},
	{"principal string", statement(`"Principal":"me"`), CodePrincipalFormat, "2:13", `not "me"`},
	{"principal list", statement(`"Principal":["*"]`), CodePrincipalFormat, "2:13", "not a list"},
	{"principal type", statement(`"Principal":{"Aws":"*"}`), CodePrincipalType, "2:14", `"Aws"`},
	{"account as number", statement(`"Principal":{"AWS":111122223333}`), CodeDataType, "2:20", "AWS must be a string"},
}

func TestParseErrors(t *testing.T) {
	for _, tt := range parseErrors {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Parse([]byte(tt.in))
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("Parse(%.60q) = %v, %v, want a SyntaxError", tt.in, d, err)
			}
			if syntax.Code != tt.code || syntax.Position.String() != tt.position || !strings.Contains(syntax.Reason, tt.reason) {
				t.Errorf("Parse(%.60q) = %v (%s), want %s: ...%s... (%s)",
					tt.in, err, syntax.Code, tt.position, tt.reason, tt.code)
			}
		})
	}
}

func TestParseAll(t *testing.T) {
	text := `{"Version": "2012",
 "Statement": [
  {"Sid": "Kept", "Action": ["s3:*", 5], "Resorce": {"a": [{}]}},
  {"Effect": "Permit", "Action": "*", "Action": "*", "Resource": "*"}
 ] "Id": 3`
	d, errs := ParseAll([]byte(text))
	var got []string
	for _, err := range errs {
		got = append(got, err.Position.String()+" "+string(err.Code))
	}
	want := []string{
		"1:13 invalid-version", "3:3 missing-effect", "3:38 data-type", "3:42 unknown-element",
		"4:14 invalid-effect", "4:39 duplicate-key", "5:4 json",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("ParseAll(...) = %q, want %q", got, want)
	}
	if len(d.Statements) != 2 || d.Statements[0].Sid != "Kept" || len(d.Statements[0].Actions) != 1 ||
		d.Statements[1].Resources[0].Text != "*" {
		t.Errorf("ParseAll(...) read %s", d.Compact())
	}
}

func TestParseAllLimits(t *testing.T) {
	many := `{` + strings.Repeat(`"x":1,`, 100000) + `"y":1}`
	if _, errs := ParseAll([]byte(many)); len(errs) != maxErrors+1 || errs[maxErrors].Code != CodeTooMany {
		t.Errorf("ParseAll(many errors) gives %d errors, want %d", len(errs), maxErrors+1)
	}
	deep := `{"Statement":[],"x":` + strings.Repeat(`{"a":[`, 100000)
	if _, errs := ParseAll([]byte(deep)); len(errs) != 2 || errs[1].Code != CodeDepth {
		t.Errorf("ParseAll(deep) = %v, want an unknown element and the depth", errs)
	}
	long := `{"Statement":[],"Id":"` + strings.Repeat("a", MaxSize-100) + `"}`
	if d, err := Parse([]byte(long)); err != nil || len(d.ID) != MaxSize-100 {
		t.Errorf("Parse(long) = %v", err)
	}
}

func TestSyntaxError(t *testing.T) {
	if got := (&SyntaxError{Position{3, 44}, "x", CodeJSON}).Error(); got != "3:44: x" {
		t.Errorf("Error() = %q", got)
	}
	if got := (&SyntaxError{Reason: "x"}).Error(); got != "x" {
		t.Errorf("Error() without position = %q", got)
	}
	if got := (Position{}).String(); got != "-" {
		t.Errorf("Position{}.String() = %q", got)
	}
}
