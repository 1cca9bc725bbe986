package catalog

import (
	"slices"
	"testing"
)

func TestSearchActions(t *testing.T) {
	tests := []struct{ query, want string }{
		{"put retention policy log group", "logs:PutRetentionPolicy"},
		{"send message to a queue sqs", "sqs:SendMessage"},
		{"dynamodb put item", "dynamodb:PutItem"},
		{"s3:GetObject", "s3:GetObject"},
		{"assume role", "sts:AssumeRole"},
		{"terminate ec2 instances", "ec2:TerminateInstances"},
		{"invoking a lambda function", "lambda:InvokeFunction"},
	}
	for _, tt := range tests {
		var names []string
		for _, m := range Default().Search(tt.query, 3).Actions {
			names = append(names, m.Item.String())
		}
		if !slices.Contains(names, tt.want) {
			t.Errorf("Search(%q).Actions = %q, want %s among the first 3", tt.query, names, tt.want)
		}
	}
}

func TestSearchOthers(t *testing.T) {
	c := Default()
	if got := c.Search("simple queue service", 3).Services; len(got) == 0 || got[0].Item.Prefix != "sqs" {
		t.Errorf(`Search("simple queue service").Services = %v, want sqs first`, got)
	}
	if got := c.Search("log group", 3).Resources; len(got) == 0 || got[0].Item.Name != "log-group" {
		t.Errorf(`Search("log group").Resources = %v, want log-group first`, got)
	}
	if got := c.Search("principal organization paths org", 3).Keys; len(got) == 0 || got[0].Item.Name != "aws:PrincipalOrgPaths" {
		t.Errorf(`Search("principal organization paths org").Keys = %v, want aws:PrincipalOrgPaths first`, got)
	}
	for _, query := range []string{"", "the", "zzzzqqq", "::", "ü"} {
		if r := c.Search(query, 5); len(r.Actions)+len(r.Services) > 0 {
			t.Errorf("Search(%q) = %d actions, %d services, want none", query, len(r.Actions), len(r.Services))
		}
	}
	if r := c.Search("policy", 0); len(r.Actions) != 0 {
		t.Errorf(`Search("policy", 0) = %d actions, want none`, len(r.Actions))
	}
	if r := c.Search("policy", -1); len(r.Actions) != 0 {
		t.Errorf(`Search("policy", -1) = %d actions, want none`, len(r.Actions))
	}
}

func TestSearchIsStable(t *testing.T) {
	first := Default().Search("list tags", 20)
	for range 20 {
		if again := Default().Search("list tags", 20); !slices.Equal(again.Actions, first.Actions) {
			t.Fatalf("Search gives another order: %v, then %v", first.Actions, again.Actions)
		}
	}
}

func TestTerms(t *testing.T) {
	got := Terms("Grants permission to store the uploaded messages in a queue", "queue")
	if want := []string{"message", "store", "upload"}; !slices.Equal(got, want) {
		t.Errorf("Terms() = %q, want %q", got, want)
	}
}
