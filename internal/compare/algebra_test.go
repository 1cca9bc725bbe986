package compare_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/compare"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// proved fails unless the new document allows nothing that the old one does not. An unknown
// answer is no mistake here: other tests count those.
func proved(t *testing.T, law string, old, new *policy.Document) {
	t.Helper()
	if a := subsumes(t, old, new); a.Verdict == compare.Counterexample {
		t.Errorf("%s: %+v\nold %s\nnew %s", law, a.Request, show(old), show(new))
	}
}

func same(t *testing.T, law string, a, b *policy.Document) {
	t.Helper()
	proved(t, law, a, b)
	proved(t, law, b, a)
}

// with returns the document with more statements.
func with(d *policy.Document, more ...policy.Statement) *policy.Document {
	out := d.Clone()
	out.Statements = append(out.Statements, more...)
	return out
}

var everything = policy.Statement{Effect: policy.Allow, Actions: texts("*"), Resources: texts("*")}

// Laws that hold for all documents.
func TestLaws(t *testing.T) {
	m := newMaker(21)
	for range 120 {
		a, b, c := m.document(), m.document(), m.document()
		proved(t, "A is within A", a, a)
		proved(t, "A is within A and B", with(a, m.statement(1<<30)), a)
		deny := m.statement(1)
		proved(t, "a Deny takes away", a, with(a, deny))
		all := &policy.Document{Version: policy.Version2012, Statements: []policy.Statement{everything}}
		proved(t, "all is the most", all, a)
		none := with(a, policy.Statement{Effect: policy.Deny, Actions: texts("*"), Resources: texts("*")})
		proved(t, "nothing is the least", b, none)
		if ab, bc := subsumes(t, b, a), subsumes(t, c, b); ab.Verdict == compare.Proved && bc.Verdict == compare.Proved {
			proved(t, "within is transitive", c, a)
		}
		layered, err := comparer.Subsumes(one(a), append(one(a), one(b)...), compare.Options{})
		if err != nil || layered.Verdict == compare.Counterexample {
			t.Errorf("a boundary only limits: %+v, %v\n%s\n%s", layered.Request, err, show(a), show(b))
		}
		layered, err = comparer.Subsumes(append(one(a), one(b)...), append(one(b), one(a)...), compare.Options{})
		if err != nil || layered.Verdict == compare.Counterexample {
			t.Errorf("the order of layers does not count: %+v, %v\n%s\n%s", layered.Request, err, show(a), show(b))
		}
	}
}

// Spellings that mean the same.
func TestSpellings(t *testing.T) {
	m := newMaker(22)
	for range 120 {
		d := m.document()
		reversed, named, split, starred, twice := d.Clone(), d.Clone(), d.Clone(), d.Clone(), with(d, d.Clone().Statements...)
		slices.Reverse(reversed.Statements)
		split.Statements = nil
		for i := range d.Statements {
			named.Statements[i].Sid = "S"
			s := d.Statements[i].Clone()
			slices.Reverse(s.Conditions)
			for _, a := range s.Actions {
				part := s.Clone()
				part.Actions = []policy.Text{a}
				split.Statements = append(split.Statements, part)
			}
			if s.Actions == nil {
				split.Statements = append(split.Statements, s)
			}
			for j, r := range starred.Statements[i].Resources {
				if strings.Count(r.Text, "*") > 0 && r.Text != "*" {
					starred.Statements[i].Resources[j].Text = strings.ReplaceAll(r.Text, "*", "**")
				}
			}
		}
		same(t, "the order of statements", d, reversed)
		same(t, "Sid", d, named)
		same(t, "one statement for each action", d, split)
		same(t, "two stars are one", d, starred)
		same(t, "a statement twice", d, twice)
	}
}

// Identities of operators, for the same key and values.
func TestOperatorIdentities(t *testing.T) {
	statement := func(effect policy.Effect, operator, key string, values ...string) policy.Statement {
		s := policy.Statement{Effect: effect, Actions: texts("s3:GetObject", "sqs:*"), Resources: texts("*")}
		if operator != "" {
			s.Conditions = []policy.Condition{{Operator: operator, Key: key, Values: texts(values...)}}
		}
		return s
	}
	of := func(statements ...policy.Statement) *policy.Document {
		return &policy.Document{Version: policy.Version2012, Statements: statements}
	}
	m := newMaker(23)
	for _, k := range keyMakers {
		for _, operator := range k.operators {
			for range 4 {
				values := some(m, 2, k.wanted)
				allow := func(o string) policy.Statement { return statement(policy.Allow, o, k.key, values...) }
				deny := func(o string) policy.Statement { return statement(policy.Deny, o, k.key, values...) }
				missing := statement(policy.Allow, "Null", k.key, "true")
				same(t, operator+"IfExists is it or no key", of(allow(operator+"IfExists")), of(allow(operator), missing))
				if positive := strings.Replace(operator, "Not", "", 1); positive != operator {
					plain := statement(policy.Allow, "", k.key)
					same(t, operator+" is not "+positive, of(allow(operator)), of(plain, deny(positive)))
					same(t, "ForAllValues:"+operator+" is not ForAnyValue:"+positive,
						of(allow("ForAllValues:"+operator)), of(plain, deny("ForAnyValue:"+positive)))
				}
				same(t, "one value at a time", of(statement(policy.Allow, strings.Replace(operator, "Not", "", 1), k.key, values...)),
					of(splitValues(statement(policy.Allow, strings.Replace(operator, "Not", "", 1), k.key, values...))...))
			}
		}
	}
	ip := func(values ...string) *policy.Document {
		return of(statement(policy.Allow, "IpAddress", "aws:SourceIp", values...))
	}
	same(t, "two halves", ip("10.0.0.0/8"), ip("10.0.0.0/9", "10.128.0.0/9"))
	same(t, "two halves of version 6", ip("2001:db8::/32"), ip("2001:db8::/33", "2001:db8:8000::/33"))
	date := func(values ...string) *policy.Document {
		return of(statement(policy.Allow, "DateGreaterThan", "aws:CurrentTime", values...))
	}
	same(t, "two notations of a date", date("2026-01-01T00:00:00Z"), date("1767225600"))
}

