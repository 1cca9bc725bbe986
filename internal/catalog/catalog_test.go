package catalog

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestCounts(t *testing.T) {
	n := Default().Counts()
	if n.Services < 440 || n.Actions < 21000 || n.Resources < 2200 || n.Keys < 1500 {
		t.Errorf("Counts() = %+v, want at least 440 services, 21000 actions, 2200 resource types, 1500 keys", n)
	}
	if len(embedded) > 2<<20 {
		t.Errorf("the embedded catalog has %d bytes, want at most 2 MiB", len(embedded))
	}
	if date := Default().Date(); len(date) != len("2006-01-02") {
		t.Errorf("Date() = %q, want a day", date)
	}
}

func TestEverythingResolves(t *testing.T) {
	c := Default()
	if err := c.Check(); err != nil {
		t.Fatalf("Check() = %v", err)
	}
	index := 0
	for _, prefix := range c.Prefixes() {
		s, ok := c.Service(strings.ToUpper(prefix))
		if !ok || s.Prefix != prefix || s.Name == "" || s.Name != c.ServiceName(prefix) {
			t.Errorf("Service(%q) = %+v, %v", prefix, s, ok)
			continue
		}
		for _, a := range s.Actions {
			if a.Index() != index || c.ActionAt(index) != a {
				t.Errorf("Index() of %s = %d, want %d, and ActionAt to lead back", a, a.Index(), index)
			}
			index++
			if got, ok := c.Action(strings.ToLower(a.String())); !ok || got != a {
				t.Errorf("Action(%q) = %v, %v", strings.ToLower(a.String()), got, ok)
			}
			for _, r := range a.Resources {
				if found, ok := s.Resource(r.Type.Name); !ok || found != r.Type {
					t.Errorf("%s: resource type %s is not one of its service", a, r.Type.Name)
				}
			}
		}
		for _, r := range s.Resources {
			for _, format := range r.ARNs {
				if strings.Count(format, ":") < 5 || !strings.HasPrefix(format, "arn:") {
					t.Errorf("%s %s: ARN format %q", prefix, r.Name, format)
				}
			}
		}
		for _, k := range s.Keys {
			if _, ok := c.Key(k.Name); !ok {
				t.Errorf("Key(%q) finds nothing", k.Name)
			}
		}
	}
	if index != c.Counts().Actions || c.ActionAt(index) != nil || c.ActionAt(-1) != nil {
		t.Errorf("%d actions, want %d and nothing at either end", index, c.Counts().Actions)
	}
}

func TestKeysOfActionsAreKnown(t *testing.T) {
	c := Default()
	for _, a := range c.Expand("*") {
		lists := [][]string{a.Keys}
		for _, r := range a.Resources {
			lists = append(lists, r.Keys, r.Type.Keys)
		}
		for _, key := range slices.Concat(lists...) {
			if _, ok := c.Key(key); !ok {
				t.Errorf("%s: key %s is unknown", a, key)
			}
		}
	}
}

func TestAction(t *testing.T) {
	tests := []struct {
		name  string
		want  string
		level AccessLevel
	}{
		{"S3:getobject", "s3:GetObject", Read},
		{"iam:AttachRolePolicy", "iam:AttachRolePolicy", PermissionsManagement},
		{"ec2:CreateTags", "ec2:CreateTags", Tagging},
		{"s3:ListBucket", "s3:ListBucket", List},
		{"sqs:SendMessage", "sqs:SendMessage", Write},
		{"s3:GetObjet", "", ""}, {"GetObject", "", ""}, {"nope:GetObject", "", ""}, {"s3:s3:GetObject", "", ""}, {"", "", ""}, {"s3:*", "", ""},
	}
	for _, tt := range tests {
		a, ok := Default().Action(tt.name)
		if ok != (tt.want != "") || ok && (a.String() != tt.want || a.Level != tt.level) {
			t.Errorf("Action(%q) = %v, %v, want %q %q", tt.name, a, ok, tt.want, tt.level)
		}
	}
}

