package scenario

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aegis-iam/aegis/internal/evaluate"
	"github.com/aegis-iam/aegis/internal/tree"
)

func inTestdata(path string) ([]byte, error) { return os.ReadFile(filepath.Join("testdata", path)) }

func nowhere(path string) ([]byte, error) {
	return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("no such file")}
}

func company(t testing.TB) *Scenario {
	t.Helper()
	text, err := os.ReadFile("testdata/org.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse("org.yaml", text, inTestdata)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSituation(t *testing.T) {
	s := company(t)
	const reports, key = "arn:aws:s3:::reports/2026/a.csv", "arn:aws:kms:eu-west-1:111111111111:key/k"
	tests := []struct {
		name, who, action, on, through string
		context                        map[string][]string
		want                           string // decision, deciding layer, level
	}{
		{"tags of the principal", "app", "s3:GetObject", reports, "", nil, "Allowed identity"},
		{"a key is taken away", "app", "s3:GetObject", reports, "", map[string][]string{"aws:principaltag/team": nil}, "ImplicitDeny identity"},
		{"a unit's control policy", "app", "s3:GetObject", reports, "", map[string][]string{"aws:RequestedRegion": {"us-east-1"}}, "ExplicitDeny scp the unit Prod"},
		{"a session of a role with a path", "arn:aws:sts::111111111111:assumed-role/app/x", "s3:GetObject", reports, "", nil, "Allowed identity"},
		{"another account of the organization", "job", "s3:GetObject", reports, "", nil, "Allowed resource"},
		{"outside the organization", "arn:aws:iam::555555555555:user/stranger", "s3:GetObject", reports, "", nil, "ExplicitDeny rcp the root"},
		{"what the resource does not allow", "job", "s3:PutObject", reports, "", nil, "ImplicitDeny resource"},
		{"an account's control policy", "job", "kms:Decrypt", key, "", nil, "ExplicitDeny scp the account 222222222222"},
		{"a key policy that delegates", "app", "kms:Decrypt", key, "", nil, "Allowed identity"},
		{"the management account", "arn:aws:iam::999999999999:user/boss", "organizations:LeaveOrganization", "*", "", nil, "Allowed identity"},
		{"a member account", "job", "organizations:LeaveOrganization", "*", "", nil, "ExplicitDeny scp the root"},
		{"session policies", "job", "ec2:DescribeInstances", "*", "", nil, "ImplicitDeny session"},
		{"a service", "lambda.amazonaws.com", "sts:AssumeRole", "arn:aws:iam::111111111111:role/team/app", "", nil, "Allowed resource"},
		{"a trust policy", "app", "sts:AssumeRole", "arn:aws:iam::111111111111:role/team/app", "", nil, "ImplicitDeny resource"},
		{"nobody", "*", "s3:GetObject", reports, "", nil, "ExplicitDeny rcp the root"},
		{"an endpoint", "app", "s3:GetObject", reports, "vpce-1", nil, "Allowed identity"},
		{"an endpoint for other buckets", "app", "s3:GetObject", "arn:aws:s3:::other/a", "vpce-1", nil, "ImplicitDeny endpoint"},
		{"a root user", "arn:aws:iam::222222222222:root", "s3:CreateBucket", "arn:aws:s3:::new", "", nil, "Allowed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := s.Situation(Query{tt.who, tt.action, tt.on, tt.through, tt.context})
			if err != nil {
				t.Fatal(err)
			}
			a := evaluate.Authorize(got.Request, &got.Setting)
			words := []string{a.Decision.String()}
			if a.Decided >= 0 {
				words = append(words, string(a.Layers[a.Decided].Kind), a.Layers[a.Decided].Level)
			}
			if text := strings.TrimSpace(strings.Join(words, " ")); text != tt.want {
				t.Errorf("decided %s, want %s\n%s\n%v", text, tt.want, a.String(), got.Request.Context)
			}
		})
	}
}

