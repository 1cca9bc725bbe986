package compare_test

import (
	"math/rand/v2"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/policy"
)

// A maker makes documents and requests at random that have much to do with each other: few
// actions, resources, keys and values, and all operators.
type maker struct {
	*rand.Rand
	variables  bool
	principals bool
}

func newMaker(seed uint64) *maker { return &maker{Rand: rand.New(rand.NewPCG(seed, 5))} }

func pick[T any](m *maker, from []T) T { return from[m.IntN(len(from))] }

func texts(values ...string) []policy.Text {
	out := make([]policy.Text, len(values))
	for i, v := range values {
		out[i].Text = v
	}
	return out
}

// some returns one to n of the values.
func some[T any](m *maker, n int, from []T) []T {
	out := make([]T, 1+m.IntN(n))
	for i := range out {
		out[i] = pick(m, from)
	}
	return out
}

var (
	actionTexts = []string{
		"*", "s3:*", "s3:Get*", "s3:GetObject", "s3:getobject", "S3:PutObject", "s3:*Object", "s3:ListBucket", "s3:List*",
		"s3:?etObject", "sqs:*", "sqs:SendMessage", "sqs:*Message*", "ec2:Describe*", "ec2:DescribeInstances", "*:Get*", "s*",
	}
	resourceTexts = []string{
		"*", "arn:aws:s3:::a*", "arn:aws:s3:::ab/*", "arn:aws:s3:::*/x", "arn:aws:s3:::a?/x", "arn:aws:s3:::ab", "arn:aws:s3:::*",
		"arn:*:s3:::ab/x", "arn:aws:sqs:*:123456789012:*", "arn:aws:sqs:eu-*:*:q?", "arn:aws:sqs:eu-west-1:123456789012:q1",
		"arn:aws:*:*:*:*", "*x", "arn:aws:s3", "arn:*", "arn:aws:s3:::ab/*/x*", "arn:aws:s3:::ab*b/*",
	}
	variableTexts = []string{
		"arn:aws:s3:::ab/${aws:username}/*", "arn:aws:s3:::ab/${aws:username}", "arn:aws:s3:::${aws:PrincipalTag/t}/*",
		"arn:aws:s3:::ab/${aws:username, 'x'}/*", "arn:aws:s3:::ab/${*}", "arn:aws:sqs:*:${aws:PrincipalAccount}:*",
	}
	setPrefixes = []string{"", "", "", "", "ForAllValues:", "ForAnyValue:"}
	suffixes    = []string{"", "", "", "IfExists"}
)

// A keyMaker says how conditions about a key and its values in requests are made.
type keyMaker struct {
	key       string
	operators []string
	wanted    []string
	values    []string
	multi     bool
}

var keyMakers = []keyMaker{
	{"aws:PrincipalTag/t", []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"},
		[]string{"v", "V", "v*", "*", "?", "vw", "w*v", "", "ſ"}, []string{"v", "V", "vw", "w", "wv", "", "x", "s", "S", "v*"}, false},
	{"aws:SourceIp", []string{"IpAddress", "NotIpAddress"},
		[]string{"10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24", "10.1.2.3", "2001:db8::/32", "0.0.0.0/0"},
		[]string{"10.0.0.0", "10.1.0.1", "10.255.255.255", "11.0.0.0", "10.1.2.3", "192.0.2.9", "2001:db8::1", "2001:db9::"}, false},
	{"aws:MultiFactorAuthPresent", []string{"Bool"}, []string{"true", "false", "True"}, []string{"true", "false"}, false},
	{"aws:MultiFactorAuthAge", []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
		[]string{"5", "10", "10.0", "7", "-1", "1e1"}, []string{"4", "5", "6", "7", "8", "10", "11", "9.5", "-1", "-2"}, false},
	{"aws:CurrentTime", []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
		[]string{"2026-01-01T00:00:00Z", "1767225600", "2026-06-01", "2026-01-01T00:00:01Z"},
		[]string{"2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2026-03-01", "2026-06-01", "2027"}, false},
	{"aws:PrincipalArn", []string{"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "StringLike", "StringNotLike"},
		[]string{"arn:aws:iam::*:role/*", "arn:aws:iam::123456789012:role/a", "arn:*:iam::123456789012:*", "arn:aws:iam::123456789012:role/a*", "*"},
		[]string{"arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/ab", "arn:aws:iam::210987654321:user/a", "arn:aws:iam::1:2:role/a"}, false},
	{"aws:CalledVia", []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike"},
		[]string{"a", "b", "a*", "?", "*"}, []string{"a", "b", "ab", "c", ""}, true},
	{"acme:list", []string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "NumericEquals", "NumericLessThan"},
		[]string{"1", "2", "3"}, []string{"1", "2", "3", "4", "x", "0"}, true},
	{"acme:bytes", []string{"BinaryEquals"}, []string{"QQ==", "QUI=", "QUJD"}, []string{"QQ==", "QUI=", "QUJD", "QUJE"}, true},
}

