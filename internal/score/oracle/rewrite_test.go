package oracle_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/policy"
	"github.com/aegis-iam/aegis/internal/policy/policytest"
)

func texts(values ...string) []policy.Text {
	out := []policy.Text{}
	for _, v := range values {
		out = append(out, policy.Text{Text: v})
	}
	return out
}

func is(operator, key string, values ...string) policy.Condition {
	return policy.Condition{Operator: operator, Key: key, Values: texts(values...)}
}

// A writer makes random documents, and rewrites and changes them.
type writer struct {
	*rand.Rand
	catalog *catalog.Catalog
}

func newWriter(seed uint64) *writer {
	return &writer{rand.New(rand.NewPCG(seed, 1)), catalog.Default()}
}

func pick[T any](w *writer, list []T) T { return list[w.IntN(len(list))] }

var (
	someActions = []string{
		"s3:GetObject", "s3:PutObject", "s3:*", "s3:Get*", "s3:List*", "s3:PutBucketPolicy", "iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction",
		"lambda:UpdateFunctionCode", "ec2:Describe*", "ec2:TerminateInstances", "ec2:RunInstances", "dynamodb:*", "dynamodb:GetItem", "kms:Decrypt", "kms:*", "sqs:*",
		"sqs:SendMessage", "iam:CreatePolicyVersion", "iam:PutUserPolicy", "iam:*", "iam:List*", "secretsmanager:GetSecretValue", "logs:*", "rds-db:connect",
	}
	someResources = []string{
		"*", "*", "*", "arn:aws:s3:::media/*", "arn:aws:s3:::media", "arn:aws:s3:::*/*", "arn:aws:s3:::${aws:PrincipalTag/team}/*", "arn:aws:dynamodb:*:*:table/orders",
		"arn:aws:dynamodb:eu-west-1:111122223333:table/*", "arn:aws:iam::*:role/app", "arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::*:*", "arn:aws:sqs:*:*:jobs",
		"arn:aws:kms:*:*:key/*", "arn:aws:ec2:*:*:instance/*", "arn:aws:lambda:*:*:function:*",
	}
	someConditions = []policy.Condition{
		is("IpAddress", "aws:SourceIp", "0.0.0.0/0"), is("IpAddress", "aws:SourceIp", "198.51.100.0/24"), is("NotIpAddress", "aws:SourceIp", "198.51.100.0/24"),
		is("Bool", "aws:MultiFactorAuthPresent", "true"), is("BoolIfExists", "aws:MultiFactorAuthPresent", "false"), is("Bool", "aws:SecureTransport", "true"),
		is("StringEquals", "aws:ResourceTag/team", "red"), is("StringEquals", "aws:ResourceTag/team", "${aws:PrincipalTag/team}"), is("StringLike", "aws:PrincipalTag/team", "*"),
		is("StringNotEquals", "aws:SourceVpce", "vpce-0a1b2c3d"), is("StringEquals", "aws:SourceVpce", "vpce-0a1b2c3d"), is("StringEquals", "iam:PassedToService", "lambda.amazonaws.com"),
		is("Null", "aws:SourceIp", "false"), is("Null", "aws:PrincipalTag/team", "true"), is("DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z"),
		is("StringEquals", "aws:RequestedRegion", "eu-west-1", "eu-central-1"), is("ForAnyValue:StringEquals", "aws:CalledVia", "cloudformation.amazonaws.com"),
	}
)

// document makes a document of a few statements.
func (w *writer) document() *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	for range 1 + w.IntN(4) {
		d.Statements = append(d.Statements, w.statement())
	}
	return d
}

