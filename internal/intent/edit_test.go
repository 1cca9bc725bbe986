package intent

import (
	"testing"

	"github.com/aegis-iam/aegis/internal/policy"
)

func bucket(name string) Target {
	return Target{Service: "s3", Type: "bucket", Vars: map[string]string{"BucketName": name}}
}

func object(name, key string) Target {
	return Target{Service: "s3", Type: "object", Vars: map[string]string{"BucketName": name, "ObjectName": key}}
}

func allow(action string, targets ...Target) Grant {
	return Grant{Effect: policy.Allow, Actions: []Action{{Name: action, Span: Span{End: 1}}}, Targets: targets, Span: Span{End: 1}}
}

func wants(grants ...Grant) Intent { return Intent{Kind: policy.IdentityBased, Grants: grants} }

func where(g Grant, c Constraint) Grant {
	g.Where = append(g.Where, c)
	return g
}

func TestRename(t *testing.T) {
	tests := []struct {
		name     string
		value    string
		from, to string
		want     string
	}{
		{"a whole value", "jobs", "jobs", "tasks", "tasks"},
		{"a part of a path", "team-a/db", "team-a", "team-b", "team-b/db"},
		{"the end of an ARN", "arn:aws:sqs:us-east-1:111122223333:jobs", "jobs", "tasks", "arn:aws:sqs:us-east-1:111122223333:tasks"},
		{"a part of a name stays", "jobs-v2", "jobs", "tasks", "jobs-v2"},
		{"a part of a word stays", "myjobs", "jobs", "tasks", "myjobs"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := wants(allow("s3:GetObject", bucket(tt.value)))
			in.Rename(tt.from, tt.to)
			if got := in.Grants[0].Targets[0].Vars["BucketName"]; got != tt.want {
				t.Errorf("Rename(%q, %q) of %q = %q, want %q", tt.from, tt.to, tt.value, got, tt.want)
			}
		})
	}
}

func TestNoWider(t *testing.T) {
	read := allow("s3:GetObject", bucket("a"))
	mfa := Constraint{Key: "aws:MultiFactorAuthPresent", Values: []string{"true"}}
	wide := Constraint{Key: "aws:SourceIp", Values: []string{"198.51.0.0/16"}}
	narrow := Constraint{Key: "aws:SourceIp", Values: []string{"198.51.100.0/24"}}
	deny := allow("s3:DeleteObject", bucket("a"))
	deny.Effect = policy.Deny
	weaker := where(deny, mfa)
	tests := []struct {
		name          string
		after, before Intent
		want          bool
	}{
		{"the same", wants(read), wants(read), true},
		{"a key below the bucket", wants(allow("s3:GetObject", object("a", "x/*"))), wants(read), true},
		{"the bucket in the place of a key", wants(read), wants(allow("s3:GetObject", object("a", "x/*"))), false},
		{"another bucket", wants(allow("s3:GetObject", bucket("b"))), wants(read), false},
		{"any bucket", wants(allow("s3:GetObject")), wants(read), false},
		{"a bucket where none was named", wants(read), wants(allow("s3:GetObject")), true},
		{"one more condition", wants(where(read, mfa)), wants(read), true},
		{"a condition less", wants(read), wants(where(read, mfa)), false},
		{"a network inside the network", wants(where(read, narrow)), wants(where(read, wide)), true},
		{"a network around the network", wants(where(read, wide)), wants(where(read, narrow)), false},
		{"an action of a pattern", wants(read), wants(allow("s3:*", bucket("a"))), true},
		{"one more action", wants(read, allow("s3:PutObject", bucket("a"))), wants(read), false},
		{"a denial gone", wants(read), wants(read, deny), false},
		{"a denial weakened", wants(read, weaker), wants(read, deny), false},
		{"one more denial", wants(read, deny), wants(read), true},
		{"another account", Intent{Account: "111122223333"}, Intent{Account: "444455556666"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := NoWider(tt.after, tt.before); got != tt.want {
				t.Errorf("NoWider(%+v, %+v) = %v, want %v", tt.after, tt.before, got, tt.want)
			}
		})
	}
}

func TestDropActions(t *testing.T) {
	login := Grant{Effect: policy.Allow, Actions: []Action{{Name: "ecr:GetAuthorizationToken"}}, Span: Span{End: 1}}
	in := wants(allow("ecr:PutImage"), login)
	n := in.DropActions(func(_ Grant, a Action) bool { return a.Name == "ecr:PutImage" })
	if n != 1 || len(in.Grants) != 0 {
		t.Errorf("DropActions(ecr:PutImage) = %d, left %v; want the companion gone as well", n, in.Grants)
	}
}

func TestDropTargets(t *testing.T) {
	in := wants(allow("s3:GetObject", bucket("a"), bucket("b")), allow("s3:ListBucket", bucket("a")))
	n := in.DropTargets(func(t Target) bool { return t.Names("a") })
	if n != 2 || len(in.Grants) != 1 || len(in.Grants[0].Targets) != 1 {
		t.Errorf("DropTargets(a) = %d, left %v; want one grant on b", n, in.Grants)
	}
}

func TestCloneSharesNothing(t *testing.T) {
	in := wants(where(allow("s3:GetObject", bucket("a")), Constraint{Key: "aws:SourceIp", Values: []string{"198.51.100.0/24"}}))
	c := in.Clone()
	c.Rename("a", "b")
	c.Grants[0].Where[0].Values[0] = "203.0.113.0/24"
	if !Same(in, in.Clone()) || Same(in, c) {
		t.Errorf("Same after editing a clone: the original is %+v", in)
	}
	if in.Grants[0].Targets[0].Vars["BucketName"] != "a" || in.Grants[0].Where[0].Values[0] != "198.51.100.0/24" {
		t.Errorf("editing a clone changed the original: %+v", in)
	}
}

func TestTidy(t *testing.T) {
	in := wants(allow("secretsmanager:GetSecretValue", bucket("p/*"), bucket("p/a"), bucket("p/*")))
	in.Tidy()
	if got := in.Grants[0].Targets; len(got) != 1 || got[0].Vars["BucketName"] != "p/*" {
		t.Errorf("Tidy left %v, want p/* once", got)
	}
}