func (m *maker) condition() policy.Condition {
	k := pick(m, keyMakers)
	c := policy.Condition{Key: k.key}
	if m.IntN(8) == 0 {
		c.Operator, c.Values = "Null", texts(pick(m, []string{"true", "false"}))
		return c
	}
	c.Operator = pick(m, setPrefixes) + pick(m, k.operators) + pick(m, suffixes)
	c.Values = texts(some(m, 2, k.wanted)...)
	if m.variables && k.key == "aws:PrincipalTag/t" && m.IntN(2) == 0 {
		c.Values = texts(pick(m, []string{"${aws:username}", "v${aws:username}", "${aws:username, 'v'}"}))
	}
	return c
}

var principalElements = []policy.Principal{
	{Any: true}, {AWS: texts("*")}, {AWS: texts("123456789012")}, {AWS: texts("arn:aws:iam::123456789012:root")},
	{AWS: texts("arn:aws:iam::123456789012:role/a")}, {AWS: texts("arn:aws:iam::123456789012:user/u")},
	{AWS: texts("arn:aws:sts::123456789012:assumed-role/a/s")}, {Service: texts("lambda.amazonaws.com")},
	{Service: texts("*")}, {Federated: texts("cognito-identity.amazonaws.com")}, {CanonicalUser: texts(strings.Repeat("a", 64))},
	{AWS: texts("123456789012", "arn:aws:iam::123456789012:role/a", "arn:aws:sts::123456789012:assumed-role/a/s")},
}

func (m *maker) statement(deny int) policy.Statement {
	s := policy.Statement{Effect: policy.Allow}
	if m.IntN(deny) == 0 {
		s.Effect = policy.Deny
	}
	actions, resources := texts(some(m, 2, actionTexts)...), texts(some(m, 2, resourceTexts)...)
	if m.variables && m.IntN(2) == 0 {
		resources = texts(some(m, 2, variableTexts)...)
	}
	if s.Actions = actions; m.IntN(6) == 0 {
		s.Actions, s.NotActions = nil, actions
	}
	if s.Resources = resources; m.IntN(6) == 0 {
		s.Resources, s.NotResources = nil, resources
	}
	for m.IntN(2) == 0 && len(s.Conditions) < 3 {
		s.Conditions = append(s.Conditions, m.condition())
	}
	if m.principals {
		p := pick(m, principalElements)
		if s.Principal = &p; m.IntN(5) == 0 {
			s.Principal, s.NotPrincipal = nil, &p
		}
	}
	return s
}

func (m *maker) document() *policy.Document {
	d := &policy.Document{Version: policy.Version2012}
	for range 1 + m.IntN(4) {
		d.Statements = append(d.Statements, m.statement(3))
	}
	return d
}

// mutated returns the document with one change.
func (m *maker) mutated(from *policy.Document) *policy.Document {
	d := from.Clone()
	i := m.IntN(len(d.Statements))
	s := &d.Statements[i]
	switch m.IntN(7) {
	case 0:
		d.Statements = append(d.Statements, m.statement(3))
	case 1:
		d.Statements = append(d.Statements[:i], d.Statements[i+1:]...)
	case 2:
		s.Conditions = append(s.Conditions, m.condition())
	case 3:
		if len(s.Conditions) > 0 {
			s.Conditions = s.Conditions[1:]
		}
	case 4:
		if s.Resources != nil {
			s.Resources = append(s.Resources, policy.Text{Text: pick(m, resourceTexts)})
		}
	case 5:
		if s.Actions != nil {
			s.Actions = append(s.Actions, policy.Text{Text: pick(m, actionTexts)})
		}
	case 6:
		if len(s.Conditions) > 0 {
			c := m.condition()
			s.Conditions[0] = c
		}
	}
	return d
}

