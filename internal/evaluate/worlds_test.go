package evaluate

import (
	"math/rand/v2"
	"testing"
)

// What random worlds are made of.
var (
	worldPrincipals = []string{
		"arn:aws:iam::111111111111:user/eva", "arn:aws:iam::111111111111:user/eva",
		"arn:aws:sts::111111111111:assumed-role/app/monday", "arn:aws:sts::111111111111:assumed-role/app/monday",
		"arn:aws:sts::222222222222:assumed-role/job/nightly", "arn:aws:iam::222222222222:user/bob",
		"arn:aws:sts::111111111111:federated-user/fay", "arn:aws:iam::111111111111:root", "*",
		"lambda.amazonaws.com",
	}
	// What a Principal element names.
	worldNames = []map[string]any{
		{"AWS": "*"}, {"AWS": "111111111111"}, {"AWS": "arn:aws:iam::111111111111:root"}, {"AWS": "arn:aws:iam::222222222222:root"},
		{"AWS": "arn:aws:iam::111111111111:user/eva"}, {"AWS": "arn:aws:iam::111111111111:role/app"},
		{"AWS": "arn:aws:sts::111111111111:assumed-role/app/monday"}, {"AWS": "arn:aws:sts::111111111111:assumed-role/app/tuesday"},
		{"AWS": []string{"arn:aws:iam::222222222222:role/job", "arn:aws:iam::222222222222:user/bob"}},
		{"AWS": "arn:aws:sts::111111111111:federated-user/fay"},
		{"Service": "lambda.amazonaws.com"}, {"Service": []string{"sns.amazonaws.com", "lambda.amazonaws.com"}},
	}
	worldTargets = []struct{ action, resource, all string }{
		{"s3:GetObject", "arn:aws:s3:::b/k", "arn:aws:s3:::b/*"},
		{"s3:PutObject", "arn:aws:s3:::b/team/x", "arn:aws:s3:::b/team/*"},
		{"s3:ListBucket", "arn:aws:s3:::b", "arn:aws:s3:::*"},
		{"sqs:SendMessage", "arn:aws:sqs:eu-west-1:111111111111:q", "arn:aws:sqs:*:111111111111:q*"},
		{"secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:s-abcdef", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:s-??????"},
		{"kms:Decrypt", "arn:aws:kms:eu-west-1:111111111111:key/k", "*"},
		{"kms:ScheduleKeyDeletion", "arn:aws:kms:eu-west-1:111111111111:key/k", "arn:aws:kms:eu-west-1:111111111111:key/*"},
		{"sts:AssumeRole", "arn:aws:iam::111111111111:role/target", "arn:aws:iam::*:role/target"},
		{"ec2:StopInstances", "arn:aws:ec2:eu-west-1:111111111111:instance/i-1", "arn:aws:ec2:*:*:instance/*"},
		{"sns:Publish", "arn:aws:sns:eu-west-1:111111111111:t", "arn:aws:sns:eu-west-1:111111111111:*"},
	}
	worldKeys = map[string][][]string{
		"aws:SecureTransport":        {{"true"}, {"false"}},
		"aws:SourceIp":               {{"192.0.2.7"}, {"198.51.100.7"}},
		"aws:PrincipalTag/team":      {{"data"}, {"web"}},
		"aws:MultiFactorAuthAge":     {{"60"}, {"7200"}},
		"aws:CurrentTime":            {{"2026-06-01T12:00:00Z"}, {"2031-06-01T12:00:00Z"}},
		"aws:TagKeys":                {{"team"}, {"team", "cost"}, {"other"}},
		"aws:PrincipalOrgID":         {{"o-a1b2c3d4e5"}, {"o-other"}},
		"aws:MultiFactorAuthPresent": {{"true"}, {"false"}},
	}
	worldKeyNames = []string{
		"aws:SecureTransport", "aws:SourceIp", "aws:PrincipalTag/team", "aws:MultiFactorAuthAge", "aws:CurrentTime",
		"aws:TagKeys", "aws:PrincipalOrgID", "aws:MultiFactorAuthPresent",
	}
	worldConditions = []map[string]any{
		{"Bool": map[string]any{"aws:SecureTransport": "true"}},
		{"BoolIfExists": map[string]any{"aws:MultiFactorAuthPresent": "false"}},
		{"Bool": map[string]any{"aws:MultiFactorAuthPresent": "true"}},
		{"IpAddress": map[string]any{"aws:SourceIp": []string{"192.0.2.0/24", "2001:db8::/32"}}},
		{"NotIpAddress": map[string]any{"aws:SourceIp": "192.0.2.0/24"}},
		{"StringEquals": map[string]any{"aws:PrincipalTag/team": "data"}},
		{"StringNotEquals": map[string]any{"aws:PrincipalTag/team": []string{"data", "ops"}}},
		{"StringLike": map[string]any{"aws:PrincipalTag/team": "d*"}},
		{"StringNotLike": map[string]any{"aws:PrincipalTag/team": "?eb"}},
		{"StringEqualsIgnoreCase": map[string]any{"aws:PrincipalTag/team": "DATA"}},
		{"StringEqualsIfExists": map[string]any{"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
		{"StringNotEqualsIfExists": map[string]any{"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
		{"NumericLessThan": map[string]any{"aws:MultiFactorAuthAge": "3600"}},
		{"NumericGreaterThanEqualsIfExists": map[string]any{"aws:MultiFactorAuthAge": "3600"}},
		{"DateLessThan": map[string]any{"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
		{"DateGreaterThan": map[string]any{"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
		{"Null": map[string]any{"aws:PrincipalTag/team": "false"}},
		{"Null": map[string]any{"aws:TagKeys": "true"}},
		{"ForAllValues:StringEquals": map[string]any{"aws:TagKeys": []string{"team", "cost"}}},
		{"ForAnyValue:StringEquals": map[string]any{"aws:TagKeys": "team"}},
		{"ForAnyValue:StringNotLike": map[string]any{"aws:TagKeys": "t*"}},
		{"ForAllValues:StringNotEquals": map[string]any{"aws:TagKeys": "other"}},
	}
)

// some says yes in one of n cases.
func some(r *rand.Rand, n int) bool { return r.IntN(n) == 0 }

// randomWorlds makes worlds, the same ones every time.
func randomWorlds(n int) []*world {
	r := rand.New(rand.NewPCG(20261121, 1))
	all := make([]*world, n)
	for i := range all {
		all[i] = randomWorld(r)
	}
	return all
}

func randomWorld(r *rand.Rand) *world {
	target := pick(r, worldTargets)
	w := &world{owner: "111111111111"}
	w.request = Request{
		Principal: ParsePrincipal(pick(r, worldPrincipals)), Action: target.action, Resource: target.resource, Context: Context{},
	}
	for _, key := range worldKeyNames {
		if some(r, 2) {
			w.request.Context[key] = pick(r, worldKeys[key])
		}
	}
	g := &worldMaker{r: r, action: target.action, resource: target.resource, all: target.all}
	class := w.class()
	if class == memberCaller {
		for range 1 + r.IntN(2) {
			w.identity = append(w.identity, g.document("", 8))
		}
		if some(r, 4) {
			w.boundary = []document{g.document("", 12)}
		}
		if w.form() != userForm && some(r, 3) {
			w.session = []document{g.document("", 12)}
		}
	}
	if !some(r, 3) {
		w.resource = []document{g.document("names", 8)}
		if w.onRole() {
			trust(w.resource[0])
		}
	}
	if class <= rootCaller && some(r, 3) {
		for range 1 + r.IntN(2) {
			w.scps = append(w.scps, []document{g.limit("")})
		}
	}
	if some(r, 4) {
		w.rcps = append(w.rcps, []document{{"Version": policyVersion, "Statement": []any{g.control()}}})
	}
	if some(r, 8) {
		w.endpoint = []document{g.limit("*")}
	}
	return w
}

const policyVersion = "2012-10-17"

// A worldMaker makes documents that have something to do with a request.
type worldMaker struct {
	r                     *rand.Rand
	action, resource, all string
}

// document has a few statements, a denial about one in n.
func (g *worldMaker) document(principals string, denials int) document {
	statements := []any{}
	for range 1 + g.r.IntN(2) {
		statements = append(statements, g.statement(principals, some(g.r, denials)))
	}
	return document{"Version": policyVersion, "Statement": statements}
}

// limit is a document that mostly lets pass.
func (g *worldMaker) limit(principals string) document {
	allow := map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"}
	if principals != "" {
		allow["Principal"] = "*"
	}
	statements := []any{allow}
	if some(g.r, 4) {
		statements[0] = g.statement(principals, false)
	}
	if some(g.r, 3) {
		statements = append(statements, g.deny(principals))
	}
	return document{"Version": policyVersion, "Statement": statements}
}

func (g *worldMaker) deny(principals string) any {
	s := g.statement(principals, true).(map[string]any)
	s["Condition"] = pick(g.r, worldConditions)
	return s
}

// control is a statement as resource control policies have it: no NotAction, and no star alone.
func (g *worldMaker) control() any {
	s := g.deny("*").(map[string]any)
	delete(s, "NotAction")
	service := g.action[:len(g.action)-len(afterColon(g.action))]
	s["Action"] = pick(g.r, []any{g.action, service + "*", []string{"s3:*", "sqs:*", "kms:*", "sts:*", "secretsmanager:*"}})
	return s
}

// trust makes a trust policy of a document: it names no resource.
func trust(d document) {
	for _, s := range d["Statement"].([]any) {
		delete(s.(map[string]any), "Resource")
		delete(s.(map[string]any), "NotResource")
	}
}

func (g *worldMaker) statement(principals string, deny bool) any {
	s := map[string]any{"Effect": "Allow"}
	if deny {
		s["Effect"] = "Deny"
	}
	switch principals {
	case "*":
		s["Principal"] = "*"
	case "names":
		s["Principal"] = pick(g.r, worldNames)
		if some(g.r, 8) {
			s["Principal"] = "*"
		}
	}
	g.actions(s)
	g.resources(s)
	if some(g.r, 4) || deny && some(g.r, 2) {
		s["Condition"] = pick(g.r, worldConditions)
	}
	return s
}

func (g *worldMaker) actions(s map[string]any) {
	service := g.action[:len(g.action)-len(afterColon(g.action))]
	switch g.r.IntN(8) {
	case 0, 1, 2:
		s["Action"] = g.action
	case 3, 4:
		s["Action"] = service + "*"
	case 5:
		s["Action"] = "*"
	case 6:
		s["Action"] = []string{"iam:CreateUser", service + afterColon(g.action)[:3] + "*"}
	case 7:
		s["NotAction"] = pick(g.r, []any{"iam:*", g.action, []string{"iam:*", "ec2:*"}})
	}
}

func afterColon(action string) string {
	for i := range action {
		if action[i] == ':' {
			return action[i+1:]
		}
	}
	return ""
}

func (g *worldMaker) resources(s map[string]any) {
	switch g.r.IntN(8) {
	case 0, 1:
		s["Resource"] = g.resource
	case 2, 3:
		s["Resource"] = g.all
	case 4, 5:
		s["Resource"] = "*"
	case 6:
		s["Resource"] = []string{"arn:aws:s3:::other", "arn:aws:s3:::other/*", g.all}
	case 7:
		s["NotResource"] = pick(g.r, []any{"arn:aws:s3:::other/*", g.resource})
	}
}

// BenchmarkWorlds parses and compiles the policies of a random world and decides its request,
// which is what the other evaluator does for each of its simulations.
func BenchmarkWorlds(b *testing.B) {
	all := randomWorlds(1000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		all[i%len(all)].authorize(b)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "worlds/s")
}