func TestContextOfSituation(t *testing.T) {
	s := company(t)
	got, err := s.Situation(Query{"arn:aws:sts::111111111111:assumed-role/app/x", "s3:GetObject", "arn:aws:s3:::reports/a", "vpce-1", nil})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"aws:PrincipalArn":          "arn:aws:iam::111111111111:role/team/app",
		"aws:PrincipalAccount":      "111111111111",
		"aws:PrincipalOrgID":        "o-a1b2c3d4e5",
		"aws:PrincipalOrgPaths":     "o-a1b2c3d4e5/r-ab12/ou-ab12-prod/",
		"aws:PrincipalType":         "AssumedRole",
		"aws:PrincipalIsAWSService": "false",
		"aws:PrincipalTag/team":     "data",
		"aws:ResourceAccount":       "111111111111",
		"aws:ResourceOrgID":         "o-a1b2c3d4e5",
		"aws:ResourceOrgPaths":      "o-a1b2c3d4e5/r-ab12/ou-ab12-prod/",
		"aws:ResourceTag/class":     "open",
		"aws:SourceVpce":            "vpce-1",
		"aws:SourceVpc":             "vpc-1",
		"aws:RequestedRegion":       "eu-west-1",
		"aws:SecureTransport":       "true",
	}
	for key, value := range want {
		if have := got.Request.Context[key]; len(have) != 1 || have[0] != value {
			t.Errorf("%s = %q, want %q", key, have, value)
		}
	}
	if len(got.Request.Context) != len(want) {
		t.Errorf("context = %v, want the keys of %v", got.Request.Context, want)
	}
}