func TestExpand(t *testing.T) {
	c := Default()
	names := func(pattern string) string {
		var out []string
		for _, a := range c.Expand(pattern) {
			out = append(out, a.String())
		}
		return strings.Join(out, " ")
	}
	tests := []struct{ pattern, want string }{
		{"sqs:*messageMOVE*", "sqs:CancelMessageMoveTask sqs:ListMessageMoveTasks sqs:StartMessageMoveTask"},
		{"SQS:sendmessage", "sqs:SendMessage"},
		{"sqs:SendMessag?", "sqs:SendMessage"},
		{"sqs:SendM*", "sqs:SendMessage"},
		{"s3:GetObjectAc?", "s3:GetObjectAcl"},
		{"s?s:SendMessage", "sms:SendMessage sqs:SendMessage"},
		{"sqs:Nothing*", ""}, {"sqs:Send", ""}, {"nope:*", ""}, {"", ""}, {"sqs", ""}, {"sqs:", ""}, {":*", ""}, {"sqs*", ""},
	}
	for _, tt := range tests {
		if got := names(tt.pattern); got != tt.want {
			t.Errorf("Expand(%q) = %q, want %q", tt.pattern, got, tt.want)
		}
	}
	for _, all := range []string{"*", "**", "*:*"} {
		if got := len(c.Expand(all)); got != c.Counts().Actions {
			t.Errorf("Expand(%q) has %d actions, want %d", all, got, c.Counts().Actions)
		}
	}
}

func TestKey(t *testing.T) {
	tests := []struct{ name, want, kind string }{
		{"aws:ResourceTag/Team", "aws:ResourceTag/${TagKey}", "String"},
		{"AWS:sourceip", "aws:SourceIp", "IPAddress"},
		{"aws:PrincipalOrgPaths", "aws:PrincipalOrgPaths", "ArrayOfString"},
		{"aws:TagKeys", "aws:TagKeys", "ArrayOfString"},
		{"s3:prefix", "s3:prefix", "String"},
		{"s3:ExistingObjectTag/Team", "s3:ExistingObjectTag/${key}", "String"},
		{"kms:EncryptionContext:App", "kms:EncryptionContext:${EncryptionContextKey}", "String"},
		{"secretsmanager:ResourceTag/Team", "secretsmanager:ResourceTag/${TagKey}", "String"},
		{"dynamodb:LeadingKeys", "dynamodb:LeadingKeys", "ArrayOfString"},
		{"token.actions.githubusercontent.com:sub", "token.actions.githubusercontent.com:sub", "String"},
		{"oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub", "oidc.eks.${Region}.amazonaws.com/id/${ID}:sub", "String"},
		{"iot:jobid", "iot:JobId", "String"},
		{"saml:aud", "saml:aud", "String"},
		{"iam:PassedToService", "iam:PassedToService", "String"},
		{"aws:ResourceTag/", "", ""}, {"aws:SourceIpp", "", ""}, {"s3:nope", "", ""}, {"nope", "", ""}, {"", "", ""}, {"nope:x", "", ""},
	}
	for _, tt := range tests {
		k, ok := Default().Key(tt.name)
		if ok != (tt.want != "") || ok && (k.Name != tt.want || k.Type.String() != tt.kind) {
			t.Errorf("Key(%q) = %+v, %v, want %q of %q", tt.name, k, ok, tt.want, tt.kind)
		}
	}
}

func TestHonours(t *testing.T) {
	tests := []struct {
		action, key string
		want        bool
	}{
		{"s3:ListBucket", "s3:prefix", true},
		{"s3:GetObject", "s3:prefix", false},
		{"s3:GetObject", "aws:SourceIp", true},
		{"ec2:RunInstances", "ec2:InstanceType", true},
		{"ec2:RunInstances", "aws:RequestTag/Team", true},
		{"ec2:TerminateInstances", "aws:RequestTag/Team", false},
		{"sqs:SendMessage", "aws:ResourceTag/Team", true},
		{"s3:ListAllMyBuckets", "aws:ResourceTag/Team", false},
	}
	for _, tt := range tests {
		a, ok := Default().Action(tt.action)
		if !ok {
			t.Fatalf("Action(%q) finds nothing", tt.action)
		}
		if got := a.Honours(tt.key); got != tt.want {
			t.Errorf("%s.Honours(%q) = %v, want %v", a, tt.key, got, tt.want)
		}
	}
}