func (w *writer) statement() policy.Statement {
	s := policy.Statement{Effect: policy.Allow}
	if w.IntN(4) == 0 {
		s.Effect = policy.Deny
	}
	var actions, resources []string
	for range 1 + w.IntN(4) {
		actions = append(actions, pick(w, someActions))
	}
	for range 1 + w.IntN(3) {
		resources = append(resources, pick(w, someResources))
	}
	switch w.IntN(16) {
	case 0:
		s.NotActions = texts(actions...)
	case 1:
		s.Actions = texts("*")
	default:
		s.Actions = texts(append(actions, "s3:ListBucket")...)
	}
	if w.IntN(8) == 0 {
		s.NotResources = texts(slices.DeleteFunc(resources, func(r string) bool { return r == "*" })...)
	}
	if len(s.NotResources) == 0 {
		s.NotResources, s.Resources = nil, texts(append(resources, "arn:aws:s3:::media")...)
	}
	for range w.IntN(3) {
		if c := pick(w, someConditions); !slices.ContainsFunc(s.Conditions, func(x policy.Condition) bool { return x.Operator == c.Operator && x.Key == c.Key }) {
			s.Conditions = append(s.Conditions, c)
		}
	}
	return s.Clone()
}

// A rewriting changes how a document is written and not what it allows.
type rewriting struct {
	name string
	do   func(*writer, *policy.Document)
}

var rewritings = []rewriting{
	{"other order", func(w *writer, d *policy.Document) {
		w.Shuffle(len(d.Statements), func(i, j int) { d.Statements[i], d.Statements[j] = d.Statements[j], d.Statements[i] })
	}},
	{"split by action", func(w *writer, d *policy.Document) {
		w.split(d, func(s *policy.Statement) *[]policy.Text { return &s.Actions })
	}},
	{"split by resource", func(w *writer, d *policy.Document) {
		w.split(d, func(s *policy.Statement) *[]policy.Text { return &s.Resources })
	}},
	{"merge", (*writer).merge},
	{"a statement twice", func(w *writer, d *policy.Document) {
		d.Statements = append(d.Statements, pick(w, d.Statements).Clone())
	}},
	{"a statement that another covers", func(w *writer, d *policy.Document) {
		s := pick(w, d.Statements).Clone()
		s.Conditions = append(s.Conditions, is("StringEquals", fmt.Sprint("aws:PrincipalTag/", w.Uint32()), "x"))
		d.Statements = append(d.Statements, s)
	}},
	{"case of actions", func(w *writer, d *policy.Document) {
		s := &d.Statements[w.IntN(len(d.Statements))]
		for _, list := range [][]policy.Text{s.Actions, s.NotActions} {
			for i := range list {
				list[i].Text = pick(w, []func(string) string{strings.ToUpper, strings.ToLower})(list[i].Text)
			}
		}
	}},
	{"case of keys", func(w *writer, d *policy.Document) {
		s := &d.Statements[w.IntN(len(d.Statements))]
		for i := range s.Conditions {
			s.Conditions[i].Key = strings.Replace(s.Conditions[i].Key, "aws:", "AWS:", 1)
		}
	}},
	{"lists in another order, and twice", func(w *writer, d *policy.Document) {
		s := &d.Statements[w.IntN(len(d.Statements))]
		for _, list := range []*[]policy.Text{&s.Actions, &s.NotActions, &s.Resources, &s.NotResources} {
			if *list != nil {
				*list = append(*list, pick(w, *list))
				w.Shuffle(len(*list), func(i, j int) { (*list)[i], (*list)[j] = (*list)[j], (*list)[i] })
			}
		}
	}},
	{"patterns for what they match", (*writer).expand},
	{"NotAction for Action", (*writer).complement},
	{"wilder stars", func(w *writer, d *policy.Document) {
		s := &d.Statements[w.IntN(len(d.Statements))]
		for i := range s.Resources {
			if strings.HasSuffix(s.Resources[i].Text, "/*") {
				s.Resources[i].Text += "*"
			}
		}
	}},
	{"a Deny of what is not allowed", func(w *writer, d *policy.Document) {
		s := policy.Statement{Effect: policy.Deny, Actions: texts("s3:FlyToMoon", "nosuch:Action"), Resources: texts("*")}
		d.Statements = append(d.Statements, s)
	}},
	{"statements that never apply", func(w *writer, d *policy.Document) {
		s := w.statement()
		s.Conditions = []policy.Condition{is("NumericLessThan", "aws:MultiFactorAuthAge", "10"), is("NumericGreaterThan", "aws:MultiFactorAuthAge", "20")}
		d.Statements = append(d.Statements, s)
	}},
	{"other words for a condition", (*writer).reword},
	{"identifiers", func(w *writer, d *policy.Document) {
		for i := range d.Statements {
			d.Statements[i].Sid = fmt.Sprint("S", i, "x", w.IntN(1000))
		}
	}},
}