// TestErrors: each error names file, line and column, and says what to do.
func TestErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", " \n", "w.yaml: the text is empty"},
		{"no map", "- a\n", "w.yaml:1:1: a scenario must be a map, not a list"},
		{"unknown", "principal: {}\n", `w.yaml:1:1: a scenario has no "principal"; did you mean "principals"?`},
		{"not YAML", "policies:\n  a: [1\n", "w.yaml:3:1:"},
		{"tab", "policies:\n\ta: b\n", "w.yaml:2:1:"},
		{"twice", "policies:\n  a: a.json\n  a: b.json\n", `w.yaml:3:3: "a" is given twice`},
		{"alias", "policies:\n  a: &x {Statement: []}\n  b: *x\n", "w.yaml:3:6: aliases (*name) are not read"},
		{"two documents", "policies: {}\n---\npolicies: {}\n", "one file holds one document"},
		{"missing file", "policies:\n  a: a.json\n", "w.yaml:2:6: a.json: no such file"},
		{"no such policy", "policies: {read: {Statement: []}}\nprincipals:\n  arn:aws:iam::111111111111:user/eva:\n    policies: [raed]\n",
			`w.yaml:4:16: no policy is called "raed": name one of policies (read), or a file such as raed.json`},
		{"fault in a policy", "policies:\n  a:\n    Version: 2012-10-17\n    Statement:\n      - Effect: allow\n        Action: '*'\n        Resource: '*'\n",
			`w.yaml:5:17: Effect must be "Allow" or "Deny", not "allow"`},
		{"unknown operator", "principals:\n  arn:aws:iam::111111111111:user/eva:\n    policies:\n      - {Version: 2012-10-17, Statement: {Effect: Allow, Action: '*', Resource: '*', Condition: {Odd: {a: b}}}}\n",
			"w.yaml:4:9: the policy at 4:9: compile statement 1:"},
		{"no principal in a resource's policy", "resources:\n  arn:aws:s3:::b:\n    policy: AdministratorAccess\n",
			"w.yaml:3:13: AdministratorAccess: statement 1 has no Principal"},
		{"principal in a control policy", "organization:\n  scps: [RCPFullAWSAccess]\n", "w.yaml:2:10: RCPFullAWSAccess: statement 1 has a Principal"},
		{"no ARN", "principals:\n  eva: {policies: AdministratorAccess}\n", `w.yaml:2:3: "eva" is no ARN: say which user, role or session it is by arn`},
		{"no account", "organization:\n  units:\n    Prod:\n      accounts: [12]\n", `w.yaml:4:18: "12" is no account: twelve digits`},
		{"account twice", "organization:\n  accounts: [111111111111, 111111111111]\n", "w.yaml:2:28: the account 111111111111 is in the organization twice"},
		{"known policy", "policies:\n  FullAWSAccess: a.json\n", "w.yaml:2:3: FullAWSAccess is a policy of AWS"},
		{"two boundaries", "principals:\n  arn:aws:iam::111111111111:user/eva:\n    boundary: [AdministratorAccess, FullAWSAccess]\n", "has 2 permissions boundaries"},
		{"format", "format: 9\n", `w.yaml:1:9: the format of a scenario is 1, not "9"`},
		{"deep", "policies: " + strings.Repeat("[", 70) + strings.Repeat("]", 70), "nested deeper than 64 levels"},
		{"very deep", "policies: " + strings.Repeat("[", 100000), "w.yaml:1:1: exceeded max depth"},
		{"long", "policies: " + strings.Repeat("x", 10<<20), "w.yaml: the text has more than 4194304 bytes"},
		{"not UTF-8", "a\xff", "w.yaml: the text is not UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("w.yaml", []byte(tt.text), nowhere)
			var located *tree.Error
			if err == nil || !strings.Contains(err.Error(), tt.want) || !errors.As(err, &located) {
				t.Errorf("Parse = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestJSONErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"comma", "{\n  \"policies\": {},\n}", "w.json:3:1: invalid character '}'"},
		{"end", "{\n  \"policies\": {", "w.json:2:16: the text ends before the value does"},
		{"more", "{} x", "w.json:1:4: there is more text"},
		{"twice", `{"policies": {"a": {}, "a": {}}}`, `w.json:1:24: "a" is given twice`},
		{"fault in a policy", "{\"policies\": {\n  \"a\": {\"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resourcen\": \"*\"}]}}}", `w.json:3:40: a statement has no element "Resourcen"`},
		{"deep", strings.Repeat(`{"policies":`, 100000), "nested deeper than 64 levels"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Parse("w.json", []byte(tt.text), nowhere); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Parse = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestUnknownNames(t *testing.T) {
	s := company(t)
	for _, tt := range []struct {
		q    Query
		want string
	}{
		{Query{Principal: "arn:aws:iam::111111111111:user/eva"}, "the scenario has no principal"},
		{Query{}, "the request needs a principal: there are app, job"},
		{Query{Principal: "app", Endpoint: "vpce-2"}, `the scenario has no endpoint "vpce-2"`},
	} {
		if _, err := s.Situation(tt.q); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Situation(%+v) = %v, want %s", tt.q, err, tt.want)
		}
	}
	got, err := s.Situation(Query{Principal: "app", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:444444444444:q"})
	if err != nil || len(got.Notes) != 1 || !strings.Contains(got.Notes[0], "444444444444") {
		t.Errorf("Situation of a resource that is not named: %v, %v", got.Notes, err)
	}
}

// TestManyStatements: ten thousand statements are read and decided by.
func TestManyStatements(t *testing.T) {
	var text strings.Builder
	text.WriteString("principals:\n  arn:aws:iam::111111111111:user/eva:\n    policies:\n      Version: 2012-10-17\n      Statement:\n")
	for i := range 10000 {
		fmt.Fprintf(&text, "        - {Effect: Allow, Action: s3:Get%d, Resource: '*'}\n", i)
	}
	s, err := Parse("w.yaml", []byte(text.String()), nowhere)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Situation(Query{Action: "s3:Get9999", Resource: "arn:aws:s3:::b/k"})
	if err != nil {
		t.Fatal(err)
	}
	if a := evaluate.Authorize(got.Request, &got.Setting); a.Decision != evaluate.Allowed {
		t.Errorf("Authorize = %v", a.Decision)
	}
}

// FuzzParse: no text makes the reader panic, and a scenario that is read can be asked.
func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("testdata/org.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text), "s3:GetObject", "arn:aws:s3:::reports/a")
	f.Add(`{"principals": {"arn:aws:iam::111111111111:user/eva": {"policies": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}}}`, "kms:Decrypt", "arn:aws:kms:eu-west-1:222222222222:key/k")
	f.Add("organization: {accounts: {111111111111: }}\nresources: {'arn:aws:s3:::*': {account: 111111111111}}", "sts:AssumeRole", "*")
	f.Fuzz(func(t *testing.T, text, action, on string) {
		s, err := Parse("w", []byte(text), inTestdata)
		if err != nil {
			var located *tree.Error
			if !errors.As(err, &located) {
				t.Errorf("Parse = %v, which is no *tree.Error", err)
			}
			return
		}
		for _, name := range append(s.names, "*", "lambda.amazonaws.com") {
			got, err := s.Situation(Query{Principal: name, Action: action, Resource: on})
			if err != nil {
				t.Errorf("Situation of %s = %v", name, err)
				continue
			}
			a := evaluate.Authorize(got.Request, &got.Setting)
			_ = a.String()
		}
	})
}

func BenchmarkParse(b *testing.B) {
	text, err := os.ReadFile("testdata/org.yaml")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Parse("org.yaml", text, inTestdata); err != nil {
			b.Fatal(err)
		}
	}
}