// splitValues returns one statement for each value of the only condition.
func splitValues(s policy.Statement) []policy.Statement {
	var out []policy.Statement
	for _, v := range s.Conditions[0].Values {
		part := s.Clone()
		part.Conditions[0].Values = []policy.Text{v}
		out = append(out, part)
	}
	return out
}

// NotAction is Action of all others.
func TestNotActionIsTheOthers(t *testing.T) {
	except := document(t, `Allow "NotAction": ["s3:*", "sqs:Send*"], "Resource": "*"`)
	both := document(t, `Allow "NotAction": ["s3:*", "sqs:Send*"], "Resource": "*"`, `Allow "Action": ["s3:*", "sqs:Send*"], "Resource": "*"`)
	less := document(t, `Allow "Action": "*", "Resource": "*"`, `Deny "Action": ["s3:*", "sqs:Send*"], "Resource": "*"`)
	all := document(t, `Allow "Action": "*", "Resource": "*"`)
	for _, o := range []compare.Options{{}, {Open: true}} {
		for _, pair := range [][2]*policy.Document{{except, less}, {less, except}, {both, all}, {all, both}} {
			if a, err := comparer.Subsumes(one(pair[0]), one(pair[1]), o); err != nil || a.Verdict != compare.Proved {
				t.Errorf("%s against %s: %+v, %v", show(pair[1]), show(pair[0]), a, err)
			}
		}
		if a, err := comparer.Subsumes(one(except), one(all), o); err != nil || a.Verdict != compare.Counterexample {
			t.Errorf("all against NotAction: %+v, %v", a, err)
		}
	}
}

// NotResource is Resource of all others.
func TestNotResourceIsTheOthers(t *testing.T) {
	except := document(t, `Allow "Action": "s3:*", "NotResource": ["arn:aws:s3:::a*", "arn:aws:s3:::*/x"]`)
	less := document(t, `Allow "Action": "s3:*", "Resource": "*"`, `Deny "Action": "s3:*", "Resource": ["arn:aws:s3:::a*", "arn:aws:s3:::*/x"]`)
	both := document(t, `Allow "Action": "s3:*", "NotResource": "arn:aws:s3:::a*"`, `Allow "Action": "s3:*", "Resource": "arn:aws:s3:::a*"`)
	all := document(t, `Allow "Action": "s3:*", "Resource": "*"`)
	for _, o := range []compare.Options{{}, {Open: true}} {
		for _, pair := range [][2]*policy.Document{{except, less}, {less, except}, {both, all}, {all, both}} {
			if a, err := comparer.Subsumes(one(pair[0]), one(pair[1]), o); err != nil || a.Verdict != compare.Proved {
				t.Errorf("%s against %s: %+v, %v", show(pair[1]), show(pair[0]), a, err)
			}
		}
		if a, err := comparer.Subsumes(one(except), one(all), o); err != nil || a.Verdict != compare.Counterexample {
			t.Errorf("all against NotResource: %+v, %v", a, err)
		}
	}
}

// otherNames are other names for the bucket and the account that documents made at random name.
var otherNames = strings.NewReplacer("123456789012", "444455556666", ":::ab", ":::zebra")

// renamedRequest returns a request about the things of other names.
func renamedRequest(r evaluate.Request) evaluate.Request {
	r.Resource, r.Principal.ID = otherNames.Replace(r.Resource), otherNames.Replace(r.Principal.ID)
	context := evaluate.Context{}
	for key, values := range r.Context {
		for _, v := range values {
			context[key] = append(context[key], otherNames.Replace(v))
		}
	}
	r.Context = context
	return r
}

// Other names for the same buckets and accounts, in both documents, change no verdict, and a
// counterexample is one by the other names too.
func TestRenaming(t *testing.T) {
	m := newMaker(24)
	decided, mapped := 0, 0
	for range 600 {
		a := m.document()
		b := m.mutated(a)
		// A pattern that matches some names by their letters tells old names from new ones.
		if strings.Contains(show(a)+show(b), ":::a") && strings.Contains(strings.ReplaceAll(show(a)+show(b), ":::ab", ""), ":::a") {
			continue
		}
		c, err1 := policy.Parse([]byte(otherNames.Replace(show(a))))
		d, err2 := policy.Parse([]byte(otherNames.Replace(show(b))))
		if err1 != nil || err2 != nil {
			continue // a condition that is there twice cannot be written
		}
		decided++
		before, after := subsumes(t, a, b), subsumes(t, c, d)
		if before.Verdict != after.Verdict {
			t.Errorf("verdict %v, renamed %v:\n%s\n%s", before.Verdict, after.Verdict, show(a), show(b))
		}
		if before.Verdict != compare.Counterexample {
			continue
		}
		mapped++
		if r := renamedRequest(before.Request); !allows(compiled(t, one(d)), r) || allows(compiled(t, one(c)), r) {
			t.Errorf("renamed, the counterexample %+v is none:\n%s\n%s", r, show(c), show(d))
		}
	}
	if decided < 100 || mapped < 20 {
		t.Errorf("%d pairs and %d counterexamples were renamed, want 100 and 20", decided, mapped)
	}
}