// requestsOf are actions with resources that their requests name.
var requestsOf = []struct {
	action    string
	resources []string
}{
	{"s3:GetObject", []string{"arn:aws:s3:::ab/x", "arn:aws:s3:::ab/y", "arn:aws:s3:::a/x", "arn:aws:s3:::ab/alice/z", "arn:aws:s3:::ac/x/x", "arn:aws:s3:::v/x", "arn:aws:s3:::abb/*", "arn:aws:s3:::ab/a:b/c"}},
	{"s3:PutObject", []string{"arn:aws:s3:::ab/x", "arn:aws:s3:::ab/bob", "arn:aws-cn:s3:::ab/x", "arn:aws:s3:::zz/x"}},
	{"s3:ListBucket", []string{"arn:aws:s3:::ab", "arn:aws:s3:::a", "arn:aws:s3:::zz"}},
	{"sqs:SendMessage", []string{"arn:aws:sqs:eu-west-1:123456789012:q1", "arn:aws:sqs:us-east-1:210987654321:q", "arn:aws:sqs:eu-west-1:123456789012:qx"}},
	{"ec2:DescribeInstances", []string{"*"}},
	{"s3:ListAllMyBuckets", []string{"*"}},
}

var senders = []evaluate.Principal{
	{Type: evaluate.AWS, ID: "*"}, {Type: evaluate.AWS, ID: "arn:aws:iam::123456789012:root"},
	{Type: evaluate.AWS, ID: "arn:aws:iam::123456789012:role/a"}, {Type: evaluate.AWS, ID: "arn:aws:iam::123456789012:role/path/a"},
	{Type: evaluate.AWS, ID: "arn:aws:iam::123456789012:user/u"}, {Type: evaluate.AWS, ID: "arn:aws:iam::123456789012:user/v"},
	{Type: evaluate.AWS, ID: "arn:aws:sts::123456789012:assumed-role/a/s"}, {Type: evaluate.AWS, ID: "arn:aws:sts::123456789012:assumed-role/a/t"},
	{Type: evaluate.AWS, ID: "arn:aws:sts::123456789012:assumed-role/b/s"}, {Type: evaluate.AWS, ID: "arn:aws:iam::210987654321:role/a"},
	{Type: evaluate.Service, ID: "lambda.amazonaws.com"}, {Type: evaluate.Service, ID: "ec2.amazonaws.com"},
	{Type: evaluate.Federated, ID: "cognito-identity.amazonaws.com"}, {Type: evaluate.Federated, ID: "accounts.google.com"},
	{Type: evaluate.CanonicalUser, ID: strings.Repeat("a", 64)}, {Type: evaluate.CanonicalUser, ID: strings.Repeat("b", 64)},
}

func (m *maker) request() evaluate.Request {
	of := pick(m, requestsOf)
	r := evaluate.Request{Action: of.action, Resource: pick(m, of.resources), Context: evaluate.Context{}}
	for _, k := range keyMakers {
		switch {
		case m.IntN(3) == 0:
		case k.multi:
			r.Context[k.key] = some(m, 2, k.values)
		default:
			r.Context[k.key] = []string{pick(m, k.values)}
		}
	}
	if m.variables {
		if m.IntN(4) > 0 {
			r.Context["aws:username"] = []string{pick(m, []string{"alice", "bob", "x", "v", "a:b", "*", ""})}
		}
		if m.IntN(4) > 0 {
			r.Context["aws:PrincipalAccount"] = []string{"123456789012"}
		}
	}
	if m.principals {
		r.Principal = pick(m, senders)
	}
	return r
}

// directed makes a request that satisfies the conditions of a statement, as far as chance goes.
func (m *maker) directed(s *policy.Statement) evaluate.Request {
	r := m.request()
	for range 8 {
		if q := m.request(); m.IntN(2) == 0 {
			r.Action, r.Resource, r.Principal = q.Action, q.Resource, q.Principal
		}
		if p, err := evaluate.Compile(&policy.Document{Version: policy.Version2012, Statements: []policy.Statement{
			{Effect: policy.Allow, Actions: s.Actions, NotActions: s.NotActions, Resources: s.Resources, NotResources: s.NotResources},
		}}, policy.IdentityBased); err == nil && evaluate.Evaluate(r, p) == evaluate.Allowed {
			break
		}
		q := m.request()
		r.Action, r.Resource, r.Principal = q.Action, q.Resource, q.Principal
	}
	for range 3 {
		for _, c := range s.Conditions {
			m.satisfy(&r, c)
		}
	}
	return r
}

// satisfy changes the key of a condition until the condition holds.
func (m *maker) satisfy(r *evaluate.Request, c policy.Condition) {
	clause, err := condition.Compile(c, true)
	for tries := 0; err == nil && tries < 12 && !clause.Holds(r.Context); tries++ {
		delete(r.Context, c.Key)
		if other := m.request(); other.Context[c.Key] != nil {
			r.Context[c.Key] = other.Context[c.Key]
		}
	}
}

func show(d *policy.Document) string { return string(d.Compact()) }