func TestCorrections(t *testing.T) {
	c := Default()
	for _, fix := range Corrections() {
		s, ok := c.Service(fix.Service)
		if !ok {
			t.Errorf("correction for the unknown service %q", fix.Service)
			continue
		}
		if _, ok := s.Resource(fix.Resource); !ok {
			t.Errorf("correction for the unknown resource type %s %s", fix.Service, fix.Resource)
		}
		for _, name := range fix.Actions {
			if _, ok := s.Action(name); !ok {
				t.Errorf("correction for the unknown action %s:%s", fix.Service, name)
			}
		}
		if !strings.HasPrefix(fix.Source, "https://docs.aws.amazon.com/") || fix.Reason == "" {
			t.Errorf("correction of %s %s: reason %q, source %q", fix.Service, fix.Resource, fix.Reason, fix.Source)
		}
	}
	for name, wantSuffix := range map[string]string{
		"logs:TagResource": ":log-group:${LogGroupName}", "logs:FilterLogEvents": ":log-group:${LogGroupName}:*",
	} {
		a, _ := c.Action(name)
		for _, r := range a.Resources {
			if got := a.ARNs(r.Type); r.Type.Name == "log-group" && !strings.HasSuffix(got[0], wantSuffix) {
				t.Errorf("%s.ARNs(log-group) = %q, want the ending %q", a, got, wantSuffix)
			}
		}
	}
}

func TestOpen(t *testing.T) {
	write := func(data string) string {
		path := filepath.Join(t.TempDir(), "catalog.bin")
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	changed := []byte(embedded)
	changed[len(changed)-9] ^= 1
	index := []byte(embedded)
	index[len(magic)+40] ^= 1
	terms := []byte(embedded)
	terms[strings.Index(embedded, Default().words.data)+100] ^= 1
	tests := []struct {
		name, data string
		want       error
	}{
		{"changed terms", string(terms), ErrDamaged},
		{"whole", embedded, nil},
		{"empty", "", ErrDamaged},
		{"other file", "hello\n", ErrDamaged},
		{"first line only", magic + version + "\n", ErrDamaged},
		{"newer", strings.Replace(embedded, magic+version, magic+"2", 1), ErrVersion},
		{"cut", embedded[:len(embedded)-1], ErrDamaged},
		{"half", embedded[:len(embedded)/2], ErrDamaged},
		{"more", embedded + "x", ErrDamaged},
		{"changed block", string(changed), ErrDamaged},
		{"changed index", string(index), ErrDamaged},
	}
	for _, tt := range tests {
		c, err := Open(write(tt.data))
		if !errors.Is(err, tt.want) || (err == nil) != (c != nil) {
			t.Errorf("Open(%s) = %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open of no file = %v, want os.ErrNotExist", err)
	}
}

func TestConcurrentUse(t *testing.T) {
	c, err := Parse(embedded)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if a, ok := c.Action("s3:GetObject"); !ok || !a.Honours("s3:ExistingObjectTag/Team") {
				t.Errorf("Action = %v, %v", a, ok)
			}
			if got := c.Search("send message", 1).Actions; len(got) != 1 {
				t.Errorf("Search finds %d actions", len(got))
			}
			if got := len(c.Expand("*:Tag*")); got == 0 {
				t.Error("Expand finds nothing")
			}
		})
	}
	wait.Wait()
}

func TestNeeds(t *testing.T) {
	if len(needs()) == 0 {
		t.Fatal("no needs")
	}
	for need := range needs() {
		name, typ, _ := strings.Cut(need, "/")
		actions := Default().Expand(name)
		if len(actions) != 1 {
			t.Errorf("%s: no such action", need)
			continue
		}
		if !slices.ContainsFunc(actions[0].Resources, func(r ActionResource) bool { return strings.EqualFold(r.Type.Name, typ) && r.Required }) {
			t.Errorf("%s is not required in the embedded catalog: it was made without the table", need)
		}
	}
}