// split makes two statements of one whose list has several entries.
func (w *writer) split(d *policy.Document, list func(*policy.Statement) *[]policy.Text) {
	i := w.IntN(len(d.Statements))
	all := *list(&d.Statements[i])
	if len(all) < 2 {
		return
	}
	n := 1 + w.IntN(len(all)-1)
	other := d.Statements[i].Clone()
	*list(&other) = slices.Clone(all[n:])
	*list(&d.Statements[i]) = slices.Clone(all[:n])
	d.Statements = append(d.Statements, other)
}

// merge makes one statement of two that differ in their actions only.
func (w *writer) merge(d *policy.Document) {
	rest := func(s policy.Statement) string {
		s.Actions, s.Sid = texts("*"), ""
		return string((&policy.Document{Statements: []policy.Statement{s}}).Compact())
	}
	for i := range d.Statements {
		for j := range i {
			a, b := d.Statements[j], d.Statements[i]
			if a.Actions != nil && b.Actions != nil && rest(a) == rest(b) {
				d.Statements[j].Actions = append(slices.Clone(a.Actions), b.Actions...)
				d.Statements = slices.Delete(d.Statements, i, i+1)
				return
			}
		}
	}
}

// expand writes the actions of the catalog that a pattern matches in its place.
func (w *writer) expand(d *policy.Document) {
	s := &d.Statements[w.IntN(len(d.Statements))]
	for _, list := range []*[]policy.Text{&s.Actions, &s.NotActions} {
		for i, t := range *list {
			if found := w.catalog.Expand(t.Text); len(found) > 1 && len(found) < 300 {
				var names []string
				for _, a := range found {
					names = append(names, a.String())
				}
				*list = append(slices.Delete(slices.Clone(*list), i, i+1), texts(names...)...)
				return
			}
		}
	}
}

// complement writes services that are named as all others that are not, or the other way round.
func (w *writer) complement(d *policy.Document) {
	s := &d.Statements[w.IntN(len(d.Statements))]
	given := s.Actions
	if given == nil {
		given = s.NotActions
	}
	var others []string
	for _, prefix := range w.catalog.Prefixes() {
		if service, _ := w.catalog.Service(prefix); len(service.Actions) > 0 && !slices.ContainsFunc(given, func(t policy.Text) bool { return strings.EqualFold(t.Text, prefix+":*") }) {
			others = append(others, prefix+":*")
		}
	}
	if slices.ContainsFunc(given, func(t policy.Text) bool { return !strings.HasSuffix(t.Text, ":*") }) {
		return // not whole services
	}
	if s.Actions != nil {
		s.Actions, s.NotActions = nil, texts(others...)
	} else {
		s.NotActions, s.Actions = nil, texts(others...)
	}
}

// reword writes a condition with another operator, or with other values, that means the same.
func (w *writer) reword(d *policy.Document) {
	s := &d.Statements[w.IntN(len(d.Statements))]
	for i := range s.Conditions {
		c := &s.Conditions[i]
		operator := c.Operator
		switch {
		case c.Operator == "StringEquals":
			operator = "StringLike"
		case c.Operator == "StringNotEquals":
			operator = "StringNotLike"
		case strings.HasSuffix(c.Operator, "IpAddress") && c.Values[0].Text == "0.0.0.0/0":
			c.Values = texts("0.0.0.0/1", "128.0.0.0/1")
		case strings.HasSuffix(c.Operator, "IpAddress") && len(c.Values) == 1:
			c.Values = append(c.Values, texts("198.51.100.17/32")...)
		}
		if !slices.ContainsFunc(s.Conditions, func(x policy.Condition) bool { return x.Operator == operator && strings.EqualFold(x.Key, c.Key) }) {
			c.Operator = operator
		}
	}
}

// rewritten returns the document after some rewritings, read again from its text, with their names.
func (w *writer) rewritten(tb testing.TB, d *policy.Document) (*policy.Document, []string) {
	out := d.Clone()
	var names []string
	for range 1 + w.IntN(6) {
		r := pick(w, rewritings)
		r.do(w, out)
		names = append(names, r.name)
	}
	return reread(tb, out), names
}

// reread returns the document as it is read from its text.
func reread(tb testing.TB, d *policy.Document) *policy.Document {
	tb.Helper()
	again, err := policy.Parse(d.Compact())
	if err != nil {
		tb.Fatalf("%s: %v", d.Compact(), err)
	}
	return again
}

// runs is how many documents are tried: all of them in CI, where each is rewritten five times, and
// where these tests run once more without the race detector.
func runs() int {
	if os.Getenv("AEGIS_CI") != "" && !policytest.Race {
		return 400
	}
	return 30
}

// Documents that allow the same have the same score, and lose it to the same controls: random
// rewritings of random documents, 2,000 in CI.
func TestRewriting(t *testing.T) {
	w, s := newWriter(7), newScorer()
	grades := map[string]int{}
	for range runs() {
		d := reread(t, w.document())
		before := scoreOf(t, s, d)
		checkShown(t, d, before)
		grades[before.Grade]++
		for range 5 {
			again, names := w.rewritten(t, d)
			after := scoreOf(t, s, again)
			if after.Score != before.Score || failed(after) != failed(before) || after.Grade != before.Grade {
				t.Errorf("%s\nscores %d %s (%s), but after %v\n%s\nscores %d %s (%s)",
					d.Compact(), before.Score, before.Grade, failed(before), names, again.Compact(), after.Score, after.Grade, failed(after))
			}
		}
	}
	t.Logf("grades of the documents: %v", grades)
}

// More access never has the better score, and less never the worse one: no control fails after a
// narrowing that did not fail before.
func TestMonotone(t *testing.T) {
	w, s := newWriter(8), newScorer()
	changed := 0
	for range runs() {
		d := reread(t, w.document())
		middle := scoreOf(t, s, d)
		for range 2 {
			wide := d.Clone()
			name := w.widen(wide)
			if more := scoreOf(t, s, wide); !within(failed(middle), failed(more)) {
				t.Errorf("%s\nfails %q, and with more access (%s)\n%s\nfails %q", d.Compact(), failed(middle), name, wide.Compact(), failed(more))
			} else if more.Score != middle.Score {
				changed++
			}
			narrow := d.Clone()
			deny := w.statement()
			deny.Effect = policy.Deny
			narrow.Statements = append(narrow.Statements, deny)
			if less := scoreOf(t, s, narrow); !within(failed(less), failed(middle)) {
				t.Errorf("%s\nfails %q, and with a Deny more\n%s\nfails %q", d.Compact(), failed(middle), narrow.Compact(), failed(less))
			} else if less.Score != middle.Score {
				changed++
			}
		}
	}
	if changed < runs()/4 {
		t.Errorf("%d changes of %d changed a score: they are too weak to test anything", changed, 4*runs())
	}
}

// within reports whether a list of identifiers is a part of another.
func within(part, whole string) bool {
	return part == "" || !slices.ContainsFunc(strings.Split(part, ", "), func(id string) bool {
		return !slices.Contains(strings.Split(whole, ", "), id)
	})
}

// widen changes a document so that it allows more, or the same, and says how.
func (w *writer) widen(d *policy.Document) string {
	i := w.IntN(len(d.Statements))
	s := &d.Statements[i]
	allow := w.statement()
	allow.Effect = policy.Allow
	switch {
	case s.Effect == policy.Deny && len(d.Statements) > 1:
		d.Statements = slices.Delete(d.Statements, i, i+1)
		return "a Deny less"
	case s.Effect == policy.Deny:
	case w.IntN(3) == 0 && len(s.Conditions) > 0:
		s.Conditions = nil
		return "no conditions"
	case w.IntN(2) == 0 && s.Actions != nil:
		s.Actions = append(s.Actions, policy.Text{Text: pick(w, someActions)})
		return "an action more"
	case w.IntN(2) == 0:
		s.Resources, s.NotResources = texts("*"), nil
		return "any resource"
	}
	d.Statements = append(d.Statements, allow)
	return "an Allow more"
}
